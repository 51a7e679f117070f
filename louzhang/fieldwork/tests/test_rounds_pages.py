"""Pages of rounds, logs, errands and handovers: how many statements each takes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, take_errand
from louzhang.fieldwork.actions.patrols import confirm_point
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.actions.work_logs import send_log
from louzhang.kit import clock
from tests.cast import browser_as

AT_MOST = 12


@pytest.fixture
def full(cast):
    """Two routes with points, one walked in part, three errands, two logs."""
    now = clock.now()
    worker = cast.actor("grid_worker")
    routes = [
        lay_route(area=cast.areas["grid"], draft=RouteDraft(name, every_days=1), actor=worker, at=now)
        for name in ("夜巡", "通道")
    ]
    for route in routes:
        for name in ("东门", "西门", "北门"):
            add_point(uid=route.uid, name=name, actor=worker, at=now)
    point = routes[0].points.order_by("position")[0]
    confirm_point(uid=point.uid, way="code", code=point.code, actor=worker, at=now)
    for words in ("交表", "取药", "缴费"):
        draft = ErrandDraft(kind="papers", area=cast.areas["stairwell"], words=words, phone="19900001111")
        errand = ask_errand(draft=draft, actor=cast.actor("resident"), at=now)
    take_errand(errand_id=errand.pk, actor=worker, at=now)
    logs = [
        send_log(day=clock.local_date(now), sentence="都好", actor=cast.actor(key), at=now)
        for key in ("chief", "grid_worker")
    ]
    return {"route": routes[0].uid, "point": point.uid, "errand": errand.uid, "log": logs[0].uid}


@pytest.mark.parametrize(
    ("person", "name", "of"),
    [
        ("grid_worker", "patrols:list", ""),
        ("grid_worker", "patrols:route", "route"),
        ("grid_worker", "patrols:stop", "point"),
        ("grid_worker", "patrols:out", ""),
        ("desk", "patrols:points", "route"),
        ("grid_worker", "errands:list", ""),
        ("grid_worker", "errands:one", "errand"),
        ("resident", "errands:own", "errand"),
        ("resident", "errands:ask", ""),
        ("chief", "logs:mine", ""),
        ("desk", "logs:sent", ""),
        ("desk", "logs:one", "log"),
        ("chief", "deeds:list", ""),
        ("chief", "handing:list", ""),
        ("desk", "handing:list", ""),
        ("system_admin", "patrols:scenes", ""),
    ],
)
def test_a_page_takes_a_dozen_statements_at_most(cast, full, person, name, of):
    browser, address = browser_as(cast, person), reverse(name, args=[full[of]] if of else [])
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert browser.get(address).status_code == 200
    assert len(told) <= AT_MOST, [query["sql"][:90] for query in told]
