"""空缺: places of the tree that lack a holder, or whose holder's term ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from louzhang.areas.models import Area, AreaQuerySet, LevelKind, PeriodQuerySet, Post
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
Days = tuple[date, date]
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


def vacant_places(actor: Actor, wanted: GapFilter, at: datetime, days: Days | None = None) -> AreaQuerySet:
    """The places in scope that a filter names."""
    day, soon = days or days_at(at)
    held = _held(wanted.role, day)
    rows = areas_visible_to(actor).current().of_kind(*SEATED[wanted.role])
    if wanted.area_id is not None:
        rows = rows & Area.objects.within(wanted.area_id)
    if wanted.is_chosen_now:
        rows = rows.filter(_standing(wanted.role))
    else:
        rows = rows.filter(_lacking(wanted.role, day, soon))
    if wanted.why:
        rows = rows.filter(~Exists(held) if wanted.why == NOBODY else Exists(held))
    found: AreaQuerySet = rows.select_related("level").defer("outline", "chain_head")
    return found


def days_at(at: datetime) -> Days:
    """The day, and the one up to which a term ends soon."""
    day = clock.local_date(at)
    return day, day + timedelta(days=int(setting("choosing_ends_soon_days", at)))


def _held(role: str, day: date) -> PeriodQuerySet:
    return Post.objects.as_of(day).filter(area_id=OuterRef("pk"), role=role)


def _standing(role: str) -> Q:
    return Q(Exists(Vacancy.objects.filter(area_id=OuterRef("pk"), role=role, outcome=Outcome.OPEN)))


def _lacking(role: str, day: date, soon: date) -> Q:
    """Nobody holds the place for longer than that, and no round is to fill it."""
    lasting = _held(role, day).filter(Q(ends_on=None) | Q(ends_on__gt=soon))
    return ~Q(Exists(lasting)) & ~_standing(role)


def vacancies(actor: Actor, wanted: GapFilter, at: datetime, days: Days | None = None) -> tuple[Page[Area], list[Gap]]:
    """A page of them, the stairwells of a building together; five queries."""
    page: Page[Area] = page_of(vacant_places(actor, wanted, at, days), cursor=wanted.cursor, size=PAGE, order=("path",))
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


def count_vacancies(actor: Actor, at: datetime, days: Days | None = None) -> dict[str, int]:
    """How many places lack a holder or will soon, and are in no round, by role; one query.

    A grid has two posts, so that each role is counted by itself.
    """
    day, soon = days or days_at(at)
    kinds = sorted({kind for role in SEATED for kind in SEATED[role]})
    counted = {role: Count("pk", filter=Q(level__kind__in=SEATED[role]) & _lacking(role, day, soon)) for role in SEATED}
    found = areas_visible_to(actor).current().of_kind(*kinds).order_by().aggregate(**counted)
    return {role: found[role] for role in SEATED}


def places_to_start(actor: Actor, role: str, area_ids: list[int]) -> list[Area]:
    """Places in scope for a round, in the order of the tree; unknown and foreign ones are left out."""
    rows = areas_visible_to(actor).current().of_kind(*SEATED.get(role, ())).filter(pk__in=area_ids)
    return list(rows.select_related("level").defer("outline").order_by("path"))
