"""Leaves and the end of a post: a stand-in has everything for the days, access ends with them, nothing due is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from louzhang.areas.actions import appoint_post, end_post, name_stand_in
from louzhang.areas.models import PostKind
from louzhang.areas.roles import Role
from louzhang.fieldwork.actions.days import add_item
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, take_errand
from louzhang.fieldwork.actions.handing import (
    ask_leave,
    end_leave,
    forget_moved,
    hand_over_ended,
    hand_over_post,
    turn_leaves,
)
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.patrols import confirm_point
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.lifecycle.errands import ErrandState
from louzhang.fieldwork.models import DayItem, DayList, Errand, Handover, Leave, Patrol
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from tests.cast import browser_as


@pytest.fixture
def day(cast):
    return clock.local_date(cast.at)


@pytest.fixture
def leave(cast, day):
    """The chief is away for three days from today; the grid worker stands in."""

    def act(person="chief", stand_in="grid_worker", first=0, days=3, **more):
        return ask_leave(
            post_id=cast.posts["chief"].pk, stand_in=cast.people[stand_in], starts_on=day + timedelta(days=first),
            ends_on=day + timedelta(days=first + days), actor=cast.actor(person), at=cast.at, **more,
        )  # fmt: skip

    return act


def stands_in(cast, person, at):
    return cast.posts["chief"].pk in [seat.post_id for seat in cast.actor(person, at).seats]


def test_a_stand_in_has_the_post_for_the_days_and_loses_it_with_the_day_before_any_job_runs(cast, leave, later):
    leave()
    assert stands_in(cast, "grid_worker", cast.at)
    assert stands_in(cast, "grid_worker", later(48))
    assert not stands_in(cast, "grid_worker", later(72))
    assert stands_in(cast, "chief", later(72))


def test_everything_due_shows_at_the_stand_in(cast, leave, day):
    errand = ask_errand(
        draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
    )
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    make_days(day=day, at=cast.at)
    leave()
    actor = cast.actor("grid_worker")
    assert Errand.objects.tied(actor, "agent").exists()
    assert DayItem.objects.filter(day_list__in=DayList.objects.held_by(actor), source=f"errand:{errand.pk}").exists()


def test_a_leave_of_later_days_begins_by_itself_and_gives_back_who_stood_in_before(cast, leave, later):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["grid_lead"], actor=SYSTEM, at=cast.at)
    made = leave(first=1, days=2)
    assert not stands_in(cast, "grid_worker", later(24))
    assert turn_leaves(at=later(1)) == 0
    assert turn_leaves(at=later(24)) == 1
    assert stands_in(cast, "grid_worker", later(24))
    assert not stands_in(cast, "grid_lead", later(24))
    assert turn_leaves(at=later(72)) == 1
    assert turn_leaves(at=later(72)) == 0
    assert stands_in(cast, "grid_lead", later(72))
    made.refresh_from_db()
    assert made.ended_at is not None


def test_back_early_the_access_ends_at_once(cast, leave):
    made = leave()
    end_leave(uid=made.uid, actor=cast.actor("chief"), at=cast.at)
    assert not stands_in(cast, "grid_worker", cast.at)
    with pytest.raises(NotThere):
        end_leave(uid=made.uid, actor=cast.actor("chief"), at=cast.at)


def test_the_office_may_do_it_and_nobody_else(cast, leave):
    leave("desk")
    for person in ("grid_worker", "stranger_desk", "resident"):
        with pytest.raises((NotYours, NotThere)):
            leave(person, first=10)


def test_two_leaves_do_not_overlap_and_a_stranger_does_not_stand_in(leave):
    leave()
    with pytest.raises(Conflict):
        leave(first=1, days=1)
    for stand_in in ("stranger_chief", "chief", "resident"):
        with pytest.raises(InputRefused):
            leave(stand_in=stand_in, first=10)
    with pytest.raises(InputRefused):
        leave(first=5, days=0)


# ---- The end of a post -----------------------------------------------------------------------------------


@pytest.fixture
def busy(cast, day):
    """The chief has an errand, a round on the way, and a line the community laid on the day."""
    errand = ask_errand(
        draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
    )
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    route = lay_route(
        area=cast.areas["grid"], draft=RouteDraft("夜巡", every_days=1), actor=cast.actor("grid_worker"), at=cast.at
    )
    for name in ("东门", "西门"):
        add_point(uid=route.uid, name=name, actor=cast.actor("grid_worker"), at=cast.at)
    point = route.points.order_by("position")[0]
    confirm_point(uid=point.uid, way="code", code=point.code, actor=cast.actor("chief"), at=cast.at)
    make_days(day=day, at=cast.at)
    own = DayList.objects.get(post=cast.posts["chief"])
    add_item(list_uid=own.uid, title="贴停水通知", actor=cast.actor("desk"), at=cast.at)
    return errand


def end_mid_day(cast, at):
    return end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=at)


def test_a_post_that_ends_mid_day_loses_access_at_once_and_everything_due_goes_on(cast, busy, later):
    end_mid_day(cast, later(1))
    assert not cast.actor("chief", later(1)).seats
    assert hand_over_ended(at=later(1)) == 1
    row = Handover.objects.get()
    assert row.to_post == cast.posts["grid_worker"]
    assert {each["kind"] for each in row.moved} >= {"代办", "巡查", "今天的清单"}
    busy.refresh_from_db()
    assert (busy.agent, busy.status) == (cast.posts["grid_worker"], ErrandState.TAKEN)
    assert not Patrol.objects.going().exists()
    line = DayItem.objects.get(title="贴停水通知", ended="")
    assert line.day_list.post == cast.posts["grid_worker"]
    assert hand_over_ended(at=later(1)) == 0


def test_after_a_year_what_moved_is_named_no_longer(cast, busy, later):
    end_mid_day(cast, later(1))
    hand_over_ended(at=later(1))
    assert forget_moved(at=later(2)) == 0
    assert forget_moved(at=later(24 * 366)) == 1
    assert Handover.objects.get().moved == []


def test_whoever_holds_the_seat_again_comes_first(cast, busy, later):
    end_mid_day(cast, later(1))
    new = appoint_post(
        user=cast.people["nobody"], role=Role.CHIEF, area=cast.areas["building"], kind=PostKind.VOLUNTEER, actor=SYSTEM,
        at=later(2),
    )  # fmt: skip
    hand_over_ended(at=later(2))
    assert Handover.objects.get().to_post == new


def test_with_nobody_next_an_errand_waits_for_somebody_and_is_not_lost(cast, busy, later):
    for key in ("grid_worker", "grid_lead", "chief", "stairwell_head"):
        end_post(post=cast.posts[key], actor=cast.actor("desk"), at=later(1))
    hand_over_ended(at=later(1))
    busy.refresh_from_db()
    assert (busy.agent, busy.status) == (None, ErrandState.ASKED)
    assert Handover.objects.get(post=cast.posts["chief"]).to_post is None


def test_a_post_that_goes_on_is_not_handed_over(cast, busy, later):
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=later(1), ends_on=clock.local_date(later(48)))
    assert hand_over_ended(at=later(1)) == 0
    assert hand_over_post(post_id=cast.posts["chief"].pk, at=later(1)) is None
    assert hand_over_ended(at=later(49)) == 1


def test_a_leave_of_a_post_that_ended_ends_too(cast, leave, later):
    leave()
    end_mid_day(cast, later(1))
    assert not stands_in(cast, "grid_worker", later(1))
    assert turn_leaves(at=later(1)) == 1
    assert Leave.objects.get().ended_at is not None


def test_the_next_one_and_the_community_read_what_moved_and_nobody_else(cast, busy, later):
    end_mid_day(cast, later(1))
    hand_over_ended(at=later(1))
    seen = {key for key in cast.people if Handover.objects.visible_to(cast.actor(key, later(1))).exists()}
    assert seen == {"grid_worker", "desk", "secretary"}


def test_pages_of_leaves_and_handovers(cast, leave, later, busy):
    leave("desk", first=300, days=2)
    end_mid_day(cast, later(1))
    hand_over_ended(at=later(1))
    row = Handover.objects.get()
    desk, worker, stranger = (browser_as(cast, key) for key in ("desk", "grid_worker", "stranger_chief"))
    assert "演示网格员" in desk.get(reverse("handing:list")).content.decode()
    assert "贴停水通知" in worker.get(reverse("handing:handover", args=[row.uid])).content.decode()
    assert stranger.get(reverse("handing:handover", args=[row.uid])).status_code == 404
    assert worker.get(reverse("handing:leave", args=[cast.posts["grid_worker"].pk])).status_code == 200
    assert stranger.get(reverse("handing:leave", args=[cast.posts["grid_worker"].pk])).status_code == 404
