"""Who hears of errands, leaves and handovers, in words that name nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from louzhang.areas.actions import end_post
from louzhang.fieldwork import rounds_notices as books
from louzhang.fieldwork.actions.errands import (
    ErrandDraft,
    ask_errand,
    confirm_errand,
    decline_errand,
    hand_over,
    not_yet,
    take_errand,
)
from louzhang.fieldwork.actions.handing import ask_leave, end_leave, hand_over_ended
from louzhang.fieldwork.models import Handover
from louzhang.journal.models import Event
from louzhang.journal.readers import readers
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.notices.queries import inbox
from tests.cast import browser_as

EVER = timedelta(days=100_000)
BOOKS = {"errand": books.ERRANDS, "leave": books.LEAVES, "post_handover": books.HANDOVERS}
WHAT = "跑腿办证、交材料（2单元）"


@pytest.fixture
def read():
    """Hand the events of a kind since the last time to its book."""
    seen = dict.fromkeys(BOOKS, 0)

    def hand(kind):
        rows = Event.objects.filter(subject_kind=kind, pk__gt=seen[kind]).order_by("pk")
        for event in rows:
            seen[kind] = event.pk
            BOOKS[kind].read([event], news=EVER)

    return hand


def told(actor):
    return [notice.title for notice in inbox(actor)]


@pytest.fixture
def errand(cast):
    draft = ErrandDraft(
        kind="papers",
        area=cast.areas["stairwell"],
        words="把王大妈的医保材料交到窗口",
        name="王大妈",
        phone="19900001111",
    )
    return ask_errand(draft=draft, actor=cast.device, at=cast.at)


def test_an_errand_is_told_to_the_nearest_who_may_take_it_and_to_nobody_else(cast, errand, read):
    read("errand")
    assert told(cast.actor("stairwell_head")) == [f"有人请帮忙跑一趟：{WHAT}"]
    for key in ("chief", "next_chief", "grid_worker", "desk", "stranger_chief", "resident"):
        assert told(cast.actor(key)) == []


def test_with_nobody_in_the_field_the_office_hears_of_it(cast, read):
    for key in ("stairwell_head", "chief", "grid_worker", "grid_lead"):
        end_post(post=cast.posts[key], actor=cast.actor("desk"), at=cast.at)
    ask_errand(
        draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
    )
    read("errand")
    assert told(cast.actor("desk")) == [f"有人请帮忙跑一趟：{WHAT}"]


def test_the_asker_hears_that_it_is_taken_and_handed_back_and_is_asked_to_confirm(cast, errand, read):
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    read("errand")
    assert told(cast.device) == ["您托办的事有人接下了。"]
    hand_over(errand_id=errand.pk, words="交好了", actor=cast.actor("chief"), at=cast.at)
    read("errand")
    line = inbox(cast.device).get()
    assert line.title == "您托办的事办好交回了，请您看一下、点确认。"
    assert line.url == reverse("errands:own", args=[errand.uid])
    assert told(cast.other_device) == []


def test_who_runs_it_hears_what_the_asker_says(cast, errand, read):
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    hand_over(errand_id=errand.pk, words="交好了", actor=cast.actor("chief"), at=cast.at)
    not_yet(errand_id=errand.pk, reason="少一张表", actor=cast.device, at=cast.at)
    read("errand")
    assert told(cast.actor("chief")) == [f"代办还没有办好，请再看一下：{WHAT}"]
    hand_over(errand_id=errand.pk, words="补好了", actor=cast.actor("chief"), at=cast.at)
    confirm_errand(errand_id=errand.pk, way="tap", actor=cast.device, at=cast.at)
    read("errand")
    assert told(cast.actor("chief")) == [f"代办已经确认办好：{WHAT}"]
    assert "少一张表" not in str(list(Notice.objects.values()))


def test_a_refused_errand_is_told_and_one_written_for_another_is_told_at_the_door(cast, errand, read):
    decline_errand(errand_id=errand.pk, reason="要本人去", actor=cast.actor("chief"), at=cast.at)
    read("errand")
    assert told(cast.device) == ["您托办的事这里办不了，请看原因和接下来怎么办。"]
    draft = ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表", is_for_another=True)
    other = ask_errand(draft=draft, actor=cast.actor("chief"), at=cast.at)
    before = Notice.objects.count()
    take_errand(errand_id=other.pk, actor=cast.actor("chief"), at=cast.at)
    BOOKS["errand"].read([Event.objects.filter(subject_kind="errand", verb="take").latest("pk")], news=EVER)
    assert Notice.objects.count() == before


@pytest.fixture
def leave(cast):
    def act(person="chief"):
        day = clock.local_date(cast.at)
        return ask_leave(
            post_id=cast.posts["chief"].pk, stand_in=cast.people["grid_worker"], starts_on=day,
            ends_on=day + timedelta(days=3), actor=cast.actor(person), at=cast.at,
        )  # fmt: skip

    return act


def test_who_stands_in_and_the_office_hear_of_a_leave(cast, leave, read):
    leave()
    read("leave")
    place = "彩虹社区 12号楼楼长"
    assert told(cast.actor("grid_worker")) == [f"替岗开始了：{place}，3月2日到3月5日前，该办的在您的清单上"]
    assert told(cast.actor("desk")) == [f"有人请了替岗：{place}，3月2日到3月5日前"]
    assert told(cast.actor("stranger_desk")) == told(cast.actor("next_chief")) == []


def test_the_holder_hears_what_the_office_decided_and_that_it_is_over(cast, leave, read):
    made = leave("desk")
    read("leave")
    assert [title.split("：")[0] for title in told(cast.actor("chief"))] == ["替岗开始了"]
    assert told(cast.actor("desk")) == []
    end_leave(uid=made.uid, actor=cast.actor("desk"), at=cast.at)
    read("leave")
    assert told(cast.actor("chief")) == ["替岗结束了：彩虹社区 12号楼楼长，该办的回到您的清单上"]
    assert told(cast.actor("grid_worker")) == ["替岗结束了：彩虹社区 12号楼楼长，权限已经收回"]


def test_the_next_one_gets_what_moved_with_a_link_and_the_office_hears_it(cast, errand, read):
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=cast.at)
    assert hand_over_ended(at=cast.at) == 1
    read("post_handover")
    row = Handover.objects.get()
    line = inbox(cast.actor("grid_worker")).get(kind="post_handover")
    assert line.title == "彩虹社区 12号楼楼长交接给您：没办完的 1 件"
    assert line.url == reverse("handing:handover", args=[row.uid])
    assert browser_as(cast, "grid_worker").get(line.url).status_code == 200
    assert told(cast.actor("desk")) == ["彩虹社区 12号楼楼长的任职结束，已有人接手：没办完的 1 件"]
    assert told(cast.actor("chief")) == []


def test_no_line_names_anybody(cast, errand, leave, read):
    leave()
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    for kind in BOOKS:
        read(kind)
    titles = " ".join(Notice.objects.values_list("title", flat=True))
    assert titles
    for word in ("王大妈", "医保", "19900001111", *(person.name for person in cast.people.values())):
        assert word not in titles


def test_the_books_are_read_by_the_worker():
    kinds = {reader.name: reader.kinds for reader in readers()}
    assert kinds["errand_notices"] == {"errand"}
    assert kinds["leave_notices"] == {"leave"}
    assert kinds["post_handover_notices"] == {"post_handover"}
