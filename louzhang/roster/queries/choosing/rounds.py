"""Reading rounds: the list, one with its places and people, what was said, what may be done."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit.lifecycle import Transition
from louzhang.roster.lifecycle.choosing import (
    CRITERIA,
    NOMINEE_LOOP,
    ROUND_LOOP,
    STEP_LABELS,
    UNDER_WAY,
    NomineeState,
    RoundState,
    StepKind,
    Tie,
)
from louzhang.roster.models.choosing import Nominee, NomineeReview, Outcome, Round, RoundQuerySet, Vacancy
from louzhang.roster.models.notice_objections import NoticeObjection

UNKNOWN = "没有找到这次选任，或它不在您的范围内。"
NO_NOMINEE = "没有找到这位人选，或不在您的范围内。"
PAGE = 50
APART = {"tell_apart": "有同名的人选，分开记", "link": "核对了是登记里的哪一位"}
IN_FILE_AT_MOST = 20_000
# Which state a step is, for the row of steps on a page.
STATE_OF_STEP = {
    StepKind.NOMINATION: RoundState.NOMINATING,
    StepKind.REVIEW: RoundState.REVIEWING,
    StepKind.ELECTION: RoundState.ELECTING,
    StepKind.NOTICE: RoundState.NOTICING,
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a round with those named for it."""

    vacancy: Vacancy
    name: str
    nominees: list[Nominee] = field(default_factory=list)

    @property
    def chosen(self) -> Nominee | None:
        """Who is to be appointed, or was."""
        states = (NomineeState.CHOSEN, NomineeState.APPOINTED)
        return next((row for row in self.nominees if row.status in states), None)

    @property
    def standing(self) -> list[Nominee]:
        """Who stands now."""
        states = (NomineeState.STANDING, NomineeState.PASSED, NomineeState.CHOSEN, NomineeState.APPOINTED)
        return [row for row in self.nominees if row.status in states]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that happened, with its words."""

    label: str
    at: datetime
    words: str
    left_out: tuple[str, ...] = ()


def list_rounds(actor: Actor, which: str = "open") -> RoundQuerySet:
    """Rounds of the desk, the newest first, with how many places and people."""
    rows = Round.objects.tied(actor, Tie.DESK, Tie.ABOVE, Tie.REVIEWER).with_ties(actor)
    if which == "open":
        rows = rows.open()
    elif which == "over":
        rows = rows.exclude(pk__in=Round.objects.open().values("pk"))
    # Each counted by itself: joined, two hundred places with three people each would be read as 120,000 rows.
    rows = rows.select_related("area", "title").annotate(places=_how_many(Vacancy), people=_how_many(Nominee))
    return rows.order_by("-id")


def _how_many(table: type[Vacancy | Nominee]) -> Coalesce:
    rows = table.objects.filter(round=OuterRef("pk")).order_by().values("round")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def rounds_for_file(actor: Actor, which: str) -> list[tuple[Round, int, int]]:
    """The same list whole, with who opened each, how many places and how many people."""
    rows: Iterable[Any] = list_rounds(actor, which).select_related("area", "title", "opener")[:IN_FILE_AT_MOST]
    return [(row, row.places, row.people) for row in rows]


def find_round(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Round:
    """One with its ties, where the actor has one of these (or any); raises `NotThere`."""
    rows = Round.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("area__level", "title", "opener").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def places_in(row: Round, nominees: Iterable[Nominee] = ()) -> list[Place]:
    """The places of a round in the order of the tree, with those of these nominees who belong there."""
    rows = list(row.vacancies.select_related("area", "outgoing__user", "post__user").order_by("area__path", "pk"))
    names = spoken_places(vacancy.area for vacancy in rows)
    named: dict[int, list[Nominee]] = defaultdict(list)
    for nominee in nominees:
        named[nominee.vacancy_id].append(nominee)
    return [Place(vacancy, names[vacancy.area_id], named[vacancy.pk]) for vacancy in rows]


def nominees_in(row: Round, actor: Actor) -> list[Nominee]:
    """Those named in a round as far as the actor may know of them, in the order they were named; one query."""
    rows = Nominee.objects.visible_to(actor).with_ties(actor).filter(round=row).select_related("user")
    told = rows.annotate(voices=Count("nominations", distinct=True), reviews_made=Count("reviews", distinct=True))
    return list(told.order_by("vacancy_id", "pk"))


def find_nominee(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Nominee:
    """One with its ties; raises `NotThere`."""
    rows = Nominee.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("round__area__level", "round__title", "vacancy__area__level", "user")
    nominee = found.filter(uid=uid).first()
    if nominee is None:
        raise NotThere(NO_NOMINEE)
    return nominee


def own_nominations(actor: Actor) -> list[Nominee]:
    """Where the actor was named, the newest first."""
    rows = Nominee.objects.tied(actor, Tie.NOMINEE).select_related("round__title", "vacancy__area")
    return list(rows.order_by("-id")[:PAGE])


def round_verbs(row: Round) -> list[Transition]:
    """What the actor may do with a round now, the main one first."""
    return sorted(ROUND_LOOP.allowed(row.status, row.relations_now), key=lambda step: not step.is_main)


def nominee_verbs(nominee: Nominee, *, reviewed: bool = False) -> list[Transition]:
    """What the actor may do with a nominee by a button of its own, as the round stands; a review is written once."""
    allowed = NOMINEE_LOOP.allowed(nominee.status, nominee.relations_now)
    open_ones = [step for step in allowed if step.verb not in UNDER_WAY and not nominee.bar_on(step.verb)]
    if reviewed:
        open_ones = [step for step in open_ones if step.verb != "review"]
    return sorted(open_ones, key=lambda step: (step.is_grave, not step.is_main))


def statements_of(nominees: Sequence[Nominee]) -> Mapping[int, str]:
    """What each says of themselves, by id; for who may know that they stand. One query."""
    seqs = {nominee.pk: nominee.consent_seq for nominee in nominees if nominee.consent_seq}
    rows = Words.objects.filter(subject_kind=Nominee.subject_kind, subject_id__in=list(seqs)) if seqs else []
    return {row.subject_id: str(row.spoken.get("statement", "")) for row in rows if row.seq == seqs[row.subject_id]}


def reviews_of(nominee: Nominee) -> list[tuple[NomineeReview, list[tuple[str, str]]]]:
    """What reviewers wrote, criterion by criterion; raises `NotYours` for whoever may not read it."""
    if not nominee.may_read_review:
        raise NotYours("考察意见只有考察的人、社区办公室和本人能看。")
    rows = list(nominee.reviews.select_related("reviewer").order_by("pk"))
    words = _words_of(Nominee.subject_kind, nominee.pk)
    return [(row, [(label, words.get(row.seq, {}).get(key, "")) for key, label in CRITERIA.items()]) for row in rows]


def said_of(nominee: Nominee) -> list[Said]:
    """What happened with a nominee, for the office, reviewers and themselves; reviews stand elsewhere."""
    if not nominee.may_read_review:
        return []
    spoken = {"name": "被推荐", "support": "又有人推荐", "join": "用查询码打开", **APART, **_said_of_loop()}
    if Tie.DESK not in nominee.relations_now:
        spoken = {verb: words for verb, words in spoken.items() if verb not in APART}
    hidden = set() if Tie.DESK in nominee.relations_now else {"name", "support"}
    words = _words_of(Nominee.subject_kind, nominee.pk)
    events = _events(Nominee.subject_kind, nominee.pk).filter(verb__in=[*spoken])
    return [
        Said(spoken[each.verb], each.happened_at, "" if each.verb in hidden else _plain(words.get(each.seq, {})))
        for each in events
    ]


def _said_of_loop() -> dict[str, str]:
    return {step.verb: step.said for step in NOMINEE_LOOP if step.verb != "review"}


def history_of(row: Round) -> list[Said]:
    """What happened in a round, the oldest first, steps left out with their reason (two queries)."""
    spoken = {"announce": "公布选任", **{step.verb: step.said for step in ROUND_LOOP}}
    words = _words_of(Round.subject_kind, row.pk)
    found = []
    for each in _events(Round.subject_kind, row.pk).filter(verb__in=[*spoken]):
        to = ROUND_LOOP.labels.get(each.payload.get("to", ""), "")
        label = f"{spoken[each.verb]}：{to}" if each.verb == "go_on" and to else spoken[each.verb]
        left_out = tuple(
            f"这次没有{STEP_LABELS[StepKind(out['step'])]}：{out['why']}" for out in each.payload.get("left_out", [])
        )
        found.append(Said(label, each.happened_at, _plain(words.get(each.seq, {})), left_out))
    return found


def _events(kind: str, subject_id: int) -> QuerySet[Event]:
    return Event.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("seq")


def _words_of(kind: str, subject_id: int) -> dict[int, dict[str, str]]:
    rows = Words.objects.filter(subject_kind=kind, subject_id=subject_id)
    return {row.seq: {key: str(said) for key, said in row.spoken.items()} for row in rows}


def _plain(words: Mapping[str, str]) -> str:
    return words.get("words") or words.get("reason") or ""


def step_marks(row: Round) -> list[tuple[str, str, str]]:
    """The steps of a round as (label, done|current|todo|left_out, why left out)."""
    order = [RoundState.NOMINATING, RoundState.REVIEWING, RoundState.ELECTING, RoundState.NOTICING]
    here = {
        RoundState.EMPTY: RoundState.NOMINATING,
        RoundState.CONSENTING: RoundState.NOMINATING,
    }.get(RoundState(row.status), RoundState(row.status))
    place = order.index(here) if here in order else len(order)
    marks = []
    for each in row.steps:
        step = StepKind(each["step"])
        at = order.index(STATE_OF_STEP[step])
        state = "done" if at < place else "current" if at == place else "todo"
        marks.append((STEP_LABELS[step], state if each["runs"] else "left_out", each["why"]))
    return marks


def open_objections(row: Round) -> int:
    """How many objections wait for their answer."""
    return NoticeObjection.objects.open().filter(round=row).count()


def open_vacancies(row: Round) -> list[Vacancy]:
    """Places of a round that are still to be filled."""
    return list(row.vacancies.filter(outcome=Outcome.OPEN).select_related("area__level", "outgoing").order_by("pk"))
