"""Each part of a joint order has a clock of its own: by the hours of its unit, still while its order stands still."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from louzhang.areas.actions.hours import set_hours
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.workorders import tasks
from louzhang.workorders.actions import VERBS, add_policy, change_policy
from louzhang.workorders.actions.alarming import recompute_open_orders
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.actions.part_alarms import alarm_due_parts, recompute_open_parts
from louzhang.workorders.models import Meeting, Part, WorkOrder
from louzhang.workorders.notices import BOOK
from tests.clock_proof import prove_parts

DAY = timedelta(days=1)
LONG = ((480, 1080),)
SHORT = ((600, 960),)


def at(hour: float, *, day: int = 2) -> datetime:
    """A moment of March 2026 by the clock of the district; the 2nd is a Monday."""
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 8)


@pytest.fixture
def keeper(cast):
    return cast.actor("system_admin")


@pytest.fixture
def policies(cast, keeper):
    """Sign within two working hours, settle within eight; the company works from 10 to 16, others from 8 to 18."""
    for unit, spans in ((None, LONG), (cast.units["property_unit"], SHORT)):
        set_hours(
            unit=unit, weekdays=[1, 2, 3, 4, 5], spans=spans, starts_on=date(2026, 3, 1), reason="办公时间",
            actor=keeper, at=cast.at - DAY,
        )  # fmt: skip
    facts = {"measure": "working_minutes", "category": None, "is_urgent": None, "actor": keeper, "at": cast.at - DAY}
    return {kind: add_policy(kind=kind, amount=amount, **facts) for kind, amount in (("take", 120), ("settle", 480))}


@pytest.fixture
def act(cast):
    def do(order: WorkOrder, verb: str, person: str, when: datetime, **given: Any) -> WorkOrder:
        actor = SYSTEM if person == "system" else cast.actor(person, when)
        action: Any = VERBS[verb]
        action(order_id=order.pk, actor=actor, at=when, **given)
        return WorkOrder.objects.get(pk=order.pk)

    return do


@pytest.fixture
def joint(policies, report, act, cast):
    """On Monday at 9 the department leads; the company and the enforcement team are asked for a part each."""
    order = report().order
    act(order, "accept", "desk", at(9))
    helpers = [cast.units["property_unit"], cast.units["enforcement_unit"]]
    act(order, "dispatch", "desk", at(9), unit=cast.units["department_unit"], assists=helpers, note="请一起去看")
    return order


def part_of(order: WorkOrder, cast: Any, unit: str) -> Part:
    part: Part = Part.objects.select_related("unit", "order").get(order=order, unit=cast.units[unit])
    return part


def dues(part: Part) -> dict[str, datetime | None]:
    return {kind.value: kept.due_at for kind, kept in part.kept.items() if kept.is_running}


def prove(part: Part, when: datetime) -> None:
    """The columns of the parts are what their events and the calendar say."""
    prove_parts(part.order, when)
    prove_journal()


def test_each_unit_has_its_own_clock_by_its_own_hours(joint, cast):
    company, team = (part_of(joint, cast, unit) for unit in ("property_unit", "enforcement_unit"))
    assert dues(team) == {"take": at(11), "settle": at(17)}
    assert dues(company) == {"take": at(12), "settle": at(12, day=3)}
    assert (company.due_at, company.late_at, company.is_agreed) == (at(12, day=3), at(12), False)
    prove(company, at(9))


def test_signing_and_replying_stop_the_clocks_and_say_whether_they_were_late(joint, act, cast):
    act(joint, "take_part", "enforcement", at(10))
    team = part_of(joint, cast, "enforcement_unit")
    assert dues(team) == {"settle": at(17)}
    act(joint, "reply_part", "enforcement", at(17.5), reply="看过了，是管道的问题。")
    team = part_of(joint, cast, "enforcement_unit")
    assert (dues(team), team.late_at, team.alarm_at) == ({}, None, None)
    facts = [
        fact
        for event in Event.objects.filter(subject_kind="part", subject_id=team.pk)
        for fact in event.payload.get("clocks", ())
        if fact["do"] == "stop"
    ]
    assert [(fact["clock"], fact.get("late", False)) for fact in facts] == [("take", False), ("settle", True)]
    prove(team, at(18))


def test_a_moment_agreed_to_is_the_limit_and_no_change_of_limits_moves_it(joint, act, cast, policies, keeper):
    act(joint, "take", "department", at(9.5))
    act(joint, "ask_assist", "department", at(10), units=[cast.units["owners_unit"]], task="开水箱间", due_at=at(21))
    part = part_of(joint, cast, "owners_unit")
    assert (part.due_at, part.is_agreed) == (at(21), True)
    change_policy(policy=policies["settle"], amount=60, actor=keeper, at=at(10.5))
    recompute_open_parts(at=at(10.5))
    assert part_of(joint, cast, "owners_unit").due_at == at(21)
    prove(part_of(joint, cast, "owners_unit"), at(10.5))


def test_a_part_stands_still_while_its_order_does_and_moves_by_the_working_time_of_its_unit(joint, act, cast):
    act(joint, "pause", "desk", at(10.5), pause_for="wait", reason="反映人出差")
    part = part_of(joint, cast, "property_unit")
    assert (part.paused_at, part.late_at, part.alarm_at) == (at(10.5), None, None)
    assert part.due_at == at(12, day=3), "what was known last is still said"
    assert not part.is_late(at(9, day=20))
    assert alarm_due_parts(at=at(12, day=4)) == 0
    act(joint, "resume", "desk", at(10.5, day=3))
    part = part_of(joint, cast, "property_unit")
    # The pause holds six working hours of the company: from 10:30 to 16 on Monday, half an hour on Tuesday.
    assert dues(part) == {"take": at(12, day=3), "settle": at(12, day=4)}
    order_event = Event.objects.filter(subject_kind="workorder", subject_id=joint.pk, verb="resume").get()
    assert {move["unit"] for move in order_event.payload["parts_moved"]} == {"演示安居物业", "演示东风执法队"}
    prove(part, at(10.5, day=3))


def test_a_part_asked_for_while_the_order_stands_still_waits_with_it(joint, act, cast):
    act(joint, "pause", "desk", at(10), pause_for="pause", reason="等雨停")
    act(joint, "ask_assist", "desk", at(11), units=[cast.units["owners_unit"]], task="开水箱间")
    part = part_of(joint, cast, "owners_unit")
    assert (part.paused_at, part.late_at) == (at(11), None)
    act(joint, "resume", "desk", at(12))
    assert dues(part_of(joint, cast, "owners_unit"))["settle"] == at(10, day=3)


def test_an_order_on_the_shelf_takes_its_parts_along(joint, act, cast):
    act(joint, "shelve", "desk", at(11), explanation="要等配件到货。", review_date=date(2026, 3, 9))
    assert part_of(joint, cast, "property_unit").late_at is None
    act(joint, "unshelve", "desk", at(11, day=3))
    assert dues(part_of(joint, cast, "property_unit"))["settle"] == at(12, day=4)


def test_another_category_brings_its_limits_to_the_parts_and_says_so(joint, act, cast, keeper):
    other = cast.categories["lamp"]
    add_policy(
        kind="settle", amount=60, measure="working_minutes", category=other, is_urgent=None, actor=keeper, at=at(9)
    )
    act(joint, "recategorise", "desk", at(10), category=other)
    part = part_of(joint, cast, "property_unit")
    assert dues(part)["settle"] == at(11)
    event = Event.objects.filter(subject_kind="workorder", subject_id=joint.pk, verb="recategorise").get()
    assert event.payload["parts_moved"][0]["after"] == at(11).isoformat()
    prove(part, at(10))


def test_a_change_of_hours_computes_open_parts_again_with_a_line_in_the_history(joint, cast, keeper):
    set_hours(
        unit=cast.units["property_unit"], weekdays=[1, 2, 3, 4, 5], spans=LONG, starts_on=date(2026, 3, 2),
        reason="延长服务", actor=keeper, at=at(10),
    )  # fmt: skip
    assert recompute_open_orders(at=at(10))[0] == 0, "the order itself runs by other hours"
    assert recompute_open_parts(at=at(10)) == (1, None)
    part = part_of(joint, cast, "property_unit")
    assert dues(part) == {"take": at(11), "settle": at(17)}
    event = Event.objects.filter(subject_kind="workorder", subject_id=joint.pk, verb="recompute_part").get()
    assert event.payload["parts_moved"][0]["before"] == at(12, day=3).isoformat()
    assert recompute_open_parts(at=at(10)) == (0, None)
    prove(part, at(10))


def test_the_worker_computes_parts_again_by_its_job(joint, cast, keeper):
    set_hours(
        unit=cast.units["property_unit"], weekdays=[1, 2, 3, 4, 5], spans=LONG, starts_on=date(2026, 3, 2),
        reason="延长服务", actor=keeper, at=at(10),
    )  # fmt: skip
    tasks.recompute_part_clocks(after=0)
    assert dues(part_of(joint, cast, "property_unit"))["settle"] == at(17)


def test_the_assisting_unit_is_reminded_before_and_told_at_the_limit_once_each(joint, act, cast):
    act(joint, "take_part", "enforcement", at(9.5))
    assert alarm_due_parts(at=at(15)) == 1, "the company has not signed within two hours"
    assert alarm_due_parts(at=at(15.5)) == 1, "a fifth of the time is left"
    assert alarm_due_parts(at=at(15.5)) == 0
    assert alarm_due_parts(at=at(17)) == 0, "due at this moment is in time"
    assert alarm_due_parts(at=at(17.1)) == 1
    assert alarm_due_parts(at=at(17.2)) == 0
    verbs = Event.objects.filter(subject_kind="workorder", subject_id=joint.pk).order_by("seq")
    assert [each.verb for each in verbs][-3:] == ["overdue_part", "remind_part", "overdue_part"]
    BOOK.read(list(Event.objects.filter(subject_kind="workorder").order_by("seq")), news=timedelta(days=9999))
    told = Notice.objects.filter(user=cast.people["enforcement"], kind__in=["soon", "overdue"])
    assert set(told.values_list("kind", flat=True)) == {"soon", "overdue"}
    lead = Notice.objects.filter(user=cast.people["department"], kind="overdue")
    assert lead.exists()
    assert not Notice.objects.filter(user=cast.people["stranger_desk"], kind__in=["soon", "overdue"]).exists()
    prove(part_of(joint, cast, "enforcement_unit"), at(17.2))


def test_nobody_is_told_of_a_part_outside_the_hours_of_its_unit_except_of_red_cases(joint, cast):
    assert alarm_due_parts(at=at(20)) == 0
    assert alarm_due_parts(at=at(9, day=3)) == 1, "the team works from 8, the company from 10"
    WorkOrder.objects.filter(pk=joint.pk).update(is_urgent=True)
    assert alarm_due_parts(at=at(9, day=3)) == 1


def test_a_promise_made_on_the_spot_has_a_clock_like_any_part(joint, act, cast):
    team = cast.units["enforcement_unit"]
    act(joint, "call_meeting", "desk", at(10), units=[team], place="8号楼下", held_at=at(14))
    meeting = Meeting.objects.get()
    promises = [Promise(team, "清理堆物"), Promise(team, "补装护栏", at(12, day=5))]
    act(joint, "record_meeting", "desk", at(15), meeting=meeting.pk, minutes="都到了。", promises=promises)
    first, second = Part.objects.filter(meeting=meeting).order_by("pk")
    assert (dues(first)["settle"], first.is_agreed) == (at(13, day=3), False)
    assert (dues(second)["settle"], second.is_agreed) == (at(12, day=5), True)


def test_parts_of_a_merged_order_are_late_for_nobody_until_it_is_undone(joint, act, report, cast):
    other = report().order
    act(joint, "merge", "desk", at(10), into=other.number)
    assert part_of(joint, cast, "property_unit").late_at is None
    assert alarm_due_parts(at=at(15, day=5)) == 0
    act(joint, "unmerge", "desk", at(11))
    assert part_of(joint, cast, "property_unit").late_at == at(12)


def test_a_part_of_before_gets_its_clock_by_computing_again(joint, cast):
    Part.objects.update(clocks={}, late_at=None, alarm_at=None, is_agreed=True)
    assert recompute_open_parts(at=at(10)) == (2, None)
    part = part_of(joint, cast, "property_unit")
    assert (dues(part), part.due_at) == ({"settle": at(12, day=3)}, at(12, day=3))


def test_whoever_only_helps_reads_the_time_of_the_own_part_in_lists(joint, sign_in):
    with time_machine.travel(at(9.5), tick=False):
        company, lead = (sign_in(key).get("/desk/orders/").content.decode() for key in ("property", "department"))
        phone = sign_in("property").get("/field/orders/").content.decode()
    assert "签收还剩 2 小时" in company
    assert "签收还剩 2 小时" in phone
    assert "签收还剩 1 小时" in lead
