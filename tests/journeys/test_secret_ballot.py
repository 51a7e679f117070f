"""投票: a slip is printed, scanned, voted with, changed; two confirm, one counts, the outcome is on a sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.ballots.actions import draft_poll, fix_roll, open_box, show_roll
from louzhang.ballots.actions.sweeping import run_due_polls
from louzhang.ballots.models import Bundle, Elector, Poll
from louzhang.ballots.round_keys import kept_keys
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from tests.browser.conftest import PHONE


@pytest.fixture
def poll(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle_in(cast)
    now, desk = clock.now(), cast.actor("desk")
    poll = draft_poll(
        kind=Kind.CHOICE, title="12号楼楼长推选", note="两位邻居自己报的名。", electorate=Electorate.HOUSEHOLD,
        areas=[cast.areas["building"]], options=[Choice("王芳", "住 1 单元，退休教师"), Choice("李强", "住 2 单元")],
        rules=Rules(quorum_percent=50, has_paper=True), counters=[cast.people[key].pk for key in ("desk", "secretary")],
        opens_at=now, closes_at=now + timedelta(hours=2), actor=cast.actor("street"), at=now,
    )  # fmt: skip
    show_roll(poll_id=poll.pk, actor=desk, at=now)
    fix_roll(poll_id=poll.pk, actor=desk, at=now)
    return open_box(poll_id=poll.pk, actor=desk, at=now)


def test_from_the_slip_to_the_sheet_of_the_result(live_server, cast, pages, is_readable, poll):
    desk, secretary = pages("desk"), pages("secretary")
    desk.goto(f"{live_server.url}/ballots/")
    is_readable(desk)
    desk.get_by_role("link", name="12号楼楼长推选").click()
    is_readable(desk)
    desk.get_by_role("link", name="名册", exact=True).click()
    expect(desk.get_by_role("heading", name="名册")).to_be_visible()
    is_readable(desk)
    desk.go_back()
    desk.get_by_role("link", name="投票单").click()
    is_readable(desk)
    desk.get_by_role("button", name="做好并打印").click()
    expect(desk.locator(".bl-slip")).to_have_count(2)
    is_readable(desk)
    scanned, typed = (code.inner_text() for code in desk.locator(".bl-big").all())

    vote_and_change(live_server, pages, is_readable, scanned)
    vote_without_scripts(live_server, pages, typed)

    Poll.objects.filter(pk=poll.pk).update(closes_at=clock.now())
    run_due_polls(at=clock.now())
    for page in (desk, secretary):
        page.goto(f"{live_server.url}/ballots/{poll.uid}/")
        page.get_by_role("link", name="确认可以计票").click()
        page.get_by_role("button", name="确认可以计票").click()
    is_readable(secretary)
    secretary.get_by_role("link", name="计票", exact=True).click()
    is_readable(secretary)
    secretary.get_by_role("button", name="计票", exact=True).click()
    expect(secretary.get_by_text("选出：李强")).to_be_visible()
    expect(secretary.get_by_text("只公布结果，不公布票数").first).to_be_visible()
    is_readable(secretary)
    secretary.get_by_role("link", name="结果公告").click()
    expect(secretary.get_by_role("heading", name="12号楼楼长推选结果")).to_be_visible()
    is_readable(secretary)
    assert (Elector.objects.count(), Bundle.objects.count(), list(kept_keys())) == (0, 0, [])


def vote_and_change(live_server, pages, is_readable, code):
    """By the picture on the slip: the code leaves the address before anybody could read it there."""
    phone = pages("", PHONE)
    phone.goto(f"{live_server.url}/vote/#{code}")
    expect(phone.get_by_role("heading", name="12号楼楼长推选")).to_be_visible()
    assert phone.url.endswith("/vote/"), phone.url
    is_readable(phone)
    phone.get_by_label("王芳").check()
    phone.get_by_role("button", name="投票", exact=True).click()
    expect(phone.get_by_text("投好了")).to_be_visible()
    is_readable(phone)
    phone.get_by_role("button", name="换一个选择").click()
    expect(phone.get_by_text("已经投过")).to_be_visible()
    phone.get_by_label("李强").check()
    phone.get_by_role("button", name="投票", exact=True).click()
    expect(phone.get_by_text("投好了")).to_be_visible()
    kept = phone.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert [word for word in (code, code.replace("-", ""), "王芳", "李强") if word in kept] == []


def vote_without_scripts(live_server, pages, code):
    """The other slip is typed on a phone that runs no script."""
    phone = pages("", {**PHONE, "java_script_enabled": False})
    phone.goto(f"{live_server.url}/vote/")
    phone.get_by_label("投票码").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("李强").check()
    phone.get_by_role("button", name="投票", exact=True).click()
    expect(phone.get_by_text("投好了")).to_be_visible()
