"""One person entered twice: merged, undone exactly, refused where it is two people or somebody else's place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, NotThere, NotYours, Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.register import following
from louzhang.register.actions import ResidentDraft, leave, move_resident, register_resident, reveal_resident
from louzhang.register.actions.binding import confirm_binding
from louzhang.register.actions.consenting import record_consent
from louzhang.register.actions.merging import ENDING, FOLLOWING, PERIODS, merge_residents, tell_apart, undo_merge
from louzhang.register.actions.rights import ask_right
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.models import (
    Apart,
    Binding,
    Household,
    Merge,
    Registration,
    Resident,
    Right,
    Shelter,
    Stay,
    Tie,
    Way,
)
from louzhang.register.queries.duplicates import SAME_HOME, SAME_PHONE, SAME_YEAR, likely_pairs
from louzhang.register.queries.own import looks_at, own_resident
from louzhang.register.tests.conftest import SINCE, Homes
from louzhang.register.tests.lawful import child_of, put_in_use
from louzhang.register.tests.test_moves import refuse_lost_people, refuse_overlaps
from tests.cast import Cast

TODAY = date(2026, 3, 2)


def rows_now() -> dict[str, list[dict[str, Any]]]:
    """Every row that a merge may touch, chains apart."""
    tables: tuple[Any, ...] = (Resident, Household, Stay, Registration, Binding, Shelter)
    return {
        table.__name__: [
            {name: value for name, value in row.items() if not name.startswith("chain_")}
            for row in table.objects.order_by("pk").values()
        ]
        for table in tables
    }


def enter(cast: Cast, homes: Homes, name: str, home: str = "let", **facts: Any) -> Resident:
    return register_resident(
        household_id=homes.households[home].pk,
        draft=ResidentDraft(name, **facts),
        on=TODAY,
        actor=cast.actor("desk"),
        at=cast.at,
    )


@pytest.fixture
def twin(cast: Cast, homes: Homes) -> Resident:
    """The father entered once more, as a lodger next door, with a year of birth that the first row lacks."""
    return enter(cast, homes, "演示父亲", birth_year=1980, phone="13911110001", registered_address="演示省演示县")


def merge(cast: Cast, gone: Resident, kept: Resident, key: str = "desk") -> Merge:
    return merge_residents(resident_id=gone.pk, into_id=kept.pk, actor=cast.actor(key), at=cast.at)


def test_the_row_that_stays_takes_what_it_lacks_and_the_other_is_seen_no_more(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    father = homes.residents["father"]
    done = merge(cast, father, twin)
    assert set(done.filled) == {"id_number", "sex"}
    twin.refresh_from_db()
    assert twin.open_field("id_number") == "440524198001010015"
    assert not Resident.objects.visible_to(cast.actor("desk")).current().filter(pk=father.pk).exists()
    assert [stay.household_id for stay in twin.stays.all()] == [homes.households["let"].pk, homes.households["own"].pk]
    assert Registration.objects.get(resident=twin).address == "演示省演示县"
    prove_journal()


def test_both_rows_say_what_happened_and_nothing_of_whom(cast: Cast, homes: Homes, twin: Resident) -> None:
    done = merge(cast, twin, homes.residents["father"])
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    verbs = Event.objects.filter(subject_kind="resident", subject_id__in=[twin.pk, homes.residents["father"].pk])
    told = list(verbs.order_by("recorded_at", "pk").values_list("verb", flat=True))
    assert sorted(told[-4:]) == ["gather", "merge", "split_off", "unmerge"]
    assert not [payload for payload in verbs.values_list("payload", flat=True) if "演示" in str(payload)]
    prove_journal()


@pytest.mark.parametrize("is_turned", [False, True])
def test_undoing_brings_exactly_the_same_rows_back(cast: Cast, homes: Homes, twin: Resident, is_turned: bool) -> None:
    Binding.objects.create(resident=twin, user=cast.people["resident"], asked_at=cast.at, confirmed_at=cast.at)
    before = rows_now()
    pair = (homes.residents["father"], twin)
    done = merge(cast, *(reversed(pair) if is_turned else pair))
    assert rows_now() != before
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    after = rows_now()
    for table, rows in before.items():
        assert after[table] == rows, table
    prove_journal()


def test_a_household_left_by_its_last_person_ends_and_comes_back(cast: Cast, homes: Homes) -> None:
    tenant, father = homes.residents["tenant"], homes.residents["father"]
    done = merge(cast, tenant, father)
    home = homes.households["let"]
    home.refresh_from_db()
    assert home.ends_on == TODAY
    refuse_lost_people()
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    assert Household.objects.filter(pk=home.pk, ends_on=None).exists()
    refuse_lost_people()


def test_two_id_numbers_are_two_people(cast: Cast, homes: Homes) -> None:
    other = enter(cast, homes, "演示父亲", id_number="110101199003070011")
    with pytest.raises(Conflict, match="不是同一个人"):
        merge(cast, other, homes.residents["father"])
    assert likely_pairs(cast.actor("desk")) == {}


@pytest.mark.parametrize("key", ["next_chief", "street", "property", "stranger_desk", "resident", "commander"])
def test_nobody_merges_people_of_places_they_do_not_keep(cast: Cast, homes: Homes, twin: Resident, key: str) -> None:
    with pytest.raises((NotThere, NotYours)):
        merge(cast, twin, homes.residents["father"], key)
    done = merge(cast, twin, homes.residents["father"])
    with pytest.raises(NotThere):
        undo_merge(merge_id=done.pk, actor=cast.actor(key), at=cast.at)
    assert not Merge.objects.visible_to(cast.actor(key)).exists()


def test_neither_half_may_lie_in_another_place(cast: Cast, homes: Homes) -> None:
    with pytest.raises(NotThere):
        merge(cast, homes.residents["stranger"], homes.residents["father"])


def test_what_was_undone_is_not_undone_again(cast: Cast, homes: Homes, twin: Resident) -> None:
    done = merge(cast, twin, homes.residents["father"])
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict, match="已经撤销"):
        undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)


def test_who_moved_since_is_not_torn_out_of_the_new_home(cast: Cast, homes: Homes, twin: Resident) -> None:
    leave(resident_id=homes.residents["father"].pk, on=SINCE, actor=cast.actor("desk"), at=cast.at)
    done = merge(cast, twin, homes.residents["father"])
    act: dict[str, Any] = {"on": TODAY, "actor": cast.actor("desk"), "at": cast.at}
    move_resident(resident_id=homes.residents["father"].pk, household_id=homes.households["next"].pk, **act)
    with pytest.raises(Conflict, match="又改过"):
        undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)


def test_likely_pairs_have_a_reason_and_a_pair_called_two_people_is_proposed_no_more(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    father, desk = homes.residents["father"], cast.actor("desk")
    lodger = enter(cast, homes, "演示租客")
    born = [enter(cast, homes, "演示同名", home, birth_year=1977) for home in ("own", "let")]
    enter(cast, homes, "演示同名", "next", birth_year=1951)
    assert likely_pairs(desk) == {
        (father.pk, twin.pk): SAME_PHONE,
        (homes.residents["tenant"].pk, lodger.pk): SAME_HOME,
        (born[0].pk, born[1].pk): SAME_YEAR,
    }
    tell_apart(first_id=twin.pk, second_id=father.pk, actor=desk, at=cast.at)
    assert (father.pk, twin.pk) not in likely_pairs(desk)
    assert Apart.objects.count() == 1
    for key in ("next_chief", "street", "property", "resident", "stranger_desk"):
        assert likely_pairs(cast.actor(key)) == {}, key


def test_whoever_looked_at_the_row_that_went_is_told_with_the_one_that_stays(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    reveal_resident(resident_id=twin.pk, what="phone", reason="上门前联系", actor=cast.actor("chief"), at=cast.at)
    merge(cast, twin, homes.residents["father"])
    assert [look.reason for look in looks_at(homes.residents["father"])] == ["上门前联系"]


def bind(cast: Cast, person: Resident) -> Binding:
    """The phone of the cast, recognised as this person; two rows of one name and phone cannot be asked for."""
    asked = Binding.objects.create(resident=person, device_hash=cast.device.device, asked_at=cast.at)
    return confirm_binding(binding_id=asked.pk, actor=cast.actor("chief"), at=cast.at)


def sees(cast: Cast) -> Resident | None:
    try:
        return own_resident(cast.device)
    except NotThere:
        return None


@pytest.mark.parametrize("is_turned", [False, True])
def test_who_was_bound_to_either_row_reads_nothing_of_the_one_made_of_both(
    cast: Cast, homes: Homes, twin: Resident, is_turned: bool
) -> None:
    """A made-up row of somebody else's name must not open that person's entry, whichever of the two stays."""
    binding = bind(cast, twin)
    pair = (homes.residents["father"], twin)
    done = merge(cast, *(pair if is_turned else reversed(pair)))
    assert sees(cast) is None
    told = Notice.objects.exclude(device_hash="").get()
    assert told.device_hash == cast.device.device, "who was let in is told to come again"
    again = bind(cast, done.into)
    assert sees(cast) == done.into
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    assert sees(cast) == twin, "the one from before holds again"
    assert Binding.objects.get(ended_at=None) == binding
    assert Binding.objects.get(pk=again.pk).ended_at is not None
    prove_journal()


def test_a_binding_from_before_stays_ended_where_its_phone_is_somebody_elses_by_now(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    bind(cast, twin)
    done = merge(cast, twin, homes.residents["father"])
    bind(cast, homes.residents["mother"])
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    assert sees(cast) == homes.residents["mother"]


def test_a_request_that_waits_for_its_answer_is_answered_about_the_row_it_was_asked_of(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    bind(cast, twin)
    ask_right(right=Right.DELETE, actor=cast.device, at=cast.at)
    for pair in ((twin, homes.residents["father"]), (homes.residents["father"], twin)):
        with pytest.raises(Conflict, match="本人请求"):
            merge(cast, *pair)


def test_who_decides_for_a_child_does_so_with_the_row_that_stays_and_again_with_the_own_one(
    cast: Cast, homes: Homes, twin: Resident
) -> None:
    kind = put_in_use(cast, "child_in_need")["child_in_need"]
    child = child_of(cast, homes)
    father = homes.residents["father"]
    consent = record_consent(
        resident_id=child.pk, kind_id=kind.pk, way=Way.PAPER, guardian_id=father.pk, actor=cast.actor("secretary"),
        at=cast.at,
    )  # fmt: skip
    with pytest.raises(Conflict, match="监护人"):
        merge(cast, child, father, "secretary")
    done = merge(cast, father, twin)
    consent.refresh_from_db()
    assert consent.guardian == twin
    undo_merge(merge_id=done.pk, actor=cast.actor("desk"), at=cast.at)
    consent.refresh_from_db()
    assert consent.guardian == father


def test_every_key_to_a_resident_is_known_to_merging() -> None:
    """A table that points at residents says whether its rows go with the person; here stand those that do not."""
    stay_behind = {"Merge", "Apart", "Resident"}  # they name rows, not people
    pointing = {relation.related_model.__name__ for relation in Resident._meta.related_objects}
    known = {table.__name__ for table in (*FOLLOWING, *following.tables(), *PERIODS, *ENDING)} | stay_behind
    assert pointing - known == set()


courses = st.lists(
    st.tuples(st.sampled_from(["move", "leave"]), st.booleans(), st.integers(0, 2), st.integers(0, 400)),
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses, is_turned=st.booleans(), shielded=st.sampled_from([None, 0, 1]))
def test_after_any_course_a_merge_leaves_no_overlap_and_its_undoing_the_same_rows(
    cast: Cast, homes: Homes, course: list[tuple[str, bool, int, int]], is_turned: bool, shielded: int | None
) -> None:
    """Also of somebody whom a protection order shields: the row made of both is hidden, and each half as before."""
    with transaction.atomic():
        twin = enter(cast, homes, "演示父亲", phone="13911110001")
        pair = [homes.residents["father"], twin]
        for step in course:
            try:
                live(step, pair, cast, homes)
            except Refusal:
                continue
        if shielded is not None:
            order: dict[str, Any] = {"document": "1号", "ends_on": date(2099, 1, 1), "at": cast.at}
            shelter_resident(resident_id=pair[shielded].pk, actor=cast.actor("secretary"), **order)
        before = rows_now()
        gone, kept = reversed(pair) if is_turned else pair
        done = merge(cast, gone, kept, "secretary")
        refuse_overlaps()
        refuse_lost_people()
        shown = Resident.objects.kept_by(cast.actor("desk")).current().filter(pk=done.into_id)
        assert shown.exists() is (shielded is None)
        undo_merge(merge_id=done.pk, actor=cast.actor("secretary"), at=cast.at)
        assert rows_now() == before
        transaction.set_rollback(True)


def live(step: tuple[str, bool, int, int], pair: list[Resident], cast: Cast, homes: Homes) -> None:
    verb, is_second, home, day = step
    act: dict[str, Any] = {"on": SINCE + timedelta(days=day), "actor": cast.actor("desk"), "at": cast.at}
    who, where = pair[is_second].pk, list(homes.households.values())[home].pk
    if verb == "leave":
        leave(resident_id=who, **act)
    else:
        move_resident(resident_id=who, household_id=where, tie=Tie.OTHER, **act)
