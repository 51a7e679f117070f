"""Routing rules: which one decides, which can no longer, how they are kept in order, how one is proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from louzhang.areas.actions import add_unit, end_unit
from louzhang.areas.models import UnitKind
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.workorders.actions import (
    accept_rule,
    accept_workorder,
    add_clause,
    add_rule,
    change_rule,
    decline_rule,
    dispatch_workorder,
    end_category,
    end_clause,
    end_rule,
    move_rule,
    propose_rule,
)
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import Category, RoutingRule
from louzhang.workorders.queries.duties import search_clauses
from louzhang.workorders.queries.proposals import Basis, propose
from louzhang.workorders.queries.routing import faults_of, rules_in_force
from louzhang.workorders.windows import Window
from tests.cast import MORNING

TODAY = clock.local_date(MORNING)


@pytest.fixture
def keeper(cast):
    return cast.actor("system_admin")


@pytest.fixture
def add(cast, keeper):
    def make(unit="property_unit", **columns):
        return add_rule(unit=cast.units[unit], actor=keeper, at=MORNING, **columns)

    return make


@pytest.fixture
def leak(cast, report):
    order = report().order
    return accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=MORNING)


def proposed(order, at=MORNING):
    proposal = propose(order, at)
    assert proposal is not None
    return proposal


def in_order():
    return [(rule.position, rule.pk) for rule in rules_in_force()]


def faults(*, day=TODAY):
    return {pk: sentences[0] for pk, sentences in faults_of(rules_in_force(), day).items()}


# Which rule decides.


def test_the_first_rule_that_matches_decides_and_says_why(cast, add, leak):
    add("department_unit", category=cast.categories["lamp"])
    add("owners_unit", category=cast.categories["leak"], area=cast.areas["next_community"])
    rule = add(category=cast.categories["leak"], area=cast.areas["community"])
    add("department_unit")
    proposal = proposed(leak, MORNING)
    assert (proposal.unit, proposal.basis, proposal.rule) == (cast.units["property_unit"], Basis.RULE, rule)
    assert proposal.why == "按第 3 条规则，“设施 › 漏水”在彩虹社区由演示安居物业承办。"
    assert proposal.facts == {"unit": proposal.unit.pk, "basis": "rule", "rule": rule.pk, "number": 3}


def test_a_rule_for_a_group_holds_for_its_categories_and_one_for_nothing_for_all(cast, add, leak):
    add("department_unit")
    group = add(category=Category.objects.get(code="ss"), number=1)
    assert proposed(leak, MORNING).rule == group


def test_a_rule_decides_only_in_its_window(cast, add, leak):
    rule = add(weekdays=[6, 7], opens=time(22), closes=time(6))
    monday_night = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in the district
    saturday_night = monday_night + timedelta(days=5)
    assert proposed(leak, monday_night).rule is None
    assert proposed(leak, saturday_night).rule == rule
    assert "周六、周日，22:00 至 次日 06:00" in proposed(leak, saturday_night).why


def test_a_rule_rests_on_a_clause_and_says_so(cast, add, keeper, leak):
    clause = add_clause(code="QZ-1", title="公共水管维修", unit=cast.units["property_unit"], actor=keeper, at=MORNING)
    add(category=cast.categories["leak"], clause=clause)
    assert proposed(leak, MORNING).why.endswith("由演示安居物业承办，依据权责清单 QZ-1“公共水管维修”。")


def test_without_a_rule_the_duty_list_then_habit_then_the_office_decide(cast, keeper, report, leak):
    desk = cast.actor("desk")
    office = proposed(leak, MORNING)
    assert (office.basis, office.unit) == (Basis.OFFICE, cast.units["community_office"])
    assert "地点归彩虹社区" in office.why
    for unit in ("property_unit", "property_unit", "owners_unit"):
        order = report().order
        accept_workorder(order_id=order.pk, actor=desk, at=MORNING)
        dispatch_workorder(order_id=order.pk, unit=cast.units[unit], actor=desk, at=MORNING)
    habit = proposed(leak, MORNING)
    assert (habit.basis, habit.unit) == (Basis.PRECEDENT, cast.units["property_unit"])
    assert habit.why == "没有规则管这件事，彩虹社区最近 3 件“漏水”里有 2 件由演示安居物业承办。"
    facts = {"title": "管网", "category": cast.categories["leak"], "actor": keeper, "at": MORNING}
    add_clause(code="A", unit=cast.units["other_property_unit"], **facts)  # does not serve this place
    assert proposed(leak, MORNING).basis == Basis.PRECEDENT
    named = add_clause(code="B", unit=cast.units["department_unit"], **facts)
    found = proposed(leak, MORNING)
    assert (found.basis, found.clause, found.unit) == (Basis.CLAUSE, named, cast.units["department_unit"])
    assert found.why == "没有规则管这件事，权责清单 B“管网”写明由演示住建局负责。"


def test_a_unit_that_may_not_have_the_order_is_passed_over(cast, add, report):
    guarded = report(category=cast.categories["guarded"]).order
    add("property_unit")
    allowed = add("department_unit")
    assert proposed(guarded, MORNING).rule == allowed


def test_a_complaint_is_never_proposed_to_whom_it_names_nor_by_habit(cast, add, report):
    order = report(category=cast.categories["complaint"], target=Target(unit=cast.units["property_unit"])).order
    add("property_unit", category=cast.categories["complaint"])
    proposal = proposed(order, MORNING)
    assert proposal.unit != cast.units["property_unit"]
    assert proposal.basis == Basis.OFFICE


def test_a_proposal_by_rule_costs_one_query_and_by_office_few(
    add, leak, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(7):
        proposed(leak, MORNING)
    add()
    with django_assert_num_queries(1):
        proposed(leak, MORNING)


# Rules that can no longer match.


def test_a_rule_whose_category_or_unit_ended_or_whose_period_is_over_says_so(cast, add, keeper):
    lamp = add(category=cast.categories["lamp"])
    cast.units["school"] = add_unit(name="演示小学", kind=UnitKind.PARTNER, actor=keeper, at=MORNING)
    school = add("school", category=cast.categories["wall"])
    winter = add("department_unit", starts_on=date(2025, 11, 1), ends_on=TODAY)
    assert faults(day=TODAY - timedelta(days=1)) == {}
    end_category(category=cast.categories["lamp"], reason="并入设施", actor=keeper, at=MORNING)
    end_unit(unit=cast.units["school"], reason="合并", actor=keeper, at=MORNING)
    assert faults() == {
        lamp.pk: "类别“楼道灯”已停用，这条规则不会再用到。",
        school.pk: "承办单位“演示小学”已停用，这条规则不会再用到。",
        winter.pk: "期限到 2026-03-02 已经过了，这条规则不会再用到。",
    }


def test_a_rule_behind_a_wider_one_says_so(cast, add):
    add(area=cast.areas["community"])
    behind = add("department_unit", category=cast.categories["leak"], area=cast.areas["building"], weekdays=[1])
    beside = add("department_unit", area=cast.areas["street"])
    assert faults() == {behind.pk: "第 1 条已经管了这些，轮不到这一条。"}
    assert beside.pk not in faults()


def test_a_rule_that_cannot_match_itself_shadows_nothing(cast, add):
    add(ends_on=TODAY)
    behind = add("department_unit")
    assert behind.pk not in faults()


HOURS = st.one_of(
    st.just((None, None)),
    st.tuples(st.times(), st.times()).map(lambda pair: tuple(t.replace(second=0, microsecond=0) for t in pair)),
).filter(lambda pair: pair[0] is None or pair[0] != pair[1])
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 20)))


MOMENTS = st.builds(datetime.combine, st.dates(date(2025, 12, 25), date(2026, 1, 31)), st.times())


@st.composite
def windows(draw):
    opens, closes = draw(HOURS)
    weekdays = draw(st.frozensets(st.integers(1, 7)))
    return Window(weekdays, opens, closes, draw(DAYS), draw(DAYS))


@given(windows(), windows(), MOMENTS)
def test_a_window_that_covers_another_holds_whenever_that_one_does(wide, narrow, moment):
    if wide.covers(narrow) and narrow.holds(moment):
        assert wide.holds(moment)


@given(windows())
def test_every_window_covers_itself_and_is_covered_by_the_open_one(window):
    assert window.covers(window)
    assert Window().covers(window)


# Keeping them.


def test_rules_are_numbered_without_gaps_whatever_is_done(add, keeper):
    a, b, c, d = (add() for _ in range(4))
    assert in_order() == [(1, a.pk), (2, b.pk), (3, c.pk), (4, d.pk)]
    move_rule(rule=d, number=2, seen=4, actor=keeper, at=MORNING)
    assert in_order() == [(1, a.pk), (2, d.pk), (3, b.pk), (4, c.pk)]
    move_rule(rule=a, number=3, seen=1, actor=keeper, at=MORNING)
    assert in_order() == [(1, d.pk), (2, b.pk), (3, a.pk), (4, c.pk)]
    end_rule(rule=b, reason="不再需要", actor=keeper, at=MORNING)
    new = add(number=1)
    assert in_order() == [(1, new.pk), (2, d.pk), (3, a.pk), (4, c.pk)]
    prove_journal()


def test_a_move_on_an_order_that_somebody_changed_is_refused(add, keeper):
    first, second = add(), add()
    move_rule(rule=second, number=1, seen=2, actor=keeper, at=MORNING)
    with pytest.raises(Conflict, match="刚刚调整了规则的顺序"):
        move_rule(rule=first, number=2, seen=1, actor=keeper, at=MORNING)
    with pytest.raises(InputRefused, match="1 到 2"):
        move_rule(rule=first, number=3, seen=2, actor=keeper, at=MORNING)


def test_two_rules_in_force_cannot_have_one_number(add):
    first, second = add(), add()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingRule.objects.filter(pk=second.pk).update(position=first.position)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"opens": time(8)}, "closes"),
        ({"opens": time(8), "closes": time(8)}, "closes"),
        ({"weekdays": [8]}, "weekdays"),
        ({"starts_on": TODAY, "ends_on": TODAY}, "ends_on"),
        ({"seat_role": "chief"}, "seat_role"),
        ({"number": 9}, "number"),
    ],
)
def test_half_a_rule_is_refused(add, said, field):
    with pytest.raises(InputRefused) as refused:
        add(**said)
    assert refused.value.field == field
    assert not RoutingRule.objects.exists()


def test_a_change_keeps_what_it_was_and_an_ended_rule_cannot_change(cast, add, keeper):
    rule = add(category=cast.categories["leak"])
    change_rule(rule=rule, actor=keeper, at=MORNING, area=cast.areas["street"], weekdays=[5, 1, 1])
    event = Event.objects.get(subject_kind="routing_rule", verb="change")
    assert event.payload["changed"] == ["地点", "周几"]
    assert event.payload["before"] == "“设施 › 漏水”在全区交给演示安居物业"
    assert event.payload["rule"] == "“设施 › 漏水”在东风街道（周一、周五）交给演示安居物业"
    with pytest.raises(InputRefused, match="原因"):
        end_rule(rule=rule, reason=" ", actor=keeper, at=MORNING)
    end_rule(rule=rule, reason="改由街道办", actor=keeper, at=MORNING)
    with pytest.raises(Conflict, match="已经停用"):
        change_rule(rule=rule, actor=keeper, at=MORNING, note="x")


@pytest.mark.parametrize("key", ["desk", "commander", "security_admin", "chief", "property"])
def test_only_the_system_administrator_keeps_the_rules(cast, add, key):
    rule, actor = add(), cast.actor(key)
    for act in (
        lambda: add_rule(unit=cast.units["owners_unit"], actor=actor, at=MORNING),
        lambda: change_rule(rule=rule, actor=actor, at=MORNING, note="x"),
        lambda: move_rule(rule=rule, number=1, seen=1, actor=actor, at=MORNING),
        lambda: end_rule(rule=rule, reason="x", actor=actor, at=MORNING),
    ):
        with pytest.raises(NotYours):
            act()


# Proposing one.


def test_what_was_learnt_from_an_order_is_proposed_and_decides_once_accepted(cast, keeper, leak):
    clause = add_clause(code="QZ-1", title="管网", unit=cast.units["department_unit"], actor=keeper, at=MORNING)
    rule = propose_rule(clause=clause, order=leak, actor=cast.actor("street"), at=MORNING)
    assert (rule.category, rule.area, rule.unit) == (leak.category, cast.areas["community"], clause.unit)
    assert (rule.position, rule.origin, rule.is_proposed) == (0, leak, True)
    assert proposed(leak, MORNING).rule is None
    with pytest.raises(NotYours):
        accept_rule(rule=rule, actor=cast.actor("street"), at=MORNING)
    accept_rule(rule=rule, actor=keeper, at=MORNING)
    assert proposed(leak, MORNING).rule == rule
    with pytest.raises(Conflict, match="已经采用"):
        accept_rule(rule=rule, actor=keeper, at=MORNING)
    prove_journal()


def test_a_proposed_rule_is_declined_with_a_reason(cast, keeper, leak):
    unit = cast.units["owners_unit"]
    rule = propose_rule(clause=None, order=leak, unit=unit, actor=cast.actor("desk"), at=MORNING)
    with pytest.raises(InputRefused):
        decline_rule(rule=rule, reason="", actor=keeper, at=MORNING)
    decline_rule(rule=rule, reason="业委会没有维修队", actor=keeper, at=MORNING)
    with pytest.raises(Conflict):
        accept_rule(rule=rule, actor=keeper, at=MORNING)


def test_nobody_proposes_from_an_order_out_of_scope_nor_without_an_office(cast, leak):
    for key, refusal in (("stranger_desk", NotThere), ("property", NotYours), ("chief", NotYours)):
        with pytest.raises(refusal):
            propose_rule(clause=None, order=leak, unit=cast.units["owners_unit"], actor=cast.actor(key), at=MORNING)


# The duty list.


def test_clauses_are_found_by_every_part_typed_while_they_hold(cast, keeper):
    facts = {"actor": keeper, "at": MORNING}
    lamp = add_clause(code="QZ-12", title="楼道照明维修", unit=cast.units["property_unit"], matter="公共灯具", **facts)
    water = add_clause(code="QZ-13", title="供水管网", unit=cast.units["department_unit"], **facts)
    assert search_clauses("楼道 物业", MORNING) == [lamp]
    assert search_clauses("qz", MORNING, unit=cast.units["department_unit"]) == [water, lamp]
    end_clause(clause=lamp, reason="修订", **facts)
    assert search_clauses("楼道", MORNING) == []
    with pytest.raises(Conflict, match="已经在用"):
        add_clause(code="QZ-13", title="x", unit=cast.units["property_unit"], **facts)
