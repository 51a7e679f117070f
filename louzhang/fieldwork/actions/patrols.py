"""Walking: a point confirmed by its code, by the phone's own comparison or with a reason; a fault becomes an order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.lifecycle.patrols import LOOP, PatrolState
from louzhang.fieldwork.models import Confirmation, Patrol, PatrolQuerySet, Point, Route, Way, own_post_ids
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock, codes
from louzhang.register.scope import refuse_looking_only
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel, WorkOrder

REASON_AT_MOST = 200
GONE = "没有找到这处点位，或它不在您负责的范围内。请核对牌上的码。"
WRONG_CODE = "码和这处牌上的对不上，请再看一眼；牌子看不清的，可以写明原因。"


@dataclass(frozen=True, slots=True)
class Fault:
    """What somebody saw at a point: it becomes an order at its place."""

    category: Category
    words: str
    photos: Sequence[uuid.UUID] = ()


def find_point(actor: Actor, uid: uuid.UUID) -> Point:
    """A stop of a route one may walk; raises `NotThere`."""
    rows = Point.objects.current().filter(route__in=Route.objects.walked_by(actor).current(), uid=uid)
    point = rows.select_related("route__area__level", "area__level").first()
    if point is None:
        raise NotThere(GONE)
    return point


def confirm_point(
    *,
    uid: uuid.UUID,
    way: str,
    actor: Actor,
    at: datetime,
    code: str = "",
    reason: str = "",
    entry_id: uuid.UUID | None = None,
) -> Patrol:
    """Somebody is at a point. The first one of a day begins the round, the last one ends it.

    By `POSITION` the phone has compared in its own memory; nothing of where it is comes here. Raises `NotThere`,
    `NotYours`, `InputRefused` for a wrong code and for no reason, `Conflict` for a point that is confirmed.
    """
    refuse_looking_only(actor)
    point = find_point(actor, uid)
    _refuse_unproved(point, way, code, reason)
    with transaction.atomic():
        patrol = _round_of(point, actor, at)
        verb = "confirm" if patrol.is_going else "confirm_late"
        with _walk(patrol.pk, verb, actor, at, {"way": way}, entry_id) as step:
            _confirm(step, point, way, at)
            step.say(reason=reason.strip() if way == Way.REASON else "")
            if not _left(step.subject):
                _walked_whole(step, at)
    return step.subject


def report_fault(
    *, uid: uuid.UUID, fault: Fault, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> WorkOrder:
    """A fault seen at a point: an order at once, with the place filled in. Raises what reporting raises."""
    refuse_looking_only(actor)
    point = find_point(actor, uid)
    if not fault.words.strip():
        raise InputRefused(LOOP.missing["words"], field="words")
    draft = Draft(
        channel=Channel.FIELD, category=fault.category, area=point.area, words=fault.words.strip(),
        place_note=point.name, longitude=point.longitude, latitude=point.latitude, photos=fault.photos,
    )  # fmt: skip
    with transaction.atomic():
        patrol = _newest(point.route, actor, clock.local_date(at)) or _begin(point.route, actor, at)
        order = report_workorder(draft=draft, actor=actor, at=at).order
        with _walk(patrol.pk, "fault", actor, at, {"words": fault.words}, entry_id) as step:
            step.note(point=point.pk, order=order.pk)
    return order


def break_off(*, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Patrol:
    """So far and no further, for a reason; the route stays due and the community sees which points were left."""
    if len(reason) > REASON_AT_MOST:
        raise TooLarge(f"原因最多写 {REASON_AT_MOST} 个字。", field="reason")
    patrol = Patrol.objects.visible_to(actor).filter(uid=uid).first()
    if patrol is None:
        raise NotThere("没有找到这趟巡查，或它不在您的范围内。")
    with _walk(patrol.pk, "break_off", actor, at, {"reason": reason}, entry_id) as step:
        step.say(reason=reason.strip())
        step.set(ended_at=at)
    return step.subject


def run_out(*, at: datetime) -> int:
    """Rounds of days before today that nobody ended are ended as walked in part; gives how many."""
    rows: PatrolQuerySet = Patrol.objects.all()
    ids = list(rows.going().filter(day__lt=clock.local_date(at)).order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        stop_patrol(patrol_id=pk, at=at)
    return len(ids)


def stop_patrol(*, patrol_id: int, at: datetime) -> None:
    """End a round on the way as walked in part: its day is over, or the post that walked it has ended."""
    with _walk(patrol_id, "run_out", SYSTEM, at, {}, None) as step:
        step.set(ended_at=at)


def _refuse_unproved(point: Point, way: str, code: str, reason: str) -> None:
    if way not in Way.values:
        raise InputRefused(LOOP.missing["way"], field="way")
    if way == Way.CODE and codes.normal_plate_code(code) != point.code:
        raise InputRefused(WRONG_CODE, field="code")
    if way == Way.REASON and not reason.strip():
        raise InputRefused("请写一句为什么没有扫码，比如牌子掉了。", field="reason")
    if way == Way.POSITION and point.longitude is None:
        raise InputRefused("这处没有登记位置，请填牌上的码，或写明原因。", field="way")
    if len(reason) > REASON_AT_MOST:
        raise TooLarge(f"原因最多写 {REASON_AT_MOST} 个字。", field="reason")


def _round_of(point: Point, actor: Actor, at: datetime) -> Patrol:
    """The round of that day that still lacks the point; else a new one."""
    hold(f"patrol:{point.route_id}:{actor.user_id}")  # two taps at once begin one round
    newest = _newest(point.route, actor, clock.local_date(at))
    if newest is not None:
        is_there = Confirmation.objects.filter(patrol=newest, point=point).exists()
        if newest.is_going and is_there:
            raise Conflict("这处已经确认过了。")
        if newest.status != PatrolState.WHOLE and not is_there:
            return newest
    return _begin(point.route, actor, at)


def _newest(route: Route, actor: Actor, day: date) -> Patrol | None:
    rows = Patrol.objects.filter(route=route, post_id__in=own_post_ids(actor), day=day)
    return rows.order_by("-pk").first()


def _begin(route: Route, actor: Actor, at: datetime) -> Patrol:
    post_id = walking_post(route, actor)
    if post_id is None or actor.user_id is None:
        raise NotYours("这条路线由负责这里的网格员、楼长来走。")
    patrol = Patrol(
        route=route, area=route.area, post_id=post_id, walker_id=actor.user_id, day=clock.local_date(at), started_at=at
    )
    try:
        with transaction.atomic():
            patrol.save(force_insert=True)
            facts = {"route": route.pk}
            note(patrol, "begin", area_id=route.area_id, actor=actor, at=at, post_id=post_id, facts=facts)
    except IntegrityError:
        raise Conflict("这条路线您正在走，请刷新页面接着走。") from None
    return patrol


def walking_post(route: Route, actor: Actor) -> int | None:
    """In which of the own posts one walks a route: the nearest to it on its line."""
    own = set(own_post_ids(actor))
    path = route.area.path
    near = [s for s in actor.seats if s.post_id in own and (s.path.startswith(path) or path.startswith(s.path))]
    best = min(near, key=lambda seat: (abs(len(seat.path) - len(path)), seat.is_stand_in, seat.post_id), default=None)
    return best.post_id if best is not None else None


def _confirm(step: Step[Patrol], point: Point, way: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            Confirmation.objects.create(patrol=step.subject, point=point, way=way, confirmed_at=at)
    except IntegrityError:
        raise Conflict("这处已经确认过了。") from None
    step.note(point=point.pk, way=str(way))


def _left(patrol: Patrol) -> bool:
    """Whether a point of the route is still to be walked to."""
    done = Confirmation.objects.filter(patrol=patrol).values("point")
    return bool(patrol.route.points.current().exclude(pk__in=done).exists())


def _walked_whole(step: Step[Patrol], at: datetime) -> None:
    """The last point: the round is whole, and the route knows the day, so that lists learn that it is done."""
    patrol = step.subject
    step.lead_to(PatrolState.WHOLE)
    step.set(ended_at=at)
    route = Route.objects.select_for_update(no_key=True).get(pk=patrol.route_id)
    route.walked_on = max(route.walked_on or patrol.day, patrol.day)
    note(
        route, "walk", area_id=route.area_id, actor=step.actor, at=at, post_id=patrol.post_id,
        facts={"patrol": patrol.pk}, save=("walked_on",),
    )  # fmt: skip


def _walk(
    patrol_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Patrol]]:
    rows: PatrolQuerySet = Patrol.objects.all()
    return walk(LOOP, rows, patrol_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
