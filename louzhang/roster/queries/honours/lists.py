"""What the pages of honours show: those of a month by where they stand, one of them, what was said, the wall."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries.office_places import BEARING
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.roster.lifecycle.honours import LOOP, HonourState, Tie
from louzhang.roster.models.honours import Honour, HonourKind, Objection
from louzhang.roster.queries.honours.conflicts import DECIDING, bar_on, bar_on_checking
from louzhang.roster.queries.honours.standing import told

UNKNOWN = "没有找到这项荣誉，或它不在您的范围内。"
OFFICES = frozenset({Tie.DESK, Tie.ABOVE})
ORDER = (HonourState.PROPOSED, HonourState.NOTICE, HonourState.AWARDED)
READ_WITH = ("kind", "area", "building", "holder", "resident", "place__level")


@dataclass(frozen=True, slots=True)
class Line:
    """One honour in a list of the office."""

    honour: Honour
    who: str
    where: str
    words: str
    objections: int

    @property
    def is_over(self) -> bool:
        """Whether it ended without an award."""
        return self.honour.status not in ORDER


def board(actor: Actor, month: date) -> dict[str, list[Line]]:
    """Honours of the offices of an actor: all that waits, and those of a month, by state; five queries at most."""
    rows = Honour.objects.tied(actor, *OFFICES).select_related(*READ_WITH)
    waiting = Q(status__in=[HonourState.PROPOSED.value, HonourState.NOTICE.value])
    of_month = Honour.objects.of_month(month).values("pk")
    found = list(rows.filter(waiting | Q(pk__in=of_month)).order_by("kind__position", "area__path", "pk"))
    lines = _lines(found)
    grouped: dict[str, list[Line]] = {name: [] for name in (*(state.value for state in ORDER), "over")}
    for line in lines:
        grouped["over" if line.is_over else line.honour.status].append(line)
    return grouped


def _lines(honours: Collection[Honour]) -> list[Line]:
    words = {each.honour.pk: each.words for each in told(honours)}
    places = spoken_places({honour.place for honour in honours}) if honours else {}
    waiting = Objection.objects.filter(honour__in=[each.pk for each in honours], answered_at=None)
    open_ids = list(waiting.values_list("honour_id", flat=True))
    return [
        Line(honour, honour.whole_name, places[honour.place_id], words.get(honour.pk, ""), open_ids.count(honour.pk))
        for honour in honours
    ]


def find_honour(actor: Actor, uid: UUID, *ties: Tie) -> Honour:
    """One with its ties, where the actor has one of these (or any); raises `NotThere`."""
    rows = Honour.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related(*READ_WITH, "area__level", "proposer", "checker").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def verbs_now(honour: Honour, actor: Actor, at: datetime) -> tuple[list[Transition], str]:
    """What the actor may do now with one honour, and why not more, as a sentence."""
    allowed = LOOP.allowed(honour.status, honour.relations_now)
    barred = bar_on_checking(honour, actor) if honour.status == HonourState.PROPOSED else bar_on(honour, actor)
    if barred:
        allowed = [step for step in allowed if step.verb not in DECIDING]
    is_running = honour.notice_until is not None and honour.notice_until >= clock.local_date(at)
    hidden = {"object", "answer"} | _unfit(honour) | ({"award"} if is_running or honour.kind.hangs else set())
    said = f"公示到 {honour.notice_until:%m月%d日}，过了这一天才能授予。" if is_running else ""
    if honour.status == HonourState.PROPOSED and honour.has_no_account and honour.consented_on is None:
        hidden |= {"check", "ask"}
        barred = "本人还没有同意参评。先请本人签字，在这一页登记，再审核。"
    return [step for step in allowed if step.verb not in hidden], barred or said


def _unfit(honour: Honour) -> set[str]:
    """Verbs about consent that have nothing to do with this one: who has an account decides on their own page."""
    unfit = {"consent"} if not honour.has_no_account or honour.consented_on is not None else set()
    unfit |= set() if honour.has_no_account else {"forget"}
    may_hang = honour.kind.has_wall and honour.building_id is None and honour.erased_at is None
    is_mine = Tie.NOMINEE in honour.relations_now
    if honour.on_wall_at is not None or not may_hang or not (is_mine or honour.has_no_account):
        unfit.add("join_wall")
    if honour.on_wall_at is None:
        unfit |= {"leave_wall", "give_photo"}
    return unfit | (set() if honour.photo_uid is not None else {"withdraw_photo"})


@dataclass(frozen=True, slots=True)
class Said:
    """One step of an honour with its words."""

    label: str
    at: datetime
    who: str
    words: str


SPOKEN = {"propose": "推荐", "erase": "删除", **{step.verb: step.said for step in LOOP}}


def history_of(honour: Honour) -> list[Said]:
    """What happened, oldest first, for the office (three queries). What objectors said stands with the objections."""
    chain = {"subject_kind": Honour.subject_kind, "subject_id": honour.pk}
    words = {row.seq: row.spoken for row in Words.objects.filter(**chain)}
    events = list(Event.objects.filter(**chain, verb__in=SPOKEN).order_by("seq"))
    names = dict(User.objects.filter(pk__in={event.user_id for event in events}).values_list("pk", "name"))
    return [
        Said(
            SPOKEN[event.verb],
            event.happened_at,
            ""
            if event.verb == "object"
            else names.get(event.user_id or 0, "系统" if event.actor_kind == ActorKind.SYSTEM else "居民"),
            "" if event.verb in ("object", "answer") else str(words.get(event.seq, {}).get("words", "")),
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Spoken:
    """An objection with its words and its answer."""

    row: Objection
    words: str
    answer: str


def objections_of(honour: Honour, actor: Actor) -> list[Spoken]:
    """For the office all of them, without who spoke; for anybody else the own ones with their answers."""
    rows = Objection.objects.filter(honour=honour).order_by("pk")
    if not honour.relations_now & OFFICES:
        own = Q(pk__in=[])
        own |= Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
        own |= Q(device_hash=actor.device) & ~Q(device_hash="") if actor.device else Q(pk__in=[])
        rows = rows.filter(own)
    found = list(rows)
    chain = {"subject_kind": Honour.subject_kind, "subject_id": honour.pk}
    words = {row.seq: row.spoken for row in Words.objects.filter(**chain)} if found else {}
    return [
        Spoken(
            row,
            str(words.get(row.said_seq, {}).get("words", "")),
            str(words.get(row.answered_seq or 0, {}).get("words", "")),
        )
        for row in found
    ]


def giving_areas(actor: Actor) -> list[Area]:
    """Places whose honours an office of the actor may put forward, the own ones first, then below, then above."""
    paths = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    above = {path[:end] for path in paths for end in range(Area.steplen, len(path), Area.steplen)}
    bearing = Area.objects.get_queryset().current().of_kind(*BEARING).defer("outline")
    rows = bearing.under_paths(paths) | bearing.filter(path__in=above)
    found = list(rows.select_related("level").order_by("path")) if paths else []
    return sorted(found, key=lambda area: (area.path in above, area.path not in paths))


def serving(area: Area, day: date, roles: Iterable[str]) -> list[Post]:
    """Who serves at or below a place in one of these roles today, in the order of the tree; one query."""
    rows = Post.objects.as_of(day).filter(role__in=list(roles), area__path__startswith=area.path)
    return list(rows.select_related("user", "area__level", "title").order_by("area__path", "role", "pk"))


def kinds_for(area: Area) -> list[HonourKind]:
    """The kinds a place gives."""
    return list(HonourKind.objects.current().filter(level=area.level.kind))
