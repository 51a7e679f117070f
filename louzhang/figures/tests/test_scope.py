"""The figures of somebody are those of the orders they see, and of no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.figures.queries.counting import By, count_figures
from louzhang.figures.queries.reach import reach_of
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.workorders.actions import accept_workorder, dispatch_workorder
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import WorkOrder
from tests.cast import Cast

OFFICES = ("desk", "secretary", "street", "commander", "stranger_desk", "stranger_street")
OTHERS = ("department", "property", "chief", "grid_worker", "resident", "nobody", "audit_admin", "stranger_chief")


@pytest.fixture
def matters(cast: Cast, file, read) -> None:
    """Ordinary matters in three communities, complaints about all kinds of people, violence."""
    for area in ("stairwell", "building", "next_community", "other_building", "street", "district"):
        file(area=area)
    units = ("property_unit", "community_office", "street_office", "district_office")
    targets = [Target(unit=cast.units[unit]) for unit in units]
    targets += [
        Target(user_id=cast.people[key].pk, area=cast.posts[key].area, role=cast.posts[key].role)
        for key in ("chief", "desk", "street", "commander")
    ]
    for target in targets:
        file(category="complaint", target=target)
    file(category="guarded")
    order = file(area="building")
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=cast.actor("desk"), at=cast.at)
    read()


def counted(cast: Cast, key: str, area: str | None = None, by: By = By.DAY) -> dict[Any, int]:
    day = clock.local_date(cast.at)
    actor = cast.actor(key)
    reach = reach_of(actor, cast.areas[area].pk if area else None, day, day, today=day)
    return {line: found.orders for line, found in count_figures(reach, by).lines[by].items() if found.orders}


@pytest.mark.parametrize("key", OFFICES)
@pytest.mark.parametrize("by", [By.DAY, By.COMMUNITY, By.CATEGORY, By.CHANNEL, By.LEVEL])
def test_an_office_counts_exactly_the_orders_it_sees(cast, matters, key, by):
    actor = cast.actor(key)
    seen = WorkOrder.objects.visible_to(actor).within(actor.seats[0].area_id)
    assert sum(counted(cast, key, by=by).values()) == seen.count()
    assert seen.exists()


def test_a_complaint_is_not_in_the_figures_of_whom_it_names(cast, matters):
    complaint = cast.categories["complaint"].pk
    many = {key: counted(cast, key, "community", By.CATEGORY).get(complaint, 0) for key in ("desk", "street")}
    for key in ("desk", "street", "commander"):
        actor = cast.actor(key)
        seen = WorkOrder.objects.visible_to(actor).within(cast.areas["community"].pk)
        assert counted(cast, key, "community", By.CATEGORY).get(complaint, 0) == seen.filter(category=complaint).count()
    assert many["desk"] < many["street"]


def test_units_are_counted_where_the_office_is(cast, matters):
    unit = cast.units["property_unit"].pk
    assert counted(cast, "desk", by=By.UNIT) == {unit: 1}
    assert counted(cast, "commander", "other_community", by=By.UNIT) == {}


@pytest.mark.parametrize("key", OFFICES)
def test_a_place_outside_the_own_offices_is_not_there(cast, matters, key):
    for name in ("district", "street", "other_street", "community", "next_community", "other_community"):
        area, own = cast.areas[name], cast.actor(key).seats[0]
        if area.path.startswith(own.path):
            counted(cast, key, name)
        else:
            with pytest.raises(NotThere):
                counted(cast, key, name)


@pytest.mark.parametrize("key", OTHERS)
def test_who_works_in_no_office_has_no_figures(cast, matters, key):
    with pytest.raises(NotYours):
        counted(cast, key)
    with pytest.raises(NotThere):
        counted(cast, key, "community")


def test_a_place_below_the_communities_and_a_period_that_is_none_are_refused(cast):
    with pytest.raises(InputRefused, match="社区为止"):
        counted(cast, "desk", "grid")
    day = clock.local_date(cast.at)
    with pytest.raises(InputRefused, match="晚于"):
        reach_of(cast.actor("desk"), None, day, day - timedelta(days=1), today=day)
    with pytest.raises(InputRefused, match="缩短"):
        reach_of(cast.actor("desk"), None, day - timedelta(days=2_000), day, today=day)


def ask(cast: Cast, key: str, query: str) -> Any:
    token = make_api_token(user=cast.people[key], label="测试", is_read_only=True, actor=SYSTEM, at=cast.at)[1]
    headers: Any = {"authorization": f"Bearer {token}"}
    return Client().get(f"/api/v1/figures{query}", headers=headers)


@pytest.mark.parametrize("by", list(By))
def test_the_route_answers_along_every_line(cast, matters, by):
    day = clock.local_date(cast.at).isoformat()
    answer = ask(cast, "commander", f"?from={day}&to={day}&by={by}")
    assert answer.status_code == 200
    told = answer.json()
    seen = WorkOrder.objects.visible_to(cast.actor("commander")).count()
    assert told["total"]["orders"] == seen
    assert sum(told["total"]["steps"].values()) == seen
    assert [row["label"] for row in told["rows"]]
    assert len(told["bucket_bounds"]) + 1 == len(told["total"]["clocks"]["settle"]["buckets"])


def test_the_route_refuses_as_the_page_does(cast, matters):
    stranger = f"?area={cast.areas['community'].pk}"
    assert ask(cast, "stranger_desk", stranger).status_code == 404
    assert ask(cast, "stranger_desk", "?area=999999999").json() == ask(cast, "stranger_desk", stranger).json()
    assert ask(cast, "chief", "").status_code == 403
    assert ask(cast, "desk", "?from=2026-02-02&to=2026-01-01").status_code == 400
    assert ask(cast, "desk", "?by=person").status_code == 400
    assert Client().get("/api/v1/figures").status_code == 401


def test_the_route_of_visits_answers_and_refuses_as_that_of_orders(cast):
    day = clock.local_date(cast.at).isoformat()
    told = ask(cast, "commander", f"/field?from={day}&to={day}&by=community").json()
    assert told["total"] == dict.fromkeys(told["total"], 0)
    assert told["rows"] == []
    assert ask(cast, "stranger_desk", f"/field?area={cast.areas['community'].pk}").status_code == 404
    assert ask(cast, "chief", "/field").status_code == 403
    assert ask(cast, "desk", "/field?by=channel").status_code == 400
