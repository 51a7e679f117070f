"""The log of a day: written by the program, sent by its holder, read and closed by the community."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from louzhang.fieldwork import day_lines
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.fieldwork.actions.work_logs import (
    close_log,
    comment_log,
    erase_old_logs,
    read_log,
    send_log,
    take_back,
    turn_into_order,
    write_log,
)
from louzhang.fieldwork.day_lines import Told
from louzhang.fieldwork.lifecycle.work_logs import LogState
from louzhang.fieldwork.models import Met, WorkLog
from louzhang.fieldwork.queries.work_logs import count_holders, live_lines, sent_logs, spoken_in
from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel, WorkOrder
from tests.cast import browser_as


@pytest.fixture
def today(cast):
    return clock.local_date(clock.now())


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def send(cast, today, now):
    return lambda person="chief", sentence="": send_log(day=today, sentence=sentence, actor=cast.actor(person), at=now)


def test_one_visit_and_one_report_write_the_log_by_themselves(cast, homes, today, now, send):
    door = homes.dwellings["own"]
    write_visit(
        dwelling_id=door.pk, household_id=homes.households["own"].pk, outcome=Met.MET, actor=cast.actor("chief"), at=now
    )
    draft = Draft(channel=Channel.FIELD, category=cast.categories["lamp"], area=door.area, words="灯不亮")
    order = report_workorder(draft=draft, actor=cast.actor("chief"), at=now).order
    log = send(sentence="下午陪老人取药。")
    texts = [line["text"] for line in log.lines]
    assert texts == ["走访 1 户，见到 1 户", f"上报工单 楼道灯 {order.number}"]
    assert spoken_in([log])[log.pk].sentence == "下午陪老人取药。"
    assert "老人" not in str(log.lines)


def test_what_a_phone_sends_later_counts_for_the_day_it_happened_on(cast, homes, today, now):
    door = homes.dwellings["own"]
    write_visit(
        dwelling_id=door.pk, household_id=homes.households["own"].pk, outcome=Met.NOBODY, actor=cast.actor("chief"),
        at=now - timedelta(days=1),
    )  # fmt: skip
    chief = cast.people["chief"].pk
    # The event was recorded today: the day before, on which it happened, tells it.
    assert live_lines(chief, today) == []
    assert [line["text"] for line in live_lines(chief, today - timedelta(days=1))] == ["走访 1 户，见到 0 户"]


def test_apps_above_fill_their_own_lines(cast, today, monkeypatch):
    monkeypatch.setattr(day_lines, "_providers", list(day_lines._providers))
    day_lines.add_lines(lambda day: [Told("排查登记 12 户")], order=90)
    assert {"text": "排查登记 12 户", "url": ""} in live_lines(cast.people["chief"].pk, today)


def test_a_draft_is_seen_by_its_holder_alone_and_what_was_sent_by_the_community(cast, today, now, send):
    write_log(day=today, sentence="还没写完", actor=cast.actor("chief"), at=now)
    seen = {key for key, actor in cast.everyone().items() if WorkLog.objects.visible_to(actor).exists()}
    assert seen == {"chief"}
    send(sentence="写完了")
    seen = {key for key, actor in cast.everyone().items() if WorkLog.objects.visible_to(actor).exists()}
    assert seen == {"chief", "desk", "secretary"}
    assert WorkLog.objects.count() == 1


def test_it_is_read_answered_and_closed_and_taken_back_only_before(cast, now, send):
    log, desk = send(), cast.actor("desk")
    take_back(log_id=log.pk, actor=cast.actor("chief"), at=now)
    log = send(sentence="改好了")
    read_log(log_id=log.pk, actor=desk, at=now)
    with pytest.raises(TransitionRefused):
        take_back(log_id=log.pk, actor=cast.actor("chief"), at=now)
    with pytest.raises(NotYours):
        comment_log(log_id=log.pk, comment="辛苦", actor=cast.actor("chief"), at=now)
    with pytest.raises(InputRefused):
        comment_log(log_id=log.pk, comment="  ", actor=desk, at=now)
    comment_log(log_id=log.pk, comment="辛苦了", actor=desk, at=now)
    closed = close_log(log_id=log.pk, actor=cast.actor("secretary"), at=now)
    assert closed.status == LogState.CLOSED
    spoken = spoken_in([closed])[closed.pk]
    assert (spoken.sentence, [word.words for word in spoken.words]) == ("改好了", ["辛苦了"])


@pytest.mark.parametrize("person", ["desk", "property", "resident", "nobody"])
def test_who_looks_after_no_place_writes_none(send, person):
    with pytest.raises(NotYours):
        send(person)


@pytest.mark.parametrize("days", [-1, 8])
def test_a_day_to_come_or_long_past_is_refused(cast, today, now, days):
    with pytest.raises(InputRefused):
        send_log(day=today - timedelta(days=days), sentence="", actor=cast.actor("chief"), at=now)


def test_a_fault_in_a_log_is_an_order_at_once_for_holder_and_community(cast, today, now, send):
    facts = {"category": cast.categories["lamp"], "area": cast.areas["building"], "day": today, "at": now}
    turn_into_order(words="三楼灯坏了", actor=cast.actor("chief"), **facts)
    log = send(sentence="三楼灯坏了")
    turn_into_order(words="四楼也坏了", actor=cast.actor("desk"), log_uid=log.uid, **facts)
    assert WorkOrder.objects.count() == 2
    numbers = [word.order for word in spoken_in([log])[log.pk].words]
    assert numbers == list(WorkOrder.objects.order_by("pk").values_list("number", flat=True))
    with pytest.raises(NotThere):
        turn_into_order(words="别处", actor=cast.actor("stranger_desk"), log_uid=log.uid, **facts)


def test_the_community_counts_who_sent_and_names_nobody_who_did_not(cast, today, send):
    send("chief")
    desk = cast.actor("desk")
    assert (len(sent_logs(desk, today)), count_holders(desk, today)) == (1, 5)
    page = browser_as(cast, "desk").get(reverse("logs:sent")).content.decode()
    assert "5 人里 1 人发了" in page
    assert "演示网格员" not in page


def test_after_a_year_the_words_are_gone_and_the_lines_stay(cast, now, send):
    log = send(sentence="陪老人取药")
    assert erase_old_logs(at=now) == 0
    assert erase_old_logs(at=now + timedelta(days=400)) == 1
    assert not Words.objects.filter(subject_kind="work_log").exclude(spoken={}).exists()
    log.refresh_from_db()
    assert log.erased_at is not None


def test_pages_file_and_paper_of_a_log(cast, today, send):
    log = send(sentence="都好")
    chief, desk, stranger = (browser_as(cast, key) for key in ("chief", "desk", "stranger_desk"))
    day = reverse("logs:day", args=[today.isoformat()])
    for browser, address in (
        (chief, reverse("logs:mine")), (chief, day), (chief, reverse("logs:print", args=[log.uid])),
        (desk, reverse("logs:one", args=[log.uid])), (desk, reverse("logs:fault", args=[log.uid])),
        (chief, reverse("logs:own_fault", args=[today.isoformat()])),
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address
    file = desk.get(reverse("logs:file")).getvalue().decode("utf-8-sig")
    assert "演示楼长" in file
    assert desk.get(reverse("logs:file"), {"format": "xlsx"})["Content-Type"].endswith("sheet")
    assert stranger.get(reverse("logs:one", args=[log.uid])).status_code == 404
    assert desk.post(reverse("logs:move", args=[log.uid, "read"])).status_code == 302
    log.refresh_from_db()
    assert log.status == LogState.READ


@pytest.mark.parametrize("days", [1, 400, -8, -400])
def test_a_day_that_cannot_be_written_has_no_page(cast, today, days):
    day = (today + timedelta(days=days)).isoformat()
    assert browser_as(cast, "chief").get(reverse("logs:day", args=[day])).status_code == 404


def test_the_holder_goes_back_to_the_own_logs_and_the_office_to_those_of_the_day(cast, send):
    log = send("chief")
    url = reverse("logs:one", args=[log.uid])
    assert f'lz-back" href="{reverse("logs:mine")}"' in browser_as(cast, "chief").get(url).content.decode()
    assert f"{reverse('logs:sent')}?day=" in browser_as(cast, "desk").get(url).content.decode()
