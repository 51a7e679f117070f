"""Who hears of joint work, of pressing from above and below, and of explanations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.notices.queries import inbox
from louzhang.workorders.actions import (
    accept_workorder,
    dispatch_workorder,
    refute_workorder,
    settle_workorder,
    take_workorder,
    verify_workorder,
)
from louzhang.workorders.actions.asking_time import PauseFor, ask_pause, grant_pause
from louzhang.workorders.actions.assisting import ask_assist, reply_part, take_part
from louzhang.workorders.actions.pressing import escalate_workorder, urge_workorder
from louzhang.workorders.actions.supervising import reply_supervision, sign_supervision, supervise_workorder
from louzhang.workorders.models import Category

WHAT = "“漏水”（12号楼 2单元）"


def told(cast, key):
    return [(notice.title, notice.is_red) for notice in inbox(cast.actor(key))]


@pytest.fixture
def order(cast, report, read, later):
    """One that the department has in hand, with nothing unread about it."""
    order = report().order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=later(0))
    dispatch_workorder(order_id=order.pk, unit=cast.units["department_unit"], actor=desk, at=later(1))
    take_workorder(order_id=order.pk, actor=cast.actor("department"), at=later(2))
    read()
    for key in cast.people:
        inbox(cast.actor(key)).delete()
    order.refresh_from_db()
    return order


def test_a_unit_asked_to_help_hears_it_and_the_lead_hears_its_reply(cast, order, read, later):
    unit = cast.units["property_unit"]
    ask_assist(order_id=order.pk, units=[unit], task="关水阀", actor=cast.actor("desk"), at=later(10))
    read()
    assert told(cast, "property") == [(f"请您单位协办：{WHAT}", False)]
    assert told(cast, "department") == told(cast, "other_property") == []
    take_part(order_id=order.pk, actor=cast.actor("property"), at=later(20))
    reply_part(order_id=order.pk, reply="已经关了", actor=cast.actor("property"), at=later(30))
    read()
    assert told(cast, "department") == [(f"协办单位有了回复：{WHAT}", False)]


def test_urging_reaches_those_who_have_it(cast, order, read, later):
    urge_workorder(order_id=order.pk, words="还在漏", actor=cast.device, at=later(60 * 24))
    read()
    assert told(cast, "department") == [(f"有人催办：{WHAT}", False)]
    assert told(cast, "desk") == []


def test_supervision_is_red_for_those_who_have_it_and_its_reply_goes_to_who_asked(cast, order, read, later):
    day = clock.local_date(cast.at) + timedelta(days=2)
    street = cast.actor("street")
    supervise_workorder(order_id=order.pk, demand="两天内办好", due_date=day, actor=street, at=later(60))
    read()
    assert told(cast, "department") == [(f"上级督办，请签收：{WHAT}", True)]
    assert told(cast, "desk") == [(f"上级督办：{WHAT}", False)]
    assert told(cast, "street") == []
    sign_supervision(order_id=order.pk, actor=cast.actor("department"), at=later(70))
    reply_supervision(order_id=order.pk, reply="明天换管", actor=cast.actor("department"), at=later(80))
    read()
    assert told(cast, "street") == [(f"督办有了回复：{WHAT}", False)]
    assert told(cast, "stranger_street") == []


def test_what_is_escalated_is_new_at_the_desk_above(cast, report, read, later):
    order = report().order
    escalate_workorder(order_id=order.pk, reason="要上级协调", actor=cast.actor("desk"), at=later(10))
    read()
    assert (f"提级到您这里办理：{WHAT}", False) in told(cast, "street")


def test_asking_for_time_reaches_the_desk_and_the_answer_who_asked(cast, order, read, later):
    department, desk = cast.actor("department"), cast.actor("desk")
    ask_pause(order_id=order.pk, pause_for=PauseFor.WAIT, reason="等配件", actor=department, at=later(10))
    read()
    assert told(cast, "desk") == [(f"申请暂停计时，请答复：{WHAT}", False)]
    grant_pause(order_id=order.pk, actor=desk, at=later(20))
    read()
    assert told(cast, "department") == [(f"同意暂停计时：{WHAT}", False)]


def test_overdue_reaches_those_who_have_it_and_the_office_above_the_desk(cast, order, read):
    record(order, "overdue", actor=SYSTEM, at=cast.at, payload={"area": cast.areas["street"].pk})
    read()
    assert told(cast, "department") == [(f"已经超期：{WHAT}", False)]
    assert told(cast, "street") == [(f"下级超期，请过问：{WHAT}", False)]
    assert told(cast, "stranger_street") == told(cast, "commander") == []


@pytest.fixture
def to_look_at(cast, order, read, later):
    """Settled by the department, in a category of which somebody has to look before it may be closed."""
    Category.objects.filter(pk=order.category_id).update(is_verified_on_spot=True)
    settle_workorder(order_id=order.pk, note="换好了", actor=cast.actor("department"), at=later(60))
    read()
    return order


def test_who_looks_after_the_place_is_asked_to_look_at_what_was_done(cast, to_look_at):
    for key in ("chief", "grid_worker"):
        assert told(cast, key) == [(f"办好了，请到现场核实：{WHAT}", False)]
    assert told(cast, "next_chief") == told(cast, "stranger_chief") == []
    assert told(cast, "desk") == [(f"办好了，请向反映人反馈：{WHAT}", False)]


def test_nobody_is_asked_to_look_where_the_category_does_not_ask(cast, order, read, later):
    settle_workorder(order_id=order.pk, note="换好了", actor=cast.actor("department"), at=later(60))
    read()
    assert told(cast, "chief") == []


def test_desk_and_unit_hear_that_it_was_looked_at(cast, to_look_at, read, later):
    verify_workorder(order_id=to_look_at.pk, note="看过了", actor=cast.actor("chief"), at=later(90))
    read()
    assert (f"现场核实过了：{WHAT}", False) in told(cast, "desk")
    assert told(cast, "department") == [(f"现场核实过了：{WHAT}", False)]


def test_desk_and_unit_hear_that_it_was_not_done(cast, to_look_at, read, later):
    refute_workorder(order_id=to_look_at.pk, reason="还在漏", actor=cast.actor("chief"), at=later(90))
    read()
    assert (f"现场核实没有办好，重新办理：{WHAT}", False) in told(cast, "desk")
    assert told(cast, "department") == [(f"现场核实没有办好：{WHAT}", False)]
