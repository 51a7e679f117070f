"""Handing on from unit to unit, and the level above that decides after the second time (疑难工单会商)."""

import pytest

from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.models import DutyClause, Part, RoutingRule, WorkOrder
from louzhang.workorders.queries import find_order, timeline, verbs_now
from louzhang.workorders.queries.disputes import arguments_of, disputes_of


@pytest.fixture
def clause(cast):
    return DutyClause.objects.create(
        code="QZ-7", title="楼内漏水维修", unit=cast.units["property_unit"], starts_on=cast.at.date()
    )


@pytest.fixture
def dispatched(report, do, cast):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    return order


@pytest.fixture
def contested(dispatched, do, cast):
    """Sent back by the property company, then by the department."""
    do(dispatched, "send_back", "property", reason="公共管道不归物业。")
    do(dispatched, "dispatch", "desk", unit=cast.units["department_unit"])
    do(dispatched, "send_back", "department", reason="楼内的事归物业。")
    return dispatched


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def verbs_of(cast, order, person):
    found = find_order(cast.actor(person), order.number)
    return {verb.verb for verb in verbs_now(found)} if found else set()


def test_a_unit_hands_on_with_a_reason_and_is_told_no_more(dispatched, do, cast):
    with pytest.raises(InputRefused, match="理由"):
        do(dispatched, "transfer", "property", unit=cast.units["department_unit"], reason=" ")
    with pytest.raises(InputRefused, match="另选"):
        do(dispatched, "transfer", "property", unit=cast.units["property_unit"], reason="不归我们。")
    moved = do(dispatched, "transfer", "property", unit=cast.units["department_unit"], reason="是市政的管道。")
    assert (moved.status, moved.lead_unit, moved.transfer_count) == ("dispatched", cast.units["department_unit"], 1)
    do(dispatched, "comment", "department", words="新单位的看法")
    order = find_order(cast.actor("property"), dispatched.number)
    assert order is not None
    assert order.is_only_former
    assert [moment.event.verb for moment in timeline(order, cast.actor("property"))][-1] == "transfer"
    prove_journal()


def test_after_two_send_backs_nobody_but_the_level_above_decides(contested, do, cast):
    assert now(contested).is_contested
    with pytest.raises(TransitionRefused, match="上一级会商"):
        do(contested, "dispatch", "desk", unit=cast.units["property_unit"])
    assert "dispatch" not in verbs_of(cast, contested, "desk")
    assert not WorkOrder.objects.visible_to(cast.actor("desk")).waiting_for(cast.actor("desk")).exists()
    assert "arbitrate" in verbs_of(cast, contested, "street")
    assert WorkOrder.objects.visible_to(cast.actor("street")).waiting_for(cast.actor("street")).exists()


def test_a_send_back_and_a_transfer_count_together(dispatched, do, cast):
    do(dispatched, "send_back", "property", reason="不归我们。")
    do(dispatched, "dispatch", "desk", unit=cast.units["department_unit"])
    do(dispatched, "transfer", "department", unit=cast.units["enforcement_unit"], reason="归执法队。")
    for verb, given in (("send_back", {}), ("transfer", {"unit": cast.units["property_unit"]})):
        with pytest.raises(TransitionRefused, match="上一级会商"):
            do(dispatched, verb, "enforcement", reason="也不归我们。", **given)
    assert now(dispatched).is_contested
    do(dispatched, "take", "enforcement")
    assert do(dispatched, "settle", "enforcement", note="还是办了。").status == "settled"
    assert not now(dispatched).is_contested


def test_the_list_of_disputes_is_that_of_the_office_above(contested, cast):
    for person, found in (("street", 1), ("commander", 1), ("desk", 0), ("stranger_street", 0), ("property", 0)):
        assert disputes_of(cast.actor(person)).count() == found, person


def test_both_arguments_stand_side_by_side(contested, cast):
    order = find_order(cast.actor("street"), contested.number)
    assert order is not None
    arguments = arguments_of(timeline(order, cast.actor("street")))
    assert [(argument.unit, argument.words) for argument in arguments] == [
        ("演示安居物业", "公共管道不归物业。"),
        ("演示住建局", "楼内的事归物业。"),
    ]


def test_the_decision_names_a_clause_and_becomes_a_proposal(contested, do, cast, clause):
    given = {"unit": cast.units["property_unit"], "decision": "按清单由物业修。"}
    with pytest.raises(InputRefused, match="权责清单"):
        do(contested, "arbitrate", "street", clause=None, **given)
    helper = cast.units["department_unit"]
    moved = do(contested, "arbitrate", "street", clause=clause, assists=[helper], **given)
    assert (moved.status, moved.lead_unit, moved.bounce_count) == ("dispatched", cast.units["property_unit"], 0)
    assert Part.objects.get(order=moved).unit == helper
    rule = RoutingRule.objects.proposed().get()
    assert (rule.clause, rule.origin_id, rule.unit) == (clause, contested.pk, cast.units["property_unit"])
    event = Event.objects.get(subject_kind="workorder", subject_id=contested.pk, verb="arbitrate")
    assert (event.payload["clause"], event.payload["rule"]) == (clause.pk, rule.pk)
    assert not disputes_of(cast.actor("street")).exists()
    prove_journal()


def test_the_named_unit_cannot_send_it_back_without_the_level_above(contested, do, cast, clause):
    given = {"clause": clause, "decision": "按清单办。"}
    do(contested, "arbitrate", "street", unit=cast.units["property_unit"], **given)
    with pytest.raises(TransitionRefused, match="作出决定的办公室"):
        do(contested, "send_back", "property", reason="还是不归我们。")
    with pytest.raises(TransitionRefused, match="作出决定的办公室"):
        do(contested, "transfer", "property", unit=cast.units["department_unit"], reason="给他们。")
    assert verbs_of(cast, contested, "property") & {"send_back", "transfer"} == set()
    changed = do(contested, "arbitrate", "street", unit=cast.units["department_unit"], **given)
    assert changed.lead_unit == cast.units["department_unit"]


@pytest.mark.parametrize("person", ["desk", "secretary", "property", "department", "chief"])
def test_nobody_below_decides(contested, do, cast, clause, person):
    with pytest.raises(NotYours):
        do(contested, "arbitrate", person, unit=cast.units["property_unit"], clause=clause, decision="给物业。")


def test_the_level_above_decides_only_where_units_disagree(dispatched, do, cast, clause):
    with pytest.raises(NotYours):
        do(dispatched, "arbitrate", "street", unit=cast.units["property_unit"], clause=clause, decision="给物业。")


def test_a_clause_that_does_not_hold_now_is_no_ground(contested, do, cast, clause):
    DutyClause.objects.filter(pk=clause.pk).update(ended_at=cast.at)
    with pytest.raises(InputRefused, match="不适用"):
        do(contested, "arbitrate", "street", unit=cast.units["property_unit"], clause=clause, decision="给物业。")
    assert now(contested).is_contested
