"""Many rows at once stand under the rules of single ones: chains, constraints, scope, nothing half stored."""

from __future__ import annotations

from datetime import date

import pytest

from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.models import Dwelling, Household, Resident, Stay, Tie
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

TODAY = date(2026, 3, 2)


def test_every_row_has_its_event_and_the_chains_hold(homes: Homes) -> None:
    verbs = Event.objects.filter(subject_kind__in=["dwelling", "household", "resident"]).values_list("verb", flat=True)
    assert sorted(verbs) == ["add"] * 5 + ["move_in"] * 4 + ["register"] * 5
    prove_journal()


def test_what_is_sealed_opens_again_and_names_stay_searchable(homes: Homes) -> None:
    father = Resident.objects.get(pk=homes.residents["father"].pk)
    assert father.open_field("id_number") == "440524198001010015"
    assert father.masked_phone == "139****0001"
    assert list(Resident.objects.saying_all(["父亲"])) == [father]
    assert father.initials == "ysfq"


def test_no_event_holds_a_name_or_number(homes: Homes) -> None:
    told = " ".join(str(payload) for payload in Event.objects.values_list("payload", flat=True))
    assert [secret for secret in ("演示父亲", "13911110001", "440524198001010015") if secret in told] == []


def test_people_are_put_into_a_stored_household(cast: Cast, homes: Homes) -> None:
    batch = Batch(actor=cast.actor("chief"), at=cast.at)
    child = batch.add_resident(
        household=Household.objects.get(pk=homes.households["own"].pk),
        draft=ResidentDraft("演示孩子", Tie.CHILD),
        starts_on=TODAY,
    )
    batch.store()
    assert Stay.objects.get(resident=child.pk).household_id == homes.households["own"].pk


def test_a_household_behind_an_empty_door_ends_the_vacancy(cast: Cast, homes: Homes) -> None:
    batch = Batch(actor=cast.actor("chief"), at=cast.at)
    batch.add_household(dwelling=Dwelling.objects.get(door="401"), starts_on=TODAY)
    batch.store()
    assert Dwelling.objects.get(door="401").vacant_since is None


@pytest.mark.parametrize("key", ["next_chief", "street", "commander", "property", "resident", "audit_admin"])
def test_nobody_stores_behind_doors_they_do_not_keep(cast: Cast, homes: Homes, key: str) -> None:
    batch = Batch(actor=cast.actor(key), at=cast.at)
    batch.add_dwelling(area=cast.areas["stairwell"], door="501", floor=5)
    with pytest.raises(NotYours):
        batch.store()


@pytest.mark.parametrize(
    ("door", "draft"),
    [
        ("301", ResidentDraft("演示新人", Tie.HEAD)),  # the door stands already
        ("501", ResidentDraft("演示新人", Tie.HEAD, id_number="440524198001010015")),  # the number is somebody's
    ],
)
def test_a_batch_that_breaks_a_rule_stores_nothing(cast: Cast, homes: Homes, door: str, draft: ResidentDraft) -> None:
    before = (Dwelling.objects.count(), Resident.objects.count(), Event.objects.count())
    batch = Batch(actor=cast.actor("desk"), at=cast.at)
    home = batch.add_dwelling(area=cast.areas["stairwell"], door=door, floor=3)
    batch.add_resident(household=batch.add_household(dwelling=home, starts_on=TODAY), draft=draft)
    with pytest.raises(Conflict):
        batch.store()
    assert (Dwelling.objects.count(), Resident.objects.count(), Event.objects.count()) == before


def test_nobody_moves_into_a_household_that_has_left(cast: Cast, homes: Homes) -> None:
    gone = Household.objects.get(pk=homes.households["let"].pk)
    Household.objects.filter(pk=gone.pk).update(ends_on=TODAY)
    batch = Batch(actor=cast.actor("chief"), at=cast.at)
    batch.add_resident(household=gone, draft=ResidentDraft("演示新人"), starts_on=TODAY)
    with pytest.raises(Conflict):
        batch.store()


@pytest.mark.parametrize(("place", "since", "lives"), [
    ("building", TODAY, TODAY),  # it has a stairwell: homes lie there
    ("grid", TODAY, TODAY),
    ("stairwell", date(2026, 3, 3), date(2026, 3, 3)),  # tomorrow
    ("stairwell", TODAY, date(2026, 3, 1)),  # before the household came
])  # fmt: skip
def test_a_batch_keeps_the_rules_of_single_entries(
    cast: Cast, homes: Homes, place: str, since: date, lives: date
) -> None:
    batch = Batch(actor=cast.actor("desk"), at=cast.at)
    home = batch.add_dwelling(area=cast.areas[place], door="901", floor=9)
    family = batch.add_household(dwelling=home, starts_on=since)
    batch.add_resident(household=family, draft=ResidentDraft("演示新人"), starts_on=lives)
    with pytest.raises(InputRefused):
        batch.store()
    assert not Dwelling.objects.filter(door="901").exists()
