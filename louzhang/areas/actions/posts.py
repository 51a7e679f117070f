"""Posts (任职): appoint, name a stand-in, end. Changing a holder never rewrites history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, PostKind, Title, Unit
from louzhang.areas.queries import line_of
from louzhang.areas.rights import SEATS, refuse_filling, refuse_two_sides
from louzhang.areas.roles import KEEPER_ROLES, UNIT_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock


def appoint_post(
    *,
    user: User,
    role: Role,
    actor: Actor,
    at: datetime,
    area: Area | None = None,
    unit: Unit | None = None,
    kind: str = PostKind.VOLUNTEER,
    title: Title | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    stand_in: User | None = None,
) -> Post:
    """Appoint a person to a role at exactly one area or one unit (任职).

    Raises `InputRefused` for a role that has no seat there, `Conflict` when the period overlaps
    with another holder of a single seat, or joins two of the three administrators in one person,
    `NotYours` where `areas.rights` does not give this post to the actor to fill.
    """
    refuse_seat_of(role, area, unit)
    try:
        with transaction.atomic():
            _lock_seat(user, area, unit)
            _refuse_appointing(role, area, unit, user, stand_in, title, actor, at)
            post = Post.objects.create(
                user=user,
                role=role,
                title=title,
                area=area,
                unit=unit,
                kind=kind,
                stand_in=stand_in,
                starts_on=starts_on or clock.local_date(at),
                ends_on=ends_on,
            )
            _record_post(post, "appoint", actor, at)
    except IntegrityError:
        raise Conflict(_clash(role), field="user") from None
    return post


def _lock_seat(user: User, area: Area | None, unit: Unit | None) -> None:
    """Wait for whoever appoints the same person or ends the same place; raises `Conflict` where it has ended."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    places: tuple[tuple[Any, Any], ...] = ((Area.objects.get_queryset(), area), (Unit.objects.all(), unit))
    for rows, place in places:
        if place is None:
            continue
        locked = rows.select_for_update(no_key=True).order_by().filter(pk=place.pk)
        if locked.values_list("ended_at", flat=True).get() is not None:
            raise Conflict("这里已经停用，不能再任命。", field="area")


def _refuse_appointing(
    role: Role,
    area: Area | None,
    unit: Unit | None,
    user: User,
    stand_in: User | None,
    title: Title | None,
    actor: Actor,
    at: datetime,
) -> None:
    refuse_filling(actor, role, area, unit, at, [user.pk, stand_in.pk if stand_in else None])
    _refuse_same(user.pk, stand_in)
    for person in (user, stand_in):
        if person is not None and not actor.is_system:
            refuse_two_sides(person.pk, role, at)
    if title is not None and title.role != role:
        raise InputRefused(f"“{title.name}”不是“{role.label}”的职务名称，请重新选。", field="role")


def _refuse_same(holder_id: int, stand_in: User | None) -> None:
    if stand_in is not None and stand_in.pk == holder_id:
        raise InputRefused("替岗人要是另一个人。", field="stand_in")


def _clash(role: Role) -> str:
    if role in KEEPER_ROLES:
        return "系统、安全、审计管理员必须是三个人，一个人只能担任一种。"
    return "这个时间段里，这个位置已经有人，或这个人在这里已有任职。请先结束原任职。"


def refuse_seat_of(role: Role, area: Area | None, unit: Unit | None) -> None:
    """Raise unless the role has a seat at this area or unit."""
    if role in UNIT_ROLES:
        if unit is None or area is not None:
            raise InputRefused(f"“{role.label}”要选一个单位。", field="unit")
        return
    if area is None or unit is not None or area.level.kind not in SEATS[role]:
        levels = "、".join(kind.label for kind in SEATS[role])
        raise InputRefused(f"“{role.label}”要选一个{levels}。", field="area")


def _record_post(post: Post, verb: str, actor: Actor, at: datetime, save: tuple[str, ...] = ()) -> None:
    record(
        post,
        verb,
        actor=actor,
        at=at,
        audience=Audience.DESK,
        payload=post_facts(post),
        area_ids=[node.pk for node in line_of(post.area)] if post.area else [],
        save=save,
    )


def post_facts(post: Post) -> dict[str, Any]:
    """What an event says of a post as it is now."""
    return {
        "holder": post.user_id,
        "role": post.role,
        "area": post.area_id,
        "unit": post.unit_id,
        "stand_in": post.stand_in_id,
        "starts_on": post.starts_on.isoformat(),
        "ends_on": post.ends_on.isoformat() if post.ends_on else None,
    }


def end_post(*, post: Post, actor: Actor, at: datetime, ends_on: date | None = None) -> Post:
    """End a post from a day on (today by default); what it did stays with it.

    Raises `Conflict` when it has ended before.
    """
    last = ends_on or clock.local_date(at)
    with transaction.atomic():
        row = _locked(post)
        refuse_filling(actor, row.role, row.area, row.unit, at, [row.user_id])
        if row.ends_on is not None and row.ends_on <= last:
            raise Conflict("这个任职已经结束了。")
        row.ends_on = max(last, row.starts_on)
        _record_post(row, "end", actor, at, ("ends_on",))
    return row


def name_stand_in(*, post: Post, stand_in: User | None, actor: Actor, at: datetime) -> Post:
    """Name who acts beside the holder, or nobody any more."""
    _refuse_same(post.user_id, stand_in)
    with transaction.atomic():
        row = _locked(post)
        refuse_filling(actor, row.role, row.area, row.unit, at, [row.user_id, stand_in.pk if stand_in else None])
        if stand_in is not None and not actor.is_system:
            refuse_two_sides(stand_in.pk, row.role, at)
        row.stand_in, row.stand_in_until = stand_in, None
        _record_post(row, "name_stand_in", actor, at, ("stand_in", "stand_in_until"))
    return row


def _locked(post: Post) -> Post:
    row: Post = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("area").get(pk=post.pk)
    return row
