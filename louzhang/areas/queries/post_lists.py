"""What the settings pages list of units, posts and titles, within the actor's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, ServedArea, Title, Unit
from louzhang.areas.queries.histories import Change, last_changes
from louzhang.areas.rights import posts_visible_to, units_visible_to
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.telling import places_of, title_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.paging import Page, page_of

PAGE = 50
FOUND = 20
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the units: what it serves, how many work in it, its last change."""

    unit: Unit
    serves: str
    codes: str
    members: int
    last: Change | None


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What the list of units is narrowed to."""

    kind: str = ""
    words: str = ""
    is_ended: bool = False
    cursor: str | None = None


def narrowed_units(actor: Actor, wanted: UnitFilter) -> QuerySet[Unit]:
    """The units in scope that a filter names."""
    rows = units_visible_to(actor).filter(ended_at__isnull=not wanted.is_ended)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.words:
        rows = rows.filter(name__icontains=wanted.words)
    return rows


def list_units(actor: Actor, wanted: UnitFilter, at: datetime) -> tuple[Page[Unit], list[UnitRow]]:
    """A page of units by kind and pinyin; five queries."""
    rows = narrowed_units(actor, wanted).defer("chain_head")
    page = page_of(rows, cursor=wanted.cursor, size=PAGE, order=("kind", "name_key", "id"))
    return page, unit_rows(page.rows, at)


def unit_rows(units: Sequence[Unit], at: datetime) -> list[UnitRow]:
    """Units of a list with what stands beside each."""
    serves: dict[int, list[Area]] = defaultdict(list)
    for served in served_now(units, at):
        serves[served.unit_id].append(served.area)
    posts = Post.objects.as_of(clock.local_date(at)).filter(unit_id__in=[unit.pk for unit in units]).order_by()
    members = dict(posts.values_list("unit_id").annotate(count=Count("pk")))
    last = last_changes(units)
    return [
        UnitRow(
            unit,
            serves="、".join(area.name for area in serves[unit.pk]),
            codes="、".join(area.code for area in serves[unit.pk]),
            members=members.get(unit.pk, 0),
            last=last.get(unit.pk),
        )
        for unit in units
    ]


def served_now(units: Iterable[Unit], at: datetime) -> list[ServedArea]:
    """What units serve on a day, in the order it was said (one query)."""
    ids = [unit.pk for unit in units]
    served = ServedArea.objects.as_of(clock.local_date(at)).filter(unit_id__in=ids)
    return list(served.select_related("area").defer("area__outline").order_by("pk"))


def search_units(actor: Actor, words: str) -> list[Unit]:
    """Units in use and in scope whose name holds the words, at most twenty."""
    if len(words) < SHORTEST_SEARCH:
        return []
    rows = narrowed_units(actor, UnitFilter(words=words)).prefetch_related("served_areas__area")
    return list(rows.order_by("name_key", "pk")[:FOUND])


@dataclass(frozen=True, slots=True)
class PostRow:
    """One line of the posts: title, place, its last change."""

    post: Post
    title: str
    place: str
    last: Change | None


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What the list of posts is narrowed to; `state` is current, ended or coming.

    `words` of a holder's name come out of an opaque handle, `found`; only that stands in a URL.
    """

    role: str = ""
    area_id: int | None = None
    state: str = "current"
    found: str = ""
    words: str = ""
    cursor: str | None = None


def narrowed_posts(actor: Actor, wanted: PostFilter, at: datetime) -> QuerySet[Post]:
    """The posts in scope that a filter names."""
    rows: QuerySet[Post] = posts_visible_to(actor).select_related("user", "stand_in", "title", "area", "unit")
    day = clock.local_date(at)
    states = {
        "current": Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day)),
        "ended": Q(ends_on__lte=day),
        "coming": Q(starts_on__gt=day) & (Q(ends_on=None) | Q(ends_on__gt=day)),
    }
    rows = rows.filter(states[wanted.state])
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.area_id is not None:
        rows = rows.filter(area_id__in=Area.objects.within(wanted.area_id).order_by().values("pk"))
    if wanted.words:
        rows = rows.filter(user__name__contains=wanted.words)
    return rows


def list_posts(actor: Actor, wanted: PostFilter, at: datetime) -> tuple[Page[Post], list[PostRow]]:
    """A page of posts, the newest first; five queries."""
    page = page_of(narrowed_posts(actor, wanted, at), cursor=wanted.cursor, size=PAGE)
    return page, post_rows(page.rows)


def post_rows(posts: Sequence[Post]) -> list[PostRow]:
    """Posts of a list with what stands beside each."""
    places, last = places_of(posts), last_changes(posts)
    return [PostRow(post, title_of(post), places[post.pk], last.get(post.pk)) for post in posts]


def titles_with_use(at: datetime, words: str = "") -> list[Title]:
    """The titles with these words in name or role, those in use first, each with how many posts carry it now."""
    day = clock.local_date(at)
    now = Q(post__starts_on__lte=day) & (Q(post__ends_on=None) | Q(post__ends_on__gt=day))
    rows = [
        title
        for title in Title.objects.annotate(uses=Count("post", filter=now))
        if words in f"{title.name} {Role(title.role).label}"
    ]
    order = list(Role.values)
    return sorted(rows, key=lambda title: (title.ended_at is not None, order.index(title.role), title.name))


def uses_of(title: Title) -> int:
    """How many posts carry a title of `titles_with_use` now."""
    uses: int = getattr(title, "uses")  # noqa: B009 - an annotation is no attribute of the model
    return uses


def titles_for(roles: Sequence[Role]) -> list[Title]:
    """The titles in use for these roles."""
    return list(Title.objects.filter(ended_at=None, role__in=roles).order_by("role", "name"))


def find_title(title_id: int) -> Title:
    """One title; raises `NotThere` for an unknown one."""
    title = Title.objects.filter(pk=title_id).first()
    if title is None:
        raise NotThere("没有找到这个职务名称。")
    return title


def find_served(unit: Unit, served_id: int) -> ServedArea:
    """One area a unit serves; raises `NotThere` for another unit's."""
    served: ServedArea | None = ServedArea.objects.filter(unit=unit, pk=served_id).first()
    if served is None:
        raise NotThere("没有找到这条服务范围，它可能已经停止。")
    return served


def posts_in(unit: Unit, actor: Actor, at: datetime) -> list[Post]:
    """The posts held in a unit now, as far as the actor may read them; an office's are those at its area."""
    seat = Q(unit=unit)
    if unit.office_area_id is not None:
        seat |= Q(area_id=unit.office_area_id, role__in=OFFICE_ROLES)
    rows = posts_visible_to(actor).as_of(clock.local_date(at)).filter(seat)
    return list(rows.select_related("user", "title").order_by("role", "pk"))


def posts_by_person(people: Sequence[User], at: datetime) -> dict[int, str]:
    """What each of these people holds now, in words (two queries)."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(user__in=people)
    rows = list(posts.select_related("title", "area", "unit").order_by("pk"))
    places = places_of(rows)
    found: dict[int, list[str]] = defaultdict(list)
    for post in rows:
        found[post.user_id].append(f"{title_of(post)} {places[post.pk]}")
    return {pk: "；".join(lines) for pk, lines in found.items()}
