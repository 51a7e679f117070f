"""Planning shifts, calling who is on duty, signing over: one public function a verb."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Unit
from louzhang.areas.queries import setting
from louzhang.duty.lifecycle import LOOP
from louzhang.duty.models import DutyCall, Handover, HandoverQuerySet, Shift, may_plan
from louzhang.duty.queries import LISTED, next_on_duty, open_promises, open_reds, people_of, untaken_reds
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, Refusal, TooLarge, TransitionRefused
from louzhang.journal.walker import walk
from louzhang.workorders.actions import Called, call_duty_workorder
from louzhang.workorders.models import WorkOrder

LONGEST = timedelta(hours=36)
WORDS_AT_MOST = 2000
NOT_PLANNER = "值班表由单位负责人、本办公室或指挥中心来排。需要改动请联系他们。"

log = logging.getLogger(__name__)


def add_shift(
    *, unit: Unit, person: User, starts_at: datetime, ends_at: datetime, position: int, actor: Actor, at: datetime
) -> Shift:
    """Put somebody who works in a unit on its duty list.

    Raises `NotYours` unless the actor plans that list, `InputRefused` for a person of another unit or wrong
    times, `Conflict` where the person is on duty then already.
    """
    if not may_plan(actor, unit):
        raise NotYours(NOT_PLANNER)
    if person.pk not in {each.pk for each in people_of(unit, at)}:
        raise InputRefused("这个人现在不在这个单位任职，请从名单里选。", field="person")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise InputRefused(f"一个班要有开始和结束，最长 {LONGEST // timedelta(hours=1)} 小时。", field="ends")
    if ends_at <= at:
        raise InputRefused("这个班已经过去了，请选择以后的时间。", field="day")
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                unit=unit, person=person, starts_at=starts_at, ends_at=ends_at, position=position
            )
            _record(shift, "add_shift", actor, at)
    except IntegrityError:
        raise Conflict("这个人在这段时间已经有班了，请换一个人，或先取消原来的班。", field="person") from None
    return shift


def cancel_shift(*, shift_id: int, actor: Actor, at: datetime) -> Shift:
    """Take a shift back. Raises `NotThere`, `NotYours`, `TransitionRefused` when it is over or cancelled."""
    with transaction.atomic():
        rows = Shift.objects.visible_to(actor).select_related("unit")
        shift = rows.select_for_update(no_key=True, of=("self",)).filter(pk=shift_id).first()
        if shift is None:
            raise NotThere("没有找到这个班，或它不在您的范围内。")
        if not may_plan(actor, shift.unit):
            raise NotYours(NOT_PLANNER)
        if shift.ended_at is not None or shift.ends_at <= at:
            raise TransitionRefused("这个班已经取消，或者已经过去。请刷新页面。")
        shift.ended_at = at
        _record(shift, "cancel_shift", actor, at, "ended_at")
    return shift


def _record(shift: Shift, verb: str, actor: Actor, at: datetime, *changed: str) -> None:
    facts = {
        "unit": shift.unit_id,
        "person": shift.person_id,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "position": shift.position,
    }
    record(shift, verb, actor=actor, at=at, payload=facts, save=changed)


def call_due(*, at: datetime) -> int:
    """Call the next person on duty about every red case that nobody takes; gives how many were called.

    The first three minutes (a setting) after it came, and between two calls, nobody is called. Each call is one
    event of the order, in a transaction of its own; nobody is called twice about the same order.
    """
    if not Shift.objects.at_work(at).exists():
        return 0
    minutes = int(setting("duty_minutes", at))
    due = untaken_reds(at, minutes).values_list("pk", flat=True)
    return sum(_call(order_id, minutes, at) for order_id in list(due))


def _call(order_id: int, minutes: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = untaken_reds(at, minutes).filter(pk=order_id)
            order = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
            if order is None or _called_lately(order, minutes, at):
                return False
            shift = next_on_duty(order, at)
            if shift is None:
                return False
            turn = DutyCall.objects.filter(order=order).count() + 1
            called = Called(shift.person_id, shift.person.name, shift.unit_id, shift.unit.name, turn)
            call_duty_workorder(order_id=order_id, called=called, actor=SYSTEM, at=at)
            DutyCall.objects.create(order=order, person=shift.person, unit=shift.unit, called_at=at)
    except (Refusal, IntegrityError) as refusal:
        log.info("no call about order %s: %s", order_id, type(refusal).__name__)
        return False
    return True


def _called_lately(order: WorkOrder, minutes: int, at: datetime) -> bool:
    return DutyCall.objects.filter(order=order, called_at__gt=at - timedelta(minutes=minutes)).exists()


def write_handover(
    *, unit: Unit, taker: User, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Handover:
    """Sign over to the next person: the program fills in the open red cases and promises, one adds words.

    Raises `NotYours` for a unit one does not work in, `InputRefused` for somebody who does not work there,
    `Conflict` while an earlier one of one's own waits for its signature.
    """
    if actor.is_read_only or actor.user_id is None or unit.pk not in actor.unit_ids:
        raise NotYours("交接班由在这个单位值班的人写。")
    _refuse_long(words)
    if taker.pk not in {each.pk for each in people_of(unit, at)} or taker.pk == actor.user_id:
        raise InputRefused("请选择同一个单位里接您班的人。", field="taker")
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                unit=unit,
                giver_id=actor.user_id,
                taker=taker,
                red_ids=list(open_reds(actor, unit).values_list("pk", flat=True)[:LISTED]),
                promised_ids=list(open_promises(actor, unit, at).values_list("pk", flat=True)[:LISTED]),
                written_at=at,
            )
            facts = {"taker": taker.pk, "reds": handover.red_ids, "promises": handover.promised_ids}
            record(
                handover, "write", actor=actor, at=at, payload=facts, words={"words": words.strip()}, entry_id=entry_id
            )
    except IntegrityError:
        raise Conflict("您上一次的交接班还没有人签字，请先让接班人签字。") from None
    return handover


def countersign_handover(
    *, handover_id: int, actor: Actor, at: datetime, words: str = "", entry_id: uuid.UUID | None = None
) -> Handover:
    """The next person has read it and takes over; a word may be added. Raises what the walker raises."""
    _refuse_long(words)
    rows: HandoverQuerySet = Handover.objects.all()
    given = {"words": words}
    with walk(LOOP, rows, handover_id, "countersign", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.set(signed_at=at)
        step.say(words=words.strip())
    return step.subject


def _refuse_long(words: str) -> None:
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field="words")
