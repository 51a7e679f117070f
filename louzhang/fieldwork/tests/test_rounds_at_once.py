"""Two at once: one point confirmed twice, one errand taken by two, one post handed over by two workers."""

from __future__ import annotations

from functools import partial

import pytest

from louzhang.areas.actions import end_post
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, take_errand
from louzhang.fieldwork.actions.handing import hand_over_ended
from louzhang.fieldwork.actions.patrols import confirm_point
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.actions.work_logs import send_log
from louzhang.fieldwork.models import Confirmation, Errand, Handover, Patrol, WorkLog
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def route(cast):
    worker = cast.actor("grid_worker")
    made = lay_route(area=cast.areas["grid"], draft=RouteDraft("夜巡", every_days=1), actor=worker, at=cast.at)
    for name in ("东门", "西门"):
        add_point(uid=made.uid, name=name, actor=worker, at=cast.at)
    return made


def test_two_taps_on_one_point_confirm_it_once_in_one_round(cast, route):
    point = route.points.order_by("position")[0]
    tap = partial(confirm_point, uid=point.uid, way="code", code=point.code, actor=cast.actor("chief"), at=cast.at)
    assert len(winners(at_once(tap, tap, tap))) == 1
    assert (Patrol.objects.count(), Confirmation.objects.count()) == (1, 1)
    assert prove_journal().chains


def test_two_points_at_once_belong_to_one_round(cast, route):
    taps = [
        partial(confirm_point, uid=point.uid, way="code", code=point.code, actor=cast.actor("chief"), at=cast.at)
        for point in route.points.all()
    ]
    assert len(winners(at_once(*taps))) == 2
    assert Patrol.objects.get().status == "whole"


def test_one_errand_is_taken_by_one(cast):
    draft = ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表")
    errand = ask_errand(draft=draft, actor=cast.device, at=cast.at)
    take = partial(take_errand, errand_id=errand.pk, at=cast.at)
    answers = at_once(*(partial(take, actor=cast.actor(key)) for key in ("chief", "grid_worker", "stairwell_head")))
    assert len(winners(answers)) == 1
    assert Errand.objects.get().agent is not None


def test_one_ended_post_is_handed_over_once_by_two_workers(cast):
    draft = ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表")
    errand = ask_errand(draft=draft, actor=cast.device, at=cast.at)
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=cast.at)
    answers = at_once(partial(hand_over_ended, at=cast.at), partial(hand_over_ended, at=cast.at))
    assert sorted(winners(answers)) == [0, 1]
    assert Handover.objects.count() == 1
    assert Errand.objects.get().agent == cast.posts["grid_worker"]


def test_one_log_of_a_day_is_sent_once(cast):
    day = clock.local_date(cast.at)
    send = partial(send_log, day=day, sentence="", actor=cast.actor("chief"), at=cast.at)
    assert len(winners(at_once(send, send))) == 1
    assert WorkLog.objects.count() == 1
