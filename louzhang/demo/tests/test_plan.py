"""The full demo as it is planned, before anything is stored."""

from datetime import timedelta
from random import Random

import pytest
from shapely.geometry import Point, Polygon

from louzhang.demo.shapes import cut, geojson, spread
from louzhang.demo.sizes import FULL, SMALL, plan_places
from louzhang.demo.stories import DELAYS, STORIES, share_out
from louzhang.demo.tests.conftest import AFTERNOON
from louzhang.demo.timing import plan_times


def chance(seed):
    """Give chance that comes out the same every time."""
    return Random(seed)  # noqa: S311 - nothing secret


def counts(plan):
    communities = [community for street in plan.streets for community in street.communities]
    return len(plan.streets), len(communities), sum(grids for _, grids in communities)


def test_the_full_demo_is_the_district_of_the_handbook():
    plan = plan_places(FULL)
    assert counts(plan) == (7, 52, 315)
    assert plan.name == "溪湖区"
    names = [name for street in plan.streets for name, _ in street.communities]
    assert len(set(names)) == 52
    assert min(grids for street in plan.streets for _, grids in street.communities) >= 6


def test_a_small_demo_takes_a_little_of_each():
    assert counts(plan_places(SMALL)) == (2, 4, 9)


def test_about_four_hundred_matters_are_planned_and_every_story_is_told():
    told = share_out(FULL.orders)
    assert 390 <= len(told) <= 415
    assert {story.name for story in told} == {story.name for story in STORIES}


def test_every_step_of_every_story_has_its_delay():
    assert {step for story in STORIES for step in story.steps.split()} <= set(DELAYS)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_steps_follow_each_other_within_the_days_past_and_none_is_in_the_future(story):
    for seed in range(30):
        times = plan_times(story, AFTERNOON, 60, chance(seed))
        assert times == sorted(times)
        assert len(times) == len(story.steps.split()) + 1
        assert AFTERNOON - timedelta(days=75) < times[0]
        assert times[-1] <= AFTERNOON


def test_parts_of_a_polygon_cover_it_without_gap_or_overlap():
    whole = Polygon(plan_places(FULL).outline)
    parts = cut(whole, [1, 2, 3, 4, 5], chance(1))
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
    assert [part.area / whole.area for part in parts] == pytest.approx([n / 15 for n in range(1, 6)], rel=0.01)
    assert all(geojson(part)["coordinates"][0][0] == geojson(part)["coordinates"][0][-1] for part in parts)


def test_buildings_stand_inside_their_grid():
    part = cut(Polygon(plan_places(FULL).outline), [1] * 9, chance(2))[4]
    places = spread(part, 13, chance(3))
    assert len(places) == len(set(places)) == 13
    assert all(part.covers(Point(place)) for place in places)
