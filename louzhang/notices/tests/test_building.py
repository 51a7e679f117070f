"""Notices of a building: written for one's own, read by its residents until they end, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from louzhang.notices.actions import publish_notice, withdraw_notice
from louzhang.notices.models import BuildingNotice
from louzhang.notices.queries import find_building_notice, notices_at, places_to_tell

HERE = {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary", "street", "commander"}


@pytest.fixture
def publish(cast):
    def write(key="chief", area="building", days=3.0, at=None):
        return publish_notice(
            author=cast.people[key], area=cast.areas[area], title="停水通知", words="今晚八点停水。",
            ends_at=(at or cast.at) + timedelta(days=days), actor=cast.actor(key), at=at or cast.at,
        )  # fmt: skip

    return write


def test_residents_of_the_building_read_it_and_those_next_door_do_not(cast, publish):
    notice = publish()
    assert notices_at(cast.areas["building"], cast.at) == [notice]
    assert notices_at(cast.areas["stairwell"], cast.at) == [notice]
    assert notices_at(cast.areas["next_building"], cast.at) == []
    assert notices_at(None, cast.at) == []


def test_a_grid_workers_notice_reaches_every_building_of_the_grid(cast, publish):
    notice = publish("grid_worker", "grid")
    assert notices_at(cast.areas["next_building"], cast.at) == [notice]
    assert notices_at(cast.areas["other_building"], cast.at) == []


@pytest.mark.parametrize("area", ["next_building", "grid", "community", "other_building"])
def test_a_chief_writes_for_the_own_building_only(cast, publish, area):
    with pytest.raises(NotYours):
        publish("chief", area)


@pytest.mark.parametrize("key", ["resident", "property", "desk", "stranger_chief"])
def test_nobody_else_writes_for_it(cast, publish, key):
    with pytest.raises(NotYours):
        publish(key)
    assert cast.areas["building"] not in places_to_tell(cast.actor(key))


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_it_ends_within_sixty_days(publish, days):
    with pytest.raises(InputRefused) as refused:
        publish(days=days)
    assert refused.value.field == "until"


def test_the_last_day_is_the_one_that_was_chosen(cast, browser_of):
    until = clock.local_date(clock.now()) + timedelta(days=2)
    browser_of("chief").post(
        reverse("notices:write"), posted(area=cast.areas["building"].pk, until=until.isoformat(), go="send")
    )
    assert BuildingNotice.objects.get().last_day == until


def test_it_ends_by_itself(cast, publish):
    notice = publish(days=1)
    assert notices_at(cast.areas["building"], cast.at + timedelta(days=1)) == []
    with pytest.raises(NotThere):
        find_building_notice(notice.uid, cast.at + timedelta(days=1))


def test_taken_back_it_is_gone_at_once_and_cannot_be_taken_back_again(cast, publish):
    notice = publish()
    withdraw_notice(notice_id=notice.pk, actor=cast.actor("desk"), at=cast.at)
    assert notices_at(cast.areas["building"], cast.at) == []
    with pytest.raises(TransitionRefused):
        withdraw_notice(notice_id=notice.pk, actor=cast.actor("chief"), at=cast.at)
    verbs = Event.objects.filter(subject_kind="building_notice", subject_id=notice.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["publish", "withdraw"]


def test_whoever_looks_after_the_place_may_take_it_back_and_nobody_else(cast, publish):
    notice = publish()
    for key, actor in cast.everyone().items():
        is_seen = BuildingNotice.objects.visible_to(actor).filter(pk=notice.pk).exists()
        # The head of one stairwell looks after less than the building.
        assert is_seen == (key in HERE - {"stairwell_head"}), key
    with pytest.raises(NotThere):
        withdraw_notice(notice_id=notice.pk, actor=cast.actor("stranger_desk"), at=cast.at)
    with pytest.raises(TypeError):
        BuildingNotice.objects.visible_to(None)  # type: ignore[arg-type]  # what a mistake would hand over


def posted(**changes):
    until = clock.local_date(clock.now()) + timedelta(days=2)
    return {"title": "停水通知", "words": "今晚八点停水。", "until": until.isoformat()} | changes


def test_two_taps_send_it_with_a_preview_between(cast, browser_of):
    chief, url, area = browser_of("chief"), reverse("notices:write"), cast.areas["building"].pk
    shown = chief.post(url, posted(area=area)).content.decode()
    assert "住户会这样看到" in shown
    assert not BuildingNotice.objects.exists()
    changed = chief.post(url, posted(area=area, go="back")).content.decode()
    assert 'name="title" value="停水通知"' in changed
    assert chief.post(url, posted(area=area, go="send")).status_code == 302
    assert BuildingNotice.objects.get().area == cast.areas["building"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "请写标题"),
        ({"words": ""}, "请写内容"),
        ({"until": "2020-01-01", "go": "send"}, "截止日期要在今天以后"),
        ({"until": "明天"}, "请选择一个日期"),
    ],
)
def test_wrong_input_is_said_by_the_field_and_kept(cast, browser_of, changes, sentence):
    answer = browser_of("chief").post(
        reverse("notices:write"), posted(area=cast.areas["building"].pk, **({"title": "停水"} | changes))
    )
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_a_building_that_is_not_the_chiefs_is_not_offered_and_not_taken(cast, browser_of):
    answer = browser_of("chief").post(reverse("notices:write"), posted(area=cast.areas["next_building"].pk, go="send"))
    assert answer.status_code == 400
    assert not BuildingNotice.objects.exists()


def test_the_residents_home_shows_the_notices_of_the_building_chosen_there(cast, publish):
    notice = publish(at=clock.now())
    phone = Client()
    assert "停水通知" not in phone.get("/").content.decode()
    chosen = {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk, "stairwell": ""}
    assert phone.post(reverse("phone:home_place"), chosen).status_code == 302
    assert "停水通知" in phone.get("/").content.decode()
    assert phone.get(reverse("notices:one", args=[notice.uid])).status_code == 200
    other = Client()
    next_door = chosen | {"building": cast.areas["next_building"].pk}
    other.post(reverse("phone:home_place"), next_door)
    assert "停水通知" not in other.get("/").content.decode()


def test_choosing_no_place_says_what_to_do(cast):
    answer = Client().post(reverse("phone:home_place"), {"community": ""})
    assert answer.status_code == 400
    assert "请先选社区" in answer.content.decode()


def test_the_home_page_costs_at_most_twelve_queries(cast, publish, django_assert_max_num_queries):
    publish(at=clock.now())
    phone = Client()
    phone.post(
        reverse("phone:home_place"),
        {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk},
    )
    with django_assert_max_num_queries(12):
        assert phone.get("/").status_code == 200


def test_the_list_takes_back_and_prints(cast, browser_of, publish):
    notice = publish(at=clock.now())
    chief, stranger = browser_of("chief"), browser_of("stranger_chief")
    assert "停水通知" in chief.get(reverse("notices:building")).content.decode()
    assert "停水通知" not in stranger.get(reverse("notices:building")).content.decode()
    assert chief.get(reverse("notices:sheet", args=[notice.uid])).status_code == 200
    assert stranger.get(reverse("notices:sheet", args=[notice.uid])).status_code == 404
    assert stranger.post(reverse("notices:withdraw", args=[notice.uid])).status_code == 404
    assert chief.post(reverse("notices:withdraw", args=[notice.uid])).status_code == 302
    assert Client().get(reverse("notices:one", args=[notice.uid])).status_code == 404
