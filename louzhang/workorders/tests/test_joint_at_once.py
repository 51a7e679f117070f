"""Two press at the same moment on a joint order: one is first, the other reads why not, nothing is half done."""

import pytest

from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.actions.motions import MOTION_VERBS
from louzhang.workorders.models import DutyClause, Meeting, Motion, Part, RoutingRule, WorkOrder
from tests.at_once import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def joint(act, report, cast):
    order = report().order
    act(order, "accept", "desk")()
    helpers = [cast.units["department_unit"], cast.units["enforcement_unit"]]
    act(order, "dispatch", "desk", unit=cast.units["property_unit"], assists=helpers)()
    act(order, "take", "property")()
    return order


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def part_of(order, unit):
    return Part.objects.get(order=order, unit=unit).pk


def count(order, verb):
    return Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb=verb).count()


def test_two_of_one_unit_sign_for_the_same_part(act, joint):
    answers = at_once(act(joint, "take_part", "department"), act(joint, "take_part", "department_lead"))
    assert len(winners(answers)) == 1
    assert count(joint, "take_part") == 1
    prove_journal()


def test_two_of_one_unit_reply(act, joint):
    act(joint, "take_part", "department")()
    acts = [act(joint, "reply_part", who, reply=f"{who}写的。") for who in ("department", "department_lead")]
    assert len(winners(at_once(*acts))) == 1
    assert now(joint).open_part_count == 1
    prove_journal()


def test_two_units_reply_at_once_and_both_count(act, joint):
    for who in ("department", "enforcement"):
        act(joint, "take_part", who)()
    answers = at_once(*[act(joint, "reply_part", who, reply="好了。") for who in ("department", "enforcement")])
    assert len(winners(answers)) == 2
    order = now(joint)
    assert (order.open_part_count, order.helping_unit_ids) == (0, [])
    prove_journal()


def test_the_last_reply_comes_while_the_lead_settles(act, joint, cast):
    act(joint, "release_part", "desk", part=part_of(joint, cast.units["enforcement_unit"]), reason="不用了。")()
    act(joint, "take_part", "department")()
    answers = at_once(
        act(joint, "reply_part", "department", reply="好了。"), act(joint, "settle", "property", note="好了")
    )
    done = winners(answers)
    order = now(joint)
    assert order.open_part_count == 0
    assert len(done) == (2 if order.status == "settled" else 1)
    prove_journal()


def test_a_reply_comes_while_the_part_is_released(act, joint, cast):
    act(joint, "take_part", "department")()
    part = part_of(joint, cast.units["department_unit"])
    answers = at_once(
        act(joint, "reply_part", "department", reply="好了。"),
        act(joint, "release_part", "desk", part=part, reason="不用了。"),
    )
    assert len(winners(answers)) == 1
    row = Part.objects.get(pk=part)
    assert (row.replied_at is None) == (row.status == "released")
    prove_journal()


def test_desk_and_lead_ask_the_same_unit_for_help(act, joint, cast):
    owners = cast.units["owners_unit"]
    acts = [act(joint, "ask_assist", who, units=[owners], task="请开门") for who in ("desk", "property")]
    assert len(winners(at_once(*acts))) == 1
    assert Part.objects.filter(order=joint, unit=owners).count() == 1
    prove_journal()


def test_the_lead_transfers_while_another_of_it_sends_back(act, joint, cast):
    answers = at_once(
        act(joint, "transfer", "property", unit=cast.units["owners_unit"], reason="归业委会。"),
        act(joint, "send_back", "property", reason="不归我们。"),
    )
    assert len(winners(answers)) == 1
    order = now(joint)
    assert order.bounce_count == order.return_count + order.transfer_count == 1
    prove_journal()


def test_two_offices_above_decide_at_once(act, report, cast):
    order = report().order
    act(order, "accept", "desk")()
    for key, who in (("property_unit", "property"), ("department_unit", "department")):
        act(order, "dispatch", "desk", unit=cast.units[key])()
        act(order, "send_back", who, reason="不归我们。")()
    clause = DutyClause.objects.create(
        code="QZ-7", title="漏水维修", unit=cast.units["property_unit"], starts_on=cast.at.date()
    )
    acts = [
        act(order, "arbitrate", who, unit=cast.units[key], clause=clause, decision="按清单办。")
        for who, key in (("street", "property_unit"), ("commander", "department_unit"))
    ]
    # The level above may decide anew: then both were done, one after the other, and the later one holds.
    done = winners(at_once(*acts))
    last = now(order)
    assert len(done) == count(order, "arbitrate") == RoutingRule.objects.proposed().count()
    assert (last.status, last.bounce_count) == ("dispatched", 0)
    assert last.lead_unit_id in last.involved_unit_ids


def test_a_grant_and_a_second_grant_are_one(act, joint, cast):
    act(joint, "ask_contact", "department", reason="要约时间。")()
    part = part_of(joint, cast.units["department_unit"])
    acts = [act(joint, "grant_contact", who, part=part) for who in ("desk", "property")]
    assert len(winners(at_once(*acts))) == 1
    assert now(joint).contact_unit_ids == [cast.units["department_unit"].pk]
    prove_journal()


def test_two_record_the_same_meeting(act, joint, cast, later):
    units = [cast.units["owners_unit"]]
    act(joint, "call_meeting", "desk", units=units, place="门口", held_at=later(5))()
    meeting = Meeting.objects.get().pk
    promises = [Promise(cast.units["owners_unit"], "开门")]
    acts = [
        act(joint, "record_meeting", who, meeting=meeting, minutes=f"{who}记的。", promises=promises)
        for who in ("desk", "property")
    ]
    answers = at_once(*acts, act(joint, "cancel_meeting", "street", meeting=meeting, reason="下雨。"))
    assert len(winners(answers)) == 1
    assert Part.objects.filter(meeting=meeting).count() == count(joint, "record_meeting")
    prove_journal()


def test_a_motion_is_submitted_once(act, joint, cast, later):
    act(joint, "raise_motion", "desk", title="改造", words="请列入。")()
    motion = Motion.objects.get().pk
    actors = [cast.actor(who) for who in ("desk", "street")]
    acts = [
        lambda actor=actor: MOTION_VERBS["submit"](motion_id=motion, body="区人大", actor=actor, at=later(2))
        for actor in actors
    ]
    assert len(winners(at_once(*acts))) == 1
    assert Motion.objects.get().chain_seq == 2
    prove_journal()


def test_the_desk_dispatches_while_a_helper_takes_its_part(act, report, cast):
    order = report().order
    act(order, "accept", "desk")()
    act(order, "ask_assist", "desk", units=[cast.units["property_unit"]], task="先看看")()
    answers = at_once(
        act(order, "dispatch", "desk", unit=cast.units["property_unit"]), act(order, "take_part", "property")
    )
    assert winners(answers)
    last = now(order)
    assert (last.status, last.open_part_count, last.asked_unit_ids, last.helping_unit_ids) == ("dispatched", 0, [], [])
    prove_journal()
