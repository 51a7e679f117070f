"""The keeper of the district says which days are worked, at what hours, and how long things may take."""

from __future__ import annotations

from louzhang.areas.models import WorkingDay, WorkingHours
from louzhang.kit import clock
from louzhang.workorders.models import ClockPolicy

SETTINGS = "/desk/settings/"


def test_the_keeper_changes_a_day_sets_hours_and_loads_an_example(cast, desk_page, live_server, signs_in, is_readable):
    page = desk_page
    signs_in(page, "system_admin")
    year = clock.local_date(clock.now()).year
    page.goto(f"{live_server.url}{SETTINGS}calendar/")
    page.get_by_role("button", name=f"填入 {year} 年").click()
    is_readable(page)
    page.locator("#m3").get_by_role("link", name="3月3日").click()
    page.get_by_label("放假", exact=True).check(force=True)
    page.get_by_label("名称").fill("停工")
    page.get_by_label("依据或原因").fill("暴雪红色预警")
    is_readable(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="放假，停工，暴雪红色预警").wait_for()
    assert WorkingDay.objects.get(name="停工").kind == "holiday"

    page.get_by_role("link", name="上班时间").first.click()
    is_readable(page)
    page.get_by_role("link", name="设全区默认").click()
    page.get_by_label("第一段从").fill("08:00")
    page.get_by_label("依据或原因").fill("夏季作息")
    is_readable(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("周一至周五 08:00–12:00、13:30–17:30").first.wait_for()
    assert WorkingHours.objects.get().minutes[0] == 480

    page.goto(f"{live_server.url}{SETTINGS}clocks/")
    page.get_by_role("link", name="载入示例").first.click()
    page.get_by_label("山东", exact=True).check(force=True)
    is_readable(page)
    page.get_by_role("button", name="载入").click()
    page.get_by_label("类别").select_option(label="设施")
    page.get_by_role("button", name="看看").click()
    page.get_by_text("没有时限，不计时").wait_for()
    is_readable(page)
    page.get_by_role("link", name="新增时限").click()
    is_readable(page)
    assert ClockPolicy.objects.filter(is_example=True).count() == 2


def test_the_year_and_the_limits_are_readable_on_a_narrow_screen_and_in_the_dark(
    cast, page, live_server, signs_in, is_readable
):
    signs_in(page, "desk")
    page.set_viewport_size({"width": 768, "height": 1024})
    page.emulate_media(color_scheme="dark")
    for place in ("calendar", "hours", "clocks"):
        page.goto(f"{live_server.url}{SETTINGS}{place}/")
        is_readable(page)
