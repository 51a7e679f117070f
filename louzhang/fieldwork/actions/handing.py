"""请假、交接: a stand-in for some days; what was due in a post that ended goes to the next one, and nothing is lost."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.actions.lending import lend_post, refuse_lending
from louzhang.areas.models import Post
from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.handing import Moved, move_all
from louzhang.fieldwork.models import Handover, Leave
from louzhang.fieldwork.models.handing import LEAVE_DAYS_AT_MOST
from louzhang.fieldwork.queries.handing import GONE, next_post, posts_to_hand_over, stand_ins_of
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.scope import refuse_looking_only

MOVED_KEPT_FOR = timedelta(days=365)


def ask_leave(
    *,
    post_id: int,
    stand_in: User,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Leave:
    """The holder is away up to, not including, a day; somebody of the community stands in. No reason is asked for.

    Raises `NotThere` for a post out of scope, `NotYours`, `InputRefused`, `Conflict` where a leave overlaps.
    """
    refuse_looking_only(actor)
    today = clock.local_date(at)
    if starts_on < today or not starts_on < ends_on <= starts_on + timedelta(days=LEAVE_DAYS_AT_MOST):
        raise InputRefused("请选从哪天到哪天，从今天起，最长一年。", field="starts_on")
    try:
        with transaction.atomic():
            post = _post(post_id)
            refuse_lending(post, stand_in, actor, at)
            if stand_in.pk not in {row.user_id for row in stand_ins_of(post, at)}:
                raise InputRefused("请从本社区的名单里选替岗人。", field="stand_in")
            leave = Leave.objects.create(
                post=post, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on, asked_at=at
            )
            facts = {"stand_in": stand_in.pk, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
            note(leave, "ask", area_id=_area(post), actor=actor, at=at, facts=facts, entry_id=entry_id)
            if starts_on <= today:
                _begin(leave, post, at)
    except IntegrityError:
        raise Conflict("这些天已经请过假了，请先收回原来的。", field="starts_on") from None
    return leave


def end_leave(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Leave:
    """Back again, or not away after all: the stand-in's access ends at once. Raises `NotThere`, `NotYours`."""
    refuse_looking_only(actor)
    with transaction.atomic():
        rows = Leave.objects.visible_to(actor).standing().filter(uid=uid).select_related("post__area")
        leave = rows.select_for_update(no_key=True, of=("self",)).first()
        if leave is None:
            raise NotThere(GONE)
        refuse_lending(leave.post, None, actor, at)
        _end(leave, actor, at)
    return leave


def turn_leaves(*, at: datetime) -> int:
    """Begin the leaves whose day has come and end those that are over; gives how many. A second run finds nothing."""
    today = clock.local_date(at)
    rows = Leave.objects.standing().filter(starts_on__lte=today).order_by("pk")
    return sum(_turn(pk, today, at) for pk in list(rows.values_list("pk", flat=True)))


def _turn(pk: int, today: date, at: datetime) -> bool:
    with transaction.atomic():
        rows = Leave.objects.standing().filter(pk=pk).select_related("post__area", "stand_in")
        leave = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if leave is None:
            return False
        has_ended = leave.post.ends_on is not None and leave.post.ends_on <= today
        if leave.ends_on <= today or has_ended:
            _end(leave, SYSTEM, at)
        elif leave.begun_at is None:
            _begin(leave, leave.post, at)
        else:
            return False
    return True


def _begin(leave: Leave, post: Post, at: datetime) -> None:
    """The stand-in has the post until the day on which it comes back by itself."""
    leave.before_id = post.stand_in_id if post.stand_in_until is None else None
    leave.begun_at = at
    lend_post(post_id=post.pk, stand_in=leave.stand_in, until=leave.ends_on, actor=SYSTEM, at=at)
    note(leave, "begin", area_id=_area(post), actor=SYSTEM, at=at, save=("before", "begun_at"))


def _end(leave: Leave, actor: Actor, at: datetime) -> None:
    leave.ended_at = at
    post = leave.post
    if leave.begun_at is not None and post.stand_in_id == leave.stand_in_id and post.stand_in_until is not None:
        is_over = post.ends_on is not None and post.ends_on <= clock.local_date(at)
        if not is_over:
            lend_post(post_id=post.pk, stand_in=leave.before, until=None, actor=SYSTEM, at=at)
    note(leave, "end", area_id=_area(post), actor=actor, at=at, save=("ended_at",))


def _post(post_id: int) -> Post:
    rows = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("area__level", "unit", "user")
    post: Post | None = rows.filter(pk=post_id, area__isnull=False).first()
    if post is None:
        raise NotThere(GONE)
    return post


def _area(post: Post) -> int:
    if post.area_id is None:
        raise NotThere(GONE)
    area_id: int = post.area_id
    return area_id


# ---- The end of a post -----------------------------------------------------------------------------------


def hand_over_ended(*, at: datetime) -> int:
    """Move what is due in posts that have ended, however that came about; gives how many posts."""
    return sum(hand_over_post(post_id=pk, at=at) is not None for pk in posts_to_hand_over(clock.local_date(at)))


def hand_over_post(*, post_id: int, at: datetime) -> Handover | None:
    """Move everything due in one ended post to the next, once; None where it is done or the post goes on.

    Access needs no step of its own: who holds a post is asked at every request.
    """
    with transaction.atomic():
        hold(f"handover:{post_id}")
        post = Post.objects.select_related("area__level", "user").filter(pk=post_id, area__isnull=False).first()
        is_over = post is not None and post.ends_on is not None and post.ends_on <= clock.local_date(at)
        if post is None or not is_over or Handover.objects.filter(post=post).exists():
            return None
        to = next_post(post, at)
        moved = move_all(post, to, at)
        row = Handover.objects.create(post=post, to_post=to, area=post.area, moved_at=at, moved=_told(moved))
        facts = {"post": post.pk, "to": to.pk if to is not None else None, "count": len(moved)}
        note(row, "hand_over", area_id=_area(post), actor=SYSTEM, at=at, facts=facts)
    return row


def forget_moved(*, at: datetime) -> int:
    """What moved more than a year ago is named no longer; that it moved stays. Gives how many handovers."""
    return Handover.objects.filter(moved_at__lt=at - MOVED_KEPT_FOR).exclude(moved=[]).update(moved=[])


def _told(moved: list[Moved]) -> list[dict[str, str]]:
    return [{"kind": each.kind, "what": each.what, "url": each.url} for each in moved]
