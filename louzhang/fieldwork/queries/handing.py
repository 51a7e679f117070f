"""Reading leaves and handovers: who could stand in, who comes next in a post that ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from louzhang.areas.models import Area, LevelKind, Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.fieldwork.models import Handover, Leave, overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.scope import COMMUNITY_RANK, seat_places

GONE = "没有找到这一条，或它不在您的范围内。"
# How far back posts that ended are looked at: what was due then has moved long since.
LOOKED_BACK = timedelta(days=14)
NEXT = (Role.GRID_WORKER, Role.CHIEF, Role.GRID_LEAD, Role.STAIRWELL_HEAD)


def lendable_posts(actor: Actor, at: datetime) -> list[Post]:
    """The own field posts, and for the office of a community all below it."""
    mine = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    rows = Post.objects.as_of(clock.local_date(at)).filter(role__in=FIELD_ROLES, area__isnull=False)
    rows = rows.filter(mine | seat_places(overseeing_seats(actor)))
    return list(rows.select_related("area__level", "user", "title", "stand_in").order_by("area__path", "pk")[:500])


def stand_ins_of(post: Post, at: datetime) -> list[Post]:
    """Who could stand in for a post: for one in an office its colleagues there, else those in the field around."""
    if post.role not in OFFICE_ROLES:
        return stand_ins_for(post.area, at, but=[post.user_id])
    rows = Post.objects.as_of(clock.local_date(at)).filter(
        role__in=OFFICE_ROLES, area_id=post.area_id, user__ended_at=None
    )
    found: dict[int, Post] = {}
    for row in rows.exclude(user_id=post.user_id).select_related("user", "area", "title").order_by("pk"):
        found.setdefault(row.user_id, row)
    return list(found.values())


def stand_ins_for(area: Area | None, at: datetime, but: Iterable[int] = ()) -> list[Post]:
    """Who could stand in at a place: those in the field of its community, each person once, the nearest first."""
    if area is None:
        return []
    community = next((node for node in line_of(area) if node.rank == COMMUNITY_RANK), area)
    rows = Post.objects.as_of(clock.local_date(at)).filter(
        role__in=FIELD_ROLES, area__path__startswith=community.path, user__ended_at=None
    )
    rows = rows.exclude(user_id__in=list(but)).select_related("user", "area", "title")
    found: dict[int, Post] = {}
    for post in sorted(rows, key=lambda row: (-_shared(row.area.path, area.path), row.pk)):
        found.setdefault(post.user_id, post)
    return list(found.values())


def _shared(one: str, other: str) -> int:
    """How far two places lie together in the tree."""
    step = Area.steplen
    return sum(one[:end] == other[:end] for end in range(step, min(len(one), len(other)) + 1, step))


def leaves_seen(actor: Actor, today: date) -> list[Leave]:
    """Leaves that are not over, and those of the last month."""
    rows = Leave.objects.visible_to(actor).filter(ends_on__gt=today - timedelta(days=31))
    return list(
        rows.select_related("post__user", "post__area", "post__title", "stand_in").order_by("-starts_on", "-pk")
    )


def find_leave(actor: Actor, uid: uuid.UUID) -> Leave:
    """One; raises `NotThere`."""
    leave = Leave.objects.visible_to(actor).filter(uid=uid).select_related("post__area").first()
    if leave is None:
        raise NotThere(GONE)
    return leave


def handovers_seen(actor: Actor) -> list[Handover]:
    """What moved to one's posts, or below the office; the newest first."""
    rows = Handover.objects.visible_to(actor).select_related(
        "post__user", "post__area", "post__title", "to_post__user", "to_post__area", "to_post__title"
    )
    return list(rows.order_by("-moved_at", "-pk")[:100])


def find_handover(actor: Actor, uid: uuid.UUID) -> Handover:
    """One; raises `NotThere`."""
    rows = Handover.objects.visible_to(actor).filter(uid=uid)
    found = rows.select_related("post__user", "post__area", "to_post__user", "to_post__area", "area").first()
    if found is None:
        raise NotThere(GONE)
    return found


def posts_to_hand_over(today: date) -> list[int]:
    """Posts of the field, and of the office of a community, that ended lately and whose dues nobody has moved."""
    held = Q(role__in=FIELD_ROLES) | Q(role__in=OFFICE_ROLES, area__level__kind=LevelKind.COMMUNITY)
    rows: QuerySet[Post] = Post.objects.filter(
        held, area__isnull=False, ends_on__lte=today, ends_on__gt=today - LOOKED_BACK, handover=None
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def works_on(post: Post, at: datetime) -> bool:
    """Whether whoever held a post that ended still holds another one in the same community."""
    community = next((node for node in line_of(post.area) if node.rank == COMMUNITY_RANK), None) if post.area else None
    if community is None:
        return False
    rows = Post.objects.as_of(clock.local_date(at)).filter(user_id=post.user_id, area__path__startswith=community.path)
    found: bool = rows.exclude(pk=post.pk).exists()
    return found


def next_post(post: Post, at: datetime) -> Post | None:
    """Who comes next: the same seat if it is held again, else whoever looks after the place or one above it.

    In the office of a community it is a colleague there.
    """
    day = clock.local_date(at)
    roles, top = (FIELD_ROLES, COMMUNITY_RANK + 1) if post.role in FIELD_ROLES else (OFFICE_ROLES, COMMUNITY_RANK)
    rows = Post.objects.as_of(day).filter(role__in=roles, user__ended_at=None).exclude(pk=post.pk)
    line = [node for node in line_of(post.area) if node.rank >= top] if post.area is not None else []
    near = {node.pk: number for number, node in enumerate(reversed(line))}
    found = list(rows.filter(area_id__in=near).select_related("user", "area", "title"))
    order = {role: number for number, role in enumerate((*NEXT, *OFFICE_ROLES))}

    def nearness(row: Post) -> tuple[bool, int, int, int]:
        is_seat = row.area_id == post.area_id and row.role == post.role
        return not is_seat, near[row.area_id or 0], order[Role(row.role)], row.pk

    return min(found, key=nearness, default=None)
