"""Two offices change the district at the same moment: one is first, the other reads why not."""

import pytest

from louzhang.areas.actions import add_area, appoint_post, end_area, end_post, serve_area
from louzhang.areas.models import Area, Post, ServedArea
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from tests.at_once import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty_building(transactional_db, cast):
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=cast.at)
    return cast.areas["building"]


def test_two_chiefs_are_not_appointed_to_one_building(cast, empty_building):
    def appoint(key):
        person, actor = cast.people[key], cast.actor("desk")
        return lambda: appoint_post(user=person, role=Role.CHIEF, area=empty_building, actor=actor, at=cast.at)

    answers = at_once(appoint("resident"), appoint("nobody"))
    (post,) = winners(answers)
    standing = Post.objects.filter(area=empty_building, role=Role.CHIEF, ends_on=None)
    assert [held.pk for held in standing] == [post.pk]
    prove_journal()


def test_a_post_is_ended_once(transactional_db, cast):
    ends = [lambda: end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=cast.at)] * 2
    assert len(winners(at_once(*ends))) == 1
    prove_journal()


def test_no_chief_is_appointed_to_a_building_that_ends(cast, empty_building):
    end_post(post=cast.posts["stairwell_head"], actor=SYSTEM, at=cast.at)
    end_area(area=cast.areas["stairwell"], reason="拆除", actor=SYSTEM, at=cast.at)
    at_once(
        lambda: appoint_post(
            user=cast.people["nobody"], role=Role.CHIEF, area=empty_building, actor=cast.actor("desk"), at=cast.at
        ),
        lambda: end_area(area=empty_building, reason="拆除", actor=SYSTEM, at=cast.at),
    )
    has_ended = Area.objects.get(pk=empty_building.pk).ended_at is not None
    has_chief = Post.objects.filter(area=empty_building, role=Role.CHIEF, ends_on=None).exists()
    assert has_ended != has_chief
    prove_journal()


def test_nobody_becomes_administrator_and_desk_at_once(transactional_db, cast):
    person = cast.people["nobody"]
    end_post(post=cast.posts["system_admin"], actor=SYSTEM, at=cast.at)
    at_once(
        lambda: appoint_post(
            user=person,
            role=Role.SYSTEM_ADMIN,
            area=cast.areas["district"],
            actor=cast.actor("security_admin"),
            at=cast.at,
        ),
        lambda: appoint_post(
            user=person, role=Role.OFFICE_STAFF, area=cast.areas["community"], actor=cast.actor("street"), at=cast.at
        ),
    )
    assert Post.objects.filter(user=person, ends_on=None).count() == 1


def test_two_areas_with_one_code_are_not_added(transactional_db, cast):
    def add(name):
        level = cast.areas["building"].level
        return lambda: add_area(parent=cast.areas["grid"], level=level, name=name, code="B9", actor=SYSTEM, at=cast.at)

    assert len(winners(at_once(add("九号楼"), add("9号楼")))) == 1
    assert Area.objects.filter(code="B9").count() == 1
    prove_journal()


def test_two_buildings_added_at_once_get_places_of_their_own(transactional_db, cast):
    def add(code):
        level = cast.areas["building"].level
        return lambda: add_area(
            parent=cast.areas["grid"], level=level, name=f"{code}号楼", code=code, actor=SYSTEM, at=cast.at
        )

    added = at_once(*[add(f"B{number}") for number in (20, 21, 22)])
    assert len(winners(added)) == 3
    assert len({area.path for area in Area.objects.filter(code__in=["B20", "B21", "B22"])}) == 3
    assert Area.objects.find_problems() == ([], [], [], [], [])


def test_a_unit_serves_a_place_once(transactional_db, cast):
    def serve():
        return serve_area(unit=cast.units["owners_unit"], area=cast.areas["community"], actor=SYSTEM, at=cast.at)

    assert len(winners(at_once(serve, serve))) == 1
    assert ServedArea.objects.filter(unit=cast.units["owners_unit"], area=cast.areas["community"]).count() == 1
    prove_journal()
