"""Whom a protection order shields lives nowhere but for the secretary: no act, count or refusal tells of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.register.actions import (
    ResidentDraft,
    change_head,
    end_dwelling,
    leave,
    move_in,
    move_out,
    raise_need,
    register_resident,
    vacate_dwelling,
)
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.models import Asking, Household, Need, Resident, Stay, Tie
from louzhang.register.queries.elevation import elevation_of
from louzhang.register.queries.quality import FAULT_BY_KEY, count_faults, rows_with
from louzhang.register.tests.books import FATHER, table
from louzhang.register.tests.conftest import SINCE, Homes
from louzhang.register.tests.test_import import preview, store, switch_import_on
from louzhang.register.tests.test_moves import refuse_lost_people, refuse_overlaps, take
from tests.cast import Cast, browser_as

TODAY = date(2026, 3, 2)
AROUND = ("stairwell_head", "chief", "grid_worker", "desk")


def shield(cast: Cast, person: Resident) -> Resident:
    shelter_resident(
        resident_id=person.pk, document="1号", ends_on=date(2099, 1, 1), actor=cast.actor("secretary"), at=cast.at
    )
    return person


@pytest.fixture
def mother(cast: Cast, homes: Homes) -> Resident:
    """Shielded, in one household with the father."""
    return shield(cast, homes.residents["mother"])


@pytest.fixture
def tenant(cast: Cast, homes: Homes) -> Resident:
    """Shielded, alone behind a door."""
    return shield(cast, homes.residents["tenant"])


def home_of(person: Resident) -> Household:
    return Household.objects.get(stays__resident=person, stays__ends_on=None)


def test_a_household_leaves_without_her_and_nothing_says_that_she_stayed(
    cast: Cast, homes: Homes, mother: Resident
) -> None:
    left = move_out(household_id=homes.households["own"].pk, on=TODAY, actor=cast.actor("chief"), at=cast.at)
    left.refresh_from_db()
    assert left.ends_on == TODAY
    own = home_of(mother)
    assert own != left
    assert own.dwelling == homes.dwellings["own"]
    for key, actor in cast.everyone().items():
        assert Household.objects.visible_to(actor).filter(pk=own.pk).exists() is (key in {"secretary", "system"}), key
    told = set(Notice.objects.values_list("user_id", "title"))
    assert told == {(cast.people["secretary"].pk, "住址保密的居民另立了一户，请核对")}
    refuse_overlaps()
    prove_journal()


def test_the_secretary_moves_a_household_out_with_everybody(cast: Cast, homes: Homes, mother: Resident) -> None:
    move_out(household_id=homes.households["own"].pk, on=TODAY, actor=cast.actor("secretary"), at=cast.at)
    assert not Stay.objects.filter(resident=mother, ends_on=None).exists()


def test_a_shielded_head_stands_in_nobodys_way(cast: Cast, homes: Homes) -> None:
    father = shield(cast, homes.residents["father"])
    chief = cast.actor("chief")
    household = homes.households["own"]
    change_head(household_id=household.pk, resident_id=homes.residents["mother"].pk, on=TODAY, actor=chief, at=cast.at)
    heads = Stay.objects.filter(household=household, tie=Tie.HEAD, ends_on=None)
    assert heads.get().resident == homes.residents["mother"]
    assert Stay.objects.get(resident=father, ends_on=None).tie == Tie.HEAD
    assert home_of(father) != household
    refuse_overlaps()
    refuse_lost_people()


def test_somebody_is_entered_as_head_where_the_head_is_shielded(cast: Cast, homes: Homes) -> None:
    shield(cast, homes.residents["father"])
    draft = ResidentDraft("演示新户主", Tie.HEAD)
    register_resident(
        household_id=homes.households["own"].pk, draft=draft, on=TODAY, actor=cast.actor("chief"), at=cast.at
    )
    refuse_overlaps()


def test_a_file_brings_a_head_where_the_head_is_shielded(cast: Cast, homes: Homes) -> None:
    father = shield(cast, homes.residents["father"])
    switch_import_on(SYSTEM, cast.at)
    batch = store(cast, preview(cast, table([["12号楼", "2单元", "301", "户主", "演示新户主", "", ""]])))
    assert (batch.status, batch.problem) == ("stored", "")
    assert home_of(father) != homes.households["own"]
    refuse_overlaps()


def test_a_file_that_moves_the_last_one_known_away_ends_the_household(
    cast: Cast, homes: Homes, mother: Resident
) -> None:
    father = homes.residents["father"]
    father.seal(id_number=FATHER)
    father.save(update_fields=["id_number_sealed", "id_index"])
    switch_import_on(SYSTEM, cast.at)
    batch = store(cast, preview(cast, table([["12号楼", "2单元", "401", "户主", "演示父亲", FATHER, ""]])))
    assert (batch.status, batch.problem) == ("stored", "")
    left = Household.objects.get(pk=homes.households["own"].pk)
    assert left.ends_on is not None
    assert home_of(mother) != left
    assert home_of(mother).dwelling == homes.dwellings["own"]


@pytest.mark.parametrize("key", AROUND)
def test_a_home_in_which_only_she_lives_is_like_any_of_which_nothing_is_known(
    cast: Cast, homes: Homes, tenant: Resident, key: str
) -> None:
    actor, household = cast.actor(key), homes.households["let"]
    assert not Household.objects.visible_to(actor).filter(pk=household.pk).exists()
    browser = browser_as(cast, key)
    door = browser.get(reverse("register:dwelling", args=[homes.dwellings["let"].uid])).content.decode()
    assert str(household.uid) not in door
    assert "没有登记人的户" not in door
    assert browser.get(reverse("register:household", args=[household.uid])).status_code == 404
    assert str(household.uid) not in browser.get("/api/v1/dwellings").content.decode()
    assert str(household.uid) not in browser.get("/api/v1/households").content.decode()
    with pytest.raises(NotThere):
        move_out(household_id=household.pk, on=TODAY, actor=actor, at=cast.at)


def test_neither_vacancy_nor_the_end_of_a_door_is_refused_because_of_her(
    cast: Cast, homes: Homes, tenant: Resident
) -> None:
    act: dict[str, Any] = {"dwelling_id": homes.dwellings["let"].pk, "actor": cast.actor("chief"), "at": cast.at}
    vacate_dwelling(since=TODAY, **act)
    cells = elevation_of(cast.areas["building"], cast.actor("secretary"), cast.at).cells
    assert next(cell for cell in cells if cell.dwelling.pk == homes.dwellings["let"].pk).is_vacant is False
    move_in(on=TODAY, **act)
    end = {**act, "reason": "两户打通"}
    Household.objects.filter(dwelling=homes.dwellings["let"]).exclude(pk=homes.households["let"].pk).update(
        ends_on=TODAY
    )
    end_dwelling(**end)
    assert home_of(tenant) == homes.households["let"]


def test_what_her_home_asked_for_is_on_no_list_and_no_picture(cast: Cast, homes: Homes) -> None:
    need = raise_need(
        summary="要换门锁", asking=Asking.DOOR, household_id=homes.households["let"].pk, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    shield(cast, homes.residents["tenant"])
    for key in AROUND:
        assert not Need.objects.visible_to(cast.actor(key)).filter(pk=need.pk).exists()
        cells = elevation_of(cast.areas["building"], cast.actor(key), cast.at).cells
        assert not any(cell.is_due for cell in cells)
    assert Need.objects.visible_to(cast.actor("secretary")).filter(pk=need.pk).exists()


@pytest.mark.parametrize("key", AROUND)
def test_counts_of_faults_hold_what_the_pages_show_and_nobody_else(cast: Cast, homes: Homes, key: str) -> None:
    """Before and after the order the counts change as if she had left, so that no difference is left over."""
    Resident.objects.filter(pk=homes.residents["father"].pk).update(birth_year=2015)
    day, actor = clock.local_date(cast.at), cast.actor(key)
    before = count_faults(actor, day)
    shield(cast, homes.residents["father"])
    shield(cast, homes.residents["tenant"])
    after = count_faults(actor, day)
    assert (before["young_head"], after["young_head"]) == (1, 0)
    assert (after["no_head"] - before["no_head"], after["no_people"] - before["no_people"]) == (1, 0)
    assert after["unknown"] - before["unknown"] == 1
    assert before["household"] - after["household"] == 1
    for fault in ("no_head", "young_head", "unknown"):
        assert rows_with(FAULT_BY_KEY[fault], actor, day).count() == after[fault]
    assert count_faults(cast.actor("secretary"), day)["young_head"] == 1


acts = st.lists(
    st.tuples(
        st.sampled_from(["move", "leave", "head", "out", "die", "enter"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 400),
        st.sampled_from([Tie.HEAD, Tie.SPOUSE, Tie.OTHER]),
    ),
    max_size=10,
)


def live(course: list[tuple[str, int, int, int, str]], cast: Cast, known: Homes) -> tuple[list[str], set[Any]]:
    """What a grid worker is answered to each act, and what they read at the end."""
    answers = []
    for step in course:
        try:
            take(step, cast, known)
            answers.append("")
        except Refusal as refusal:
            answers.append(refusal.message)
    worker = cast.actor("grid_worker")
    stays = Stay.objects.visible_to(worker).exclude(resident__name="演示父亲")
    read = set(stays.values_list("resident__name", "household__dwelling__door", "tie", "starts_on", "ends_on"))
    homes = Household.objects.visible_to(worker).filter(pk__in=[home.pk for home in known.households.values()])
    return answers, read | set(homes.values_list("dwelling__door", "ends_on"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=acts)
def test_no_course_of_acts_tells_a_shielded_person_from_one_who_never_lived_there(
    cast: Cast, homes: Homes, course: list[tuple[str, int, int, int, str]]
) -> None:
    """The same acts are answered the same and leave the same to be read; she lives on behind her door."""
    father, keys = homes.residents["father"], ("own", "let", "next")
    people = {key: homes.residents[key] for key in ("mother", "tenant", "neighbour")}
    known = Homes(homes.dwellings, {key: homes.households[key] for key in keys}, people)
    worlds = []
    for is_shielded in (True, False):
        with transaction.atomic():
            if is_shielded:
                shield(cast, father)
            else:
                leave(resident_id=father.pk, on=SINCE, actor=SYSTEM, at=cast.at)
            worlds.append(live(course, cast, known))
            refuse_overlaps()
            refuse_lost_people()
            if is_shielded:
                assert home_of(father).dwelling == homes.dwellings["own"]
            transaction.set_rollback(True)
    assert worlds[0] == worlds[1]


def test_numbers_of_a_building_leave_her_out(cast: Cast, homes: Homes) -> None:
    url = reverse("register:statistics")

    def page() -> str:
        answer = browser_as(cast, "desk").get(url)
        assert answer.status_code == 200
        return answer.content.decode()

    before = page()
    shield(cast, homes.residents["tenant"])
    assert page() != before
