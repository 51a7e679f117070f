"""Rows that are likely the same person, proposed with the reason; nobody merges them but people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db.models import Count

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.models import Apart, Merge, Resident, ResidentQuerySet, Stay

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
    """The pairs of rows that are alike where the actor keeps the register, with the reason; four queries.

    Two ID numbers that differ are two people; the same one cannot stand twice.
    """
    rows = Resident.objects.kept_by(actor).current().filter(died_on=None).order_by()
    found: dict[Pair, str] = {}
    for reason, groups in (
        (SAME_PHONE, _by_phone(rows)),
        (SAME_HOME, _by_home(actor)),
        (SAME_YEAR, _by_year(rows)),
    ):
        for group in groups:
            for one, other in combinations(sorted(group), 2):
                found.setdefault((one, other), reason)
    said = {(apart.first_id, apart.second_id) for apart in Apart.objects.filter(first__in={one for one, _ in found})}
    return dict(sorted((pair, reason) for pair, reason in found.items() if pair not in said)[:MOST])


def _by_phone(rows: ResidentQuerySet) -> Iterator[list[int]]:
    known = rows.exclude(phone_index="")
    twice = known.values("phone_index", "name").annotate(count=Count("pk")).filter(count__gt=1)
    groups: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    again = known.filter(phone_index__in=[row["phone_index"] for row in twice[:MOST]])
    for pk, phone, name, number in again.values_list("pk", "phone_index", "name", "id_index"):
        groups[phone, name].append((pk, number))
    return _not_two_numbers(groups.values())


def _by_year(rows: ResidentQuerySet) -> Iterator[list[int]]:
    known = rows.filter(birth_year__isnull=False)
    twice = known.values("name", "birth_year").annotate(count=Count("pk")).filter(count__gt=1)
    names = {row["name"] for row in twice[:MOST]}
    groups: dict[tuple[str, int | None, str], list[tuple[int, str]]] = defaultdict(list)
    again = known.filter(name__in=names).values_list("pk", "name", "birth_year", "area__path", "id_index")
    for pk, name, year, path, number in again:
        groups[name, year, path[:NEAR]].append((pk, number))
    return _not_two_numbers(groups.values())


def _by_home(actor: Actor) -> Iterator[list[int]]:
    living = Stay.objects.filter(ends_on=None, resident__in=Resident.objects.kept_by(actor).current()).order_by()
    twice = living.values("household_id", "resident__name").annotate(count=Count("pk")).filter(count__gt=1)
    homes = [row["household_id"] for row in twice[:MOST]]
    groups: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    again = living.filter(household__in=homes)
    for pk, name, home, number in again.values_list(
        "resident_id", "resident__name", "household_id", "resident__id_index"
    ):
        groups[home, name].append((pk, number))
    return _not_two_numbers(groups.values())


def _not_two_numbers(groups: Iterable[Sequence[tuple[int, str]]]) -> Iterator[list[int]]:
    """Of each group the rows taken two by two that may be one person."""
    for group in groups:
        for (one, number), (other, another) in combinations(group, 2):
            if not (number and another and number != another):
                yield [one, other]


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


def find_merge(actor: Actor, uid: UUID) -> Merge:
    """One merge in scope; raises `NotThere`."""
    merge = Merge.objects.visible_to(actor).filter(uid=uid).select_related("resident", "into").first()
    if merge is None:
        raise NotThere("没有找到这次合并，或它不在您负责的范围内。")
    return merge
