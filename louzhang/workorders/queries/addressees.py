"""To whom an order can be given: units that serve its place, any unit by name, and the seats inside one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from louzhang.areas.models import Area, LevelKind, Post, Unit, UnitKind
from louzhang.areas.queries import line_of, units_serving
from louzhang.areas.queries.district import line_paths
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.kit import clock, pinyin
from louzhang.workorders.models import Handling, WorkOrder

FOUND_AT_MOST = 20
SEATS_AT_MOST = 60
SHORTEST_WORDS = 2
# Who is nearest to most matters stands first.
KIND_ORDER = {
    UnitKind.PROPERTY: 0,
    UnitKind.OWNERS: 1,
    UnitKind.ENFORCEMENT: 2,
    UnitKind.OFFICE: 3,
    UnitKind.DEPARTMENT: 4,
    UnitKind.PARTNER: 5,
}

# Units that are no public body: a matter of violence or of a child is not theirs to know.
NEVER_GUARDED = (UnitKind.PROPERTY, UnitKind.OWNERS, UnitKind.PARTNER)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit that can be chosen; `serves` where it serves the place of the order."""

    unit: Unit
    serves: bool

    @property
    def note(self) -> str:
        """What kind of unit it is and what it does."""
        place = "服务这里" if self.serves else "不服务这里，请确认"
        return " · ".join(part for part in (self.unit.get_kind_display(), self.unit.duties, place) if part)


def addressees(order: WorkOrder, words: str, at: datetime) -> list[Addressee]:
    """Units serving the place first; with two characters or letters, all units so named too.

    Two queries, three with words.

    Left out are the unit a complaint is about, those in which the one it names works, offices below
    the level that may see the order, and for guarded matters whatever is no public body.
    """
    accused = units_of_accused(order, at)
    serving = units_serving(order.area, at).select_related("office_area__level").order_by("name_key", "pk")
    found = list(serving)
    near = {unit.pk for unit in found}
    typed = words.strip().lower()
    if len(typed) >= SHORTEST_WORDS:
        rows = Unit.objects.filter(ended_at=None).select_related("office_area__level").order_by("name_key", "pk")
        found = [unit for unit in rows if _is_named(unit, typed)]
    allowed = sorted((unit for unit in found if may_have(unit, order, accused)), key=lambda unit: _rank(unit, near))
    return [Addressee(unit, serves=unit.pk in near) for unit in allowed[:FOUND_AT_MOST]]


def units_of_accused(order: WorkOrder, at: datetime) -> set[int]:
    """The units in which somebody works now whom a complaint names, in person or by the seat (two queries).

    Colleagues read what their unit is given: none of these may have it. Working in the office of an
    area is working in its unit, a seat in building or grid is not.
    """
    if order.about_user_id is None and order.about_area_id is None:
        return set()
    posts = Post.objects.as_of(clock.local_date(at))
    named = {order.about_user_id} - {None}
    if order.about_role:
        seat = posts.filter(area_id=order.about_area_id, role=order.about_role)
        named |= {user for pair in seat.values_list("user_id", "stand_in_id") for user in pair if user}
    held = posts.filter(Q(user__in=named) | Q(stand_in__in=named))
    rows = held.values_list("unit_id", "role", "area__office__pk")
    return {unit or office for unit, role, office in rows if unit or (office and role in OFFICE_ROLES)}


def office_to_ask(order: WorkOrder, at: datetime) -> str:
    """The nearest office, from the one that accepted it up, in which nobody works whom the complaint names."""
    accused = units_of_accused(order, at)
    line = [area.pk for area in line_of(order.desk_area)]
    offices = Unit.objects.filter(ended_at=None, office_area__in=line).exclude(pk__in=accused)
    nearest = offices.order_by("-office_area__depth").first()
    return nearest.name if nearest is not None else "没有他任职的上级单位"


def may_have(unit: Unit, order: WorkOrder, accused: Collection[int]) -> bool:
    """Whether a unit could be given this order; `accused` as `units_of_accused` tells."""
    if unit.ended_at is not None or (order.category.handling == Handling.GUARDED and unit.kind in NEVER_GUARDED):
        return False
    is_low = unit.office_area is not None and unit.office_area.level.rank > order.floor_rank
    return unit.pk != order.about_unit_id and unit.pk not in accused and not is_low


def _rank(unit: Unit, near: set[int]) -> tuple[bool, int, int]:
    """Those that serve the place, then by kind, then the lowest office: the community before its street."""
    level = unit.office_area.level.rank if unit.office_area is not None else 0
    return unit.pk not in near, KIND_ORDER[UnitKind(unit.kind)], -level


def _is_named(unit: Unit, typed: str) -> bool:
    """Its name holds the words, or its initials begin with the letters (ajwy: 安居物业)."""
    return typed in unit.name.lower() or typed in pinyin.initials(unit.name, person=False)


def seats_in(unit: Unit, order: WorkOrder, at: datetime) -> list[Post]:
    """The posts of a unit that may hold this order: those of the place first (one query, or two).

    In an office these are its staff, the grid workers and leads of a community, and the field
    posts on the line of the place. Whoever a complaint names is left out, and posts below the
    level that may see the order.
    """
    posts = Post.objects.as_of(clock.local_date(at)).select_related("area__level", "unit", "title", "user")
    line = set(line_paths(order.area.path).values())
    office = unit.office_area
    posts = posts.filter(unit=unit) if office is None else posts.filter(_in_office(office, line))
    allowed = [post for post in posts.order_by("-area__depth", "role", "pk") if _may_hold(post, order)]
    return sorted(allowed, key=lambda post: post.area is None or post.area.path not in line)[:SEATS_AT_MOST]


def _in_office(office: Area, line: Iterable[str]) -> Q:
    staff = Q(area=office, role__in=OFFICE_ROLES)
    below = Q(area__path__gte=office.path, area__path__lt=office.path + "~")
    near = below & Q(area__path__in=list(line), role__in=FIELD_ROLES)
    if office.level.kind != LevelKind.COMMUNITY:
        return staff | near
    return staff | near | (below & Q(role__in=(Role.GRID_WORKER, Role.GRID_LEAD)))


def _may_hold(post: Post, order: WorkOrder) -> bool:
    is_named = order.about_role != "" and post.area_id == order.about_area_id and post.role == order.about_role
    is_low = post.area is not None and post.area.level.rank > order.floor_rank
    return not (is_named or is_low or post.user_id == order.about_user_id)


def seat_label(post: Post) -> str:
    """Where, what and who: 12号楼楼长 王小芳."""
    title = post.title.name if post.title else post.get_role_display()
    return f"{post.area.name if post.area else ''}{title} {post.user.name}"


def holder_of(order: WorkOrder, at: datetime) -> str:
    """Who holds the order inside its unit now, in words; empty while nobody is named (one query)."""
    if order.assignee is not None:
        return order.assignee.name
    if order.seat_area_id is None:
        return ""
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id=order.seat_area_id, role=order.seat_role)
    post = posts.select_related("area", "title", "user").first()
    if post is not None:
        return seat_label(post)
    place = order.seat_area.name if order.seat_area else ""
    return f"{place}{Role(order.seat_role).label}（现在空缺）"
