"""The closed loop, walked from a phone's report to the rated and closed order."""

import pytest

from louzhang.journal.models import Event
from louzhang.journal.refusals import NotThere, NotYours, TransitionRefused
from louzhang.workorders.actions import (
    accept_workorder,
    dispatch_workorder,
    rate_workorder,
    report_back_workorder,
    settle_workorder,
    take_workorder,
    tell_workorder,
)
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.phone_lists import to_tell


def walk_to_answer(cast, order, later):
    """Take an order through every step up to the answer."""
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=later(2))
    take_workorder(order_id=order.pk, actor=cast.actor("property"), at=later(3))
    settle_workorder(order_id=order.pk, note="换了水管。", actor=cast.actor("property"), at=later(5))
    report_back_workorder(order_id=order.pk, answer="水管已换好。", actor=desk, at=later(6))


def test_a_photo_report_becomes_a_settled_and_rated_order(cast, report, later):
    filed = report()
    walk_to_answer(cast, filed.order, later)
    rate_workorder(order_id=filed.order.pk, stars=5, solved=True, actor=cast.device, at=later(7))
    order = WorkOrder.objects.get(pk=filed.order.pk)
    assert order.status == State.CLOSED
    verbs = list(Event.objects.filter(subject_id=order.pk, subject_kind="workorder").values_list("verb", flat=True))
    assert verbs == ["report", "accept", "dispatch", "take", "settle", "report_back", "rate", "close"]
    assert order.chain_seq == len(verbs)


def test_unsolved_opens_the_order_again_at_its_unit(cast, report, later):
    filed = report()
    walk_to_answer(cast, filed.order, later)
    rate_workorder(order_id=filed.order.pk, stars=1, solved=False, actor=cast.device, at=later(7))
    order = WorkOrder.objects.get(pk=filed.order.pk)
    assert (order.status, order.lead_unit) == (State.TAKEN, cast.units["property_unit"])


def test_a_stranger_cannot_accept_what_it_cannot_see(cast, report, later):
    filed = report()
    with pytest.raises(NotThere):
        accept_workorder(order_id=filed.order.pk, actor=cast.actor("stranger_desk"), at=later(1))


def test_the_chief_sees_the_order_but_does_not_accept_it(cast, report, later):
    filed = report()
    with pytest.raises(NotYours):
        accept_workorder(order_id=filed.order.pk, actor=cast.actor("chief"), at=later(1))


def test_accepting_twice_is_refused_with_the_state_it_has(cast, report, later):
    filed = report()
    accept_workorder(order_id=filed.order.pk, actor=cast.actor("desk"), at=later(1))
    with pytest.raises(TransitionRefused, match="待交办"):
        accept_workorder(order_id=filed.order.pk, actor=cast.actor("secretary"), at=later(1))


def seers(cast):
    return {name for name, actor in cast.everyone().items() if name != "system" and WorkOrder.objects.visible_to(actor)}


def test_a_report_is_seen_by_its_line_of_offices_and_keepers_and_its_phone(cast, report):
    report()
    assert seers(cast) == {
        "stairwell_head",
        "chief",
        "grid_worker",
        "grid_lead",
        "desk",
        "secretary",
        "street",
        "commander",
        "device",
    }


def test_a_complaint_about_the_chief_reaches_the_community_and_never_the_chief(cast, report):
    from louzhang.workorders.actions.reporting import Target

    target = Target(user_id=cast.people["chief"].pk, area=cast.areas["building"], role="chief")
    filed = report(category=cast.categories["complaint"], target=target)
    assert filed.order.desk_area == cast.areas["community"]
    assert seers(cast) == {"desk", "secretary", "street", "commander", "device"}


def test_a_complaint_about_the_community_goes_to_the_street(cast, report):
    from louzhang.workorders.actions.reporting import Target

    filed = report(category=cast.categories["complaint"], target=Target(unit=cast.units["community_office"]))
    assert filed.order.desk_area == cast.areas["street"]
    assert seers(cast) == {"street", "commander", "device"}


def test_violence_at_home_skips_building_and_grid(cast, report):
    report(category=cast.categories["guarded"])
    assert seers(cast) == {"desk", "secretary", "street", "commander", "device"}


def answered_with_a_visit_to_make(cast, report, later):
    filed = report(answer_way="visit", door="301", phone="13900005555")
    walk_to_answer(cast, filed.order, later)
    return filed


def test_a_chief_tells_at_the_door_although_the_desk_answered_first(cast, report, later):
    filed = answered_with_a_visit_to_make(cast, report, later)
    chief = cast.actor("chief")
    assert list(to_tell(chief)) == [filed.order]
    tell_workorder(order_id=filed.order.pk, call_result="satisfied", actor=chief, at=later(8))
    filed.report.refresh_from_db()
    assert (filed.report.told_at, filed.report.told_result) == (later(8), "satisfied")
    assert not to_tell(chief).exists()
    with pytest.raises(TransitionRefused, match="已经告知过"):
        tell_workorder(order_id=filed.order.pk, call_result="satisfied", actor=cast.actor("desk"), at=later(9))


def test_nobody_but_desk_and_keeper_tells(cast, report, later):
    filed = answered_with_a_visit_to_make(cast, report, later)
    with pytest.raises(NotYours):
        tell_workorder(order_id=filed.order.pk, call_result="satisfied", actor=cast.actor("street"), at=later(8))
    with pytest.raises(NotThere):
        tell_workorder(order_id=filed.order.pk, call_result="satisfied", actor=cast.actor("next_chief"), at=later(8))


@pytest.mark.parametrize(
    ("unit", "desk"),
    [("department_unit", "district"), ("enforcement_unit", "street"), ("property_unit", "community")],
)
def test_a_complaint_about_a_unit_goes_to_the_office_above_what_it_serves(cast, report, unit, desk):
    from louzhang.workorders.actions.reporting import Target

    filed = report(category=cast.categories["complaint"], target=Target(unit=cast.units[unit]))
    assert filed.order.desk_area == cast.areas[desk]


def test_a_company_is_never_given_a_matter_of_violence(cast, report, later):
    from louzhang.journal.refusals import InputRefused

    filed = report(category=cast.categories["guarded"])
    desk = cast.actor("desk")
    accept_workorder(order_id=filed.order.pk, actor=desk, at=later(1))
    with pytest.raises(InputRefused, match="人身安全"):
        dispatch_workorder(order_id=filed.order.pk, unit=cast.units["property_unit"], actor=desk, at=later(2))
