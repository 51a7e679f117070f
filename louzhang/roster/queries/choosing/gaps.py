"""空缺: places of the tree that lack a holder, or whose holder's term ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery

from louzhang.areas.models import Area, AreaQuerySet, LevelKind, Post
from louzhang.areas.queries import setting
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.rights import areas_visible_to
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.paging import Page, page_of
from louzhang.roster.models.choosing import Outcome, Round, Vacancy

PAGE = 50
IN_FILE_AT_MOST = 20_000
# Which role every place of a level should have somebody for.
SEATED: dict[str, tuple[str, ...]] = {
    Role.CHIEF: (LevelKind.BUILDING, LevelKind.GROUP),
    Role.STAIRWELL_HEAD: (LevelKind.STAIRWELL,),
    Role.GRID_WORKER: (LevelKind.GRID,),
    Role.GRID_LEAD: (LevelKind.GRID,),
}
NOBODY, SOON = "nobody", "soon"
WHYS = {NOBODY: "没有人", SOON: "任期快满"}


@dataclass(frozen=True, slots=True)
class GapFilter:
    """What the list is narrowed to: a role, why, a place, and whether a round stands already."""

    role: str = Role.CHIEF
    why: str = ""
    area_id: int | None = None
    is_chosen_now: bool = False
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One place: who holds it up to when, and the round that fills it, where one stands."""

    area: Area
    place: str
    holder: str
    ends_on: date | None
    round: Round | None

    @property
    def why(self) -> str:
        """In words."""
        return WHYS[SOON if self.ends_on is not None else NOBODY]


def vacant_places(actor: Actor, wanted: GapFilter, at: datetime) -> AreaQuerySet:
    """The places in scope that a filter names, with `ends_on` of the holder whose term ends."""
    day = clock.local_date(at)
    soon = day + timedelta(days=int(setting("choosing_ends_soon_days", at)))
    held = Post.objects.as_of(day).filter(area_id=OuterRef("pk"), role=wanted.role)
    lasting = held.filter(Q(ends_on=None) | Q(ends_on__gt=soon))
    standing = Vacancy.objects.filter(area_id=OuterRef("pk"), role=wanted.role, outcome=Outcome.OPEN)
    rows = areas_visible_to(actor).current().of_kind(*SEATED[wanted.role])
    if wanted.area_id is not None:
        rows = rows & Area.objects.within(wanted.area_id)
    rows = rows.filter(Exists(standing) if wanted.is_chosen_now else ~Exists(standing))
    rows = rows.annotate(held_until=Subquery(held.order_by("-ends_on").values("ends_on")[:1]))
    if wanted.why == NOBODY:
        rows = rows.filter(~Exists(held))
    elif wanted.why == SOON:
        rows = rows.filter(Exists(held), ~Exists(lasting))
    elif not wanted.is_chosen_now:
        rows = rows.filter(~Exists(lasting))
    found: AreaQuerySet = rows.select_related("level").defer("outline", "chain_head")
    return found


def vacancies(actor: Actor, wanted: GapFilter, at: datetime) -> tuple[Page[Area], list[Gap]]:
    """A page of them by pinyin; five queries."""
    page: Page[Area] = page_of(
        vacant_places(actor, wanted, at), cursor=wanted.cursor, size=PAGE, order=("name_key", "id")
    )
    return page, gaps_of(page.rows, wanted.role, at)


def gaps_of(areas: list[Area], role: str, at: datetime) -> list[Gap]:
    """Places with who holds them and the round that stands (three queries)."""
    ids = [area.pk for area in areas]
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id__in=ids, role=role).select_related("user")
    holders = {post.area_id: post for post in posts.order_by("ends_on", "pk")}
    open_ones = Vacancy.objects.filter(area_id__in=ids, role=role, outcome=Outcome.OPEN).select_related("round")
    rounds = {vacancy.area_id: vacancy.round for vacancy in open_ones}
    places = spoken_places(areas)
    found = []
    for area in areas:
        post = holders.get(area.pk)
        found.append(
            Gap(
                area=area,
                place=places[area.pk],
                holder=post.user.name if post is not None else "",
                ends_on=post.ends_on if post is not None else None,
                round=rounds.get(area.pk),
            )
        )
    return found


def count_vacancies(actor: Actor, at: datetime) -> dict[str, int]:
    """How many places lack a holder or will soon, and are in no round, by role; a query each."""
    roles = (Role.CHIEF, Role.STAIRWELL_HEAD, Role.GRID_WORKER)
    return {role: vacant_places(actor, GapFilter(role=role), at).order_by().count() for role in roles}


def places_to_start(actor: Actor, role: str, area_ids: list[int]) -> list[Area]:
    """Places in scope for a round, in the order of the tree; unknown and foreign ones are left out."""
    rows = areas_visible_to(actor).current().of_kind(*SEATED.get(role, ())).filter(pk__in=area_ids)
    return list(rows.select_related("level").defer("outline").order_by("path"))
