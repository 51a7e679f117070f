"""One unit leads, others help with a part each: asked, taken, replied, or released; the lead settles at the end."""

from datetime import timedelta
from typing import Any

import pytest

from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import VERBS
from louzhang.workorders.lifecycle import PartState
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.queries import Tier, contact_tier, find_order, list_orders, reports_of, timeline, verbs_now
from louzhang.workorders.queries.parts import own_parts, parts_of
from louzhang.workorders.queries.phone_lists import on_me


@pytest.fixture
def joint(report, do, cast):
    """An order with the department in the lead and two companies that help."""
    order = report(phone="13911112222", name="王小芳").order
    do(order, "accept", "desk")
    helpers = [cast.units["property_unit"], cast.units["enforcement_unit"]]
    do(order, "dispatch", "desk", unit=cast.units["department_unit"], assists=helpers, note="请一起去看")
    do(order, "take", "department")
    return order


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def part_of(order, unit):
    return Part.objects.get(order=order, unit=unit)


def seen_by(cast, order, person):
    found = find_order(cast.actor(person), order.number)
    assert found is not None
    return found


def lines_of(cast, order, person, at):
    """Give the parts as somebody of the cast reads them on the order's page."""
    actor = cast.actor(person)
    found = find_order(actor, order.number)
    assert found is not None
    return parts_of(found, timeline(found, actor), actor, at)


def test_a_dispatch_with_helpers_asks_each_for_a_part_in_one_step(joint, cast):
    parts = {part.unit: part for part in Part.objects.filter(order=joint).select_related("unit")}
    assert set(parts) == {cast.units["property_unit"], cast.units["enforcement_unit"]}
    assert {part.status for part in parts.values()} == {PartState.ASKED}
    order = now(joint)
    assert order.open_part_count == 2
    assert order.assist_unit_ids == order.asked_unit_ids == sorted(unit.pk for unit in parts)
    promised = timedelta(hours=order.category.promised_hours)
    assert all(part.due_at == part.asked_at + promised for part in parts.values())
    events = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).values_list("verb", flat=True)
    assert list(events.order_by("seq")) == ["report", "accept", "dispatch", "take"]
    prove_journal()


def test_the_lead_settles_only_after_everybody_has_replied(joint, do, cast):
    with pytest.raises(TransitionRefused, match="演示安居物业、演示东风执法队"):
        do(joint, "settle", "department", note="修好了")
    for person in ("property", "enforcement"):
        do(joint, "take_part", person)
        do(joint, "reply_part", person, reply="我们这边清完了。")
    assert now(joint).open_part_count == 0
    assert do(joint, "settle", "department", note="修好了").status == "settled"
    assert now(joint).assist_unit_ids, "who helped goes on seeing what came of it"
    prove_journal()


def test_a_part_released_with_a_reason_is_waited_for_no_more(joint, do, cast):
    do(joint, "take_part", "property")
    do(joint, "reply_part", "property", reply="好了。")
    enforcement = part_of(joint, cast.units["enforcement_unit"])
    with pytest.raises(InputRefused, match="理由"):
        do(joint, "release_part", "department", part=enforcement.pk, reason=" ")
    do(joint, "release_part", "department", part=enforcement.pk, reason="不用执法了。")
    assert do(joint, "settle", "department", note="修好了").status == "settled"
    line = next(line for line in lines_of(cast, joint, "desk", cast.at) if not line.reply)
    assert (line.part.status_label, line.release) == ("已免除", "不用执法了。")


def test_a_released_unit_reads_up_to_its_release_and_no_further(joint, do, cast):
    enforcement = part_of(joint, cast.units["enforcement_unit"])
    do(joint, "release_part", "desk", part=enforcement.pk, reason="不用执法了。")
    do(joint, "comment", "department", words="后来的话")
    order = seen_by(cast, joint, "enforcement")
    assert order.is_only_former
    read = timeline(order, cast.actor("enforcement"))
    assert [moment.event.verb for moment in read][-1] == "release_part"
    assert lines_of(cast, joint, "enforcement", cast.at) == []
    assert not own_parts(cast.actor("enforcement")).exists()


def test_a_helping_unit_finds_its_part_first_with_what_it_was_asked(joint, do, cast, later):
    lines = lines_of(cast, joint, "enforcement", later(1))
    assert [line.is_own for line in lines] == [True, False]
    assert (lines[0].part.unit, lines[0].task) == (cast.units["enforcement_unit"], "请一起去看")
    assert {step.verb for step in lines[0].steps} == {"take_part", "ask_contact"}
    assert lines[1].steps == []
    assert [part.order_id for part in own_parts(cast.actor("enforcement"))] == [joint.pk]


def test_what_waits_for_a_helping_unit_is_among_its_own_work(joint, do, cast):
    def waits(person):
        return WorkOrder.objects.visible_to(cast.actor(person)).waiting_for(cast.actor(person)).exists()

    actor = cast.actor("property")
    assert waits("property")
    assert [order.pk for order in on_me(actor)] == [joint.pk]
    assert verbs_now(seen_by(cast, joint, "property"))[0].verb == "take_part"
    do(joint, "take_part", "property")
    assert verbs_now(seen_by(cast, joint, "property"))[0].verb == "reply_part"
    do(joint, "reply_part", "property", reply="好了。")
    assert not waits("property")
    assert [order.pk for order in list_orders(actor)] == [joint.pk]


def test_a_unit_moves_its_own_part_only(joint, do, cast):
    other = part_of(joint, cast.units["enforcement_unit"])
    with pytest.raises(NotYours):
        do(joint, "take_part", "property", part=other.pk)
    with pytest.raises(NotYours):
        do(joint, "take_part", "department", part=other.pk)
    with pytest.raises(NotYours):
        do(joint, "release_part", "property", part=other.pk, reason="不用了。")
    with pytest.raises(NotThere):
        do(joint, "take_part", "other_property")


def test_a_part_of_another_order_is_not_found(joint, report, do, cast):
    second = report().order
    do(second, "accept", "desk")
    do(second, "dispatch", "desk", unit=cast.units["department_unit"], assists=[cast.units["property_unit"]])
    with pytest.raises(NotThere):
        do(second, "take_part", "property", part=part_of(joint, cast.units["property_unit"]).pk)


def test_a_part_is_taken_before_it_is_replied_to(joint, do):
    with pytest.raises(NotYours):
        do(joint, "reply_part", "property", reply="好了。")
    do(joint, "take_part", "property")
    with pytest.raises(InputRefused, match="回复"):
        do(joint, "reply_part", "property", reply="")
    with pytest.raises(NotYours):
        do(joint, "take_part", "property")


def test_the_lead_asks_more_units_by_a_time_of_their_own(joint, do, cast, later):
    owners = cast.units["owners_unit"]
    do(joint, "ask_assist", "department", units=[owners], task="请打开水箱间", due_at=later(5))
    part = part_of(joint, owners)
    assert part.due_at == later(5)
    assert now(joint).open_part_count == 3
    line = lines_of(cast, joint, "owners", later(6))[0]
    assert (line.task, line.is_late) == ("请打开水箱间", True)
    for unit, why in ((owners, "已经在协办"), (cast.units["department_unit"], "主办单位")):
        with pytest.raises(InputRefused, match=why):
            do(joint, "ask_assist", "department", units=[unit], task="再来一次")
    with pytest.raises(InputRefused, match="现在以后"):
        do(joint, "ask_assist", "desk", units=[cast.units["other_property_unit"]], task="来看看", due_at=later(-1))
    with pytest.raises(NotYours):
        do(joint, "ask_assist", "property", units=[cast.units["other_property_unit"]], task="来看看")


def test_a_unit_that_is_complained_about_is_never_asked_to_help(report, do, cast):
    from louzhang.workorders.actions.reporting import Target

    complaint = cast.categories["complaint"]
    order = report(category=complaint, target=Target(unit=cast.units["property_unit"])).order
    do(order, "accept", "desk")
    with pytest.raises(InputRefused, match="投诉的就是这个单位"):
        do(order, "dispatch", "desk", unit=cast.units["department_unit"], assists=[cast.units["property_unit"]])
    assert not Part.objects.exists()


def test_a_company_never_helps_in_a_matter_of_violence(report, do, cast):
    order = report(category=cast.categories["guarded"]).order
    do(order, "accept", "desk")
    with pytest.raises(InputRefused, match="人身安全"):
        do(order, "ask_assist", "desk", units=[cast.units["property_unit"]], task="去看看")


def test_a_helping_unit_sees_contacts_only_after_it_was_granted(joint, do, cast):
    def tier(person):
        order, actor = seen_by(cast, joint, person), cast.actor(person)
        return contact_tier(order, reports_of(order, actor)[0], actor)

    assert tier("property") is Tier.HIDDEN
    part = part_of(joint, cast.units["property_unit"])
    do(joint, "ask_contact", "property", reason="要约时间进门。")
    with pytest.raises(TransitionRefused, match="已经申请过"):
        do(joint, "ask_contact", "property", reason="要约时间进门。")
    assert tier("property") is Tier.HIDDEN
    do(joint, "grant_contact", "department", part=part.pk)
    assert (tier("property"), tier("enforcement")) == (Tier.REVEAL, Tier.HIDDEN)
    do(joint, "release_part", "desk", part=part.pk, reason="不用了。")
    order, actor = seen_by(cast, joint, "property"), cast.actor("property")
    assert reports_of(order, actor) == []


def test_parts_outlive_a_send_back_and_end_with_the_order(joint, do, cast):
    do(joint, "send_back", "department", reason="不归我们")
    do(joint, "take_part", "property")
    assert now(joint).open_part_count == 2
    do(joint, "decline", "desk", reason="不归社区", advice="请找热力公司")
    order = now(joint)
    assert (order.open_part_count, order.asked_unit_ids, order.helping_unit_ids) == (0, [], [])
    assert set(Part.objects.filter(order=joint).values_list("status", flat=True)) == {PartState.RELEASED}
    prove_journal()


def test_a_withdrawal_by_the_reporter_ends_the_parts(report, do, cast):
    order = report().order
    do(order, "accept", "desk")
    do(order, "ask_assist", "desk", units=[cast.units["property_unit"]], task="先去看看")
    do(order, "withdraw", "device")
    assert now(order).open_part_count == 0
    prove_journal()


def test_a_helper_that_becomes_the_lead_has_no_part_of_its_own_any_more(joint, do, cast):
    do(joint, "send_back", "department", reason="不归我们")
    do(joint, "dispatch", "desk", unit=cast.units["property_unit"])
    order = now(joint)
    assert (order.open_part_count, order.asked_unit_ids) == (1, [cast.units["enforcement_unit"].pk])


def test_nobody_settles_on_the_spot_past_a_helper(joint, do, report, cast):
    order = report().order
    do(order, "accept", "desk")
    do(order, "ask_assist", "desk", units=[cast.units["property_unit"]], task="先去看看")
    with pytest.raises(TransitionRefused, match="演示安居物业"):
        do(order, "settle_on_spot", "chief", note="好了")


def test_the_reporter_reads_nothing_of_what_units_say_to_each_other(joint, do, cast):
    do(joint, "take_part", "property")
    do(joint, "reply_part", "property", reply="内部的话")
    order = find_order(cast.device, joint.number)
    assert order is not None
    read = timeline(order, cast.device)
    assert {moment.event.verb for moment in read} <= {"report", "accept", "dispatch", "take"}


def test_a_settle_without_parts_asks_no_more_than_before(report, do, cast, django_assert_max_num_queries, later):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "take", "property")
    actor = cast.actor("property", later(1))
    action: Any = VERBS["settle"]
    with django_assert_max_num_queries(8) as asked:
        action(order_id=order.pk, actor=actor, at=later(1), note="好了")
    assert not [query for query in asked.captured_queries if "workorders_part" in query["sql"]]
