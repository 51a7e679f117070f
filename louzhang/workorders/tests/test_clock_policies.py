"""The limits of the clocks: which one holds, how they are kept, the examples."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from louzhang.areas.queries.working_time import working_time
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.workorders.actions import add_policy, change_policy, end_policy, load_preset
from louzhang.workorders.clocks import ClockKind, ClockState, Limit, Measure, Pause, read
from louzhang.workorders.models import Category, ClockPolicy
from louzhang.workorders.queries.policies import list_policies, load_policies, policy_for
from louzhang.workorders.starter.presets import presets
from tests.cast import MORNING

SETTLE = ClockKind.SETTLE


@pytest.fixture
def keeper(cast):
    return cast.actor("system_admin")


@pytest.fixture
def add(cast, keeper):
    def make(category=None, *, is_urgent=None, kind="settle", amount=5, measure="working_days", **more):
        row = {"is_urgent": is_urgent, "kind": kind, "amount": amount, "measure": measure} | more
        return add_policy(category=category, **row, actor=keeper, at=MORNING)

    return make


def amount_for(category):
    policy = policy_for(category, SETTLE, is_urgent=False)
    assert policy is not None
    return policy.amount


def test_the_most_specific_limit_wins_category_before_urgency(cast, add):
    leak, group = cast.categories["leak"], Category.objects.get(code="ss")
    steps = [
        (None, None), (None, True), (group, None), (group, True), (leak, None), (leak, True),
    ]  # fmt: skip
    for amount, (category, is_urgent) in enumerate(steps, start=1):
        assert policy_for(leak, SETTLE, is_urgent=True) is None or amount > 1
        made = add(category, is_urgent=is_urgent, amount=amount)
        assert policy_for(leak, SETTLE, is_urgent=True) == made
    assert amount_for(leak) == 5
    assert amount_for(cast.categories["lamp"]) == 3
    assert policy_for(leak, ClockKind.TAKE, is_urgent=True) is None


def test_all_limits_of_many_orders_cost_one_query(cast, add, django_assert_num_queries):
    add(amount=3)
    add(kind="take", amount=30, measure="working_minutes")
    with django_assert_num_queries(1):
        table = load_policies()
        found = [table.policies_for(category, is_urgent=False) for category in cast.categories.values()]
    assert {kind: policy.amount for kind, policy in found[0].items()} == {ClockKind.TAKE: 30, SETTLE: 3}


def test_a_policy_makes_the_clock_of_an_order(cast, add):
    policy = add(amount=5, cap=10, warn_share=30)
    pause = Pause(MORNING, MORNING)
    clock = policy.clock(MORNING, pauses=(pause,), extensions=(4,))
    assert (clock.limit, clock.cap, clock.warn_share) == (Limit(5, Measure.WORKING_DAYS), 10, 30)
    assert (clock.pauses, clock.room) == ((pause,), 6)
    assert read(clock, working_time(), MORNING).state is ClockState.RUNNING
    assert (policy.spoken_cap, add(kind="take").spoken_cap) == ("10 个工作日", "不能延长")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "sleep"}, "kind"),
        ({"measure": "moons"}, "measure"),
        ({"amount": 0}, "amount"),
        ({"amount": 261}, "amount"),
        ({"amount": 9000, "measure": "hours"}, "amount"),
        ({"cap": -1}, "cap"),
        ({"cap": 261}, "cap"),
        ({"warn_share": 0}, "warn_share"),
        ({"warn_share": 100}, "warn_share"),
    ],
)
def test_half_a_limit_is_refused(add, said, field):
    with pytest.raises(InputRefused) as refused:
        add(**said)
    assert refused.value.field == field
    assert not ClockPolicy.objects.exists()


@pytest.mark.parametrize("is_urgent", [None, True])
def test_two_limits_for_the_same_are_refused_also_where_nothing_is_named(add, is_urgent):
    add(is_urgent=is_urgent)
    with pytest.raises(Conflict, match="已经有时限"):
        add(is_urgent=is_urgent, amount=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPolicy.objects.create(is_urgent=is_urgent, kind="settle", amount=1, measure="hours")


@pytest.mark.parametrize("facts", [{"kind": "x"}, {"measure": "x"}, {"amount": 0}, {"warn_share": 100}])
def test_the_database_itself_refuses_half_a_limit(db, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPolicy.objects.create(**({"kind": "take", "amount": 1, "measure": "hours"} | facts))


def test_a_change_keeps_what_was_and_an_end_lets_the_next_one_hold(cast, add, keeper):
    leak = cast.categories["leak"]
    general, own = add(amount=5), add(leak, amount=2)
    change_policy(policy=own, amount=3, source="区里的通知", actor=keeper, at=MORNING)
    event = Event.objects.get(subject_kind="clock_policy", subject_id=own.pk, verb="change")
    assert event.payload["before"] == {"amount": 2, "source": ""}
    assert event.payload["changed"] == ["时限", "依据"]
    change_policy(policy=own, amount=3, actor=keeper, at=MORNING)
    assert Event.objects.filter(subject_id=own.pk, subject_kind="clock_policy", verb="change").count() == 1
    with pytest.raises(InputRefused):
        end_policy(policy=own, reason=" ", actor=keeper, at=MORNING)
    end_policy(policy=own, reason="不再单列", actor=keeper, at=MORNING)
    assert policy_for(leak, SETTLE, is_urgent=False) == general
    for again in (
        lambda: end_policy(policy=own, reason="再来", actor=keeper, at=MORNING),
        lambda: change_policy(policy=own, amount=9, actor=keeper, at=MORNING),
    ):
        with pytest.raises(Conflict, match="已经停用"):
            again()
    assert [row.policy for row in list_policies()] == [general]
    assert len(list_policies(with_ended=True)) == 2
    add(leak, amount=1)


def test_every_example_can_be_loaded_and_says_that_it_is_one(cast, keeper):
    made = 0
    for preset in presets():
        did = load_preset(key=preset.key, actor=keeper, at=MORNING)
        assert did.ended == made
        made = did.made
        assert made + did.without_category == len(preset.limits)
        rows = ClockPolicy.objects.filter(ended_at=None)
        assert {(row.is_example, row.source) for row in rows} == {(True, preset.name)}


def test_the_examples_say_what_their_places_publish(cast, keeper):
    Category.objects.create(code="water-power-heat", name="水电气热")
    heat = Category.objects.create(
        code="heating", name="供暖不热", parent=Category.objects.get(code="water-power-heat")
    )
    lamp = cast.categories["lamp"]

    def told(category, kind, *, is_urgent):
        policy = policy_for(category, kind, is_urgent=is_urgent)
        assert policy is not None
        return policy.limit.spoken, policy.spoken_cap

    load_preset(key="beijing", actor=keeper, at=MORNING)
    assert told(lamp, ClockKind.TAKE, is_urgent=True) == ("1 小时", "不能延长")
    assert told(heat, ClockKind.TAKE, is_urgent=False) == ("2 小时", "不能延长")
    assert told(heat, ClockKind.TAKE, is_urgent=True) == ("1 小时", "不能延长")
    assert told(heat, SETTLE, is_urgent=False) == ("24 小时", "不能延长")
    assert told(lamp, SETTLE, is_urgent=False) == ("168 小时", "192 小时")
    load_preset(key="shandong", actor=keeper, at=MORNING)
    assert told(heat, SETTLE, is_urgent=True) == ("5 个工作日", "10 个工作日")
    assert told(lamp, ClockKind.TAKE, is_urgent=False) == ("2 个工作日", "不能延长")


def test_loading_an_example_leaves_what_the_district_has_said_itself(cast, add, keeper):
    load_preset(key="shandong", actor=keeper, at=MORNING)
    own = ClockPolicy.objects.get(kind="settle")
    change_policy(policy=own, amount=7, actor=keeper, at=MORNING)
    did = load_preset(key="plain", actor=keeper, at=MORNING)
    assert (did.ended, did.kept, did.made) == (1, 1, 5)
    assert amount_for(cast.categories["lamp"]) == 7
    with pytest.raises(InputRefused):
        load_preset(key="nowhere", actor=keeper, at=MORNING)


@pytest.mark.parametrize("key", ["desk", "commander", "security_admin", "audit_admin", "resident"])
def test_nobody_else_keeps_the_limits(cast, add, key):
    policy, actor = add(), cast.actor(key)
    facts: dict[str, Any] = {"is_urgent": None, "kind": "take", "amount": 1, "measure": "hours"}
    for attempt in (
        lambda: add_policy(category=None, **facts, actor=actor, at=MORNING),
        lambda: change_policy(policy=policy, amount=1, actor=actor, at=MORNING),
        lambda: end_policy(policy=policy, reason="x", actor=actor, at=MORNING),
        lambda: load_preset(key="plain", actor=actor, at=MORNING),
    ):
        with pytest.raises(NotYours):
            attempt()
