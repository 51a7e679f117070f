"""What is looked after beside the main loop in the demo: supervised, urged, on the shelf, explained, to be verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from louzhang.areas.models import LevelKind
from louzhang.areas.queries import line_of
from louzhang.demo.district import District
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.workorders import actions
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Handling, WorkOrder

DEMANDS = (
    "居民反映强烈，请三天内办好，办不好的说明原因和完成时间。",
    "这件事拖得久了，请到现场看一看，把办到哪一步告诉我们。",
    "请本周内办完，办完附照片。",
    "请和社区一起到场，当面向反映人说明。",
)
REPLY = "已到现场看过，正在办，三天内办完，办完拍照回复。"
SHELF = "要列入下一批改造，资金下个月批下来。到时再办，办好会告诉您。"
SHELVED = (
    "mud-road",
    "pavement",
    "roof-leak",
    "fitness-gear",
    "bench-and-board",
    "charging-point",
    "greenery",
    "street-lamp",
)
EXPLANATION = (
    "到您家看过，坏的是户内的管道，不是公共部分，按规定由住户自己维修。社区可以帮您联系有资质的师傅，价格事先讲明。"
)
BASIS = "《住宅专项维修资金管理办法》：专项维修资金只用于共用部位、共用设施设备。"
EXPLAINED = ("drain-blocked", "gas-repair", "heating", "water-quality", "pipe-leak")
STEPS_OF_SUPERVISION = 4


def look_after(district: District, at: datetime) -> None:
    """Use matters that are in hand: a few of each, the same in every demo."""
    _verify_some(district, at)
    for number, (order, demand) in enumerate(zip(_in_hand(district), DEMANDS, strict=False)):
        _supervise(district, order, demand, number, at)
    for order in islice(_in_hand(district, *SHELVED), 2):
        review = clock.local_date(at) + timedelta(days=30)
        actions.shelve_workorder(
            order_id=order.pk,
            explanation=SHELF,
            review_date=review,
            actor=_desk(district, order),
            at=_soon(order, at),
        )
    for order, is_agreed in zip(_in_hand(district, *EXPLAINED), (False, True), strict=False):
        _explain(district, order, is_agreed=is_agreed, at=at)


def _in_hand(district: District, *codes: str) -> Iterator[WorkOrder]:
    """Plain matters (of some categories) that have been taken and not been used yet, the longest waiting first."""
    rows = WorkOrder.objects.filter(status=State.TAKEN, category__handling=Handling.PLAIN, supervision="")
    rows = rows.filter(category__code__in=codes) if codes else rows
    for order in rows.select_related("category", "area", "lead_unit").order_by("taken_at", "pk"):
        if order.desk_area_id in district.desks and order.lead_unit_id in district.members:
            yield order


def _soon(order: WorkOrder, at: datetime, hours: float = 6) -> datetime:
    """Some hours ago, but not before the unit took it."""
    since = order.taken_at or order.reported_at
    return min(max(at - timedelta(hours=hours), since + timedelta(minutes=10)), at)


def _desk(district: District, order: WorkOrder) -> Actor:
    return district.actor(district.desks[order.desk_area_id][0])


def _street(district: District, order: WorkOrder) -> Actor:
    """Somebody in the office of the street, or of the district where the street has none."""
    offices = [area.pk for area in line_of(order.area) if area.level.kind in (LevelKind.DISTRICT, LevelKind.STREET)]
    return district.actor(district.desks[[pk for pk in offices if pk in district.desks][-1]][0])


def _doer(district: District, order: WorkOrder) -> Actor:
    assert order.lead_unit_id is not None  # it has been taken
    return district.actor(district.members[order.lead_unit_id][0])


def _supervise(district: District, order: WorkOrder, demand: str, steps: int, at: datetime) -> None:
    """Demanded, then as many steps further as its place in the list says."""
    due = clock.local_date(at) + timedelta(days=3 - steps)
    asked = _soon(order, at, 30)
    street, doer = _street(district, order), _doer(district, order)
    due = max(due, clock.local_date(asked))
    actions.supervise_workorder(order_id=order.pk, demand=demand, due_date=due, actor=street, at=asked)
    actions.urge_workorder(order_id=order.pk, actor=street, at=asked)
    if steps >= 1:
        actions.sign_supervision(order_id=order.pk, actor=doer, at=_soon(order, at, 26))
    if steps >= 2:
        actions.reply_supervision(order_id=order.pk, reply=REPLY, actor=doer, at=_soon(order, at, 20))
    if steps == STEPS_OF_SUPERVISION - 1:
        actions.lift_supervision(order_id=order.pk, reason="按期回复，继续抓紧。", actor=street, at=_soon(order, at, 4))


def _explain(district: District, order: WorkOrder, *, is_agreed: bool, at: datetime) -> None:
    doer = _doer(district, order)
    actions.settle_by_explanation(
        order_id=order.pk, explanation=EXPLANATION, basis=BASIS, actor=doer, at=_soon(order, at, 5)
    )
    if is_agreed:
        actions.confirm_explanation(order_id=order.pk, actor=_street(district, order), at=_soon(order, at, 3))


def _verify_some(district: District, at: datetime) -> None:
    """One category is looked at before the close; one matter of it waits for that."""
    rows = WorkOrder.objects.filter(status=State.TAKEN, category__handling=Handling.PLAIN, category__photo_reason="")
    order = rows.select_related("category").order_by("-taken_at", "pk").first()
    if order is None or order.lead_unit_id not in district.members:
        return
    actions.change_category(category=order.category, is_verified_on_spot=True, actor=SYSTEM, at=at)
    actions.settle_workorder(
        order_id=order.pk, note="已修好，试用正常。", actor=_doer(district, order), at=_soon(order, at, 1)
    )
