"""Whatever people do with moves: nobody lives twice, one head a household, and history says who lived where when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions import (
    ResidentDraft,
    change_head,
    end_dwelling,
    leave,
    move_in,
    move_out,
    move_resident,
    record_birth,
    record_death,
    record_registration,
    register_resident,
    vacate_dwelling,
)
from louzhang.register.models import Dwelling, Household, Registration, Resident, Stay, Tie
from louzhang.register.tests.conftest import SINCE, Homes
from tests.cast import Cast

TODAY = date(2026, 3, 2)
JUNE = date(2025, 6, 1)


def living_at(door: str, day: date) -> set[str]:
    stays = Stay.objects.filter(household__dwelling__door=door).as_of(day)
    return set(stays.values_list("resident__name", flat=True))


def test_who_lived_where_is_known_for_every_day(cast: Cast, homes: Homes) -> None:
    mother, let = homes.residents["mother"], homes.households["let"]
    move_resident(resident_id=mother.pk, household_id=let.pk, on=JUNE, actor=cast.actor("chief"), at=cast.at)
    assert living_at("301", JUNE - timedelta(days=1)) == {"演示父亲", "演示母亲"}
    assert living_at("302", JUNE - timedelta(days=1)) == {"演示租客"}
    assert living_at("301", JUNE) == {"演示父亲"}
    assert living_at("302", JUNE) == {"演示租客", "演示母亲"}


def test_the_last_to_leave_ends_the_household_and_the_door_can_be_noted_vacant(cast: Cast, homes: Homes) -> None:
    tenant, home = homes.residents["tenant"], homes.dwellings["let"]
    chief = cast.actor("chief")
    with pytest.raises(Conflict):
        vacate_dwelling(dwelling_id=home.pk, since=JUNE, actor=chief, at=cast.at)
    leave(resident_id=tenant.pk, on=JUNE, where="演示外地", actor=chief, at=cast.at)
    assert Household.objects.get(pk=homes.households["let"].pk).ends_on == JUNE
    vacate_dwelling(dwelling_id=home.pk, since=JUNE, actor=chief, at=cast.at)
    move_in(dwelling_id=home.pk, on=TODAY, actor=chief, at=cast.at)
    assert Dwelling.objects.get(pk=home.pk).vacant_since is None


def test_a_new_head_takes_over_on_a_day_and_the_days_before_keep_theirs(cast: Cast, homes: Homes) -> None:
    home, mother = homes.households["own"], homes.residents["mother"]
    change_head(
        household_id=home.pk,
        resident_id=mother.pk,
        on=JUNE,
        former_tie=Tie.SPOUSE,
        actor=cast.actor("chief"),
        at=cast.at,
    )
    heads = [
        Stay.objects.filter(household=home, tie=Tie.HEAD).as_of(day).get().resident.name
        for day in (JUNE - timedelta(days=1), JUNE)
    ]
    assert heads == ["演示父亲", "演示母亲"]


def test_a_second_head_is_refused_in_words_and_by_the_database(cast: Cast, homes: Homes) -> None:
    home = homes.households["own"]
    draft = ResidentDraft("演示新人", Tie.HEAD)
    with pytest.raises(Conflict, match="已经有户主"):
        register_resident(household_id=home.pk, draft=draft, on=TODAY, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(resident=homes.residents["tenant"], household=home, tie=Tie.HEAD, starts_on=SINCE)


def test_a_household_leaves_with_everybody(cast: Cast, homes: Homes) -> None:
    move_out(household_id=homes.households["own"].pk, on=TODAY, actor=cast.actor("desk"), at=cast.at)
    assert living_at("301", TODAY) == set()
    assert Event.objects.filter(subject_kind="resident", verb="leave").count() == 2
    end_dwelling(dwelling_id=homes.dwellings["own"].pk, reason="两户打通。", actor=cast.actor("desk"), at=cast.at)
    prove_journal()


def test_a_child_is_born_into_a_household_with_its_day_sealed(cast: Cast, homes: Homes) -> None:
    child = record_birth(
        household_id=homes.households["own"].pk,
        draft=ResidentDraft("演示新生", Tie.CHILD),
        on=JUNE,
        actor=cast.actor("stairwell_head"),
        at=cast.at,
    )
    assert (child.birth_year, child.open_field("birth_date")) == (2025, "2025-06-01")
    assert "演示新生" in living_at("301", JUNE)


def test_the_dead_live_nowhere_and_are_not_changed_any_more(cast: Cast, homes: Homes) -> None:
    father = homes.residents["father"]
    record_death(resident_id=father.pk, on=JUNE, actor=cast.actor("chief"), at=cast.at)
    assert living_at("301", JUNE) == {"演示母亲"}
    with pytest.raises(Conflict, match="去世"):
        leave(resident_id=father.pk, on=TODAY, actor=cast.actor("chief"), at=cast.at)


def test_whoever_has_left_is_entered_elsewhere_as_the_same_person(cast: Cast, homes: Homes) -> None:
    father, number = homes.residents["father"], "440524198001010015"
    draft = ResidentDraft("演示父亲", id_number=number)
    there: dict[str, Any] = {"household_id": homes.households["other"].pk, "draft": draft, "on": TODAY}
    with pytest.raises(Conflict, match="迁出"):
        register_resident(**there, actor=cast.actor("stranger_chief"), at=cast.at)
    leave(resident_id=father.pk, on=JUNE, actor=cast.actor("chief"), at=cast.at)
    found = register_resident(**there, actor=cast.actor("stranger_chief"), at=cast.at)
    assert found.pk == father.pk
    assert not Resident.objects.visible_to(cast.actor("chief")).filter(pk=father.pk).exists()


def test_registered_elsewhere_or_here_is_a_tie_of_its_own(cast: Cast, homes: Homes) -> None:
    tenant, chief = homes.residents["tenant"], cast.actor("chief")
    door = homes.dwellings["own"]
    record_registration(resident_id=tenant.pk, dwelling_id=door.pk, on=JUNE, actor=chief, at=cast.at)
    assert Registration.objects.filter(resident=tenant).as_of(JUNE).get().dwelling_id == door.pk
    assert Registration.objects.filter(resident=tenant).as_of(SINCE).get().address == "演示省演示县"
    with pytest.raises(InputRefused):
        record_registration(
            resident_id=tenant.pk, dwelling_id=door.pk, address="两个", on=TODAY, actor=chief, at=cast.at
        )


@pytest.mark.parametrize(("key", "refusal"), [("next_chief", NotThere), ("street", NotThere), ("property", NotThere)])
def test_nobody_moves_people_of_a_place_they_do_not_keep(
    cast: Cast, homes: Homes, key: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        leave(resident_id=homes.residents["father"].pk, on=TODAY, actor=cast.actor(key), at=cast.at)


def test_a_chief_moves_nobody_into_the_next_building(cast: Cast, homes: Homes) -> None:
    with pytest.raises((NotThere, NotYours)):
        move_resident(
            resident_id=homes.residents["father"].pk,
            household_id=homes.households["next"].pk,
            on=TODAY,
            actor=cast.actor("chief"),
            at=cast.at,
        )


steps = st.lists(
    st.tuples(
        st.sampled_from(["move", "leave", "head", "out", "die", "enter"]),
        st.integers(0, 4),
        st.integers(0, 3),
        st.integers(0, 400),
        st.sampled_from([Tie.HEAD, Tie.SPOUSE, Tie.OTHER]),
    ),
    max_size=14,
)


def take(step: tuple[str, int, int, int, str], cast: Cast, homes: Homes) -> None:
    verb, person, home, day, tie = step
    act: dict[str, Any] = {"on": SINCE + timedelta(days=day), "actor": cast.actor("grid_worker"), "at": cast.at}
    who = list(homes.residents.values())[person].pk
    where = list(homes.households.values())[home].pk
    if verb == "move":
        move_resident(resident_id=who, household_id=where, tie=tie, **act)
    elif verb == "leave":
        leave(resident_id=who, **act)
    elif verb == "head":
        change_head(household_id=where, resident_id=who, **act)
    elif verb == "out":
        move_out(household_id=where, **act)
    elif verb == "die":
        record_death(resident_id=who, **act)
    else:
        register_resident(household_id=where, draft=ResidentDraft(f"演示人{day}", tie), **act)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=steps)
def test_no_course_of_moves_lets_anybody_live_twice_or_a_household_have_two_heads(
    cast: Cast, homes: Homes, course: list[tuple[str, int, int, int, str]]
) -> None:
    with transaction.atomic():
        for step in course:
            try:
                take(step, cast, homes)
            except Refusal:
                continue
        refuse_overlaps()
        refuse_lost_people()
        transaction.set_rollback(True)


def refuse_overlaps() -> None:
    for day in range(0, 420, 7):
        stays = list(Stay.objects.as_of(SINCE + timedelta(days=day)).values_list("resident_id", "household_id", "tie"))
        people = [resident for resident, _, _ in stays]
        heads = [household for _, household, tie in stays if tie == Tie.HEAD]
        assert len(people) == len(set(people))
        assert len(heads) == len(set(heads))


def refuse_lost_people() -> None:
    """Whoever lives somewhere lives in a household that has not left, and is known at its place."""
    for stay in Stay.objects.filter(ends_on=None).select_related("resident", "household__dwelling"):
        assert stay.household.ends_on is None
        assert stay.resident.died_on is None
        assert stay.resident.area_id == stay.household.dwelling.area_id
    for household in Household.objects.filter(ends_on__isnull=False):
        assert not Stay.objects.filter(household=household, ends_on__gt=household.ends_on).exists()
