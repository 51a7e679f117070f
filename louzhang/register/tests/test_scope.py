"""Who sees which rows of the register: every table, every person of the cast, the two phones and the clock."""

from __future__ import annotations

from typing import Any

import pytest

from louzhang.journal.actor import Actor, ActorKind
from louzhang.register.actions import raise_need
from louzhang.register.models import Asking, Binding, Dwelling, Household, Need, Resident, Stay
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

ALL = ["own", "let", "next", "other", "empty"]
BUILDING, GRID = ["own", "let", "empty"], ["own", "let", "next", "empty"]
SEEN = {
    "stairwell_head": BUILDING,
    "chief": BUILDING,
    "next_chief": ["next"],
    "grid_worker": GRID,
    "grid_lead": GRID,
    "desk": GRID,
    "secretary": GRID,
    "stranger_desk": ["other"],
    "stranger_chief": ["other"],
    "system": ALL,
}
PEOPLE_OF = {"own": ["father", "mother"], "let": ["tenant"], "next": ["neighbour"], "other": ["stranger"], "empty": []}


@pytest.fixture
def needs(cast: Cast, homes: Homes) -> dict[str, Need]:
    keepers = {"own": "chief", "next": "next_chief", "other": "stranger_chief"}
    return {
        key: raise_need(
            summary="想要扶手",
            asking=Asking.DOOR,
            household_id=homes.households[key].pk,
            actor=cast.actor(who),
            at=cast.at,
        )
        for key, who in keepers.items()
    }


def ids(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def test_every_table_shows_everybody_of_the_cast_their_own_places_and_nothing_else(
    cast: Cast, homes: Homes, needs: dict[str, Need]
) -> None:
    for key, actor in cast.everyone().items():
        doors = SEEN.get(key, [])
        seen = [homes.households[door].pk for door in doors if door in homes.households]
        people = {homes.residents[name].pk for door in doors for name in PEOPLE_OF[door]}
        assert ids(Dwelling.objects.visible_to(actor)) == {homes.dwellings[door].pk for door in doors}, key
        assert ids(Household.objects.visible_to(actor)) == set(seen), key
        assert ids(Resident.objects.visible_to(actor)) == people, key
        assert {stay.resident_id for stay in Stay.objects.visible_to(actor)} == people, key
        assert ids(Need.objects.visible_to(actor)) == {needs[door].pk for door in doors if door in needs}, key


@pytest.mark.parametrize("by_phone", [False, True])
def test_a_person_sees_the_own_row_once_bound_and_not_that_of_the_spouse(
    cast: Cast, homes: Homes, by_phone: bool
) -> None:
    actor = cast.device if by_phone else cast.actor("resident")
    binding = Binding.objects.create(
        resident=homes.residents["mother"],
        user=None if by_phone else cast.people["resident"],
        device_hash=actor.device if by_phone else "",
        asked_at=cast.at,
    )
    assert ids(Resident.objects.visible_to(actor)) == set(), "asked is not confirmed"
    binding.confirmed_at = cast.at
    binding.save()
    assert ids(Resident.objects.visible_to(actor)) == {homes.residents["mother"].pk}
    assert ids(Household.objects.visible_to(actor)) == {homes.households["own"].pk}
    assert ids(Dwelling.objects.visible_to(actor)) == {homes.dwellings["own"].pk}
    assert ids(Resident.objects.kept_by(actor)) == ids(Dwelling.objects.kept_by(actor)) == set()


@pytest.mark.parametrize("table", [Dwelling, Household, Resident, Stay, Need])
def test_none_is_never_everyone(table: Any, db: None) -> None:
    with pytest.raises(TypeError):
        table.objects.visible_to(None)
    assert not table.objects.visible_to(Actor(kind=ActorKind.PERSON)).exists()
