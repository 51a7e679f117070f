"""到岗: which grids, buildings and stairwells have a holder or a stand-in, and how many people each holder has.

Two days stand side by side, so that a place reads what a finer net has changed (handbook, R1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from louzhang.areas.models import Area, AreaQuerySet, LevelKind, Post
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.register.models import Stay


@dataclass(frozen=True, slots=True)
class Net:
    """One net of holders: the places that have one, and by which roles."""

    key: str
    name: str
    holder: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]


NETS: Sequence[Net] = (
    Net("grid", "网格", "网格员", (LevelKind.GRID,), (Role.GRID_WORKER, Role.GRID_LEAD)),
    Net("building", "楼栋", "楼长", (LevelKind.BUILDING, LevelKind.GROUP), (Role.CHIEF,)),
    Net("stairwell", "单元", "单元长", (LevelKind.STAIRWELL,), (Role.STAIRWELL_HEAD,)),
)
NET_BY_KEY: Mapping[str, Net] = {net.key: net for net in NETS}


@dataclass(frozen=True, slots=True)
class NetDay:
    """A net on a day: places that have a holder, those with a stand-in too, holders, people for each of them."""

    held: int
    stood_in: int
    holders: int
    people: int

    @property
    def density(self) -> int | None:
        """People for each holder, whole; None without any."""
        return round(self.people / self.holders) if self.holders else None


@dataclass(frozen=True, slots=True)
class NetLine:
    """A net on both days; `places` are those of today."""

    net: Net
    places: int
    before: NetDay
    now: NetDay

    @property
    def without(self) -> int:
        """Places that nobody holds now."""
        return self.places - self.now.held

    @property
    def without_stand_in(self) -> int:
        """Places for whose holder nobody steps in."""
        return self.places - self.now.stood_in


@dataclass(frozen=True, slots=True)
class Coverage:
    """All nets of a place, and the finest one that is held on either day."""

    lines: tuple[NetLine, ...]
    people_before: int
    people_now: int

    @property
    def density_before(self) -> int | None:
        """People for each holder of the finest net that was held."""
        return next((line.before.density for line in reversed(self.lines) if line.before.holders), None)

    @property
    def density_now(self) -> int | None:
        """The same today."""
        return next((line.now.density for line in reversed(self.lines) if line.now.holders), None)


def coverage_of(area: Area, before: date, now: date) -> Coverage:
    """The nets of a place the caller has found in reach, on two days; three queries."""
    places = _places(area, before, now)
    holders = _holders(area, before, now)
    people = _people(area, before, now)
    lines = []
    for net in NETS:
        counts = [places[kind] for kind in net.kinds if kind in places]
        days = [
            NetDay(
                held=sum(count[f"held_{day}"] for count in counts),
                stood_in=sum(count[f"stood_in_{day}"] for count in counts),
                holders=holders[f"{net.key}_{day}"],
                people=people[f"people_{day}"],
            )
            for day in ("before", "now")
        ]
        lines.append(NetLine(net, sum(count["places"] for count in counts), *days))
    return Coverage(tuple(lines), people["people_before"], people["people_now"])


def _below(area: Area) -> AreaQuerySet:
    rows: AreaQuerySet = Area.objects.get_queryset().under_paths([area.path]).current().order_by()
    return rows


def _held(day: date, **more: bool) -> Exists:
    posts = Post.objects.as_of(day).filter(area=OuterRef("pk"), role__in=FIELD_ROLES, **more)
    return Exists(posts)


def _places(area: Area, before: date, now: date) -> dict[str, dict[str, int]]:
    counts = {
        f"{name}_{label}": Count("pk", filter=Q(_held(day, **more)))
        for label, day in (("before", before), ("now", now))
        for name, more in (("held", {}), ("stood_in", {"stand_in__isnull": False}))
    }
    kinds = [kind for net in NETS for kind in net.kinds]
    rows = _below(area).of_kind(*kinds).values("level__kind").annotate(places=Count("pk"), **counts)
    return {row["level__kind"]: row for row in rows}


def _holders(area: Area, before: date, now: date) -> dict[str, int]:
    posts = Post.objects.filter(area__in=_below(area).values("pk")).order_by()
    counts = {
        f"{net.key}_{label}": Count("user", distinct=True, filter=Q(role__in=net.roles) & _as_of(day))
        for net in NETS
        for label, day in (("before", before), ("now", now))
    }
    found: dict[str, int] = posts.aggregate(**counts)
    return found


def _people(area: Area, before: date, now: date) -> dict[str, int]:
    stays = Stay.objects.filter(household__dwelling__area__in=_below(area).values("pk")).order_by()
    counts = {f"people_{label}": Count("pk", filter=_as_of(day)) for label, day in (("before", before), ("now", now))}
    found: dict[str, int] = stays.aggregate(**counts)
    return found


def _as_of(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def places_lacking(area: Area, net: Net, day: date, *, stand_in: bool) -> AreaQuerySet:
    """The places of a net without a holder, or without a stand-in."""
    more = {"stand_in__isnull": False} if stand_in else {}
    rows = _below(area).of_kind(*net.kinds).filter(~Q(_held(day, **more)))
    named: AreaQuerySet = rows.select_related("level").defer("outline")
    return named
