"""From a scheme to commended names: the desk scores and publishes, the chief reads the own place and objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from louzhang.kit import clock
from louzhang.roster.actions.appraisal import name_appraisers, open_review
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.spans import Span, last_month
from louzhang.roster.tests.appraisal_course import Course, begun
from tests.browser.conftest import PHONE
from tests.cast import Cast, make_cast

DRAFT = SchemeDraft(
    "楼长月度考核",
    "chief",
    (Weighed("orders_in_time", 50), Weighed("scores", 50)),
    1,
    criteria=("门前卫生", "政策到户"),
)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast since before last month, which is over."""
    return make_cast(Span(last_month(clock.now())).begin + timedelta(hours=12))


@pytest.fixture
def course(cast: Cast) -> Course:
    made: Course = begun(cast, DRAFT, last_month(clock.now()))
    for hours in range(6):
        made.on_spot("chief", 30 + hours)
    made.on_spot("next_chief", 30, "next_building")
    now = clock.now()
    people = [cast.people["secretary"].pk]
    name_appraisers(month_id=made.month.pk, user_ids=people, actor=cast.actor("desk", now), at=now)
    open_review(post=cast.posts["next_chief"], ground="residents", actor=cast.actor("desk", now), at=now)
    return made


def test_from_the_sheet_of_an_appraiser_to_names_everybody_may_read(
    pages: Callable[..., Page], live_server: Any, course: Course, is_readable: Callable[[Page], None]
) -> None:
    fill_in_a_sheet(pages("secretary"), live_server.url, is_readable)
    publish(pages("desk"), live_server.url, course, is_readable)
    read_and_object(pages("chief", PHONE), live_server.url, is_readable)
    names = pages("", PHONE)
    names.goto(f"{live_server.url}/appraisal/commended/")
    expect(names.get_by_text("演示楼长")).to_be_visible()
    is_readable(names)
    told = pages("next_chief", PHONE)
    told.goto(f"{live_server.url}/appraisal/")
    is_readable(told)
    told.get_by_text("社区在复核").click()
    expect(told.get_by_text("是不是碰巧")).to_be_visible()
    is_readable(told)


def fill_in_a_sheet(page: Page, url: str, is_readable: Callable[[Page], None]) -> None:
    """By keyboard alone: a number in each cell."""
    page.goto(f"{url}/appraisal/sheets/")
    page.get_by_role("link", name="楼长月度考核").click()
    is_readable(page)
    first = page.locator("form#act select").first
    first.focus()
    for _ in range(4):
        page.keyboard.press("5")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("打好了")).to_be_visible()


def publish(page: Page, url: str, course: Course, is_readable: Callable[[Page], None]) -> None:
    """Computed, looked at, the name chosen, published."""
    page.goto(f"{url}/desk/appraisal/{course.month.uid}/")
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_text("第 1 档")).to_be_visible()
    is_readable(page)
    page.get_by_role("link", name="公布…").click()
    is_readable(page)
    page.get_by_label("演示楼长").check()
    page.get_by_role("button", name="公布").click()
    expect(page.get_by_text("公布了")).to_be_visible()
    assert AppraisalMonth.objects.get().status == "published"
    for address in ("", "schemes/", "schemes/add/?preset=stars", "reviews/", f"{course.month.uid}/print/"):
        page.goto(f"{url}/desk/appraisal/{address}")
        is_readable(page)


def read_and_object(page: Page, url: str, is_readable: Callable[[Page], None]) -> None:
    """The own place, the rows behind a figure, an objection that waits for its answer."""
    page.goto(f"{url}/appraisal/")
    is_readable(page)
    page.locator("a.lz-cell").first.click()
    expect(page.get_by_text("您在第 1 档")).to_be_visible()
    is_readable(page)
    page.get_by_role("link", name="看是哪 6 件").click()
    is_readable(page)
    page.goto(f"{url}/appraisal/months/{Standing.objects.get(user__name='演示楼长').uid}/object/?kind=orders_in_time")
    page.get_by_label("哪里不对").fill("少算了一件")
    page.get_by_role("button", name="对数字有异议").click()
    expect(page.get_by_text("等社区答复")).to_be_visible()
    is_readable(page)
