"""Whom to sign in as in the demo: one person of each role, the one with most to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from louzhang.accounts.demo_people import DemoPerson
from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Post, UnitKind
from louzhang.areas.queries import setting
from louzhang.areas.roles import Role
from louzhang.areas.telling import places_of
from louzhang.register.models import Card
from louzhang.workorders.models import WorkOrder

COMMUNITY_PATH = RANKS[LevelKind.COMMUNITY] * Area.steplen
AT_HOME = 1000
CARD = "card"


@dataclass(frozen=True, slots=True)
class Offer:
    """A role at a kind of place, and what to call it."""

    label: str
    role: Role
    at: str = ""


OFFERS: Sequence[Offer] = (
    Offer("楼长", Role.CHIEF),
    Offer("单元长", Role.STAIRWELL_HEAD),
    Offer("网格员", Role.GRID_WORKER),
    Offer("网格长", Role.GRID_LEAD),
    Offer("社区工作人员", Role.OFFICE_STAFF, LevelKind.COMMUNITY),
    Offer("社区负责人", Role.SECRETARY, LevelKind.COMMUNITY),
    Offer("街道工作人员", Role.OFFICE_STAFF, LevelKind.STREET),
    Offer("指挥中心值班", Role.COMMANDER),
    Offer("部门承办人", Role.UNIT_MEMBER, UnitKind.DEPARTMENT),
    Offer("部门负责人", Role.UNIT_LEAD, UnitKind.DEPARTMENT),
    Offer("综合执法队", Role.UNIT_MEMBER, UnitKind.ENFORCEMENT),
    Offer("物业公司", Role.UNIT_MEMBER, UnitKind.PROPERTY),
    Offer("业委会", Role.UNIT_MEMBER, UnitKind.OWNERS),
    Offer("系统管理员", Role.SYSTEM_ADMIN),
    Offer("安全管理员", Role.SECURITY_ADMIN),
    Offer("审计管理员", Role.AUDIT_ADMIN),
)


def demo_sign_ins() -> list[DemoPerson]:
    """A resident and one person of each role, those of one community first, so that a matter can be followed
    from hand to hand; six queries. Empty outside the demo.
    """
    if not setting("is_demo"):
        return []
    posts = list(
        Post.objects.filter(user__is_demo=True, user__ended_at=None, ends_on=None)
        .select_related("user", "area__level", "unit")
        .defer("area__outline")
        .order_by("pk")
    )
    home = next((post.area.path[:COMMUNITY_PATH] for post in posts if post.area and post.role == Role.CHIEF), "")
    busy = _open_orders(home)
    chosen = [(offer, post) for offer in OFFERS if (post := _fittest(offer, posts, home, busy)) is not None]
    places = places_of(post for _, post in chosen)
    offered = [
        DemoPerson(role_label=offer.label, name=post.user.name, uid=post.user.uid, place=places[post.pk])
        for offer, post in chosen
    ]
    return [*_residents(), *offered]


def _residents() -> list[DemoPerson]:
    return [DemoPerson(role_label="居民", name=user.name, uid=user.uid) for user in offered_residents()[:1]]


def offered_residents() -> QuerySet[User]:
    """People without a post, who reported most first: the first is whom a visitor signs in as."""
    rows = User.objects.filter(is_demo=True, ended_at=None, posts=None).annotate(told=Count("reports"))
    return rows.order_by("-told", "pk")


def _open_orders(home: str) -> Counter[tuple[str, int | None]]:
    """How much each seat, desk, place and unit has in hand; an order of the home community counts most.

    Who has a contact card keeps a notebook too: whoever looks at the demo finds something in it.
    """
    busy: Counter[tuple[str, int | None]] = Counter((CARD, pk) for pk in Card.objects.values_list("post_id", flat=True))
    rows = WorkOrder.objects.open().values_list(
        "seat_area", "seat_role", "desk_area", "lead_unit", "area", "area__path"
    )
    for seat_area, seat_role, desk_area, lead_unit, area, path in rows:
        weight = AT_HOME if path.startswith(home) else 1
        for key in ((f"seat {seat_role}", seat_area), ("desk", desk_area), ("unit", lead_unit), ("place", area)):
            busy[key] += weight
    return busy


def _fittest(offer: Offer, posts: Sequence[Post], home: str, busy: Counter[tuple[str, int | None]]) -> Post | None:
    fitting = [post for post in posts if post.role == offer.role and offer.at in ("", _kind(post))]

    def weight(post: Post) -> tuple[bool, bool, int, int, int]:
        path = post.area.path if post.area is not None else ""
        is_home = path.startswith(home) or home.startswith(path)
        place = busy["unit", post.unit_id] if post.unit_id else busy["desk", post.area_id]
        seat = busy[f"seat {post.role}", post.area_id]
        return is_home, bool(busy[CARD, post.pk]), seat, place + busy["place", post.area_id], -post.pk

    return max(fitting, key=weight, default=None)


def _kind(post: Post) -> str:
    return str(post.area.level.kind if post.area is not None else post.unit.kind if post.unit is not None else "")


def lines() -> list[str]:
    """What `manage.py run` prints under its address; nothing outside the demo."""
    people = demo_sign_ins()
    if not people:
        return []
    heading = "演示登录：打开 /sign-in/，点一下就以这个人登录（人和事都是编的）。One tap on /sign-in/ signs in:"
    return [heading, *(f"  {person.role_label}  {person.name}  {person.place}".rstrip() for person in people)]
