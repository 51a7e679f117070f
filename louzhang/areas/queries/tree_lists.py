"""What the settings pages show of the tree, within the actor's scope."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from louzhang.areas.models import Area, AreaLevel, AreaQuerySet, Estate, LevelKind, Post
from louzhang.areas.queries.histories import Change
from louzhang.areas.rights import SEATS, areas_visible_to, offices_of
from louzhang.areas.roles import Role
from louzhang.areas.telling import title_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.paging import Page, page_of

PAGE = 50
FOUND = 30
SHORTEST_SEARCH = 2
# The role that every place of a level should have somebody for.
WANTED: dict[str, Role] = {
    LevelKind.GRID: Role.GRID_WORKER,
    LevelKind.BUILDING: Role.CHIEF,
    LevelKind.GROUP: Role.CHIEF,
}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One line of the tree: the area, how much lies below it, who holds a post there, its last change."""

    area: Area
    below: int
    holders: Sequence[str]
    lack: str
    last: Change | None


def top_area(actor: Actor) -> Area | None:
    """Where an actor's part of the tree begins: the district, or the own office's area."""
    offices = sorted(offices_of(actor), key=lambda seat: seat.rank)
    rows = areas_visible_to(actor).current().select_related("level", "estate", "office").order_by("depth", "path")
    found: Area | None = rows.filter(pk=offices[0].area_id).first() if offices else rows.first()
    return found


def _with_level(rows: AreaQuerySet) -> AreaQuerySet:
    narrowed: AreaQuerySet = rows.select_related("level").defer("outline", "chain_head")
    return narrowed


def children_of(area: Area, cursor: str | None) -> Page[Area]:
    """A page of the current areas right below one, by pinyin."""
    below = Area.objects.get_queryset().under_paths([area.path]).filter(depth=area.depth + 1).current()
    page: Page[Area] = page_of(_with_level(below), cursor=cursor, size=PAGE, order=("name_key", "id"))
    return page


def area_rows(
    areas: Sequence[Area], holders: Mapping[int, Sequence[Post]], last: Mapping[int, Change]
) -> list[AreaRow]:
    """Areas of a list with what stands beside each (one query)."""
    below = _counts_below(areas)
    return [
        AreaRow(
            area,
            below[area.path],
            [f"{title_of(post)} {post.user.name}" for post in holders[area.pk]],
            lack_of(area, holders[area.pk]),
            last.get(area.pk),
        )
        for area in areas
    ]


def lack_of(area: Area, posts: Iterable[Post]) -> str:
    """The role nobody holds at a grid, building or group, in words; empty where nothing is missing."""
    role = WANTED.get(area.level.kind)
    return "" if role is None or any(post.role == role for post in posts) else f"还没有{role.label}"


def _counts_below(areas: Sequence[Area]) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not areas:
        return counts
    paths = {area.path for area in areas}
    lengths = {len(path) for path in paths}
    rows = Area.objects.get_queryset().under_paths(paths).current().order_by()
    for path in rows.values_list("path", flat=True):
        for length in lengths:
            if len(path) > length and path[:length] in paths:
                counts[path[:length]] += 1
    return counts


def holders_at(areas: Iterable[Area], at: datetime) -> dict[int, list[Post]]:
    """The posts held now at each area, by its id (one query)."""
    ids = [area.pk for area in areas]
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id__in=ids).select_related("user", "title")
    found: dict[int, list[Post]] = defaultdict(list)
    for post in posts.order_by("role", "pk"):
        found[post.area_id].append(post)
    return found


def search_areas(actor: Actor, words: str) -> list[Area]:
    """Current areas in scope whose name holds the words or whose code begins with them, at most thirty."""
    words = words.strip()
    if len(words) < SHORTEST_SEARCH:
        return []
    hit = Q(name__icontains=words) | Q(code__istartswith=words) | Q(official_code__startswith=words)
    rows = _with_level(areas_visible_to(actor).current().filter(hit))
    return list(rows.order_by("depth", "name_key", "pk")[:FOUND])


def lines_of(areas: Iterable[Area]) -> dict[int, str]:
    """The names above each area, 东风街道 彩虹社区 …, without the district; one query for all."""
    rows = list(areas)
    step = Area.steplen
    lines = {area.pk: [area.path[:end] for end in range(2 * step, len(area.path), step)] for area in rows}
    wanted = {path for line in lines.values() for path in line}
    names = dict(Area.objects.filter(path__in=wanted).order_by().values_list("path", "name")) if wanted else {}
    return {pk: " ".join(names.get(path, "") for path in line) for pk, line in lines.items()}


def all_areas(actor: Actor) -> AreaQuerySet:
    """Every current area in scope in the order of the tree, for the file."""
    rows: AreaQuerySet = _with_level(areas_visible_to(actor).current()).select_related("estate").order_by("path")
    return rows


def levels_below(area: Area) -> list[AreaLevel]:
    """The levels that may lie right below an area, the nearest first."""
    return sorted((level for level in AreaLevel.objects.all() if level.rank > area.rank), key=lambda level: level.rank)


def all_levels() -> list[AreaLevel]:
    """The levels from the district down, each with how many current areas it has."""
    rows = AreaLevel.objects.annotate(uses=Count("areas", filter=Q(areas__ended_at=None)))
    return sorted(rows, key=lambda level: level.rank)


def find_level(level_id: int) -> AreaLevel:
    """One level; raises `NotThere` for an unknown one."""
    level = AreaLevel.objects.filter(pk=level_id).first()
    if level is None:
        raise NotThere("没有找到这个层级。")
    return level


def homes_for(area: Area, actor: Actor, words: str) -> list[Area]:
    """Areas found by words under which an area may be moved."""
    found = search_areas(actor, words)
    return [home for home in found if home.rank < area.rank and not home.path.startswith(area.path)]


def estates_at(area: Area) -> list[Estate]:
    """The estates in use in the communities at, above and below an area."""
    step = Area.steplen
    line = [area.path[:end] for end in range(step, len(area.path) + 1, step)]
    near = Q(community__path__in=line) | Q(community__path__startswith=area.path)
    return list(Estate.objects.filter(near, ended_at=None).order_by("name", "pk"))


def vacant_areas(actor: Actor, role: Role, at: datetime, cursor: str | None) -> Page[Area]:
    """Current areas in scope where nobody holds a role that has its seat there."""
    held = Post.objects.as_of(clock.local_date(at)).filter(area_id=OuterRef("pk"), role=role)
    rows = areas_visible_to(actor).current().of_kind(*SEATS[role]).filter(~Exists(held))
    page: Page[Area] = page_of(_with_level(rows), cursor=cursor, size=PAGE, order=("name_key", "id"))
    return page


def vacancies(actor: Actor, at: datetime) -> dict[Role, int]:
    """How many places in scope lack a holder, by role (one query a role)."""
    found = {}
    for role in (Role.GRID_WORKER, Role.CHIEF):
        held = Post.objects.as_of(clock.local_date(at)).filter(area_id=OuterRef("pk"), role=role)
        found[role] = areas_visible_to(actor).current().of_kind(*SEATS[role]).filter(~Exists(held)).order_by().count()
    return found
