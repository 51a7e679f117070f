"""Which step of an order tells whom, what it says, and who never learns."""

from __future__ import annotations

from louzhang.journal.readers import readers
from louzhang.notices.models import Notice
from louzhang.notices.queries import inbox
from louzhang.workorders.actions import (
    accept_workorder,
    assign_workorder,
    comment_workorder,
    dispatch_workorder,
    send_back_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.notices import RULES


def told(cast, key):
    actor = cast.device if key == "device" else cast.actor(key)
    return [notice.title for notice in inbox(actor)]


def test_the_desk_hears_of_a_new_report_and_nobody_else_does(cast, report, read):
    report()
    read()
    assert told(cast, "desk") == told(cast, "secretary") == ["新反映等待受理：“漏水”（12号楼 2单元）"]
    for key in set(cast.people) - {"desk", "secretary"}:
        assert told(cast, key) == [], key


def test_no_notice_repeats_what_people_wrote(cast, report, read):
    order = report().order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at, note="给王小明回过电话")
    read()
    assert Notice.objects.exists()
    for notice in Notice.objects.all():
        assert "王" not in notice.title + notice.url
        assert "139" not in notice.title + notice.url


def test_whoever_did_it_is_not_told_of_it(cast, report, read):
    report(actor=cast.actor("desk"), is_for_another=True)
    read()
    assert told(cast, "desk") == []
    assert told(cast, "secretary") != []


def test_a_unit_hears_what_it_is_given_and_then_only_the_one_it_names(cast, report, read):
    order = report().order
    desk, lead = cast.actor("desk"), cast.actor("department_lead")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["department_unit"], actor=desk, at=cast.at)
    read()
    assert told(cast, "department") == told(cast, "department_lead") == ["交给您办：“漏水”（12号楼 2单元）"]
    assert told(cast, "property") == []
    Notice.objects.all().delete()
    assign_workorder(order_id=order.pk, seat=cast.posts["department"], actor=lead, at=cast.at)
    read()
    assert told(cast, "department") == ["指定由您办：“漏水”（12号楼 2单元）"]
    assert told(cast, "department_lead") == []


def test_a_seat_in_the_field_opens_the_order_on_the_phone(cast, report, read):
    order = report().order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    unit = cast.units["community_office"]
    dispatch_workorder(order_id=order.pk, unit=unit, seat=cast.posts["chief"], actor=desk, at=cast.at)
    read()
    (notice,) = inbox(cast.actor("chief"))
    assert notice.url == f"/field/orders/{order.number}/"


def test_the_reporter_hears_of_each_public_step_and_no_other_phone_does(cast, report, read, later):
    order = report().order
    desk, worker = cast.actor("desk"), cast.actor("department")
    accept_workorder(order_id=order.pk, actor=desk, at=later(10))
    dispatch_workorder(order_id=order.pk, unit=cast.units["department_unit"], actor=desk, at=later(20))
    take_workorder(order_id=order.pk, actor=worker, at=later(30))
    settle_workorder(order_id=order.pk, note="修好了", actor=worker, at=later(40))
    read()
    assert told(cast, "device") == [
        "您反映的“漏水”（12号楼 2单元）办好了，等待向您反馈。",
        "您反映的“漏水”（12号楼 2单元）正在办。",
        "您反映的“漏水”（12号楼 2单元）已交给演示住建局。",
        "您反映的“漏水”（12号楼 2单元）已经受理，正在安排。",
    ]
    assert not inbox(cast.other_device).exists()


def test_the_desk_hears_what_comes_back(cast, report, read, later):
    order = report().order
    desk, worker = cast.actor("desk"), cast.actor("department")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["department_unit"], actor=desk, at=cast.at)
    send_back_workorder(order_id=order.pk, reason="不归我们管", actor=worker, at=later(60))
    read()
    assert told(cast, "desk")[0] == "被退回，请重新交办：“漏水”（12号楼 2单元）"


def test_only_the_reporters_own_words_are_told_on(cast, report, read, later):
    order = report().order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    comment_workorder(order_id=order.pk, words="内部商量", actor=cast.actor("secretary"), at=later(10))
    read()
    assert not Notice.objects.filter(kind="said").exists()
    comment_workorder(order_id=order.pk, words="又漏了", actor=cast.device, at=later(20))
    read()
    assert set(Notice.objects.filter(kind="said").values_list("user_id", flat=True)) == {
        cast.people["desk"].pk,
        cast.people["secretary"].pk,
    }


def test_a_complaint_is_told_to_nobody_it_names_and_says_no_more_than_its_number(cast, report, read):
    from louzhang.workorders.actions.reporting import Target

    target = Target(unit=cast.units["community_office"])
    order = report(category=cast.categories["complaint"], target=target).order
    read()
    assert told(cast, "desk") == told(cast, "secretary") == []
    assert told(cast, "street") == [f"新反映等待受理：事项 {order.number}"]


def test_a_person_named_in_a_complaint_does_not_hear_of_it_at_the_same_desk(cast, report, read):
    from louzhang.workorders.actions.reporting import Target

    target = Target(user_id=cast.people["street"].pk, unit=cast.units["property_unit"])
    report(category=cast.categories["complaint"], target=target)
    read()
    assert told(cast, "street") == []


def test_what_happened_long_ago_is_no_news(cast, report):
    from louzhang.journal.actions import read_new_events

    report()
    read_new_events(at=cast.at)
    assert not Notice.objects.exists()


def test_every_rule_names_a_verb_that_exists_and_the_reader_is_registered():
    verbs = {transition.verb for transition in LOOP} | {"report"}
    assert {rule.verb for rule in RULES} <= verbs
    assert "workorder_notices" in {reader.name for reader in readers()}
