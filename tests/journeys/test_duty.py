"""值班: a shift is planned, and what is open is signed over and countersigned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from louzhang.duty.models import Handover, Shift
from louzhang.kit import clock
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel


@pytest.fixture
def red(cast):
    """A burst pipe that nobody has taken."""
    Category.objects.filter(code="leak").update(is_urgent=True)
    draft = Draft(
        channel=Channel.RESIDENT,
        category=Category.objects.get(code="leak"),
        area=cast.areas["stairwell"],
        words="水管爆了。",
    )
    return report_workorder(draft=draft, actor=cast.device, at=clock.now()).order


def test_a_shift_is_planned_and_signed_over(live_server, cast, pages, red, is_readable):
    desk, secretary = pages("desk"), pages("secretary")
    secretary.goto(f"{live_server.url}/desk/duty/")
    is_readable(secretary)
    secretary.get_by_label("谁", exact=True).select_option(str(cast.people["desk"].pk))
    secretary.get_by_label("几点起").fill("00:00")
    secretary.get_by_label("几点止").fill("23:59")
    secretary.get_by_role("button", name="排上").click()
    expect(secretary.get_by_text("00:00–23:59")).to_be_visible()
    is_readable(secretary)
    assert Shift.objects.get().person == cast.people["desk"]

    desk.goto(f"{live_server.url}/desk/duty/")
    desk.get_by_role("link", name="写交接班").click()
    expect(desk.get_by_role("link", name=red.number)).to_have_count(1)
    desk.get_by_label("交给谁").select_option(str(cast.people["secretary"].pk))
    desk.get_by_label("还要交代的").fill("抢修队九点到。")
    is_readable(desk)
    desk.get_by_role("button", name="写好，请接班人签字").click()

    secretary.goto(f"{live_server.url}/desk/duty/")
    secretary.get_by_role("link", name="交给").click()
    expect(secretary.get_by_text("抢修队九点到。")).to_be_visible()
    expect(secretary.get_by_role("link", name=red.number).first).to_be_visible()
    is_readable(secretary)
    secretary.get_by_role("button", name="看过了，签字接班").click()
    expect(secretary.get_by_text("已交接").first).to_be_visible()
    assert Handover.objects.get().signed_at is not None
