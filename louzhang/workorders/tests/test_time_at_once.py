"""Two people, or two workers, at the same clock at once: one of them does it, the other hears how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import add_policy
from louzhang.workorders.actions.alarming import alarm_due_orders
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.models import WorkOrder
from tests.at_once import at_once, winners
from tests.clock_proof import prove_columns

Act = Callable[..., Callable[[], Any]]


@pytest.fixture
def taken(act: Act, report: Any, cast: Any) -> WorkOrder:
    facts = {"category": None, "is_urgent": None, "actor": cast.actor("system_admin"), "at": cast.at}
    add_policy(kind="settle", amount=10, measure="hours", cap=8, **facts)
    order: WorkOrder = report().order
    act(order, "accept", "desk")()
    act(order, "dispatch", "desk", unit=cast.units["property_unit"])()
    act(order, "take", "property")()
    return order


def now(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def count(order: WorkOrder, verb: str) -> int:
    return Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb=verb).count()


def test_an_extension_is_granted_once_although_two_grant_it(act, taken, later):
    act(taken, "ask_extension", "property", amount=4, reason="要招标")()
    answers = at_once(*[act(taken, "grant_extension", who, 2) for who in ("desk", "secretary")])
    assert len(winners(answers)) == 1
    assert now(taken).kept[ClockKind.SETTLE].clock.extensions == (4,)
    prove_columns(taken, later(2))
    prove_journal()


def test_one_grants_while_the_other_refuses(act, taken):
    act(taken, "ask_extension", "property", amount=4, reason="要招标")()
    answers = at_once(
        act(taken, "grant_extension", "desk"), act(taken, "refuse_extension", "secretary", reason="已经够了")
    )
    assert len(winners(answers)) == 1
    assert now(taken).asked == ""
    assert len(now(taken).kept[ClockKind.SETTLE].clock.extensions) == count(taken, "grant_extension")
    prove_journal()


def test_two_ask_for_more_time_than_there_is_together(act, taken):
    answers = at_once(*[act(taken, "ask_extension", "property", amount=5, reason="要招标") for _ in range(2)])
    assert len(winners(answers)) == 1
    act(taken, "grant_extension", "desk")()
    answers = at_once(*[act(taken, "ask_extension", "property", amount=3, reason="还要招标") for _ in range(2)])
    act(taken, "grant_extension", "desk")()
    assert now(taken).kept[ClockKind.SETTLE].clock.room == 0
    prove_journal()


def test_time_is_stopped_once_although_two_stop_it(act, taken, later):
    answers = at_once(
        *[act(taken, "pause", who, 2, pause_for="wait", reason="等住户") for who in ("desk", "secretary")]
    )
    assert len(winners(answers)) == 1
    assert len(now(taken).kept[ClockKind.SETTLE].clock.pauses) == 1
    prove_columns(taken, later(2))


def test_time_goes_on_once_although_two_let_it(act, taken, later):
    act(taken, "pause", "desk", 2, pause_for="wait", reason="等住户")()
    answers = at_once(act(taken, "resume", "desk", 3), act(taken, "resume", "property", 3))
    assert len(winners(answers)) == 1
    assert count(taken, "resume") == 1
    prove_columns(taken, later(3))
    prove_journal()


def test_the_resident_answers_while_the_unit_lets_time_go_on(act, taken, later):
    act(taken, "pause", "desk", 2, pause_for="wait", reason="等住户")()
    at_once(act(taken, "comment", "device", 3, words="到家了"), act(taken, "resume", "property", 3))
    assert (now(taken).is_waiting, now(taken).paused_at) == (False, None)
    prove_columns(taken, later(3))
    prove_journal()


def test_the_unit_settles_while_the_desk_stops_time(act, taken, later):
    at_once(
        act(taken, "settle", "property", 2, note="已修好"),
        act(taken, "pause", "secretary", 2, pause_for="pause", reason="等"),
    )
    assert (now(taken).status, now(taken).paused_at, now(taken).due_at) == ("settled", None, None)
    prove_columns(taken, later(2))


def test_two_workers_tell_of_a_clock_once(act, taken, later):
    told = at_once(*[lambda: alarm_due_orders(at=later(23)) for _ in range(3)])
    assert sum(told) == 1
    assert count(taken, "overdue") == 1
    prove_journal()


def test_a_worker_tells_while_the_unit_settles(act, taken, later):
    at_once(lambda: alarm_due_orders(at=later(23)), act(taken, "settle", "property", 23, note="已修好"))
    assert now(taken).status == "settled"
    assert count(taken, "overdue") <= 1
    prove_journal()
