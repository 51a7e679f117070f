"""What is looked after beside the main loop in the demo: supervised, urged, on the shelf, explained, to be verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

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
    "汛期将到，请本周内完成，并附照片。",
    "请和物业一起到场，当面向反映人说明。",
)
REPLY = "已和施工单位到现场，材料后天到，三天内完工。"
SHELF = "要用住宅专项维修资金，要等业主表决，已列入下月计划。到时再办，办好会告诉您。"
EXPLANATION = "这处水管在您家里，按规定由住户自己维修。社区可以帮您联系有资质的师傅，价格事先讲明。"
BASIS = "《民法典》关于建筑物专有部分的规定；《住宅专项维修资金管理办法》只用于共用部位。"
STEPS_OF_SUPERVISION = 4


def look_after(district: District, at: datetime) -> None:
    """Use matters that are in hand: a few of each, the same in every demo."""
    _verify_some(district, at)
    in_hand = _in_hand(district)
    for number, demand in enumerate(DEMANDS):
        if (order := next(in_hand, None)) is not None:
            _supervise(district, order, demand, number, at)
    for _ in range(2):
        if (order := next(in_hand, None)) is not None:
            desk = _desk(district, order)
            review = clock.local_date(at) + timedelta(days=30)
            actions.shelve_workorder(
                order_id=order.pk, explanation=SHELF, review_date=review, actor=desk, at=_soon(order, at)
            )
    for is_agreed in (False, True):
        if (order := next(in_hand, None)) is not None:
            _explain(district, order, is_agreed=is_agreed, at=at)


def _in_hand(district: District) -> Iterator[WorkOrder]:
    """Plain matters that a unit or the office has taken, the longest waiting first, of communities with a desk."""
    rows = WorkOrder.objects.filter(status=State.TAKEN, category__handling=Handling.PLAIN)
    for order in rows.select_related("category", "area", "lead_unit").order_by("taken_at", "pk"):
        if order.desk_area_id in district.desks and order.lead_unit_id in district.members:
            yield order


def _soon(order: WorkOrder, at: datetime, hours: float = 6) -> datetime:
    """Some hours ago, but not before the unit took it."""
    since = order.taken_at or order.reported_at
    return min(max(at - timedelta(hours=hours), since + timedelta(minutes=10)), at)


def _desk(district: District, order: WorkOrder, place: int = 0) -> Actor:
    users = district.desks[order.desk_area_id]
    return district.actor(users[place % len(users)])


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
