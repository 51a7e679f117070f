"""The dispatch dialog proposes a unit with its reason, and the event says whether the desk followed it."""

import re

import pytest
from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.workorders.actions import accept_workorder, add_rule, dispatch_workorder
from louzhang.workorders.models import WorkOrder
from tests.cast import MORNING

HTMX = {"HX-Request": "true"}
SQL_AT_MOST = 12


@pytest.fixture
def rule(cast):
    units = cast.units
    return add_rule(
        unit=units["property_unit"],
        category=cast.categories["leak"],
        area=cast.areas["community"],
        seat_role="unit_member",
        actor=cast.actor("system_admin"),
        at=MORNING,
    )


@pytest.fixture
def accepted(cast, report):
    order = report().order
    return accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=MORNING)


def address(order):
    return reverse("desk:act", args=[order.number, "dispatch"])


def page_of(browser, order):
    return browser.get(address(order), headers=HTMX).content.decode()


def token_in(page):
    found = re.search(r'name="proposal" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def said(order):
    event = Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb="dispatch").get()
    return event.payload.get("proposal")


def test_the_dialog_opens_with_the_proposed_unit_and_seat_chosen_and_says_why(cast, sign_in, rule, accepted):
    page = page_of(sign_in("desk"), accepted)
    unit, seat = cast.units["property_unit"], cast.posts["property"]
    assert "按第 1 条规则，“设施 › 漏水”在彩虹社区由演示安居物业承办。" in page
    assert f'name="unit" value="{unit.pk}" checked' in page
    assert f'<option value="{seat.pk}" selected>' in page
    assert page.count(" checked") == 1


def test_the_dialog_costs_few_queries(sign_in, rule, accepted, django_assert_max_num_queries):
    browser = sign_in("desk")
    page_of(browser, accepted)
    with django_assert_max_num_queries(SQL_AT_MOST):
        page_of(browser, accepted)


def test_without_a_rule_the_dialog_costs_few_queries_too(sign_in, accepted, django_assert_max_num_queries):
    browser = sign_in("desk")
    page_of(browser, accepted)
    with django_assert_max_num_queries(SQL_AT_MOST):
        assert "也没有先例" in page_of(browser, accepted)


@pytest.mark.parametrize(("chosen", "followed"), [("property_unit", True), ("owners_unit", False)])
def test_the_event_keeps_whether_the_proposal_was_followed_and_by_which_rule(
    cast, sign_in, rule, accepted, chosen, followed
):
    browser = sign_in("desk")
    given = {"unit": cast.units[chosen].pk, "proposal": token_in(page_of(browser, accepted))}
    assert browser.post(address(accepted), given).status_code == 302
    unit = cast.units["property_unit"].pk
    assert said(accepted) == {"unit": unit, "basis": "rule", "rule": rule.pk, "number": 1, "followed": followed}
    words = "按第 1 条派单规则的建议" if followed else "没有按第 1 条派单规则的建议"
    assert words in browser.get(reverse("desk:order", args=[accepted.number])).content.decode()


def test_a_proposal_of_another_order_or_a_made_up_one_says_nothing(cast, sign_in, rule, accepted, report):
    other = report().order
    accept_workorder(order_id=other.pk, actor=cast.actor("desk"), at=MORNING)
    browser = sign_in("desk")
    token = token_in(page_of(browser, other))
    unit = cast.units["property_unit"].pk
    browser.post(address(accepted), {"unit": unit, "proposal": token})
    browser.post(address(other), {"unit": unit, "proposal": f"{token}x"})
    assert [said(accepted), said(other)] == [None, None]
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"dispatched"}


def test_to_keep_the_proposal_costs_the_dispatch_nothing(cast, accepted, django_assert_num_queries):
    desk = cast.actor("desk")
    proposal = {"order": accepted.pk, "unit": 1, "basis": "office", "why": "…"}
    unit = cast.units["property_unit"]
    with django_assert_num_queries(2):  # lock, with what the clocks rest on; write
        dispatch_workorder(order_id=accepted.pk, unit=unit, actor=desk, at=MORNING, proposal=proposal)


def test_a_search_for_another_unit_lets_go_of_the_proposed_one(cast, sign_in, rule, accepted):
    browser = sign_in("desk")
    token = token_in(page_of(browser, accepted))
    given = {"unit": cast.units["property_unit"].pk, "unit_words": "业委会", "proposal": token}
    page = browser.post(reverse("desk:units", args=[accepted.number]), given).content.decode()
    assert "演示彩虹业委会" in page
    assert "演示安居物业" not in page
    assert " checked" not in page


def test_a_refused_dispatch_keeps_the_reason_and_the_choice(cast, sign_in, rule, accepted):
    browser = sign_in("desk")
    token = token_in(page_of(browser, accepted))
    given = {"unit": cast.units["owners_unit"].pk, "seat": cast.posts["property"].pk, "proposal": token}
    answer = browser.post(address(accepted), given)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "按第 1 条规则" in page
    assert token_in(page) == token
    assert f'name="unit" value="{cast.units["owners_unit"].pk}" checked' in page
