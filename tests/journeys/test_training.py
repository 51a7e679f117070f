"""培训 from the desk to the chief's phone: planned, waited for, attended, and then nothing is due any more."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.roster.actions.duties import lay_down_duties
from louzhang.roster.actions.guides import lay_down_guides
from louzhang.roster.actions.training.courses import set_rule
from louzhang.roster.models.training import Enrolment, Lesson
from louzhang.roster.queries.training import due_for, due_list
from louzhang.roster.tests.training_scene import make_course
from tests.browser.conftest import PHONE


def plan_at_the_desk(desk, live_server, is_readable):
    """A lesson with one seat that begins in twenty minutes; gives its address."""
    desk.goto(f"{live_server.url}/desk/training/courses/")
    is_readable(desk)
    desk.get_by_role("link", name="排一场").click()
    begins = clock.local(clock.now() + timedelta(minutes=20))
    desk.get_by_label("在哪里").fill("社区会议室")
    desk.get_by_label("开始").fill(f"{begins:%Y-%m-%dT%H:%M}")
    desk.get_by_label("结束").fill(f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    desk.get_by_label("座位").fill("1")
    is_readable(desk)
    desk.get_by_role("button", name="排一场").click()
    expect(desk.get_by_text("还没有人报名")).to_be_visible()
    is_readable(desk)
    return f"{live_server.url}/training/lessons/{Lesson.objects.get().uid}/"


def wait_and_move_up(first, second, url, is_readable):
    """Who comes second waits, and has the seat as soon as it is given back."""
    first.goto(url)
    first.get_by_role("button", name="报名").click()
    expect(first.get_by_text("1 号座")).to_be_visible()
    second.goto(url)
    second.get_by_role("button", name="满了，排候补").click()
    expect(second.get_by_text("有人取消就自动补上")).to_be_visible()
    is_readable(second)
    first.reload()
    first.get_by_text("取消报名").first.click()
    first.get_by_role("button", name="取消报名").click()
    expect(first.get_by_text("座位给了候补的人")).to_be_visible()
    second.reload()
    expect(second.get_by_text("1 号座")).to_be_visible()


def test_a_chief_signs_up_moves_up_checks_in_and_owes_nothing(live_server, cast, pages, is_readable):
    course = make_course(cast, roles=("chief",))
    said = {"area": cast.areas["community"], "role": "chief", "course_uid": course.uid, "within_days": 30}
    set_rule(actor=cast.actor("desk"), at=cast.at, **said)
    desk, second = pages("desk"), pages("chief", PHONE)
    url = plan_at_the_desk(desk, live_server, is_readable)
    second.goto(f"{live_server.url}/training/")
    expect(second.get_by_text("还没参加", exact=True)).to_be_visible()
    is_readable(second)
    wait_and_move_up(pages("next_chief", PHONE), second, url, is_readable)

    desk.goto(f"{url}code/")
    is_readable(desk)
    digits = desk.locator(".lz-digits").inner_text()
    second.get_by_role("link", name="签到").click()
    is_readable(second)
    second.get_by_label("屏幕上的六位数").fill(digits)
    second.get_by_role("button", name="签到").click()
    expect(second.get_by_text("已参加")).to_be_visible()
    second.goto(f"{live_server.url}/training/")
    expect(second.get_by_text("现在没有该学的")).to_be_visible()
    is_readable(second)
    assert Enrolment.objects.get(user=cast.people["chief"]).status == "attended"
    assert due_for(cast.people["chief"], clock.now()) == []
    assert {due.post.user_id for due in due_list(cast.actor("desk"), clock.now())} == {cast.people["next_chief"].pk}
    desk.goto(f"{live_server.url}/desk/training/dues/")
    expect(desk.get_by_text("演示邻楼长")).to_be_visible()
    expect(desk.get_by_text("演示楼长", exact=True)).to_have_count(0)
    is_readable(desk)


def test_what_to_do_is_two_taps_away_and_readable_without_a_signal(live_server, cast, pages, is_readable):
    lay_down_duties(actor=SYSTEM, at=cast.at)
    lay_down_guides(actor=SYSTEM, at=cast.at)
    chief = pages("chief", PHONE)
    chief.goto(f"{live_server.url}/field/")
    chief.get_by_role("link", name="遇到事怎么办").first.click()
    is_readable(chief)
    chief.get_by_role("link", name="闻到煤气味").click()
    expect(chief.get_by_text("不开灯、不按门铃、不打手机，先走出去。")).to_be_visible()
    expect(chief.get_by_role("link", name="119")).to_be_visible()
    is_readable(chief)
    chief.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    chief.wait_for_function("async () => !!(await caches.match('/duties/when/gas/?blank=1'))")
    chief.context.set_offline(True)
    chief.reload()
    expect(chief.get_by_text("不开灯、不按门铃、不打手机，先走出去。")).to_be_visible()
    expect(chief.get_by_role("link", name="119")).to_be_visible()
    chief.context.set_offline(False)
    chief.goto(f"{live_server.url}/duties/")
    expect(chief.get_by_text("3 类 19 项")).to_be_visible()
    is_readable(chief)
