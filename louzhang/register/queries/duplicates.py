"""Rows that are likely the same person, proposed with the reason; nobody merges them but people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from django.db.models import FilteredRelation, Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.models import Apart, Merge, Resident, Stay

MOST = 200
# Near: in the same grid. Paths have one step a level.
NEAR = RANKS[LevelKind.GRID] * Area.steplen
SAME_PHONE = "同名、同一个电话"
SAME_YEAR = "同名、同年出生、同一网格"
SAME_HOME = "同名、住在同一户"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rows, with where they live."""

    resident: Resident
    where: str
    tie: str
    household_uid: UUID | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two rows that are likely one person, and why; the first was entered earlier."""

    first: Side
    second: Side
    reason: str


Pair = tuple[int, int]


def likely_pairs(actor: Actor) -> dict[Pair, str]:
    """The pairs of rows that are alike where the actor keeps the register, with the reason; two queries.

    Two ID numbers that differ are two people; the same one cannot stand twice. The rows are compared here: the
    database, asked to group them, reads the phones of the whole district.
    """
    rows = list(_namesakes(actor))
    found: dict[Pair, str] = {}
    for reason, key in ((SAME_PHONE, _phone_key), (SAME_HOME, _home_key), (SAME_YEAR, _year_key)):
        for one, other in _alike(rows, key):
            found.setdefault((one, other), reason)
    said = {(apart.first_id, apart.second_id) for apart in Apart.objects.filter(first__in={one for one, _ in found})}
    return dict(sorted((pair, reason) for pair, reason in found.items() if pair not in said)[:MOST])


class _Row(NamedTuple):
    """What two rows are compared by."""

    name: str
    pk: int
    birth_year: int | None
    phone: str
    number: str
    path: str
    household: int | None


def _namesakes(actor: Actor) -> Iterator[_Row]:
    """The rows whose name somebody else bears too: every likeness begins with the name, and most bear theirs alone."""
    rows = Resident.objects.kept_by(actor).current().filter(died_on=None).order_by()
    living = FilteredRelation("stays", condition=Q(stays__ends_on=None))
    columns = ("name", "pk", "birth_year", "phone_index", "id_index", "area__path", "living__household_id")
    read = list(rows.annotate(living=living).values_list(*columns))
    bearers = Counter([row[0] for row in read])
    return (_Row(*row) for row in read if bearers[row[0]] > 1)


def _phone_key(row: _Row) -> Hashable:
    return (row.phone, row.name) if row.phone else None


def _home_key(row: _Row) -> Hashable:
    return (row.household, row.name) if row.household else None


def _year_key(row: _Row) -> Hashable:
    return (row.birth_year, row.name, row.path[:NEAR]) if row.birth_year else None


def _alike(rows: Iterable[_Row], key: Callable[[_Row], Hashable]) -> Iterator[Pair]:
    """The rows with the same key two by two, but for those whose ID numbers differ."""
    groups: dict[Hashable, list[_Row]] = defaultdict(list)
    for row in rows:
        if (of_row := key(row)) is not None:
            groups[of_row].append(row)
    for group in groups.values():
        for one, other in combinations(sorted(group, key=lambda row: row.pk), 2):
            if not (one.number and other.number and one.number != other.number):
                yield one.pk, other.pk


def likely_duplicates(actor: Actor) -> list[Likeness]:
    """The proposals as a page shows them; three queries more."""
    pairs = likely_pairs(actor)
    sides = sides_of({pk for pair in pairs for pk in pair})
    return [Likeness(sides[one], sides[other], reason) for (one, other), reason in pairs.items()]


def sides_of(ids: Iterable[int]) -> Mapping[int, Side]:
    """Rows the caller has found in scope, with where they live now."""
    rows = list(Resident.objects.filter(pk__in=list(ids)).select_related("area").defer("area__outline"))
    stays = Stay.objects.filter(resident__in=rows, ends_on=None).select_related("household__dwelling")
    homes = {stay.resident_id: stay for stay in stays}
    places = spoken_places([row.area for row in rows])
    return {row.pk: _side(row, homes.get(row.pk), places[row.area_id]) for row in rows}


def _side(row: Resident, stay: Stay | None, place: str) -> Side:
    if stay is None:
        return Side(row, f"{place}（现在不住这里）", "", None)
    return Side(row, f"{place} {stay.household.dwelling.door}", stay.get_tie_display(), stay.household.uid)


def find_pair(actor: Actor, first: UUID, second: UUID) -> tuple[Side, Side]:
    """Two rows to compare, both where the actor keeps the register; raises `NotThere`."""
    rows = Resident.objects.kept_by(actor).current().filter(uid__in=[first, second])
    ids = dict(rows.values_list("uid", "pk"))
    if first == second or len(ids) < 2:
        raise NotThere("没有找到这两条登记，或有一条已经合并、不在您负责的范围内。")
    sides = sides_of(ids.values())
    return sides[ids[first]], sides[ids[second]]


def last_merges(actor: Actor, count: int = 20) -> list[Merge]:
    """What was merged of late where the actor keeps the register, the latest first."""
    rows = Merge.objects.visible_to(actor).standing().select_related("resident", "into")
    return list(rows.order_by("-merged_at", "-pk")[:count])


def rows_of(resident: Resident) -> list[int]:
    """The ids of a row and of every row merged into it, so that what was done to them is told to the person."""
    ids, step = [resident.pk], [resident.pk]
    while step := list(Resident.objects.filter(merged_into__in=step).values_list("pk", flat=True)):
        ids += step
    return ids


def find_merge(actor: Actor, uid: UUID) -> Merge:
    """One merge in scope; raises `NotThere`."""
    merge = Merge.objects.visible_to(actor).filter(uid=uid).select_related("resident", "into").first()
    if merge is None:
        raise NotThere("没有找到这次合并，或它不在您负责的范围内。")
    return merge
