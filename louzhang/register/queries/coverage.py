"""到岗: which grids, buildings and stairwells have a holder or a stand-in, and how many people each holder has.

Two days stand side by side, so that a place reads what a finer net has changed (handbook, R1). People are counted
where they live, under the place that somebody holds, so half a net does not look twice as fine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    """A net on a day: places that have a holder, those with a stand-in too, holders, and the people they have."""

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
    """All nets of a place, and everybody who lives there on the two days."""

    lines: tuple[NetLine, ...]
    people_before: int
    people_now: int

    @property
    def finest_before(self) -> NetLine | None:
        """The finest net in which everybody had a holder."""
        return next((line for line in reversed(self.lines) if 0 < self.people_before == line.before.people), None)

    @property
    def finest_now(self) -> NetLine | None:
        """The finest net in which everybody has one."""
        return next((line for line in reversed(self.lines) if 0 < self.people_now == line.now.people), None)


@dataclass(frozen=True, slots=True)
class _Held:
    """A post of a net: the place it lies at, who holds it, whether somebody steps in."""

    path: str
    user_id: int
    has_stand_in: bool


def coverage_of(area: Area, before: date, now: date) -> Coverage:
    """The nets of a place the caller has found in reach, on two days; three queries."""
    places = dict(_below(area).values_list("level__kind").annotate(Count("pk")))
    people = _people(area, before, now)
    posts = list(_posts(area, before, now))
    lines = []
    for net in NETS:
        days = [
            _day(
                [
                    _Held(path, user_id, stand_in is not None)
                    for path, role, user_id, stand_in, starts, ends in posts
                    if role in net.roles and starts <= day and (ends is None or ends > day)
                ],
                {path: counts[which] for path, counts in people.items()},
            )
            for which, day in enumerate((before, now))
        ]
        lines.append(NetLine(net, sum(places.get(kind, 0) for kind in net.kinds), *days))
    return Coverage(tuple(lines), *(sum(counts[which] for counts in people.values()) for which in (0, 1)))


def _day(held: Sequence[_Held], people: Mapping[str, int]) -> NetDay:
    paths = {post.path for post in held}
    return NetDay(
        held=len(paths),
        stood_in=len({post.path for post in held if post.has_stand_in}),
        holders=len({post.user_id for post in held}),
        people=sum(count for path, count in people.items() if _is_under(path, paths)),
    )


def _is_under(path: str, paths: set[str]) -> bool:
    return any(path[:end] in paths for end in range(Area.steplen, len(path) + 1, Area.steplen))


def _below(area: Area) -> AreaQuerySet:
    rows: AreaQuerySet = Area.objects.get_queryset().under_paths([area.path]).current().order_by()
    return rows


def _posts(area: Area, before: date, now: date) -> Iterator[tuple[str, str, int, int | None, date, date | None]]:
    rows = Post.objects.filter(area__in=_below(area).values("pk"), role__in=FIELD_ROLES).order_by()
    rows = rows.filter(_as_of(before) | _as_of(now))
    yield from rows.values_list("area__path", "role", "user_id", "stand_in_id", "starts_on", "ends_on")


def _people(area: Area, before: date, now: date) -> dict[str, tuple[int, int]]:
    """How many live at each leaf on the two days."""
    stays = Stay.objects.filter(household__dwelling__area__in=_below(area).values("pk")).order_by()
    rows = stays.values_list("household__dwelling__area__path").annotate(
        before=Count("pk", filter=_as_of(before)), now=Count("pk", filter=_as_of(now))
    )
    return {path: (then, today) for path, then, today in rows}


def _as_of(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def _held(day: date, **more: bool) -> Exists:
    posts = Post.objects.as_of(day).filter(area=OuterRef("pk"), role__in=FIELD_ROLES, **more)
    return Exists(posts)


def places_lacking(area: Area, net: Net, day: date, *, stand_in: bool) -> AreaQuerySet:
    """The places of a net without a holder, or without a stand-in."""
    more = {"stand_in__isnull": False} if stand_in else {}
    rows = _below(area).of_kind(*net.kinds).filter(~Q(_held(day, **more)))
    named: AreaQuerySet = rows.select_related("level").defer("outline")
    return named
