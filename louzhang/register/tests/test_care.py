"""Care tags: set with a purpose, seen by few, opened by a logged tap, gone at their end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from louzhang.areas.actions import appoint_post
from louzhang.areas.models import Title
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Reveal, Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.notices.models import Notice
from louzhang.register.actions import correct_resident, leave, record_death
from louzhang.register.actions.assessing import (
    Assessed,
    lay_down_assessments,
    switch_off,
    switch_on,
    write_assessment,
)
from louzhang.register.actions.caring import (
    add_care_tag,
    end_care_tag,
    keep_care_tag,
    lay_down_care_kinds,
    look_at_care,
)
from louzhang.register.actions.consenting import (
    expire_consents,
    give_consent,
    record_consent,
    withdraw_consent,
)
from louzhang.register.actions.emergencies import look_in_emergency, tell_of_emergency
from louzhang.register.actions.merging import merge_residents
from louzhang.register.actions.purging import purge_past_care
from louzhang.register.models import CHILDREN_TITLE, CareKind, CareTag, Consent, EmergencyUse, ImpactAssessment, Way
from louzhang.register.tasks import end_care
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import ANSWERS, UNTIL, WHY, bind, child_of, put_in_use, tag
from tests.cast import Cast

LATER = timedelta(days=200)


def ids(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def test_a_chief_notes_what_somebody_is_looked_after_for(cast: Cast, homes: Homes) -> None:
    kinds = put_in_use(cast, "living_alone")
    row = tag(cast, homes.residents["mother"], kinds["living_alone"], cast.actor("chief"))
    assert (row.purpose, row.author_id, row.ends_on) == ("每周探访一次", cast.people["chief"].pk, UNTIL)
    assert row.legal_basis == kinds["living_alone"].legal_basis
    assert cast.at.date() < row.review_on <= row.ends_on
    event = Event.objects.get(subject_kind="care_tag", subject_id=row.pk)
    assert event.payload == {"resident": homes.residents["mother"].pk}, "the event tells no kind"


@pytest.mark.parametrize(
    ("purpose", "ends_on"), [(" ", UNTIL), ("每周探访", date(2030, 1, 1)), ("重点人员管控", UNTIL)]
)
def test_without_a_purpose_or_an_end_in_time_it_is_not_saved(
    cast: Cast, homes: Homes, purpose: str, ends_on: date
) -> None:
    kinds = put_in_use(cast, "living_alone")
    with pytest.raises(InputRefused):
        add_care_tag(
            resident_id=homes.residents["mother"].pk, kind_id=kinds["living_alone"].pk, purpose=purpose,
            ends_on=ends_on, actor=cast.actor("chief"), at=cast.at,
        )  # fmt: skip
    assert not CareTag.objects.exists()


def test_the_database_refuses_a_tag_without_a_purpose(cast: Cast, homes: Homes) -> None:
    kinds = put_in_use(cast, "living_alone")
    row = tag(cast, homes.residents["mother"], kinds["living_alone"], cast.actor("chief"))
    for broken in ({"purpose": ""}, {"legal_basis": ""}, {"kind": None}, {"needs_consent": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CareTag.objects.filter(pk=row.pk).update(**broken)


def test_no_kind_is_used_before_it_was_assessed(cast: Cast, homes: Homes) -> None:
    lay_down_care_kinds(actor=SYSTEM, at=cast.at)
    kind = CareKind.objects.get(code="living_alone")
    with pytest.raises(InputRefused, match="影响评估"):
        tag(cast, homes.residents["mother"], kind, cast.actor("chief"))
    admin = cast.actor("system_admin")
    row = write_assessment(target="care_kind", code="living_alone", assessed=ANSWERS, actor=admin, at=cast.at)
    with pytest.raises(InputRefused):
        tag(cast, homes.residents["mother"], kind, cast.actor("chief"))
    switch_on(assessment_id=row.pk, actor=admin, at=cast.at)
    tag(cast, homes.residents["mother"], kind, cast.actor("chief"))
    switch_off(assessment_id=row.pk, actor=admin, at=cast.at)
    with pytest.raises(InputRefused):
        tag(cast, homes.residents["father"], kind, cast.actor("chief"))
    assert ImpactAssessment.objects.get(code="living_alone").keep_until == date(2029, 3, 2)


def test_a_sensitive_field_is_not_filled_in_before_its_group_is_switched_on(cast: Cast, homes: Homes) -> None:
    group = ImpactAssessment.objects.get(code="phone")
    change: dict[str, Any] = {"resident_id": homes.residents["mother"].pk, "actor": cast.actor("chief"), "at": cast.at}
    correct_resident(**change, phone="13911110003")
    switch_off(assessment_id=group.pk, actor=SYSTEM, at=cast.at)
    with pytest.raises(InputRefused, match="先留空") as refused:
        correct_resident(**change, phone="13911110004")
    assert refused.value.field == "phone"
    correct_resident(**change, name="演示改名")
    left = "the import and both sorts of survey; what stands is left alone"
    assert lay_down_assessments(actor=SYSTEM, at=cast.at, in_use=False) == 3, left


def test_only_who_keeps_the_district_assesses_and_with_all_four_answers(cast: Cast) -> None:
    lay_down_care_kinds(actor=SYSTEM, at=cast.at)
    with pytest.raises(NotYours):
        write_assessment(
            target="care_kind", code="very_old", assessed=ANSWERS, actor=cast.actor("secretary"), at=cast.at
        )
    short = Assessed(ANSWERS.purpose, ANSWERS.necessity, "没有", ANSWERS.measures)
    with pytest.raises(InputRefused):
        write_assessment(target="care_kind", code="very_old", assessed=short, actor=SYSTEM, at=cast.at)
    assert not ImpactAssessment.objects.filter(target="care_kind").exists()


def test_every_person_of_the_cast_sees_the_tags_of_their_own_places_only(cast: Cast, homes: Homes) -> None:
    kinds = put_in_use(cast, "living_alone")
    mine = tag(cast, homes.residents["mother"], kinds["living_alone"], cast.actor("chief"))
    theirs = tag(cast, homes.residents["stranger"], kinds["living_alone"], cast.actor("stranger_chief"))
    seen = {key: {mine.pk} for key in ("stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary")}
    seen |= {"stranger_desk": {theirs.pk}, "stranger_chief": {theirs.pk}, "system": {mine.pk, theirs.pk}}
    for key, actor in cast.everyone().items():
        assert ids(CareTag.objects.visible_to(actor)) == seen.get(key, set()), key


def test_a_child_under_14_is_seen_by_the_secretary_and_the_one_for_children_only(cast: Cast, homes: Homes) -> None:
    kinds, child = put_in_use(cast, "child_in_need"), child_of(cast, homes)
    secretary = cast.actor("secretary")
    with pytest.raises(InputRefused, match="监护人"):
        tag(cast, child, kinds["child_in_need"], secretary)
    said: dict[str, Any] = {
        "resident_id": child.pk,
        "kind_id": kinds["child_in_need"].pk,
        "way": Way.PAPER,
        "at": cast.at,
    }
    with pytest.raises(InputRefused, match="监护人"):
        record_consent(**said, actor=secretary)
    with pytest.raises(NotYours):
        record_consent(**said, actor=cast.actor("chief"), guardian_id=homes.residents["father"].pk)
    record_consent(**said, actor=secretary, guardian_id=homes.residents["father"].pk)
    with pytest.raises(NotYours):
        tag(cast, child, kinds["child_in_need"], cast.actor("chief"))
    row = tag(cast, child, kinds["child_in_need"], secretary)
    appoint_post(
        user=cast.people["nobody"], role=Role.OFFICE_STAFF, area=cast.areas["community"],
        title=Title.objects.create(name=CHILDREN_TITLE, role=Role.OFFICE_STAFF), actor=SYSTEM, at=cast.at,
    )  # fmt: skip
    for key, actor in cast.everyone().items():
        sees = key in {"secretary", "nobody", "system"}
        assert ids(CareTag.objects.visible_to(actor)) == ({row.pk} if sees else set()), key


def test_health_needs_a_consent_of_its_own_and_goes_with_it(cast: Cast, homes: Homes) -> None:
    kinds, mother, chief = put_in_use(cast, "disabled_care"), homes.residents["mother"], cast.actor("chief")
    with pytest.raises(InputRefused, match="单独同意"):
        tag(cast, mother, kinds["disabled_care"], chief)
    consent = record_consent(
        resident_id=mother.pk, kind_id=kinds["disabled_care"].pk, way=Way.WORD, actor=chief, at=cast.at
    )
    row = tag(cast, mother, kinds["disabled_care"], chief)
    own = cast.device
    bind(cast, mother, own)
    with pytest.raises(NotThere):
        withdraw_consent(consent_id=consent.pk, actor=cast.other_device, at=cast.at)
    withdraw_consent(consent_id=consent.pk, actor=own, at=cast.at)
    row.refresh_from_db()
    consent.refresh_from_db()
    assert (row.kind, row.purpose, row.consent, consent.kind) == (None, "", None, None)
    with pytest.raises(InputRefused):
        tag(cast, mother, kinds["disabled_care"], chief)


def test_a_chief_notes_a_consent_withdrawn_by_word(cast: Cast, homes: Homes) -> None:
    kinds, mother, chief = put_in_use(cast, "disabled_care"), homes.residents["mother"], cast.actor("chief")
    said: dict[str, Any] = {"resident_id": mother.pk, "kind_id": kinds["disabled_care"].pk, "way": Way.WORD}
    consent = record_consent(**said, actor=chief, at=cast.at)
    with pytest.raises(NotThere):
        withdraw_consent(consent_id=consent.pk, actor=cast.actor("next_chief"), at=cast.at)
    withdraw_consent(consent_id=consent.pk, actor=chief, at=cast.at)
    assert Event.objects.filter(subject_kind="consent", verb="withdraw", user_id=chief.user_id).exists()
    record_consent(**said, actor=chief, at=cast.at)


@pytest.mark.parametrize(
    ("born", "until"), [(date(2012, 5, 20), date(2026, 6, 1)), (date(2008, 12, 1), date(2027, 1, 1))]
)
def test_at_14_and_at_18_a_consent_ends_and_is_asked_anew(cast: Cast, homes: Homes, born: date, until: date) -> None:
    kinds, child, secretary = (
        put_in_use(cast, "severe_disability"),
        child_of(cast, homes, born),
        cast.actor("secretary"),
    )
    consent = record_consent(
        resident_id=child.pk, kind_id=kinds["severe_disability"].pk, way=Way.PAPER, actor=secretary, at=cast.at,
        guardian_id=homes.residents["father"].pk,
    )  # fmt: skip
    row = tag(cast, child, kinds["severe_disability"], secretary)
    assert consent.ends_on == until
    day_before = cast.at + (until - cast.at.date()) - timedelta(days=1)
    assert expire_consents(at=day_before) == 0
    assert expire_consents(at=day_before + timedelta(days=1)) == 1
    row.refresh_from_db()
    assert row.purged_at is not None
    anew = Consent.objects.asked().get()
    assert (anew.resident_id, anew.kind_id, anew.is_child) == (child.pk, kinds["severe_disability"].pk, False)


def test_the_person_says_yes_on_the_phone_to_what_is_asked_anew(cast: Cast, homes: Homes) -> None:
    kinds, mother = put_in_use(cast, "disabled_care"), homes.residents["mother"]
    asked = Consent.objects.create(resident=mother, kind=kinds["disabled_care"], asked_at=cast.at)
    own = cast.actor("resident")
    with pytest.raises(NotThere):
        give_consent(consent_id=asked.pk, actor=own, at=cast.at)
    bind(cast, mother, own)
    given = give_consent(consent_id=asked.pk, actor=own, at=cast.at)
    assert (given.way, given.given_at) == (Way.PHONE, cast.at)
    with pytest.raises(Conflict):
        give_consent(consent_id=asked.pk, actor=own, at=cast.at)


def test_at_its_end_a_tag_leaves_the_pages_and_the_worker_leaves_a_tombstone(cast: Cast, homes: Homes) -> None:
    kinds, chief = put_in_use(cast, "living_alone"), cast.actor("chief")
    row = tag(cast, homes.residents["mother"], kinds["living_alone"], chief)
    assert CareTag.objects.current(UNTIL - timedelta(days=1)).exists()
    assert not CareTag.objects.current(UNTIL).exists()
    assert purge_past_care(at=cast.at) == 0
    assert purge_past_care(at=cast.at + LATER) == 1
    assert purge_past_care(at=cast.at + LATER) == 0
    row.refresh_from_db()
    assert (row.kind, row.purpose, row.legal_basis) == (None, "", "")
    words = Words.objects.get(subject_kind="care_tag", subject_id=row.pk)
    assert (words.spoken, words.erased_rule) == ({}, "关爱标记到期")
    call_command("verify_events", verbosity=0)


def test_the_worker_does_all_of_it_every_night(cast: Cast, homes: Homes) -> None:
    kinds, mother = put_in_use(cast, "living_alone"), homes.residents["mother"]
    row = tag(cast, mother, kinds["living_alone"], cast.actor("chief"))
    CareTag.objects.filter(pk=row.pk).update(ended_at=cast.at)
    end_care(timestamp=0)
    row.refresh_from_db()
    assert row.purged_at is not None


def test_two_rows_with_the_same_mark_become_one_person_once_one_mark_has_ended(cast: Cast, homes: Homes) -> None:
    kinds, desk = put_in_use(cast, "living_alone"), cast.actor("desk")
    gone, stays = homes.residents["tenant"], homes.residents["mother"]
    marks = [tag(cast, person, kinds["living_alone"], desk) for person in (gone, stays)]
    with pytest.raises(Conflict):
        merge_residents(resident_id=gone.pk, into_id=stays.pk, actor=desk, at=cast.at)
    end_care_tag(tag_id=marks[0].pk, actor=desk, at=cast.at)
    merge_residents(resident_id=gone.pk, into_id=stays.pk, actor=desk, at=cast.at)
    assert CareTag.objects.current(cast.at.date()).get() == marks[1]


def test_of_somebody_who_has_left_or_died_no_tag_stays(cast: Cast, homes: Homes) -> None:
    kinds, chief = put_in_use(cast, "living_alone"), cast.actor("chief")
    gone = [homes.residents[key] for key in ("mother", "tenant")]
    for person in (*gone, homes.residents["father"]):
        tag(cast, person, kinds["living_alone"], chief)
    record_death(resident_id=gone[0].pk, on=cast.at.date(), actor=chief, at=cast.at)
    leave(resident_id=gone[1].pk, on=cast.at.date(), actor=chief, at=cast.at)
    assert purge_past_care(at=cast.at) == 2
    assert CareTag.objects.get(purged_at=None).resident_id == homes.residents["father"].pk


def test_looked_at_again_it_stands_longer_and_ended_it_is_gone(cast: Cast, homes: Homes) -> None:
    kinds, chief = put_in_use(cast, "living_alone"), cast.actor("chief")
    row = tag(cast, homes.residents["mother"], kinds["living_alone"], chief)
    with pytest.raises(NotThere):
        keep_care_tag(tag_id=row.pk, ends_on=date(2026, 12, 31), actor=cast.actor("next_chief"), at=cast.at)
    assert keep_care_tag(tag_id=row.pk, ends_on=date(2026, 12, 31), actor=chief, at=cast.at).ends_on.month == 12
    end_care_tag(tag_id=row.pk, actor=chief, at=cast.at)
    assert not CareTag.objects.current(cast.at.date()).exists()
    with pytest.raises(Conflict):
        end_care_tag(tag_id=row.pk, actor=chief, at=cast.at)


def test_the_kind_opens_with_a_reason_that_is_logged(cast: Cast, homes: Homes) -> None:
    kinds, mother = put_in_use(cast, "living_alone"), homes.residents["mother"]
    tag(cast, mother, kinds["living_alone"], cast.actor("chief"))
    look: dict[str, Any] = {"resident_id": mother.pk, "at": cast.at}
    with pytest.raises(InputRefused):
        look_at_care(**look, reason=" ", actor=cast.actor("chief"))
    for key in ("next_chief", "property", "street", "audit_admin", "system_admin", "resident"):
        with pytest.raises(NotThere):
            look_at_care(**look, reason=WHY, actor=cast.actor(key))
    assert not Reveal.objects.exists()
    assert [row.kind.name for row in look_at_care(**look, reason=WHY, actor=cast.actor("chief")) if row.kind] == [
        "独居"
    ]
    assert Reveal.objects.get().what == "care"


def test_in_an_emergency_everything_opens_and_the_person_is_told(cast: Cast, homes: Homes) -> None:
    kinds, child = put_in_use(cast, "child_in_need"), child_of(cast, homes)
    guardian = homes.residents["father"].pk
    record_consent(
        resident_id=child.pk, kind_id=kinds["child_in_need"].pk, way=Way.PAPER, actor=cast.actor("secretary"),
        at=cast.at, guardian_id=guardian,
    )  # fmt: skip
    tag(cast, child, kinds["child_in_need"], cast.actor("secretary"))
    chief = cast.actor("chief")
    assert look_at_care(resident_id=child.pk, reason=WHY, actor=chief, at=cast.at) == []
    with pytest.raises(InputRefused):
        look_in_emergency(resident_id=child.pk, reason="急", actor=chief, at=cast.at)
    with pytest.raises(NotThere):
        look_in_emergency(resident_id=child.pk, reason="楼上着火要接人", actor=cast.actor("next_chief"), at=cast.at)
    assert len(look_in_emergency(resident_id=child.pk, reason="楼上着火要接人", actor=chief, at=cast.at)) == 1
    use = EmergencyUse.objects.get()
    assert use.told_at is None, "nobody is bound: it waits on the list"
    tell_of_emergency(use_id=use.pk, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict):
        tell_of_emergency(use_id=use.pk, actor=cast.actor("desk"), at=cast.at)


def test_whoever_has_bound_the_phone_is_told_at_once(cast: Cast, homes: Homes) -> None:
    bind(cast, homes.residents["mother"], cast.device)
    look_in_emergency(
        resident_id=homes.residents["mother"].pk, reason="屋里没人应门要破门", actor=cast.actor("chief"), at=cast.at
    )
    assert EmergencyUse.objects.get().told_at == cast.at
    assert Notice.objects.exclude(device_hash="").get().device_hash == cast.device.device
