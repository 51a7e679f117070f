"""Who may see and change the district's settings. Written once; pages and actions ask here.

The system administrator keeps tree, units, titles and settings. Posts are filled by the level above:
field posts by an office on their line, unit posts by an office over all the unit serves, office posts
by an office above. The system administrator fills unit and office posts too, the security administrator
alone those of the three administrators. Nobody fills or ends an own post of such weight, and the audit
administrator changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from louzhang.areas.models import RANKS, Area, AreaQuerySet, LevelKind, PeriodQuerySet, Post, ServedArea, Unit
from louzhang.areas.roles import FIELD_ROLES, KEEPER_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.journal.actor import Actor, Seat
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock

READERS = (*OFFICE_ROLES, *KEEPER_ROLES)
SEATS: dict[Role, tuple[LevelKind, ...]] = {
    Role.STAIRWELL_HEAD: (LevelKind.STAIRWELL,),
    Role.CHIEF: (LevelKind.BUILDING, LevelKind.GROUP),
    Role.GRID_WORKER: (LevelKind.GRID,),
    Role.GRID_LEAD: (LevelKind.GRID,),
    Role.OFFICE_STAFF: (LevelKind.COMMUNITY, LevelKind.STREET, LevelKind.DISTRICT),
    Role.SECRETARY: (LevelKind.COMMUNITY, LevelKind.STREET, LevelKind.DISTRICT),
    Role.COMMANDER: (LevelKind.DISTRICT,),
    **dict.fromkeys(KEEPER_ROLES, (LevelKind.DISTRICT,)),
}


def may_keep_district(actor: Actor) -> bool:
    """Whether tree, units, titles, categories and settings are the actor's to change."""
    return actor.is_system or (actor.has_role(Role.SYSTEM_ADMIN) and not actor.is_read_only)


def refuse_keeping(actor: Actor) -> None:
    """Raise `NotYours` for everybody but the system administrator."""
    if not may_keep_district(actor):
        raise NotYours("这里由系统管理员维护，您可以查看。需要改动请联系系统管理员。")


def offices_of(actor: Actor) -> list[Seat]:
    """The seats an actor holds in offices of areas."""
    return [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]


def is_above(actor: Actor, role: str, area: Area | None, unit: Unit | None, at: datetime) -> bool:
    """Whether an office of the actor stands over a post of this role at this area or unit."""
    offices = offices_of(actor)
    if role in UNIT_ROLES and unit is not None:
        return any(seat.rank == 1 for seat in offices) or _covers_all(offices, _served(unit, at))
    if area is None:
        return False
    if role in FIELD_ROLES:
        return any(area.path.startswith(seat.path) for seat in offices)
    return role in OFFICE_ROLES and any(area.path.startswith(seat.path) and area.path != seat.path for seat in offices)


def _covers_all(offices: Iterable[Seat], areas: Collection[Area]) -> bool:
    return any(all(area.path.startswith(seat.path) for area in areas) for seat in offices) if areas else False


def _served(unit: Unit, at: datetime) -> list[Area]:
    day = clock.local_date(at)
    return [row.area for row in unit.served_areas.all() if row.ends_on is None or row.ends_on > day]


def may_fill(actor: Actor, role: str, area: Area | None, unit: Unit | None, at: datetime) -> bool:
    """Whether the actor appoints to posts of this role at this area or unit, and ends them."""
    if actor.is_system:
        return True
    if actor.is_read_only:
        return False
    if role in KEEPER_ROLES:
        return actor.has_role(Role.SECURITY_ADMIN)
    if role not in FIELD_ROLES and actor.has_role(Role.SYSTEM_ADMIN):
        return True
    return is_above(actor, role, area, unit, at)


def may_change(actor: Actor, post: Post, at: datetime) -> bool:
    """Whether the actor may end a post or name its stand-in: may fill it, and it is not the own one."""
    is_own = post.user_id == actor.user_id and post.role not in FIELD_ROLES
    return may_fill(actor, post.role, post.area, post.unit, at) and not is_own


def refuse_filling(
    actor: Actor, role: str, area: Area | None, unit: Unit | None, at: datetime, people: Iterable[int | None]
) -> None:
    """Raise `NotYours` unless the actor may give this post to these people, or take it from them."""
    if not may_fill(actor, role, area, unit, at):
        raise NotYours(_whose(role))
    if role in FIELD_ROLES or actor.is_system:
        return
    if actor.user_id in set(people):
        raise NotYours("自己的职务不能由自己任命、结束或代管，请由上一级或别的管理员来办。")


def _whose(role: str) -> str:
    if role in KEEPER_ROLES:
        return "系统、安全、审计管理员由安全管理员任命和结束，别人不能办。"
    if role in FIELD_ROLES:
        return "楼长、单元长、网格员和网格长由所在社区或上级办公室任命和结束。"
    return "办公室和单位的职务由上一级办公室或系统管理员任命和结束。"


def roles_seated(area: Area | None, unit: Unit | None) -> list[Role]:
    """The roles that have a seat at this area or unit, in the order of the roles."""
    if unit is not None:
        return list(UNIT_ROLES) if unit.office_area_id is None else []
    return [role for role, kinds in SEATS.items() if area is not None and area.level.kind in kinds]


def roles_to_fill(actor: Actor, area: Area | None, unit: Unit | None, at: datetime) -> list[Role]:
    """The roles that have a seat here and that the actor may fill."""
    return [role for role in roles_seated(area, unit) if may_fill(actor, role, area, unit, at)]


def refuse_two_sides(user_id: int, role: str, at: datetime) -> None:
    """Raise `NotYours` where an administrator would also handle matters, or the other way round (三员分立)."""
    if role in FIELD_ROLES:
        return
    others = (*OFFICE_ROLES, *UNIT_ROLES) if role in KEEPER_ROLES else KEEPER_ROLES
    standing = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock.local_date(at)), role__in=others)
    if standing.filter(Q(user_id=user_id) | Q(stand_in_id=user_id)).exists():
        raise NotYours("系统、安全、审计管理员不兼办事的职务。请先结束这个人的另一个任职，或换一个人。")


def areas_visible_to(actor: Actor) -> AreaQuerySet:
    """The areas whose settings an actor may read: all for an administrator, the own subtree for an office."""
    areas = Area.objects.get_queryset()
    if _reads_all(actor):
        return areas
    return areas.under_paths(seat.path for seat in offices_of(actor))


def sees_area(actor: Actor, area: Area) -> bool:
    """The same of one area at hand, without asking the database."""
    return _reads_all(actor) or any(area.path.startswith(seat.path) for seat in offices_of(actor))


def units_visible_to(actor: Actor) -> QuerySet[Unit]:
    """The units an actor may read: those in the own subtree and those that serve it from above."""
    units = Unit.objects.all()
    if _reads_all(actor):
        return units
    near = [seat.path for seat in offices_of(actor)]
    around = Area.objects.get_queryset().under_paths(near) | Area.objects.filter(path__in=_above(near))
    ids = around.order_by().values("pk")
    serving = ServedArea.objects.filter(area_id__in=ids, ends_on=None).values("unit_id")
    return units.filter(Q(office_area_id__in=ids) | Q(pk__in=serving)) if near else units.none()


def _above(paths: Iterable[str]) -> list[str]:
    step = Area.steplen
    return [path[:end] for path in paths for end in range(step, len(path), step)]


def posts_visible_to(actor: Actor) -> PeriodQuerySet:
    """The posts, past ones too, that an actor may read."""
    posts: PeriodQuerySet = Post.objects.all()
    offices = offices_of(actor)
    if _reads_all(actor):
        return posts
    return posts.filter(in_subtree(offices)) if offices else posts.none()


def in_subtree(offices: Iterable[Seat]) -> Q:
    """Posts at an area below these offices, or in a unit that serves one."""
    seats = list(offices)
    if any(seat.rank == RANKS[LevelKind.DISTRICT] for seat in seats):
        return Q(pk__isnull=False)
    areas = Area.objects.get_queryset().under_paths([seat.path for seat in seats]).order_by().values("pk")
    serving = ServedArea.objects.filter(area_id__in=areas, ends_on=None).values("unit_id")
    return Q(area_id__in=areas) | Q(unit_id__in=serving)


def _reads_all(actor: Actor) -> bool:
    if not isinstance(actor, Actor):
        raise TypeError("scope needs an Actor; None is never everyone")
    return actor.is_system or actor.has_role(*KEEPER_ROLES)


def find_area(actor: Actor, area_id: int) -> Area:
    """One area in scope with its level; raises `NotThere` for everything else."""
    area = areas_visible_to(actor).select_related("level", "estate", "office").filter(pk=area_id).first()
    if area is None:
        raise NotThere("没有找到这个地点，或它不在您的范围内。")
    found: Area = area
    return found


def find_unit(actor: Actor, unit_id: int) -> Unit:
    """One unit in scope; raises `NotThere` for everything else."""
    served = Prefetch("served_areas", ServedArea.objects.select_related("area__level").order_by("pk"))
    unit = units_visible_to(actor).prefetch_related(served).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere("没有找到这个单位，或它不在您的范围内。")
    return unit


def find_post(actor: Actor, post_id: int) -> Post:
    """One post in scope with its people and place; raises `NotThere` for everything else."""
    rows = posts_visible_to(actor).select_related("user", "stand_in", "title", "area__level", "unit")
    post: Post | None = rows.filter(pk=post_id).first()
    if post is None:
        raise NotThere("没有找到这个任职，或它不在您的范围内。")
    return post
