"""The roll as its two counters read it: by door, a page at a time; whose address is protected stands without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.ballots.models import Elector, Objection, Poll
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.register.models import Household
from louzhang.register.models.bindings import own_households, own_residents
from louzhang.register.models.shelters import unsheltered, unsheltered_home

PAGE = 50
PAGES_AT_MOST = 100_000
HIDDEN = "住址保密"
NOT_ON_ROLL = "名册上没有这一票，请刷新页面。"
_PLACE = "household__dwelling__area"
_WITH = (f"{_PLACE}__level", "resident", f"proxy__{_PLACE}__level", "proxy__resident")
_ORDER = (f"{_PLACE}__path", "household__dwelling__floor", "household__dwelling__position", "pk")


@dataclass(frozen=True, slots=True)
class RollLine:
    """One elector in words; nothing of whether they voted."""

    elector: Elector
    place: str
    name: str = ""
    proxy: str = ""
    has_slip: bool = False


@dataclass(frozen=True, slots=True)
class RollPage:
    """Some lines of a roll, and whether there are pages before and after."""

    lines: list[RollLine]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether this is not the first page."""
        return self.number > 1


def shown_electors(poll: Poll, actor: Actor) -> models.QuerySet[Elector]:
    """The electors whose place the actor may read."""
    rows = poll.electors.filter(unsheltered_home(actor, "household_id", _PLACE))
    return rows if poll.is_of_households else rows.filter(unsheltered(actor, "resident_id", _PLACE))


def roll_page(
    poll: Poll, actor: Actor, *, number: int = 1, area_id: int | None = None, door: str = "", wants_box: bool = False
) -> RollPage:
    """A page of the roll in the order of doors; those whose place is hidden come last, all at one place."""
    shown = shown_electors(poll, actor)
    boxes = Q(wants_box=True) if wants_box else Q()
    wanted = shown.filter(boxes & _sought(area_id, door)).select_related(*_WITH).order_by(*_ORDER)
    number = min(max(number, 1), PAGES_AT_MOST)
    start = (number - 1) * PAGE
    rows = list(wanted[start : start + PAGE + 1])
    has_next, rows = len(rows) > PAGE, rows[:PAGE]
    lines = _lines(rows)
    if not has_next and area_id is None and not door and not wants_box:
        hidden = poll.electors.exclude(pk__in=shown.order_by().values("pk")).order_by("pk")
        lines += [RollLine(elector, HIDDEN, has_slip=bool(elector.code_hash)) for elector in hidden]
    return RollPage(lines, number, has_next)


def _sought(area_id: int | None, door: str) -> Q:
    place = Q() if area_id is None else Q(household__dwelling__area_id=area_id)
    return place & Q(household__dwelling__door=door) if door else place


def _lines(electors: Sequence[Elector]) -> list[RollLine]:
    proxies = [each.proxy for each in electors if each.proxy is not None]
    areas = {each.household.dwelling.area for each in [*electors, *proxies]}
    places = spoken_places(areas) if areas else {}
    return [
        RollLine(
            elector=each,
            place=_place(each, places),
            name=each.resident.name if each.resident is not None else "",
            proxy=_place(each.proxy, places) if each.proxy is not None else "",
            has_slip=bool(each.code_hash),
        )
        for each in electors
    ]


def _place(elector: Elector, places: Mapping[int, str]) -> str:
    dwelling = elector.household.dwelling
    return f"{places[dwelling.area_id]} {dwelling.door}"


def leaves_to_choose(poll: Poll) -> list[tuple[int, str]]:
    """The leaves of a poll, in words."""
    leaves = list(Area.objects.filter(pk__in=poll.area_ids).select_related("level").order_by("path"))
    places = spoken_places(leaves) if leaves else {}
    return [(leaf.pk, places[leaf.pk]) for leaf in leaves]


@dataclass(frozen=True, slots=True)
class Said:
    """An objection with its words, as counters read it."""

    objection: Objection
    place: str
    words: str
    answer: str


def elector_on(poll: Poll, uid: UUID) -> Elector:
    """One line of a roll; raises `NotThere`."""
    found = poll.electors.select_related("poll").filter(uid=uid).first()
    if found is None:
        raise NotThere(NOT_ON_ROLL)
    return found


def objections_of(poll: Poll, actor: Actor) -> list[Said]:
    """The objections to a roll, those that wait first; for its counters. A protected address stands in none."""
    rows = list(poll.objections.select_related("household__dwelling__area__level", "resident").order_by("pk"))
    spoken = _words(poll, [seq for row in rows for seq in (row.seq, row.answer_seq) if seq is not None])
    areas = {row.household.dwelling.area for row in rows}
    places = spoken_places(areas) if areas else {}
    homes = Household.objects.filter(pk__in=[row.household_id for row in rows])
    shown = set(homes.filter(unsheltered_home(actor, "pk", "dwelling__area")).values_list("pk", flat=True))
    said = [
        Said(
            row,
            _whose(row, places) if row.household_id in shown else HIDDEN,
            spoken.get(row.seq, ""),
            spoken.get(row.answer_seq or 0, ""),
        )
        for row in rows
    ]
    return sorted(said, key=lambda each: each.objection.is_upheld is not None)


def _whose(objection: Objection, places: Mapping[int, str]) -> str:
    dwelling, person = objection.household.dwelling, objection.resident
    return f"{places[dwelling.area_id]} {dwelling.door}" + (f" {person.name}" if person is not None else "")


def _words(poll: Poll, seqs: Sequence[int]) -> dict[int, str]:
    rows = Words.objects.filter(subject_kind=poll.subject_kind, subject_id=poll.pk, seq__in=seqs)
    return {row.seq: str(row.spoken.get("words", "")) for row in rows}


def own_place_in(actor: Actor, poll: Poll) -> tuple[Household, int | None] | None:
    """The own household in a poll's places, and oneself where adults vote; None for who lives elsewhere."""
    homes = own_households(actor).filter(dwelling__area_id__in=poll.area_ids).select_related("dwelling")
    home = homes.order_by("pk").first()
    if home is None:
        return None
    if poll.is_of_households:
        return home, None
    person = own_residents(actor).filter(resident__stays__household=home, resident__stays__ends_on=None).first()
    return (home, person.resident_id) if person is not None else None
