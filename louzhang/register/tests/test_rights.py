"""What people may ask about their own entry: bound, read, corrected, copied, withdrawn, erased, in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from louzhang.accounts.limits import LIMITS
from louzhang.journal.models import Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooOften, TransitionRefused
from louzhang.notices.models import Notice
from louzhang.register.actions import correct_resident, reveal_resident
from louzhang.register.actions.binding import ask_binding, confirm_binding, decline_binding, end_binding
from louzhang.register.actions.consenting import record_consent
from louzhang.register.actions.merging import merge_residents
from louzhang.register.actions.rights import (
    ask_right,
    decline_request,
    grant_request,
    note_copy,
    remind_of_requests,
    retract_request,
    withdraw_own_consent,
)
from louzhang.register.actions.sheltering import end_shelters, lift_shelter, shelter_resident
from louzhang.register.lifecycle import RequestState
from louzhang.register.models import About, Binding, CareTag, Resident, Right, RightsRequest, Shelter, Stay, Way
from louzhang.register.queries.own import bindings_to_confirm, looks_at, own_entry, own_requests, own_resident
from louzhang.register.queries.requests import spoken_left, working_days_left
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import bind, put_in_use, tag
from tests.cast import Cast

NEW_PHONE = "13922223333"
LATER = timedelta(minutes=1)
REASON = "这条记录法律要求保存，到期会删除。"


def ids(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


@pytest.fixture
def mother(cast: Cast, homes: Homes) -> Resident:
    """The mother, bound to the account of the cast's resident."""
    bind(cast, homes.residents["mother"], cast.actor("resident"))
    return homes.residents["mother"]


def ask_to_correct(cast: Cast, wish: str = NEW_PHONE, about: str = About.PHONE) -> RightsRequest:
    return ask_right(right=Right.CORRECT, about=about, wish=wish, actor=cast.actor("resident"), at=cast.at)


def test_somebody_is_bound_by_number_and_name_once_the_chief_says_so(cast: Cast, homes: Homes) -> None:
    own, father = cast.device, homes.residents["father"]
    ask_binding(name="演示父亲", id_number="440524198001010015", actor=own, at=cast.at)
    asked = Binding.objects.get()
    with pytest.raises(NotThere):
        own_resident(own)
    for key, actor in cast.everyone().items():
        sees = key in {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary", "system"}
        assert ids(bindings_to_confirm(actor)) == ({asked.pk} if sees else set()), key
    with pytest.raises(NotThere):
        confirm_binding(binding_id=asked.pk, actor=cast.actor("next_chief"), at=cast.at)
    confirm_binding(binding_id=asked.pk, actor=cast.actor("chief"), at=cast.at)
    assert own_resident(own).pk == father.pk
    with pytest.raises(Conflict):
        ask_binding(name="演示父亲", id_number="440524198001010015", actor=own, at=cast.at)
    end_binding(actor=own, at=cast.at)
    with pytest.raises(NotThere):
        own_resident(own)


def test_nobody_learns_by_asking_who_is_registered(cast: Cast, homes: Homes) -> None:
    for name, number in [("演示父亲", "11010519491231002X"), ("别的人", "440524198001010015")]:
        ask_binding(name=name, id_number=number, actor=cast.device, at=cast.at)
    assert not Binding.objects.exists()
    with pytest.raises(InputRefused):
        ask_binding(name="演示父亲", actor=cast.device, at=cast.at)
    for _ in range(3):
        ask_binding(name="别的人", phone="13911110001", actor=cast.device, at=cast.at)
    with pytest.raises(TooOften):
        ask_binding(name="别的人", phone="13911110001", actor=cast.device, at=cast.at)


def test_the_chief_may_say_that_it_is_somebody_else(cast: Cast, homes: Homes) -> None:
    ask_binding(name="演示母亲", phone="13911110002", actor=cast.device, at=cast.at)
    decline_binding(binding_id=Binding.objects.get().pk, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(NotThere):
        own_resident(cast.device)


def test_nobody_confirms_themselves(cast: Cast, homes: Homes) -> None:
    chief = cast.actor("chief")
    ask_binding(name="演示母亲", phone="13911110002", actor=chief, at=cast.at)
    with pytest.raises(NotThere):
        confirm_binding(binding_id=Binding.objects.get().pk, actor=chief, at=cast.at)


def test_adults_see_the_own_entry_and_who_looked_at_it(cast: Cast, homes: Homes, mother: Resident) -> None:
    own = cast.actor("resident")
    reveal: dict[str, Any] = {"reason": "上门前联系", "actor": cast.actor("chief"), "at": cast.at}
    reveal_resident(resident_id=mother.pk, what="phone", **reveal)
    reveal_resident(resident_id=homes.residents["father"].pk, what="phone", **reveal)
    entry = own_entry(own_resident(own), own, cast.at)
    assert [stay.resident_id for stay in entry.stays] == [mother.pk]
    looks = looks_at(own_resident(own))
    assert [(look.who, look.what, look.reason) for look in looks] == [("楼长 演**长", "电话", "上门前联系")]


def test_a_request_is_seen_by_who_asked_and_the_own_community_only(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    for key, actor in cast.everyone().items():
        sees = key in {"resident", "desk", "secretary", "system"}
        assert ids(RightsRequest.objects.visible_to(actor)) == ({row.pk} if sees else set()), key


def test_the_clock_is_fifteen_working_days(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    assert row.due_at.date() == date(2026, 3, 23)
    assert not RightsRequest.objects.overdue(row.due_at).exists()
    assert RightsRequest.objects.overdue(row.due_at + timedelta(seconds=1)).get() == row


def test_a_correction_is_carried_out_and_what_was_wished_is_let_go(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast, "139 2222 3333")
    assert NEW_PHONE not in row.wish_sealed
    with pytest.raises(Conflict):
        ask_to_correct(cast)
    with pytest.raises(NotThere):
        grant_request(request_id=row.pk, actor=cast.actor("stranger_desk"), at=cast.at)
    with pytest.raises(NotYours):
        grant_request(request_id=row.pk, actor=cast.actor("resident"), at=cast.at)
    done = grant_request(request_id=row.pk, actor=cast.actor("desk"), at=cast.at)
    mother.refresh_from_db()
    assert (done.status, done.wish_sealed, mother.open_field("phone")) == (RequestState.DONE, "", NEW_PHONE)
    assert [line.title for line in Notice.objects.filter(user=cast.people["resident"])] == [
        "您关于自己登记的请求有了答复"
    ]
    with pytest.raises(TransitionRefused):
        decline_request(request_id=row.pk, reason=REASON, actor=cast.actor("desk"), at=cast.at)


@pytest.mark.parametrize(
    ("about", "wish"), [(About.PHONE, "12"), (About.ID_NUMBER, "440524198001010016"), (About.BIRTH_DATE, "八〇年"),
                        (About.NAME, " "), ("health", "好")],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_at_once(cast: Cast, mother: Resident, about: str, wish: str) -> None:
    with pytest.raises(InputRefused):
        ask_to_correct(cast, wish, about)
    assert not RightsRequest.objects.exists()


def test_a_birthday_and_a_number_are_corrected_together(cast: Cast, mother: Resident) -> None:
    grant_request(
        request_id=ask_to_correct(cast, "1983-01-31", About.BIRTH_DATE).pk, actor=cast.actor("desk"), at=cast.at
    )
    mother.refresh_from_db()
    assert (mother.birth_year, mother.open_field("birth_date")) == (1983, "1983-01-31")
    grant_request(
        request_id=ask_to_correct(cast, "11010519491231002X", About.ID_NUMBER).pk,
        actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    mother.refresh_from_db()
    assert mother.open_field("birth_date") == "1949-12-31"


def test_a_request_is_declined_with_a_reason_only(cast: Cast, mother: Resident) -> None:
    row = ask_right(right=Right.DELETE, actor=cast.actor("resident"), at=cast.at)
    with pytest.raises(InputRefused):
        decline_request(request_id=row.pk, reason=" ", actor=cast.actor("desk"), at=cast.at)
    decline_request(request_id=row.pk, reason=REASON, actor=cast.actor("desk"), at=cast.at)
    assert Words.objects.get(subject_kind="rights_request").spoken == {"reason": REASON}
    assert own_resident(cast.actor("resident")).pk == mother.pk


def test_who_asked_takes_a_request_back(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    with pytest.raises(NotYours):
        retract_request(request_id=row.pk, actor=cast.actor("desk"), at=cast.at)
    assert retract_request(request_id=row.pk, actor=cast.actor("resident"), at=cast.at).status == RequestState.RETRACTED
    ask_to_correct(cast)


def test_a_copy_and_a_withdrawal_are_requests_done_at_once(cast: Cast, mother: Resident) -> None:
    kinds, own = put_in_use(cast, "disabled_care"), cast.actor("resident")
    consent = record_consent(
        resident_id=mother.pk, kind_id=kinds["disabled_care"].pk, way=Way.WORD, actor=cast.actor("chief"), at=cast.at
    )
    tag(cast, mother, kinds["disabled_care"], cast.actor("chief"))
    note_copy(actor=own, at=cast.at)
    note_copy(actor=own, at=cast.at)
    withdraw_own_consent(consent_id=consent.pk, actor=own, at=cast.at)
    assert not CareTag.objects.current(cast.at.date()).exists()
    done = [(row.right, row.status) for row, _ in own_requests(own)]
    assert sorted(done) == [("copy", "done"), ("copy", "done"), ("withdraw", "done")]


def test_erased_somebody_leaves_no_content_and_chains_that_hold(cast: Cast, homes: Homes, mother: Resident) -> None:
    kinds, desk = put_in_use(cast, "living_alone"), cast.actor("desk")
    tag(cast, mother, kinds["living_alone"], cast.actor("chief"))
    correct_resident(resident_id=mother.pk, name="演示改名", actor=cast.actor("chief"), at=cast.at)
    twin = homes.residents["tenant"]
    merge_residents(resident_id=twin.pk, into_id=mother.pk, actor=desk, at=cast.at)
    mother.refresh_from_db()
    bind(cast, mother, cast.actor("resident"))
    row = ask_right(right=Right.DELETE, actor=cast.actor("resident"), at=cast.at)
    grant_request(request_id=row.pk, actor=desk, at=cast.at)
    mother.refresh_from_db()
    twin.refresh_from_db()
    assert (twin.name, twin.search_terms) == ("", [])
    assert [getattr(mother, column) for column in ("name", "initials", "phone_sealed", "phone_index")] == [""] * 4
    assert (mother.search_terms, mother.birth_year, bool(mother.ended_at)) == ([], None, True)
    assert not Stay.objects.filter(resident=mother, ends_on=None).exists()
    assert not CareTag.objects.filter(purged_at=None).exists()
    assert {words.erased_rule for words in Words.objects.filter(subject_kind="resident")} == {"本人请求删除"}
    with pytest.raises(NotThere):
        own_resident(cast.actor("resident"))
    assert not Resident.objects.visible_to(desk).current().filter(pk=mother.pk).exists()
    call_command("verify_events", verbosity=0)


def test_a_protection_order_hides_a_person_from_everybody_but_the_secretary(
    cast: Cast, homes: Homes, mother: Resident
) -> None:
    kinds = put_in_use(cast, "living_alone")
    tag(cast, mother, kinds["living_alone"], cast.actor("chief"))
    order: dict[str, Any] = {"resident_id": mother.pk, "document": "（2026）民保令1号", "at": cast.at}
    with pytest.raises(NotYours):
        shelter_resident(**order, ends_on=date(2026, 9, 1), actor=cast.actor("chief"))
    with pytest.raises(InputRefused):
        shelter_resident(**order, ends_on=date(2026, 3, 1), actor=cast.actor("secretary"))
    shelter_resident(**order, ends_on=date(2026, 9, 1), actor=cast.actor("secretary"))
    for key, actor in cast.everyone().items():
        sees = key in {"secretary", "resident", "system"}
        assert Resident.objects.visible_to(actor).filter(pk=mother.pk).exists() is sees, key
        assert Resident.objects.kept_by(actor).filter(pk=mother.pk).exists() is (sees and key != "resident"), key
        assert CareTag.objects.visible_to(actor).exists() is sees, key
        assert Stay.objects.visible_to(actor).filter(resident=mother).exists() is sees, key
    assert end_shelters(at=cast.at) == 0
    assert end_shelters(at=cast.at + timedelta(days=200)) == 1
    assert Resident.objects.visible_to(cast.actor("chief")).filter(pk=mother.pk).exists()


def test_a_lifted_order_hides_nobody(cast: Cast, mother: Resident) -> None:
    order: dict[str, Any] = {"resident_id": mother.pk, "document": "1号", "at": cast.at}
    shelter_resident(**order, ends_on=date(2026, 9, 1), actor=cast.actor("secretary"))
    with pytest.raises(Conflict):
        shelter_resident(**order, ends_on=date(2026, 9, 1), actor=cast.actor("secretary"))
    with pytest.raises(NotThere):
        lift_shelter(resident_id=mother.pk, actor=cast.actor("chief"), at=cast.at)
    lift_shelter(resident_id=mother.pk, actor=cast.actor("secretary"), at=cast.at)
    assert not Shelter.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("table", [CareTag, RightsRequest])
def test_none_is_never_everyone(table: Any, db: None) -> None:
    with pytest.raises((TypeError, AttributeError)):
        table.objects.visible_to(None)


def test_who_is_confirmed_later_is_the_only_one_bound(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"]
    former = bind(cast, mother, cast.device)
    ask_binding(
        name=mother.name, id_number=mother.open_field("id_number"), phone=mother.open_field("phone"),
        actor=cast.other_device, at=cast.at,
    )  # fmt: skip
    asked = Binding.objects.get(resident=mother, ended_at=None, confirmed_at=None)
    confirm_binding(binding_id=asked.pk, actor=cast.actor("chief"), at=cast.at)

    assert Binding.objects.get(resident=mother, ended_at=None) == asked
    assert Binding.objects.get(pk=former.pk).ended_at == cast.at
    assert own_resident(cast.other_device) == mother
    with pytest.raises(NotThere):
        own_resident(cast.device)


def reminded(cast: Cast) -> list[tuple[str, str]]:
    """Who of the cast has been told what of a request, those of the office."""
    names = {person.pk: key for key, person in cast.people.items()}
    rows = Notice.objects.filter(title__contains="本人请求").order_by("pk")
    return sorted((names[row.user_id], row.title) for row in rows if row.user_id)


def test_the_office_is_reminded_three_working_days_before_and_on_the_day(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)  # due on Monday 23 March
    day = row.due_at.replace(hour=0, minute=3)
    before = day - timedelta(days=5)  # Wednesday: Thursday, Friday and Monday are left
    assert remind_of_requests(at=before - timedelta(days=1)) == 0
    assert [remind_of_requests(at=before), remind_of_requests(at=before)] == [1, 0]
    soon = [(key, "有一个本人请求 3 个工作日内要答复") for key in ("desk", "secretary")]
    assert reminded(cast) == soon
    assert remind_of_requests(at=day - timedelta(days=1)) == 0
    assert [remind_of_requests(at=day), remind_of_requests(at=day), remind_of_requests(at=row.due_at + LATER)] == [
        1, 0, 0
    ]  # fmt: skip
    assert set(reminded(cast)) - set(soon) == {(key, "有一个本人请求今天要答复") for key in ("desk", "secretary")}
    call_command("verify_events", verbosity=0)


def test_nobody_is_reminded_of_what_was_answered(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    grant_request(request_id=row.pk, actor=cast.actor("desk"), at=cast.at)
    assert remind_of_requests(at=row.due_at) == 0


def test_of_somebody_shielded_the_secretary_alone_is_reminded(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    order: dict[str, Any] = {"resident_id": mother.pk, "document": "1号", "at": cast.at}
    shelter_resident(**order, ends_on=date(2026, 9, 1), actor=cast.actor("secretary"))
    assert remind_of_requests(at=row.due_at) == 1
    assert [key for key, _ in reminded(cast)] == ["secretary"]


def test_working_days_are_left_until_the_day_it_is_due(cast: Cast, mother: Resident) -> None:
    row = ask_to_correct(cast)
    days = [row.due_at - timedelta(days=gone) for gone in (6, 5, 3, 1, 0, -1)]
    assert [working_days_left(row, at) for at in days] == [4, 3, 1, 1, 0, 0]
    assert [spoken_left(row, at) for at in (cast.at, row.due_at, row.due_at + LATER)] == [
        "还剩 15 个工作日", "今天到期", "已经过了时限",
    ]  # fmt: skip


def test_a_copy_is_taken_so_often_an_hour(cast: Cast, mother: Resident) -> None:
    own = cast.actor("resident")
    for _ in range(LIMITS["copy.person"][0].most):
        note_copy(actor=own, at=cast.at)
    with pytest.raises(TooOften):
        note_copy(actor=own, at=cast.at)


def test_the_secretary_hears_of_each_phone_that_was_confirmed_and_nobody_else_does(cast: Cast, homes: Homes) -> None:
    bind(cast, homes.residents["father"], cast.device)
    told = Notice.objects.filter(title__contains="本人认证")
    assert {line.user_id for line in told} == {cast.people["secretary"].pk}
    assert not any("演示父亲" in line.title for line in told)
