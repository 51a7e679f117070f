"""Photos asked for at the door: taken without a signal, sealed on the phone, sent later, there exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, Target
from louzhang.surveys.tests.test_photos import PIPES, asked_with
from louzhang.workorders.models import WorkOrder
from tests.browser.conftest import PHONE
from tests.journeys.test_at_the_door import has_its_pocket
from tests.journeys.test_resident_reports import photo_of_a_dark_stairwell
from tests.journeys.test_without_a_signal import has_its_key, is_ready_for_no_signal, stored


@pytest.fixture
def survey(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle_in(cast)
    return asked_with(cast, PIPES)


@pytest.fixture
def chief(page: Page, live_server, survey, signs_in) -> Page:
    """The chief's phone with the form of the survey, ready for no signal."""
    signs_in(page, "chief")
    kept = f"/field/surveys/{survey.uid}/write/"
    page.goto(live_server.url + kept)
    is_ready_for_no_signal(page)
    page.wait_for_function("async (page) => !!(await caches.match(page))", arg=f"{kept}?blank=1")
    has_its_pocket(page)
    return page


def target(door: str) -> Target:
    return Target.objects.get(dwelling__door=door)


def photograph(page: Page, count: int = 1) -> None:
    photo = FilePayload(name="水管.jpg", mimeType="image/jpeg", buffer=photo_of_a_dark_stairwell())
    page.locator("lz-photos input[type=file]").set_input_files(photo)
    expect(page.locator(".lz-shot")).to_have_count(count)


def write(page: Page, door: str) -> None:
    page.get_by_label("哪一户").select_option(str(target(door).uid))
    page.get_by_role("radio", name="否", exact=True).check(force=True)
    photograph(page)


def submit(page: Page) -> None:
    page.get_by_role("button", name="登记").click()


def test_a_photo_taken_without_a_signal_outlives_a_reload_and_is_sent_once(chief, is_readable):
    chief.context.set_offline(True)
    chief.reload()
    write(chief, "301")
    expect(chief.get_by_text("照片已经存在这台手机里")).to_be_visible()
    is_readable(chief)
    chief.wait_for_timeout(600)
    chief.reload()
    expect(chief.get_by_text("上次没写完的内容还在，已经填好了。")).to_be_visible()
    expect(chief.locator(".lz-shot")).to_have_count(1)
    submit(chief)
    expect(chief.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    (lying,) = stored(chief)["photos"]
    assert "blob" not in lying
    assert lying["name"] == "照片"
    chief.reload()
    expect(chief.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    assert (Answer.objects.count(), Attachment.objects.count()) == (0, 0)

    chief.context.set_offline(False)
    expect(chief.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert Answer.objects.get().chosen == {"lives": "no", "pipes": "*1"}
    assert Attachment.objects.get().subject_id == target("301").pk
    assert stored(chief) == {"entries": [], "photos": []}


def test_lost_connections_while_sending_lose_nothing_and_double_nothing(chief):
    lost: list[str] = []

    def lose(route: Any) -> None:
        """The first photo never arrives; the answers about the second one and about the batch get lost."""
        asked = route.request
        if asked.method != "POST" or len(lost) > 2 or (len(lost) == 2) != asked.url.endswith("/sync/"):
            route.continue_()
            return
        lost.append(asked.url)
        if len(lost) > 1:
            route.fetch()
        route.abort()

    chief.context.set_offline(True)
    for door in ("301", "302"):
        write(chief, door)
        submit(chief)
        expect(chief.locator("#lz-outbox").get_by_text(door).first).to_be_visible()
        chief.get_by_role("link", name="再写一件").click()
        expect(chief.locator(".lz-shot")).to_have_count(0)
    chief.context.route("**/attachments/", lose)
    chief.context.route("**/sync/", lose)
    chief.context.set_offline(False)
    for _ in range(4):
        chief.wait_for_timeout(1500)
        if (again := chief.get_by_role("button", name="现在发").first).is_visible():
            again.click()
    expect(chief.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert len(lost) == 3
    assert sorted(Answer.objects.values_list("target__dwelling__door", flat=True)) == ["301", "302"]
    assert Attachment.objects.exclude(subject_id=None).count() == 2
    assert Attachment.objects.count() == 2
    assert stored(chief) == {"entries": [], "photos": []}


def test_rather_not_takes_the_photos_away_and_the_next_door_begins_empty(chief, live_server):
    chief.goto(f"{live_server.url}/field/surveys/homes/{target('301').uid}/")
    chief.get_by_role("radio", name="否", exact=True).check(force=True)
    photograph(chief)
    expect(chief.locator(".lz-shot")).to_have_attribute("data-state", "done")
    chief.wait_for_timeout(600)
    chief.goto(f"{live_server.url}/field/surveys/homes/{target('302').uid}/")
    expect(chief.locator("[name=row]")).to_have_value(str(target("302").uid))
    expect(chief.locator(".lz-shot")).to_have_count(0)
    chief.goto(f"{live_server.url}/field/surveys/homes/{target('301').uid}/")
    expect(chief.locator(".lz-shot")).to_have_count(1)
    asked = chief.get_by_role("group", name="阳台水管的照片")
    asked.get_by_role("checkbox", name="不愿回答").check(force=True)
    expect(chief.locator(".lz-shot")).to_have_count(0)
    chief.wait_for_timeout(300)
    assert stored(chief)["photos"] == []
    submit(chief)
    expect(chief.get_by_role("heading", name="302")).to_be_visible()
    assert Answer.objects.get().chosen["pipes"] == "-"


def test_a_household_sends_a_photo_from_its_own_phone(survey, pages, live_server, is_readable, worker_runs):
    phone = pages("", PHONE)
    home = target("301")
    address = f"{live_server.url}/ask/{home.uid}/{code_of(home.uid)}/"
    phone.goto(address)
    phone.get_by_role("radio", name="否", exact=True).check(force=True)
    photograph(phone)
    expect(phone.locator(".lz-shot")).to_have_attribute("data-state", "done")
    is_readable(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("谢谢您")).to_be_visible()
    assert Answer.objects.get().chosen["pipes"] == "*1"
    worker_runs()
    phone.goto(address)
    expect(phone.get_by_role("heading", name="上次附的照片")).to_be_visible()
    expect(phone.locator(".lz-photos img")).to_have_js_property("complete", value=True)
    assert phone.locator(".lz-photos img").evaluate("(picture) => picture.naturalWidth") > 0
    is_readable(phone)


def test_a_visit_written_in_a_cellar_brings_its_photos_to_the_order(page, live_server, survey, signs_in):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/today/visit/")
    is_ready_for_no_signal(page)
    page.wait_for_function("async () => !!(await caches.match('/field/today/visit/?blank=1'))")
    has_its_key(page)
    has_its_pocket(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_label("哪一户", exact=True).select_option(str(target("301").dwelling.uid))
    page.locator("[name=outcome][value=met]").check(force=True)
    page.get_by_text("有事要办，变成工单").click()
    page.get_by_label("哪类事").select_option("lamp")
    page.get_by_label("请办什么").fill("三楼灯不亮")
    photograph(page)
    page.get_by_role("button", name="记下走访").click()
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert Attachment.objects.get().subject_id == WorkOrder.objects.get().pk
    assert stored(page) == {"entries": [], "photos": []}
