"""Units that work together in the demo: parts asked and replied to, a dispute, a meeting with promises, a motion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from louzhang.areas.models import Unit
from louzhang.demo.district import District
from louzhang.journal.actor import Actor
from louzhang.workorders import actions
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Handling, Meeting, WorkOrder
from louzhang.workorders.queries.addressees import addressees

TASK = "请派人一起到现场，把您单位这一部分先处理好。"
REPLY = "已到现场，我们这一部分处理完了。"
REFUSALS = ("查过图纸，这一段管道不归我们管。", "产权在小区里面，应当由物业负责。")
MINUTES = "三方到场看过：先临时封堵，再换阀门。住户同意周六停水两小时。"
PROMISE = "三天内换好阀门，完工后请社区到场看。"
MOTION = "老旧供水主管网整体改造"
MOTION_WORDS = "这一片主管道用了三十年，每年冬天都爆。靠维修解决不了，建议列入明年的改造计划。"


def work_together(district: District, at: datetime) -> None:
    """Use matters that are in hand: the same few in every demo."""
    orders = _in_hand(district)
    for replies in (0, 1, 2):
        if (order := next(orders, None)) is not None:
            _ask(district, order, replies, at)
    if (order := next(orders, None)) is not None:
        _dispute(district, order, at)
    if (order := next(orders, None)) is not None:
        _meet(district, order, at)


def _in_hand(district: District) -> Iterator[WorkOrder]:
    """Plain matters that a unit has taken and nothing else was done with, the latest first."""
    rows = WorkOrder.objects.filter(status=State.TAKEN, category__handling=Handling.PLAIN, bounce_count=0)
    rows = rows.filter(supervision="", explanation="", shelved_until=None, open_part_count=0)
    for order in rows.select_related("category", "area__level", "desk_area", "lead_unit").order_by("-taken_at", "pk"):
        if order.desk_area_id in district.desks and order.lead_unit_id in district.members:
            yield order


def _others(district: District, order: WorkOrder, at: datetime) -> list[Unit]:
    """Units near the place, with people of the demo in them, that do not have the order."""
    near = [each.unit for each in addressees(order, "", at)]
    return [unit for unit in near if unit.pk in district.members and unit.pk != order.lead_unit_id]


def _desk(district: District, order: WorkOrder) -> Actor:
    return district.actor(district.desks[order.desk_area_id][0])


def _of(district: District, unit_id: int | None) -> Actor:
    assert unit_id is not None  # an order in hand has a lead unit
    return district.actor(district.members[unit_id][0])


def _since(order: WorkOrder, at: datetime, hours: float) -> datetime:
    """Some hours ago, but not before the unit took it."""
    return min(max(at - timedelta(hours=hours), (order.taken_at or order.reported_at) + timedelta(minutes=5)), at)


def _ask(district: District, order: WorkOrder, replies: int, at: datetime) -> None:
    helpers = _others(district, order, at)[:2]
    if not helpers:
        return
    asked = _since(order, at, 8)
    actions.ask_assist(order_id=order.pk, units=helpers, task=TASK, actor=_desk(district, order), at=asked)
    for unit in helpers[:replies]:
        helper, then = _of(district, unit.pk), asked + timedelta(minutes=2)
        actions.take_part(order_id=order.pk, actor=helper, at=min(then, at))
        actions.reply_part(order_id=order.pk, reply=REPLY, actor=helper, at=min(then + timedelta(minutes=3), at))


def _dispute(district: District, order: WorkOrder, at: datetime) -> None:
    """Sent back by the unit that has it and by the next one."""
    others = _others(district, order, at)
    if not others:
        return
    first, second = _since(order, at, 5), _since(order, at, 4)
    lead = _of(district, order.lead_unit_id)
    actions.send_back_workorder(order_id=order.pk, reason=REFUSALS[0], actor=lead, at=first)
    actions.dispatch_workorder(order_id=order.pk, unit=others[0], actor=_desk(district, order), at=second)
    other = _of(district, others[0].pk)
    actions.send_back_workorder(order_id=order.pk, reason=REFUSALS[1], actor=other, at=second)


def _meet(district: District, order: WorkOrder, at: datetime) -> None:
    """Called, held, one promise each, and what nobody there could settle."""
    called, desk = _since(order, at, 30), _desk(district, order)
    units = [unit for unit in (order.lead_unit, *_others(district, order, at)[:1]) if unit is not None]
    held_at = min(called + timedelta(hours=2), at)
    place = f"{order.area.name}楼下"
    actions.call_meeting(order_id=order.pk, units=units, place=place, held_at=held_at, actor=desk, at=called)
    meeting = Meeting.objects.filter(order=order).values_list("pk", flat=True).get()
    promises = [Promise(unit, PROMISE) for unit in units]
    actions.record_meeting(
        order_id=order.pk, meeting=meeting, minutes=MINUTES, promises=promises, actor=desk, at=held_at
    )
    actions.raise_motion(order_id=order.pk, meeting=meeting, title=MOTION, words=MOTION_WORDS, actor=desk, at=held_at)
