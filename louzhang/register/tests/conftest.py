"""Standing homes of the cast: two families in one building, one in the next, one in another street."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.actions.newcomers import NewDwelling, NewHousehold, NewResident
from louzhang.register.models import Dwelling, DwellingKind, Household, Resident, Tie
from tests.cast import Cast, make_cast

SINCE = date(2020, 5, 1)


@dataclass
class Homes:
    """What stands, by key: `own` and `let` behind doors of the chief's building, `next`, `other`, `empty`."""

    dwellings: dict[str, Dwelling] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)


@dataclass
class _New:
    """The same before it is stored."""

    dwellings: dict[str, NewDwelling] = field(default_factory=dict)
    households: dict[str, NewHousehold] = field(default_factory=dict)
    residents: dict[str, NewResident] = field(default_factory=dict)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """Put the families in, in bulk, by the clock."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def settle_in(cast: Cast) -> Homes:
    """Dwellings, households and residents of the cast."""
    new, batch = _New(), Batch(actor=SYSTEM, at=cast.at)
    kinds = {kind.code: kind for kind in DwellingKind.objects.all()}
    doors = [("own", "stairwell", "301", 3), ("let", "stairwell", "302", 3), ("empty", "stairwell", "401", 4),
             ("next", "next_building", "101", 1), ("other", "other_building", "102", 1)]  # fmt: skip
    for position, (key, area, door, floor) in enumerate(doors, start=1):
        kind = kinds["long_let" if key == "let" else "own"]
        vacant = SINCE if key == "empty" else None
        new.dwellings[key] = batch.add_dwelling(
            area=cast.areas[area], door=door, floor=floor, position=position, kind=kind, vacant_since=vacant
        )
    for key in ("own", "let", "next", "other"):
        new.households[key] = batch.add_household(dwelling=new.dwellings[key], starts_on=SINCE)
    people = [
        (
            "father",
            "own",
            ResidentDraft("演示父亲", Tie.HEAD, "m", id_number="440524198001010015", phone="13911110001"),
        ),
        ("mother", "own", ResidentDraft("演示母亲", Tie.SPOUSE, "f", birth_year=1982, phone="13911110002")),
        ("tenant", "let", ResidentDraft("演示租客", Tie.HEAD, registered_address="演示省演示县")),
        ("neighbour", "next", ResidentDraft("演示邻居", Tie.HEAD)),
        ("stranger", "other", ResidentDraft("演示外人", Tie.HEAD)),
    ]
    for key, home, draft in people:
        new.residents[key] = batch.add_resident(household=new.households[home], draft=draft)
    batch.store()
    return Homes(
        {key: Dwelling.objects.get(pk=row.pk) for key, row in new.dwellings.items()},
        {key: Household.objects.get(pk=row.pk) for key, row in new.households.items()},
        {key: Resident.objects.get(pk=row.pk) for key, row in new.residents.items()},
    )
