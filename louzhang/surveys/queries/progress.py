"""How far a survey is, by place: sums of the counts at the leaves, read in one statement however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, IntegerField, Q, Sum
from django.db.models.functions import Left

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.models.surveys import COMMUNITY_RANK
from louzhang.surveys.models.targets import passed_places

GRID_RANK = RANKS[LevelKind.GRID]
UNKNOWN = "没有找到这个地方，或它不在您的范围内。"


@dataclass(frozen=True, slots=True)
class Count:
    """Of how many households how many are done; 不愿回答 is done, and nobody above a door is told which."""

    total: int = 0
    done: int = 0
    absent: int = 0

    @property
    def left(self) -> int:
        """Still to be asked, those not met yet counted in."""
        return self.total - self.done

    @property
    def percent(self) -> int:
        """Whole percent, 100 only when all are done."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Place:
    """One place with its count."""

    area: Area
    count: Count
    share: Share | None = None


def own_roots(survey: Survey, actor: Actor) -> list[str]:
    """The paths under which the actor reads the progress of a survey, without those that lie in another of them."""
    seats = [seat.path for seat in actor.seats if seat.path]
    passed = list(passed_places(actor).filter(survey=survey).values_list("area__path", flat=True))
    paths = sorted({*seats, *passed})
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def counts_below(survey: Survey, paths: Sequence[str], depth: int) -> dict[str, Count]:
    """The counts of every place at a depth of the tree below these paths, by path; one statement over the leaves."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(area__path__gte=path, area__path__lt=path + "~")
    rows = Share.objects.leaves().filter(under, survey=survey).order_by()
    sums = (
        rows.annotate(place=Left("area__path", depth * Area.steplen))
        .values_list("place")
        .annotate(
            households=Sum("total"),
            done=Sum(F("answered") + F("declined"), output_field=IntegerField()),
            unmet=Sum("absent"),
        )
    )
    return {path: Count(total, done, absent) for path, total, done, absent in sums}


def whole_of(survey: Survey, paths: Sequence[str]) -> Count:
    """All below these paths together."""
    return added(counts_below(survey, paths, 1).values())


def added(counts: Iterable[Count]) -> Count:
    """Several counts as one."""
    some = list(counts)
    return Count(sum(each.total for each in some), sum(each.done for each in some), sum(each.absent for each in some))


def progress_at(survey: Survey, actor: Actor, area_id: int | None = None) -> tuple[Area | None, list[Place]]:
    """A place of the actor's and the places below it with their counts, in the order of the tree.

    Without a place: those the actor works at. Raises `NotThere` for one out of scope. Offices above a community
    read down to grids: who is slow at which door is nothing for them.
    """
    roots = own_roots(survey, actor)
    if area_id is None:
        top = _highest(roots)
        return top, _each(survey, roots, actor) if top is None else _below(survey, top, actor)
    area = Area.objects.select_related("level").defer("outline").filter(pk=area_id).first()
    if area is None or not any(area.path.startswith(root) for root in roots):
        raise NotThere(UNKNOWN)
    return area, _below(survey, area, actor)


def _highest(roots: Sequence[str]) -> Area | None:
    """The only place one works at; None for several."""
    if len(roots) != 1:
        return None
    area: Area | None = Area.objects.select_related("level").defer("outline").filter(path=roots[0]).first()
    return area


def _below(survey: Survey, top: Area, actor: Actor) -> list[Place]:
    """The next places below one that hold households."""
    counts = counts_below(survey, [top.path], len(top.path) // Area.steplen + 1)
    return _places(counts, actor)


def _each(survey: Survey, roots: Sequence[str], actor: Actor) -> list[Place]:
    """Several places of one's own, each by itself."""
    leaves = counts_below(survey, roots, max(RANKS.values()))
    counts = {root: added(count for path, count in leaves.items() if path.startswith(root)) for root in roots}
    return _places({path: count for path, count in counts.items() if count.total}, actor)


def _places(counts: Mapping[str, Count], actor: Actor) -> list[Place]:
    areas = Area.objects.filter(path__in=counts).select_related("level").defer("outline").order_by("path")
    return [Place(area, counts[area.path]) for area in areas if is_open_to(actor, area)]


def is_open_to(actor: Actor, area: Area) -> bool:
    """Whether the actor reads this place by itself: offices above a community only down to grids."""
    near = [seat.rank for seat in actor.seats if seat.path and area.path.startswith(seat.path)]
    lowest_seen = GRID_RANK if near and max(near) < COMMUNITY_RANK else RANKS[LevelKind.STAIRWELL]
    return area.rank <= lowest_seen


def line_to(area: Area, roots: Iterable[str]) -> list[Area]:
    """The way down to a place from where the actor's reading begins."""
    return [node for node in line_of(area) if any(node.path.startswith(root) for root in roots)]
