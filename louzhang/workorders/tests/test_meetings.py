"""On the spot together: units are called to the place, what they promise becomes parts; motions go their own way."""

from datetime import timedelta

import pytest
from django.db import transaction

from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions.erasing import erase_order
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.actions.motions import MOTION_VERBS
from louzhang.workorders.lifecycle import MeetingState, MotionState, PartState
from louzhang.workorders.models import Category, Meeting, Motion, Part, WorkOrder
from louzhang.workorders.queries import find_order, timeline
from louzhang.workorders.queries.parts import parts_of


@pytest.fixture
def taken(report, do, cast):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "take", "property")
    return order


@pytest.fixture
def called(taken, do, cast, later):
    """The department, the enforcement team and the lead itself are called to the stairwell."""
    units = [cast.units[key] for key in ("department_unit", "enforcement_unit", "property_unit")]
    do(taken, "call_meeting", "desk", units=units, place="12号楼2单元门口", held_at=later(24), note="请带图纸")
    return Meeting.objects.get(order=taken)


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def lines_of(cast, order, person, at):
    """Give the parts as somebody of the cast reads them on the order's page."""
    actor = cast.actor(person)
    found = find_order(actor, order.number)
    assert found is not None
    return parts_of(found, timeline(found, actor), actor, at)


def test_whoever_is_called_sees_the_order_up_to_the_call(called, do, cast):
    do(called.order, "comment", "property", words="后来的话")
    order = find_order(cast.actor("department"), called.order.number)
    assert order is not None
    assert order.is_only_former
    assert [moment.event.verb for moment in timeline(order, cast.actor("department"))][-1] == "call_meeting"
    assert Meeting.objects.visible_to(cast.actor("department")).get() == called
    for person in ("other_property", "stranger_street", "owners"):
        assert not Meeting.objects.visible_to(cast.actor(person)).exists(), person


def test_each_promise_becomes_a_part_with_its_time(called, do, cast, later):
    promises = [
        Promise(cast.units["department_unit"], "换主管道", later(48)),
        Promise(cast.units["department_unit"], "重新铺路", later(200)),
        Promise(cast.units["property_unit"], "清理楼道"),
    ]
    do(called.order, "record_meeting", "desk", meeting=called.pk, minutes="三方到场，商定分工。", promises=promises)
    order = now(called.order)
    assert (order.open_part_count, Meeting.objects.get().status) == (3, MeetingState.HELD)
    lines = lines_of(cast, order, "desk", later(60))
    assert {(line.part.unit.name, line.task, line.is_late) for line in lines} == {
        ("演示住建局", "换主管道", True),
        ("演示住建局", "重新铺路", False),
        ("演示安居物业", "清理楼道", False),
    }
    with pytest.raises(InputRefused, match="哪一项"):
        do(order, "take_part", "department")
    for part in Part.objects.filter(unit=cast.units["department_unit"]):
        do(order, "take_part", "department", part=part.pk)
        do(order, "reply_part", "department", part=part.pk, reply="做好了。")
    with pytest.raises(TransitionRefused, match="演示安居物业"):
        do(order, "settle", "property", note="好了")
    do(order, "take_part", "property")
    do(order, "reply_part", "property", reply="清完了。")
    assert do(order, "settle", "property", note="好了").status == "settled"
    prove_journal()


def test_nobody_promises_for_a_unit_that_was_not_called(called, do, cast):
    promises = [Promise(cast.units["owners_unit"], "开门")]
    with pytest.raises(InputRefused, match="没有参加"), transaction.atomic():
        do(called.order, "record_meeting", "desk", meeting=called.pk, minutes="开了会。", promises=promises)
    assert Meeting.objects.get().status == MeetingState.CALLED
    assert not Part.objects.exists()


def test_a_meeting_is_recorded_once_and_not_after_it_was_called_off(called, do, cast):
    do(called.order, "cancel_meeting", "desk", meeting=called.pk, reason="下雨改期。")
    with pytest.raises(TransitionRefused):
        do(called.order, "record_meeting", "desk", meeting=called.pk, minutes="开了会。")
    with pytest.raises(NotThere):
        do(called.order, "record_meeting", "desk", meeting=called.pk + 1, minutes="开了会。")


@pytest.mark.parametrize("person", ["department", "chief", "enforcement"])
def test_only_desk_lead_and_the_offices_above_call_and_record(called, do, cast, person):
    with pytest.raises(NotYours):
        do(called.order, "record_meeting", person, meeting=called.pk, minutes="开了会。")


def test_a_unit_that_is_complained_about_is_not_called(report, do, cast, later):
    from louzhang.workorders.actions.reporting import Target

    order = report(category=cast.categories["complaint"], target=Target(unit=cast.units["property_unit"])).order
    do(order, "accept", "desk")
    units = [cast.units["property_unit"]]
    with pytest.raises(InputRefused, match="投诉的就是这个单位"):
        do(order, "call_meeting", "desk", units=units, place="社区", held_at=later(24))


def test_what_no_office_can_settle_becomes_a_motion_with_its_own_history(called, do, cast, later):
    do(called.order, "record_meeting", "desk", meeting=called.pk, minutes="管网要整体改造，社区做不了。")
    do(called.order, "raise_motion", "desk", meeting=called.pk, title="老管网改造", words="建议列入明年民生实事。")
    motion = Motion.objects.get()
    actor = cast.actor("street")
    with pytest.raises(TransitionRefused):
        MOTION_VERBS["answer"](motion_id=motion.pk, words="同意。", actor=actor, at=later(2))
    MOTION_VERBS["submit"](motion_id=motion.pk, body="区人大代表联络站", actor=actor, at=later(2))
    MOTION_VERBS["answer"](motion_id=motion.pk, words="列入明年计划。", actor=actor, at=later(3))
    MOTION_VERBS["close"](motion_id=motion.pk, words="已开工。", actor=actor, at=later(4))
    motion.refresh_from_db()
    assert (motion.status, motion.chain_seq, motion.body) == (MotionState.CLOSED, 4, "区人大代表联络站")
    for person in ("stranger_street", "owners", "nobody", "resident"):
        assert not Motion.objects.visible_to(cast.actor(person)).exists(), person
        with pytest.raises(NotThere):
            MOTION_VERBS["close"](motion_id=motion.pk, words="完了。", actor=cast.actor(person), at=later(5))
    with pytest.raises(NotYours):
        MOTION_VERBS["close"](motion_id=motion.pk, words="完了。", actor=cast.actor("chief"), at=later(5))
    prove_journal()


def test_a_promise_waits_for_its_unit(called, do, cast, later):
    promise = Promise(cast.units["department_unit"], "换管道")
    do(called.order, "record_meeting", "street", meeting=called.pk, minutes="开了会。", promises=[promise])
    part = Part.objects.get()
    assert (part.status, part.meeting, part.due_at > later(1) + timedelta(hours=1)) == (PartState.ASKED, called, True)
    assert WorkOrder.objects.visible_to(cast.actor("department")).waiting_for(cast.actor("department")).exists()


def test_what_a_motion_says_goes_with_the_order_when_its_time_is_over(called, do, cast, later):
    order = called.order
    do(order, "raise_motion", "desk", title="老管网改造", words="张三家漏水三年。")
    Category.objects.filter(pk=order.category_id).update(keep_days=30)
    do(order, "send_back", "property", reason="不归我们。")
    do(order, "decline", "desk", reason="归热力公司。", advice="请打热线。")
    assert erase_order(order_id=order.pk, at=later(24 * 60))
    motion = Motion.objects.get()
    said = Words.objects.filter(subject_kind="motion", subject_id=motion.pk)
    assert [row.spoken for row in said] == [{}]
    assert (motion.title, Meeting.objects.get().place) == ("老管网改造", "")
    prove_journal()
