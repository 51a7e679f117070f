"""Duty through the actions: whose list is whose to plan, who is called when, what is signed over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from louzhang.duty.actions import add_shift, call_due, cancel_shift, countersign_handover, write_handover
from louzhang.duty.lifecycle import HandoverState
from louzhang.duty.models import DutyCall, Handover, Shift
from louzhang.duty.notices import CALLS, HANDOVERS
from louzhang.duty.queries import find_handover, orders_of, people_of, words_of
from louzhang.duty.tests.conftest import make_red, put_on_duty
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.workorders.actions import VERBS, accept_workorder, dispatch_workorder, take_workorder
from louzhang.workorders.models import WorkOrder
from tests.at_once import at_once, winners
from tests.cast import make_cast


def minutes(cast, count):
    return cast.at + timedelta(minutes=count)


def called(order):
    return list(DutyCall.objects.filter(order=order).order_by("pk").values_list("person__name", flat=True))


def test_the_centre_plans_any_list_an_office_its_own_and_a_lead_the_units(cast, on_duty):
    may = {
        key for key in cast.people
        for unit in ("community_office", "department_unit")
        if _plans(cast, key, unit)
    }  # fmt: skip
    assert may == {"commander", "desk", "secretary", "department_lead"}


def _plans(cast, key, unit):
    person = cast.people["desk" if unit == "community_office" else "department"]
    facts = {"starts_at": cast.at, "ends_at": minutes(cast, 60), "position": 1, "at": cast.at}
    try:
        with transaction.atomic():
            add_shift(unit=cast.units[unit], person=person, actor=cast.actor(key), **facts)
            transaction.set_rollback(True)
    except NotYours:
        return False
    return True


def test_only_who_works_in_the_unit_is_put_on_its_list_and_nobody_twice_at_once(cast, on_duty):
    with pytest.raises(InputRefused):
        on_duty("property", "community_office")
    on_duty("desk", "community_office")
    with pytest.raises(Conflict):
        on_duty("desk", "community_office", starts_at=minutes(cast, 60), ends_at=minutes(cast, 90))
    with pytest.raises(InputRefused):
        on_duty("secretary", "community_office", ends_at=cast.at + timedelta(hours=37))
    with pytest.raises(InputRefused):
        on_duty("secretary", "community_office", starts_at=minutes(cast, -90), ends_at=minutes(cast, -60))
    names = {person.name for person in people_of(cast.units["community_office"], cast.at)}
    assert names == {"演示社区受理", "演示书记"}


def test_a_shift_is_taken_back_once_and_its_time_is_free_again(cast, on_duty):
    shift = on_duty("desk", "community_office")
    with pytest.raises(NotThere):
        cancel_shift(shift_id=shift.pk, actor=cast.actor("stranger_desk"), at=cast.at)
    cancel_shift(shift_id=shift.pk, actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(TransitionRefused):
        cancel_shift(shift_id=shift.pk, actor=cast.actor("secretary"), at=cast.at)
    on_duty("desk", "community_office")


def test_the_database_itself_refuses_overlapping_shifts(cast, on_duty):
    shift = on_duty("desk", "community_office")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(
            unit=shift.unit, person=shift.person, starts_at=shift.starts_at, ends_at=shift.ends_at, position=2
        )


def test_a_red_case_nobody_takes_goes_down_the_list_then_to_the_centre(cast, on_duty, red):
    on_duty("secretary", "community_office", position=2)
    on_duty("desk", "community_office")
    on_duty("commander", "district_office")
    assert call_due(at=cast.at + timedelta(minutes=2, seconds=59)) == 0
    assert call_due(at=minutes(cast, 3)) == 1
    assert call_due(at=minutes(cast, 5)) == 0
    for minute in (6, 9, 12):
        call_due(at=minutes(cast, minute))
    assert called(red) == ["演示社区受理", "演示书记", "演示指挥"]
    events = Event.objects.filter(subject_kind="workorder", subject_id=red.pk, verb="call_duty").order_by("seq")
    assert [event.payload["turn"] for event in events] == [1, 2, 3]
    prove_journal()


def test_who_is_called_is_told_at_once(cast, on_duty, red):
    on_duty("desk", "community_office")
    call_due(at=minutes(cast, 3))
    CALLS.read(list(Event.objects.filter(subject_kind="workorder").order_by("seq")), news=timedelta(days=9999))
    notice = Notice.objects.get()
    assert (notice.user_id, notice.is_red) == (cast.people["desk"].pk, True)


def test_what_somebody_has_taken_or_is_not_red_calls_nobody(cast, on_duty, red):
    on_duty("desk", "community_office")
    on_duty("property", "property_unit")
    desk = cast.actor("desk")
    accept_workorder(order_id=red.pk, actor=desk, at=minutes(cast, 1))
    dispatch_workorder(order_id=red.pk, unit=cast.units["property_unit"], actor=desk, at=minutes(cast, 2))
    assert call_due(at=minutes(cast, 4)) == 0
    assert call_due(at=minutes(cast, 5)) == 1
    assert called(red) == ["演示物业"]
    take_workorder(order_id=red.pk, actor=cast.actor("property"), at=minutes(cast, 6))
    assert call_due(at=minutes(cast, 30)) == 0
    WorkOrder.objects.filter(pk=red.pk).update(is_urgent=False)
    assert call_due(at=minutes(cast, 60)) == 0


def test_nobody_is_called_about_a_complaint_about_themselves(cast, on_duty):
    from louzhang.workorders.actions.reporting import Target

    desk = cast.people["street"]
    order = make_red(
        cast, category=cast.categories["complaint"],
        target=Target(user_id=cast.people["desk"].pk, area=cast.areas["community"], role="office_staff"),
    )  # fmt: skip
    WorkOrder.objects.filter(pk=order.pk).update(is_urgent=True, about_user_id=desk.pk)
    on_duty("street", "street_office")
    on_duty("commander", "district_office")
    call_due(at=minutes(cast, 3))
    assert called(order) == ["演示指挥"]


def test_a_sign_over_names_open_reds_and_promises_and_is_countersigned_once(cast, red):
    giver, taker = cast.actor("desk"), cast.actor("secretary")
    plain = make_red(cast, category=cast.categories["lamp"])
    late = cast.at + timedelta(days=3)
    facts = {"unit": cast.units["community_office"], "taker": cast.people["secretary"], "words": "物业在路上。"}
    handover = write_handover(**facts, actor=giver, at=late)
    assert (handover.red_ids, handover.promised_ids) == ([red.pk], [red.pk, plain.pk])
    with pytest.raises(Conflict):
        write_handover(**facts, actor=giver, at=late)
    for key in ("desk", "street", "commander"):
        with pytest.raises((NotYours, NotThere)):
            countersign_handover(handover_id=handover.pk, actor=cast.actor(key), at=late)
    countersign_handover(handover_id=handover.pk, actor=taker, at=late, words="知道了。")
    with pytest.raises(TransitionRefused):
        countersign_handover(handover_id=handover.pk, actor=taker, at=late)
    found = find_handover(taker, handover.uid)
    assert (found.status, words_of(found)) == (HandoverState.SIGNED, ["物业在路上。", "知道了。"])
    assert orders_of(taker, found.red_ids) == [red]
    HANDOVERS.read(list(Event.objects.filter(subject_kind="handover")), news=timedelta(days=9999))
    assert [notice.user_id for notice in Notice.objects.all()] == [cast.people["secretary"].pk]
    prove_journal()


def test_one_signs_over_in_the_own_unit_to_somebody_who_works_there(cast):
    office = cast.units["community_office"]
    with pytest.raises(NotYours):
        write_handover(unit=office, taker=cast.people["secretary"], words="", actor=cast.actor("property"), at=cast.at)
    for key in ("desk", "property"):
        with pytest.raises(InputRefused):
            write_handover(unit=office, taker=cast.people[key], words="", actor=cast.actor("desk"), at=cast.at)


def test_shifts_and_sign_overs_are_seen_by_the_unit_and_the_centre(cast, on_duty):
    on_duty("desk", "community_office")
    write_handover(
        unit=cast.units["community_office"],
        taker=cast.people["secretary"],
        words="",
        actor=cast.actor("desk"),
        at=cast.at,
    )
    for table in (Shift, Handover):
        seen = {key for key, actor in cast.everyone().items() if table.objects.visible_to(actor).exists()}
        assert seen == {"desk", "secretary", "commander"}, table
        with pytest.raises(TypeError):
            table.objects.visible_to(None)  # type: ignore[arg-type]  # that is the point


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_call_one_person_and_two_at_once_take_one_shift_and_sign_once():
    cast = make_cast()
    order = make_red(cast)
    plan = partial(put_on_duty, cast, "desk", "community_office")
    assert len(winners(at_once(plan, plan))) == 1
    assert sum(at_once(*[partial(call_due, at=minutes(cast, 3))] * 3)) == 1
    assert called(order) == ["演示社区受理"]
    write = partial(
        write_handover, unit=cast.units["community_office"], taker=cast.people["secretary"], words="",
        actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    written = winners(at_once(write, write))
    assert len(written) == 1
    sign = partial(countersign_handover, handover_id=written[0].pk, actor=cast.actor("secretary"), at=cast.at)
    assert len(winners(at_once(sign, sign))) == 1


def test_a_sign_over_does_not_tell_a_unit_what_became_of_an_order_it_gave_away(cast, red):
    def do(verb: str, key: str, **given: Any) -> None:
        action: Any = VERBS[verb]
        action(order_id=red.pk, actor=cast.actor(key), at=cast.at, **given)

    do("accept", "desk")
    do("dispatch", "desk", unit=cast.units["property_unit"])
    do("send_back", "property", reason="不归我们")
    do("recategorise", "desk", category=cast.categories["wall"])
    [seen] = orders_of(cast.actor("property"), [red.pk])
    assert seen.category.code == "leak"
    assert [order.category.code for order in orders_of(cast.actor("desk"), [red.pk])] == ["wall"]


def test_a_call_is_read_in_the_history_of_the_order(cast, on_duty, red, browser_of):
    on_duty("desk", "community_office")
    call_due(at=minutes(cast, 3))
    page = browser_of("desk").get(reverse("desk:order", args=[red.number])).content.decode()
    assert "没有人接，叫了值班人员：彩虹社区居委会" in page
    assert "第 1 位：演示社区受理" in page
