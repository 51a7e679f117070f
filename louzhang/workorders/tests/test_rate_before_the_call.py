"""A reporter who asked for a call may rate on the page before it comes; the desk closes after the call."""

from louzhang.workorders.actions import close_workorder, rate_workorder
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, CallResult, WorkOrder
from louzhang.workorders.tests.test_loop import walk_to_answer


def test_the_rating_counts_and_the_order_waits_for_the_call(cast, report, later):
    filed = report(answer_way=AnswerWay.PHONE, phone="13900001234")
    walk_to_answer(cast, filed.order, later)
    rate_workorder(order_id=filed.order.pk, stars=4, solved=True, actor=cast.device, at=later(7))
    order = WorkOrder.objects.get(pk=filed.order.pk)
    assert (order.status, order.reports.get().stars) == (State.RATED, 4)
    desk, told = cast.actor("desk"), CallResult.SATISFIED
    close_workorder(order_id=order.pk, call_result=told, actor=desk, at=later(8))
    assert WorkOrder.objects.get(pk=order.pk).status == State.CLOSED
