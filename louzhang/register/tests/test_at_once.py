"""Two keepers write at the same moment: nobody lives twice, no household gets two heads, the chains hold."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions import (
    ResidentDraft,
    found_dwelling,
    lay_down_kinds,
    leave,
    move_in,
    move_out,
    move_resident,
    record_death,
    register_resident,
    vacate_dwelling,
)
from louzhang.register.models import Dwelling, Household, Resident, Stay, Tie
from louzhang.register.tests.conftest import Homes, settle_in
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 2)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def test_one_person_is_moved_to_one_place(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"].pk
    move = partial(move_resident, resident_id=mother, on=TODAY, actor=cast.actor("grid_worker"), at=cast.at)
    answers = at_once(
        partial(move, household_id=homes.households["let"].pk), partial(move, household_id=homes.households["next"].pk)
    )
    assert winners(answers)
    assert Stay.objects.filter(resident=mother, ends_on=None).count() == 1
    prove_journal()


def test_two_heads_are_entered_and_one_is(cast: Cast, homes: Homes) -> None:
    home = homes.dwellings["empty"]
    household = move_in(dwelling_id=home.pk, on=TODAY, actor=cast.actor("chief"), at=cast.at)
    enter = partial(register_resident, household_id=household.pk, on=TODAY, at=cast.at)
    answers = at_once(
        partial(enter, draft=ResidentDraft("演示甲", Tie.HEAD), actor=cast.actor("chief")),
        partial(enter, draft=ResidentDraft("演示乙", Tie.HEAD), actor=cast.actor("desk")),
    )
    assert len(winners(answers)) == 1
    assert Stay.objects.filter(household=household, tie=Tie.HEAD).count() == 1


def test_a_household_leaves_while_somebody_dies_in_it(cast: Cast, homes: Homes) -> None:
    home = homes.households["own"]
    at_once(
        partial(move_out, household_id=home.pk, on=TODAY, actor=cast.actor("chief"), at=cast.at),
        partial(record_death, resident_id=homes.residents["father"].pk, on=TODAY, actor=cast.actor("desk"), at=cast.at),
        partial(leave, resident_id=homes.residents["mother"].pk, on=TODAY, actor=cast.actor("grid_worker"), at=cast.at),
    )
    assert not Stay.objects.filter(household=home, ends_on=None).exists()
    assert Household.objects.get(pk=home.pk).ends_on == TODAY
    prove_journal()


def test_a_home_is_not_noted_vacant_while_somebody_moves_in(cast: Cast, homes: Homes) -> None:
    home = homes.dwellings["empty"].pk
    at_once(
        partial(vacate_dwelling, dwelling_id=home, since=TODAY, actor=cast.actor("desk"), at=cast.at),
        partial(move_in, dwelling_id=home, on=TODAY, actor=cast.actor("chief"), at=cast.at),
    )
    living = Household.objects.filter(dwelling=home, ends_on=None).exists()
    assert living is (Dwelling.objects.get(pk=home).vacant_since is None)


def test_one_door_and_one_id_number_are_entered_once(cast: Cast, homes: Homes) -> None:
    door = partial(found_dwelling, area=cast.areas["stairwell"], door="909", at=cast.at)
    doors = at_once(partial(door, actor=cast.actor("chief")), partial(door, actor=cast.actor("desk")))
    assert len(winners(doors)) == 1
    draft = ResidentDraft("演示同名", id_number="11010519491231002X")
    enter = partial(register_resident, draft=draft, on=TODAY, actor=cast.actor("desk"), at=cast.at)
    people = at_once(
        partial(enter, household_id=homes.households["own"].pk),
        partial(enter, household_id=homes.households["next"].pk),
    )
    assert len(winners(people)) == 1
    assert Resident.objects.filter(name="演示同名").count() == 1
