"""Reading postings and what hangs on them, always through their ties."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q

from louzhang.areas.rights import areas_visible_to
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.journal.ties import Tied
from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.roster.lifecycle.posted import (
    CHECK,
    COMING,
    GROUNDS,
    LEAVE,
    MEETING,
    PAPER,
    POSTING,
    STANDING,
    CheckState,
    LeaveState,
    PaperState,
    Tie,
)
from louzhang.roster.models.posted import (
    HomePaper,
    LeaveRequest,
    PostedTeam,
    Posting,
    SampleCheck,
    Strength,
    StrengthNeed,
    TeamMeeting,
)
from louzhang.workorders.models import WorkOrder

GONE = "没有找到这一条，或它不在您的范围内。"
LOOPS: dict[str, Lifecycle] = {
    Posting.subject_kind: POSTING,
    LeaveRequest.subject_kind: LEAVE,
    TeamMeeting.subject_kind: MEETING,
    SampleCheck.subject_kind: CHECK,
    HomePaper.subject_kind: PAPER,
}
HEARING = frozenset({"question", "be_heard", "note_silence", "keep", "call_back"})
FIRST_SAID = {"propose": "提出派驻", "ask": "请假", "call": "通知开会", "draw": "抽中", "write": "写了内容"}


@dataclass(frozen=True, slots=True)
class Said:
    """One step of a row: what was done, when, the words and what stands beside them."""

    seq: int
    verb: str
    label: str
    at: datetime
    words: str
    note: str


def teams_seen(actor: Actor) -> list[PostedTeam]:
    """Teams with how many serve and how many are coming, those that stand first."""
    standing = Q(postings__status__in=[state.value for state in STANDING])
    coming = Q(postings__status__in=[state.value for state in COMING])
    rows = PostedTeam.objects.visible_to(actor).select_related("area").annotate(
        serving=Count("postings", filter=standing), coming=Count("postings", filter=coming)
    )  # fmt: skip
    return list(rows.order_by("ended_at", "-starts_on", "pk"))


def find_team(actor: Actor, uid: uuid.UUID) -> PostedTeam:
    """One; raises `NotThere`."""
    team = PostedTeam.objects.visible_to(actor).select_related("area").filter(uid=uid).first()
    if team is None:
        raise NotThere(GONE)
    return team


def runs(actor: Actor, team: PostedTeam) -> bool:
    """Whether the actor's office runs the team."""
    return not actor.is_read_only and PostedTeam.objects.run_by(actor).filter(pk=team.pk).exists()


def postings_seen(actor: Actor, team: PostedTeam | None = None) -> list[Posting]:
    """Postings one is tied to, the standing ones first, by place."""
    rows = Posting.objects.visible_to(actor).with_ties(actor).select_related(
        "user", "team", "home_unit", "area", "site", "title", "post"
    )  # fmt: skip
    rows = rows.filter(team=team) if team is not None else rows
    return list(rows.order_by("ended_at", "site__path", "area__path", "pk")[:500])


def own_postings(actor: Actor) -> list[Posting]:
    """One's own, the present one first."""
    rows = Posting.objects.tied(actor, Tie.PERSON).with_ties(actor)
    return list(rows.select_related("team__area", "home_unit", "area", "site", "title", "post").order_by("-pk"))


def find_posting(actor: Actor, uid: uuid.UUID) -> Posting:
    """One with its ties; raises `NotThere`."""
    rows = Posting.objects.visible_to(actor).with_ties(actor)
    found = rows.select_related("user", "team__area", "home_unit", "area", "site", "title", "post").filter(uid=uid)
    row = found.first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_leave(actor: Actor, uid: uuid.UUID) -> LeaveRequest:
    """One request for leave with its ties; raises `NotThere`."""
    rows = LeaveRequest.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    row = rows.select_related("posting__user", "posting__area", "posting__team", "stand_in").first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_meeting(actor: Actor, uid: uuid.UUID) -> TeamMeeting:
    """One meeting with its ties; raises `NotThere`."""
    row = TeamMeeting.objects.visible_to(actor).with_ties(actor).filter(uid=uid).select_related("team__area").first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_check(actor: Actor, uid: uuid.UUID) -> SampleCheck:
    """One drawn record with its ties; raises `NotThere`."""
    rows = SampleCheck.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    row = rows.select_related("posting__user", "posting__area", "posting__team").first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_paper(actor: Actor, uid: uuid.UUID) -> HomePaper:
    """One text with its ties; raises `NotThere`."""
    rows = HomePaper.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    row = rows.select_related(
        "posting__user", "posting__area", "posting__team__area", "posting__home_unit", "posting__title"
    ).first()
    if row is None:
        raise NotThere(GONE)
    return row


def leaves_of(actor: Actor, posting: Posting) -> list[LeaveRequest]:
    """Requests for leave, the newest first."""
    rows = LeaveRequest.objects.visible_to(actor).with_ties(actor).filter(posting=posting)
    return list(rows.select_related("stand_in").order_by("-pk")[:50])


def checks_of(actor: Actor, posting: Posting) -> list[SampleCheck]:
    """What was drawn, the newest first."""
    rows = SampleCheck.objects.visible_to(actor).with_ties(actor).filter(posting=posting)
    return list(rows.order_by("-pk")[:50])


def checks_drawn(actor: Actor, team: PostedTeam) -> list[SampleCheck]:
    """Those of a team that are not done, the newest first."""
    rows = SampleCheck.objects.visible_to(actor).with_ties(actor).filter(posting__team=team)
    return list(rows.select_related("posting__user", "posting__area").order_by("-batch", "event_id")[:100])


def events_drawn(checks: Iterable[SampleCheck]) -> dict[int, Event]:
    """The records behind drawn ones, by id (one query)."""
    return Event.objects.in_bulk([each.event_id for each in checks])


def papers_of(actor: Actor, posting: Posting) -> list[HomePaper]:
    """Texts to the home unit, the newest first."""
    rows = HomePaper.objects.visible_to(actor).with_ties(actor).filter(posting=posting)
    return list(rows.order_by("-year", "-pk"))


def meetings_of(actor: Actor, team: PostedTeam) -> list[TeamMeeting]:
    """Meetings of a team, the newest first."""
    rows = TeamMeeting.objects.visible_to(actor).with_ties(actor).filter(team=team)
    return list(rows.order_by("-starts_at", "-pk")[:50])


def tasks_of(actor: Actor, meeting: TeamMeeting) -> list[tuple[WorkOrder, bool]]:
    """What was decided, and whether the reader may open it: an order has its own scope."""
    rows = list(meeting.orders.select_related("category", "area").order_by("pk"))
    seen = set(WorkOrder.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [(row, row.pk in seen) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader: what, of whom, where it is done."""

    label: str
    posting: Posting
    status: str


def waiting_for(actor: Actor) -> list[Waiting]:
    """Leaves to decide as head of the place, a text to read and a finding to answer as the person (three queries)."""
    asked = (
        (LeaveRequest.objects.tied(actor, Tie.SITE).filter(status=LeaveState.ASKED), "请假"),
        (HomePaper.objects.tied(actor, Tie.PERSON).filter(status=PaperState.SHOWN), "给派出单位的材料"),
        (SampleCheck.objects.tied(actor, Tie.PERSON).filter(status=CheckState.FAULTY), "抽查"),
    )
    wanted = ("posting__user", "posting__area", "posting__team", "posting__home_unit")
    return [
        Waiting(label, row.posting, row.status_label)
        for rows, label in asked
        for row in rows.select_related(*wanted).order_by("pk")[:50]
    ]


def verbs_of(row: Tied) -> list[Transition]:
    """What the actor may do now, the main one first."""
    loop = LOOPS[row.subject_kind]
    return sorted(loop.allowed(row.status, row.relations_now), key=lambda step: not step.is_main)


def said_in(row: Tied) -> list[Said]:
    """Every step of a row with its words, oldest first (two queries)."""
    beside = {"subject_kind": row.subject_kind, "subject_id": row.pk}
    labels = {**FIRST_SAID, **{step.verb: step.said for step in LOOPS[row.subject_kind]}}
    words = {each.seq: each.spoken for each in Words.objects.filter(**beside)}
    return [
        Said(
            seq=event.seq, verb=event.verb, label=labels.get(event.verb, event.verb), at=event.happened_at,
            words=str(words.get(event.seq, {}).get("words", "")), note=GROUNDS.get(event.payload.get("ground", ""), ""),
        )
        for event in Event.objects.filter(**beside).order_by("seq")
    ]  # fmt: skip


def said_about(posting: Posting) -> list[Said]:
    """The same of a posting, for whoever stands to it: the home unit reads that a step was taken, not its words.

    What was said against the person, and what they answered, goes to the home unit in a text they have seen.
    """
    said = said_in(posting)
    if posting.relations_now & {Tie.PERSON, Tie.SITE, Tie.ABOVE}:
        return said
    return [replace(each, words="") if each.verb in HEARING else each for each in said]


def last_words(row: Tied, *verbs: str) -> str:
    """The words of the last step by one of these verbs; empty where there is none."""
    return next((each.words for each in reversed(said_in(row)) if each.verb in verbs), "")


def needs_seen(actor: Actor) -> list[StrengthNeed]:
    """What the places of one's offices ask for, the oldest first."""
    areas = areas_visible_to(actor).order_by().values("pk")
    rows = StrengthNeed.objects.filter(ended_at=None, area_id__in=areas).select_related("area")
    return list(rows.order_by("area__path", "raised_at"))


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody whose strengths meet what a place asks for, and which of them; a suggestion, nothing more."""

    posting: Posting
    area_name: str
    strengths: tuple[str, ...]


def fits_for(needs: Iterable[StrengthNeed], postings: Iterable[Posting]) -> dict[int, list[Fit]]:
    """For each place that asks, who of those coming or standing could meet it, the best first.

    The order is by how many of the place's needs a person meets, then by who serves nowhere yet.
    """
    asked: dict[int, list[StrengthNeed]] = {}
    for need in needs:
        asked.setdefault(need.area_id, []).append(need)
    labels = dict(Strength.choices)
    people = [each for each in postings if each.status in {*STANDING, *COMING}]
    found: dict[int, list[Fit]] = {}
    for area_id, wanted in asked.items():
        kinds = {need.strength for need in wanted}
        fits = [
            Fit(each, wanted[0].area.name, tuple(labels[kind] for kind in sorted(kinds & set(each.strengths))))
            for each in people
            if kinds & set(each.strengths) and each.site_id != area_id
        ]
        found[area_id] = sorted(fits, key=lambda fit: (-len(fit.strengths), fit.posting.status in STANDING))[:5]
    return found


def year_of(day: date) -> int:
    """The year a yearly sheet is for: the one that is ending from October on, before that the last one."""
    return day.year if day.month >= 10 else day.year - 1
