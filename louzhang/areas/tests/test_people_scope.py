"""Who looks after whom, and who issues whose sign-in code: every person by every person."""

from datetime import timedelta

import pytest

from louzhang.accounts.actions import register_person
from louzhang.areas.actions import appoint_post, end_post, name_stand_in, serve_area
from louzhang.areas.models import PostKind
from louzhang.areas.queries.people_scope import find_person, may_issue_code, people_visible_to
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import NotThere
from tests.cast import MORNING, PEOPLE

EVERYBODY = {key for key, *_ in PEOPLE}
COMMUNITY = {
    "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "property", "owners",
}  # fmt: skip
STREET = COMMUNITY | {"street", "enforcement"}
OTHER = {"stranger_desk", "stranger_chief", "other_property"}
HOLDERS = EVERYBODY - {"resident", "nobody"}

VISIBLE = {
    "desk": COMMUNITY,
    "secretary": COMMUNITY,
    "street": STREET,
    "stranger_desk": OTHER,
    "stranger_street": OTHER | {"stranger_street"},
    "commander": HOLDERS,
    "security_admin": EVERYBODY,
}
FIELD_AND_UNITS = {"stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "property", "owners"}
OFFICE = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
KEEPERS = {"system_admin", "security_admin", "audit_admin"}
CODES = {
    "desk": FIELD_AND_UNITS,
    "secretary": FIELD_AND_UNITS,
    "street": FIELD_AND_UNITS | {"desk", "secretary", "enforcement"},
    "stranger_desk": {"stranger_chief", "other_property"},
    "stranger_street": OTHER,
    "commander": HOLDERS - KEEPERS - {"commander"},
    "security_admin": OFFICE,
}


@pytest.mark.parametrize("key", sorted(EVERYBODY))
def test_everybody_sees_exactly_the_people_they_look_after(cast, key):
    seen = set(people_visible_to(cast.actor(key), MORNING))
    assert {name for name, person in cast.people.items() if person in seen} == VISIBLE.get(key, set())


@pytest.mark.parametrize("key", sorted(EVERYBODY))
def test_everybody_issues_exactly_the_codes_they_answer_for(cast, key):
    actor = cast.actor(key)
    issued = {name for name, person in cast.people.items() if may_issue_code(actor, person, MORNING)}
    assert issued == CODES.get(key, set())


@pytest.mark.parametrize("key", ["device", "system"])
def test_a_browser_and_the_clock_see_nobody(cast, key):
    assert not people_visible_to(cast.everyone()[key], MORNING).exists()


def test_none_is_never_everybody(cast):
    with pytest.raises(TypeError):
        people_visible_to(None, MORNING)  # type: ignore[arg-type]  # the mistake itself


def test_a_second_post_elsewhere_takes_the_code_from_the_community(cast):
    next_month = (MORNING + timedelta(days=30)).date()
    elsewhere = {"user": cast.people["chief"], "area": cast.areas["other_community"], "starts_on": next_month}
    appoint_post(role=Role.OFFICE_STAFF, kind=PostKind.PAID, actor=SYSTEM, at=MORNING, **elsewhere)
    assert not may_issue_code(cast.actor("desk"), cast.people["chief"], MORNING)
    assert not may_issue_code(cast.actor("stranger_street"), cast.people["chief"], MORNING)
    assert may_issue_code(cast.actor("commander"), cast.people["chief"], MORNING)


def test_standing_in_for_the_street_takes_the_code_from_the_community(cast):
    name_stand_in(post=cast.posts["street"], stand_in=cast.people["chief"], actor=SYSTEM, at=MORNING)
    assert not may_issue_code(cast.actor("desk"), cast.people["chief"], MORNING)
    assert may_issue_code(cast.actor("commander"), cast.people["chief"], MORNING)


def test_a_unit_that_also_serves_elsewhere_gets_its_codes_from_above_both(cast):
    serve_area(unit=cast.units["property_unit"], area=cast.areas["next_community"], actor=SYSTEM, at=MORNING)
    assert not may_issue_code(cast.actor("desk"), cast.people["property"], MORNING)
    assert may_issue_code(cast.actor("street"), cast.people["property"], MORNING)


def test_a_person_whose_post_has_ended_is_out_of_scope(cast):
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    with pytest.raises(NotThere):
        find_person(cast.actor("desk"), cast.people["chief"].uid, MORNING)


def test_whoever_registered_somebody_without_a_post_sees_them_and_nobody_else_does(cast):
    actor = cast.actor("desk")
    newcomer = register_person(name="演示新人", phone="13700000001", actor=actor, at=MORNING)
    assert find_person(actor, newcomer.uid, MORNING) == newcomer
    assert may_issue_code(actor, newcomer, MORNING)
    for stranger in ("secretary", "stranger_desk", "street"):
        assert newcomer not in people_visible_to(cast.actor(stranger), MORNING)
    end_post(post=cast.posts["stranger_chief"], actor=SYSTEM, at=MORNING)
    appoint_post(
        user=newcomer,
        role=Role.CHIEF,
        area=cast.areas["other_building"],
        kind=PostKind.VOLUNTEER,
        actor=SYSTEM,
        at=MORNING,
    )
    assert newcomer not in people_visible_to(actor, MORNING)
    assert newcomer in people_visible_to(cast.actor("stranger_desk"), MORNING)
