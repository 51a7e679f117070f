"""Rounds: who walks and who lays out, how a point is confirmed, what is kept of it, and when a route is due."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from louzhang.fieldwork.actions.making import make_days, refresh_stale
from louzhang.fieldwork.actions.patrols import Fault, break_off, confirm_point, report_fault, run_out
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, drop_point, lay_route, open_scene
from louzhang.fieldwork.lifecycle.patrols import PatrolState
from louzhang.fieldwork.models import Confirmation, DayItem, DayList, ItemEnd, Patrol, Route, Scene, Way
from louzhang.fieldwork.patrol_rhythm import is_due, wanted_by, week_of
from louzhang.fieldwork.queries.patrols import counted_day
from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.sites import enter_site
from louzhang.register.models import SiteKind
from tests.cast import browser_as

DAILY = RouteDraft("夜间安全", every_days=1)


@pytest.fixture
def route(cast):
    """A route of two points in the grid, laid out by its worker."""
    made = lay_route(area=cast.areas["grid"], draft=DAILY, actor=cast.actor("grid_worker"), at=cast.at)
    for name, position in (("消火栓", (123.4, 41.8)), ("自行车棚", (None, None))):
        add_point(
            uid=made.uid, name=name, area=cast.areas["building"], longitude=position[0], latitude=position[1],
            actor=cast.actor("grid_worker"), at=cast.at,
        )  # fmt: skip
    return made


@pytest.fixture
def points(route):
    return list(route.points.order_by("position"))


def confirm(cast, point, person="grid_worker", way=Way.CODE, at=None, **more):
    code = {"code": point.code} if way == Way.CODE else {}
    moment = at or cast.at
    return confirm_point(uid=point.uid, way=way, actor=cast.actor(person, moment), at=moment, **{**code, **more})


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), times=st.integers(1, 14))
def test_by_sunday_all_rounds_of_a_week_are_wanted_and_never_more(day, times):
    monday, after = week_of(day)
    assert monday <= day < after
    assert monday.weekday() == 0
    wanted = [wanted_by(monday + timedelta(days=n), times) for n in range(7)]
    assert wanted[-1] == times
    assert wanted == sorted(wanted)
    assert wanted[0] >= 1


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), every=st.integers(1, 365), ago=st.integers(0, 800))
def test_every_so_many_days_a_route_is_due_exactly_from_that_day(day, every, ago):
    assert is_due(day, day - timedelta(days=ago), 0, every, None) == (ago >= every)


def test_the_last_point_ends_the_round_and_the_route_knows_the_day(cast, route, points):
    first = confirm(cast, points[0])
    assert first.status == PatrolState.GOING
    last = confirm(cast, points[1], way=Way.REASON, reason="牌子掉了")
    assert (last.pk, last.status) == (first.pk, PatrolState.WHOLE)
    route.refresh_from_db()
    assert route.walked_on == clock.local_date(cast.at)
    assert Words.objects.get(subject_kind="patrol").spoken == {"reason": "牌子掉了"}


def test_a_wrong_code_is_refused_and_a_forgiving_reading_is_not(cast, points):
    with pytest.raises(InputRefused):
        confirm(cast, points[0], code="000000" if points[0].code != "000000" else "111111")
    assert not Patrol.objects.exists()
    typed = f" {points[0].code[:3].lower()}-{points[0].code[3:].lower()} "
    assert confirm(cast, points[0], code=typed).is_going


def test_a_point_counts_once_in_a_round_and_without_a_position_there_is_none(cast, points):
    confirm(cast, points[0], way=Way.POSITION)
    with pytest.raises(Conflict):
        confirm(cast, points[0])
    with pytest.raises(InputRefused):
        confirm(cast, points[1], way=Way.POSITION)
    with pytest.raises(InputRefused):
        confirm(cast, points[1], way=Way.REASON)


def test_nothing_of_where_the_phone_was_is_kept_anywhere(cast, route, points):
    browser = browser_as(cast, "grid_worker")
    sent = {"way": "position", "entry_id": str(uuid4()), "lat": "41.812345", "lon": "123.456789", "accuracy": "12"}
    assert browser.post(reverse("patrols:stop", args=[points[0].uid]), sent).status_code == 302
    assert Confirmation.objects.get().way == Way.POSITION
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            statement = f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text LIKE %s'  # noqa: S608 - our own tables
            cursor.execute(statement, ["%41.8123%"])
            assert cursor.fetchone() == (0,), table
    page = browser.get(reverse("patrols:stop", args=[points[0].uid])).content.decode()
    assert "data-gcj-lat" in page
    assert 'name="lat"' not in page


def test_a_fault_is_an_order_at_once_with_the_place_filled_in(cast, route, points):
    fault = Fault(cast.categories["lamp"], "灯罩碎了")
    order = report_fault(uid=points[0].uid, fault=fault, actor=cast.actor("grid_worker"), at=cast.at)
    assert (order.area, order.place_note) == (cast.areas["building"], "消火栓")
    assert Event.objects.get(subject_kind="patrol", verb="fault").payload["order"] == order.pk
    confirm(cast, points[0])
    assert Patrol.objects.count() == 1


def test_a_site_of_the_register_brings_its_name_and_place(cast, route):
    site = enter_site(
        area=cast.areas["building"], kind=SiteKind.HYDRANT, name="东侧消火栓", longitude=123.4, latitude=41.8,
        actor=cast.actor("grid_worker"), at=cast.at,
    )  # fmt: skip
    actor = cast.actor("grid_lead")
    point = add_point(uid=route.uid, site=site, actor=actor, at=cast.at)
    assert (point.name, point.area, point.longitude, point.position) == ("东侧消火栓", cast.areas["building"], 123.4, 3)
    with pytest.raises(Conflict):
        add_point(uid=route.uid, site=site, actor=actor, at=cast.at)
    drop_point(uid=point.uid, actor=actor, at=cast.at)
    with pytest.raises(NotThere):
        confirm(cast, point)


@pytest.mark.parametrize("person", ["chief", "stairwell_head", "next_chief"])
def test_a_chief_walks_the_route_and_does_not_change_it(cast, route, points, person):
    assert confirm(cast, points[0], person).post.user == cast.people[person]
    with pytest.raises(NotYours):
        add_point(uid=route.uid, name="门口", actor=cast.actor(person), at=cast.at)


@pytest.mark.parametrize("person", ["stranger_chief", "stranger_desk", "street", "property", "resident", "nobody"])
def test_a_stranger_neither_sees_walks_nor_lays_out_anything(cast, route, points, person):
    actor = cast.actor(person)
    assert not Route.objects.visible_to(actor).exists()
    with pytest.raises(NotThere):
        confirm(cast, points[0], person)
    with pytest.raises(NotYours):
        lay_route(area=cast.areas["grid"], draft=DAILY, actor=actor, at=cast.at)


def test_each_walker_sees_the_own_rounds_the_grid_and_the_community_all(cast, points):
    confirm(cast, points[0], "chief")
    readers = {key for key, actor in cast.everyone().items() if Patrol.objects.visible_to(actor).exists()}
    assert readers == {"chief", "grid_worker", "grid_lead", "desk", "secretary", "system"}


def test_broken_off_with_a_reason_it_stays_due_and_a_late_point_still_makes_it_whole(cast, route, points):
    patrol = confirm(cast, points[0])
    with pytest.raises(InputRefused):
        break_off(uid=patrol.uid, reason=" ", actor=cast.actor("grid_worker"), at=cast.at)
    break_off(uid=patrol.uid, reason="接到急事", actor=cast.actor("grid_worker"), at=cast.at)
    route.refresh_from_db()
    assert route.walked_on is None
    assert confirm(cast, points[1]).status == PatrolState.WHOLE
    assert Patrol.objects.count() == 1


def test_at_night_what_nobody_ended_is_walked_in_part(cast, points, later):
    confirm(cast, points[0])
    assert run_out(at=later(2)) == 0
    assert run_out(at=later(24)) == 1
    assert run_out(at=later(24)) == 0
    assert Patrol.objects.get().status == PatrolState.PARTLY


def test_a_due_route_is_a_line_of_the_day_and_is_ticked_when_it_was_walked(cast, route, points):
    day = clock.local_date(cast.at)
    make_days(day=day, at=cast.at)
    item = DayItem.objects.get(source=f"patrol_route:{route.pk}")
    assert item.day_list.post == cast.posts["grid_worker"]
    assert item.why == "每天一次，还没有走过，共 2 处。"
    for point in points:
        confirm(cast, point, at=cast.at)
    read_new_events(at=cast.at)
    assert DayList.objects.filter(is_stale=True).exists()
    refresh_stale(at=cast.at)
    item.refresh_from_db()
    assert item.ended == ItemEnd.DONE


def test_the_outbox_confirms_points_once_however_often_it_is_sent(cast, points):
    browser = browser_as(cast, "grid_worker")
    fields = {"kind": "patrol.confirm", "row": str(points[0].uid), "patrol.confirm-way": "code",
              "patrol.confirm-code": points[0].code}  # fmt: skip
    entry = {"id": str(uuid4()), "happened_at": clock.now().isoformat(), "fields": fields}
    fault = {"kind": "patrol.fault", "row": str(points[1].uid), "patrol.fault-category": "lamp",
             "patrol.fault-words": "灯坏了"}  # fmt: skip
    other = {"id": str(uuid4()), "happened_at": clock.now().isoformat(), "fields": fault}
    for _ in range(2):
        answer = browser.post(
            reverse("register:sync"), json.dumps({"entries": [entry, other]}), content_type="application/json"
        )
        assert [row["result"] for row in answer.json()["results"]] == ["done", "done"]
    assert Confirmation.objects.count() == 1
    assert Event.objects.filter(subject_kind="workorder", verb="report").count() == 1


def test_rounds_count_for_the_day_only_in_a_named_scene_and_never_for_a_volunteer(cast, route, points):
    day, admin = clock.local_date(cast.at), cast.actor("system_admin")
    assert counted_day(cast.actor("grid_worker"), day) is None
    whole: dict[str, Any] = {
        "kind": "security",
        "document": "演公发〔2026〕3号",
        "starts_on": day,
        "ends_on": day + timedelta(days=3),
    }
    named: dict[str, Any] = {"name": "两会安保"}
    endless = named | {"ends_on": day + timedelta(days=400)}
    for broken in ({"name": "日常巡查"}, {"name": " "}, named | {"document": ""}, endless, named | {"kind": "routine"}):
        with pytest.raises(InputRefused):
            open_scene(actor=admin, at=cast.at, **{**whole, **broken})
    with pytest.raises(NotYours):
        open_scene(actor=cast.actor("desk"), at=cast.at, name="两会安保", **whole)
    open_scene(actor=admin, at=cast.at, name="两会安保", **whole)
    assert counted_day(cast.actor("chief"), day) is None
    told = counted_day(cast.actor("grid_worker"), day)
    assert told is not None
    assert not told.has_point
    confirm(cast, points[0])
    told = counted_day(cast.actor("grid_worker"), day)
    assert told is not None
    assert told.has_point
    assert not told.is_whole
    assert counted_day(cast.actor("grid_worker"), day + timedelta(days=3)) is None
    assert Scene.objects.count() == 1


def test_pages_of_a_round_answer_walkers_and_plates_nobody_else(cast, route, points):
    worker, stranger = browser_as(cast, "grid_worker"), browser_as(cast, "stranger_chief")
    plate = reverse("patrols:plate", args=[points[0].code])
    of_route = [reverse(f"patrols:{name}", args=[route.uid]) for name in ("route", "points", "plates", "change")]
    for address in (reverse("patrols:list"), reverse("patrols:out"), plate, *of_route):
        assert worker.get(address).status_code == 200, address
    assert points[0].code in worker.get(plate).content.decode()
    assert stranger.get(plate).status_code == 404
    assert stranger.get(reverse("patrols:route", args=[route.uid])).status_code == 404
