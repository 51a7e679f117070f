"""A day in the field: the round on the phone, a visit with what was learnt, no signal, what the community sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from louzhang.fieldwork.actions.days import add_item
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.models import Company, DayItem, DayList, Span, Visit, VisitDue, Whom
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.models import Need
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.workorders.models import WorkOrder
from tests.journeys.test_at_the_door import has_its_pocket
from tests.journeys.test_without_a_signal import is_ready_for_no_signal, stored

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def homes(cast) -> Homes:
    """The homes, due today by their chief, and something from the community on the chief's day."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    found = settle_in(cast)
    today = clock.local_date(cast.at)
    draft = RhythmDraft("每周走访", Whom.EACH, "chief", Span.WEEK)
    set_rhythm(draft=draft, area=cast.areas["community"], starts_on=today, actor=SYSTEM, at=cast.at)
    keep_dues(day=today)
    VisitDue.objects.update(due_on=today)
    make_days(day=today, at=cast.at)
    day = DayList.objects.get(post=cast.posts["chief"])
    add_item(
        list_uid=day.uid,
        title="贴停水通知",
        minutes=10,
        area=cast.areas["building"],
        actor=cast.actor("desk"),
        at=cast.at,
    )
    return found


@pytest.fixture
def today(page: Page, live_server, homes, signs_in) -> Page:
    """The chief's phone with the list of today."""
    page.set_default_timeout(8000)
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/today/")
    return page


def line(page: Page, door: str) -> Locator:
    """The line of a door."""
    return page.get_by_role("listitem").filter(has_text=door)


def test_a_chief_walks_the_round_with_a_tick_a_refusal_and_a_visit(today, homes, cast, is_readable):
    expect(today.get_by_text("还有 3 件，大约 40 分钟")).to_be_visible()
    is_readable(today)
    today.get_by_role("button", name="办好了：贴停水通知").click()
    expect(today.get_by_text("办好了，已打勾。")).to_be_visible()
    line(today, "302").get_by_role("link", name="不做").click()
    is_readable(today)
    today.get_by_role("radio", name="约了别的时间").check()
    today.get_by_role("button", name="今天不做").click()
    expect(today.get_by_text("还有 1 件，大约 15 分钟，办好 1 件")).to_be_visible()

    line(today, "301").get_by_role("link", name="每周走访一次").click()
    expect(today.get_by_role("heading", name="走访 301")).to_be_visible()
    is_readable(today)
    today.get_by_role("radio", name="见到了", exact=True).check()
    today.get_by_role("checkbox", name="演示母亲").check()
    today.get_by_label("了解到什么").fill("都挺好，就是灯不亮。")
    today.get_by_text("记需求", exact=True).click()
    today.get_by_label("需要什么").fill("楼道装扶手")
    today.get_by_text("有事要办，变成工单").click()
    today.get_by_label("哪类事").select_option("lamp")
    today.get_by_label("请办什么").fill("三楼灯不亮")
    is_readable(today)
    today.get_by_role("button", name="记下走访").click()
    expect(today.get_by_text("今天排的都办完了。")).to_be_visible()
    visit = Visit.objects.get()
    assert visit.met_ids == [homes.residents["mother"].pk]
    assert (visit.need, visit.order) == (Need.objects.get(), WorkOrder.objects.get())
    due = VisitDue.objects.get(household=homes.households["own"])
    assert due.due_on == visit.day + timedelta(days=7)


def test_a_visit_written_in_a_cellar_goes_out_once_and_ticks_the_list(today, homes, live_server, is_readable):
    is_ready_for_no_signal(today)
    today.wait_for_function("async () => !!(await caches.match('/field/today/visit/?blank=1'))")
    has_its_pocket(today)
    today.context.set_offline(True)
    today.reload()
    expect(today.get_by_role("heading", name="12号楼 2单元")).to_be_visible()
    is_readable(today)
    line(today, "301").get_by_role("link", name="记走访").click()
    expect(today.get_by_role("heading", name="记一次走访")).to_be_visible()
    expect(today.get_by_label("哪一户", exact=True)).to_have_value(str(homes.dwellings["own"].uid))
    is_readable(today)
    today.get_by_role("radio", name="没人在家").check()
    today.get_by_role("button", name="记下走访").click()
    expect(today.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    today.reload()
    expect(today.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    assert not Visit.objects.exists()
    today.context.set_offline(False)
    expect(today.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert Visit.objects.get().outcome == "nobody"
    assert DayItem.objects.get(source=f"home:{homes.households['own'].pk}").ended == "done"
    assert stored(today) == {"entries": [], "photos": []}


def test_the_community_sees_who_has_too_much_and_comes_along(pages, live_server, homes, cast, is_readable):
    DayItem.objects.filter(dwelling__door="302").update(fits=False)
    chief, desk = pages("chief", PHONE), pages("secretary")
    chief.goto(f"{live_server.url}/field/today/visit/dwelling/{homes.dwellings['own'].uid}/")
    chief.get_by_role("button", name="想有人一起去").click()
    expect(chief.get_by_text("已问过有没有人一起去")).to_be_visible()
    desk.goto(f"{live_server.url}/desk/work/")
    is_readable(desk)
    desk.get_by_role("button", name="我一起去").click()
    assert Company.objects.get().joiner == cast.people["secretary"]
    desk.goto(f"{live_server.url}/desk/work/")
    desk.get_by_role("link", name="演示楼长", exact=True).click()
    expect(desk.get_by_role("heading", name="排不下 1 件")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("row", name="302").get_by_role("link", name="交给别人").click()
    is_readable(desk)
    desk.get_by_role("radio", name="演示单元长").check()
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("已交给对方，两边的清单都改了。")).to_be_visible()
    assert DayItem.objects.get(came_from__isnull=False).day_list.post == cast.posts["stairwell_head"]
