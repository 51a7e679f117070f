"""Time in the demo: contacted, waiting for the resident, more time asked and granted, told of and gone up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from louzhang.demo.district import District
from louzhang.journal.actor import Actor
from louzhang.workorders.actions.alarming import alarm_due_orders
from louzhang.workorders.actions.asking_time import (
    ask_extension,
    ask_pause,
    contact_reporter,
    grant_extension,
    pause_workorder,
    running_settle,
)
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Handling, WorkOrder

TOLD_AT_MOST = 12
WAIT = "约了住户周末在家时上门，要等他回来才能关阀门。"
PARTS = "配件要从厂家调，已经下单。"
MORE = "要先做鉴定，鉴定单位排到下周。"


def keep_time(district: District, at: datetime) -> None:
    """Use matters that a unit has just taken: a few of each, the same in every demo."""
    fresh = _fresh(district, at)
    for verbs in (("contact", "wait"), ("contact", "ask_pause"), ("ask_extension",), ("ask_extension", "grant")):
        if (order := next(fresh, None)) is not None:
            _go(district, order, verbs, at)
    alarm_due_orders(at=at, most=TOLD_AT_MOST)


def _fresh(district: District, at: datetime) -> Iterator[WorkOrder]:
    """Plain matters in hand that may still be extended and are not due, the last taken first."""
    rows = WorkOrder.objects.filter(status=State.TAKEN, category__handling=Handling.PLAIN, due_at__gt=at, asked="")
    for order in rows.select_related("category").order_by("-taken_at", "pk"):
        settle = running_settle(order)
        has_people = order.desk_area_id in district.desks and order.lead_unit_id in district.members
        if has_people and settle is not None and settle.clock.room:
            yield order


def _go(district: District, order: WorkOrder, verbs: tuple[str, ...], at: datetime) -> None:
    assert order.lead_unit_id is not None  # it has been taken
    doer = district.actor(district.members[order.lead_unit_id][0])
    desk = district.actor(district.desks[order.desk_area_id][0])
    since = order.taken_at or order.reported_at
    for place, verb in enumerate(verbs):
        _do(order, verb, doer, desk, since + (at - since) * (place + 1) / (len(verbs) + 1))


def _do(order: WorkOrder, verb: str, doer: Actor, desk: Actor, at: datetime) -> None:
    at = at.replace(microsecond=0) + timedelta(seconds=1)
    if verb == "contact":
        contact_reporter(order_id=order.pk, contact_result="reached", note="约了时间。", actor=doer, at=at)
    elif verb == "wait":
        pause_workorder(order_id=order.pk, pause_for="wait", reason=WAIT, actor=desk, at=at)
    elif verb == "ask_pause":
        ask_pause(order_id=order.pk, pause_for="pause", reason=PARTS, actor=doer, at=at)
    elif verb == "ask_extension":
        ask_extension(order_id=order.pk, amount=1, reason=MORE, actor=doer, at=at)
    else:
        grant_extension(order_id=order.pk, note="同意，请提前告诉反映人。", actor=desk, at=at)
