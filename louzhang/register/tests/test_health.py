"""What is known of health: by a consent of its own, sealed, opened by a logged tap, gone with the consent."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from louzhang.accounts.limits import LIMITS
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Event, Reveal
from louzhang.journal.refusals import InputRefused, NotThere, TooOften
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions.assessing import switch_off
from louzhang.register.actions.caring import add_care_tag, note_health, open_health
from louzhang.register.actions.consenting import expire_consents, record_consent, withdraw_consent
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.merging import merge_residents, undo_merge
from louzhang.register.actions.purging import purge_past_care
from louzhang.register.models import CareTag, Consent, ImpactAssessment, Resident, Way
from louzhang.register.queries.own import looks_at
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import UNTIL, bind, child_of, put_in_use
from tests.cast import Cast, browser_as

HEALTH = "心脏装了支架，救心丸在床头"
WHY = "上门探访前看一下"


def consented(cast: Cast, person: Resident, code: str = "disabled_care", **by: Any) -> Consent:
    kinds = put_in_use(cast, code)
    said: dict[str, Any] = {"resident_id": person.pk, "kind_id": kinds[code].pk, "way": Way.WORD, "at": cast.at}
    return record_consent(**{**said, "actor": cast.actor("chief"), **by})


def noted(cast: Cast, person: Resident, consent: Consent, actor: Actor | None = None) -> CareTag:
    assert consent.kind is not None
    return add_care_tag(
        resident_id=person.pk, kind_id=consent.kind.pk, purpose="每周上门一次", ends_on=UNTIL, health=HEALTH,
        actor=actor or cast.actor("chief"), at=cast.at,
    )  # fmt: skip


@pytest.fixture
def mother(homes: Homes) -> Resident:
    return homes.residents["mother"]


@pytest.fixture
def tag(cast: Cast, mother: Resident) -> CareTag:
    """A tag of the mother with what to heed, after her consent by word."""
    return noted(cast, mother, consented(cast, mother))


def test_nothing_of_health_is_noted_without_a_consent_or_on_another_kind(
    cast: Cast, homes: Homes, mother: Resident
) -> None:
    kinds = put_in_use(cast, "disabled_care", "living_alone")
    note: dict[str, Any] = {
        "resident_id": mother.pk, "purpose": "每周上门一次", "ends_on": UNTIL, "health": HEALTH,
        "actor": cast.actor("chief"), "at": cast.at,
    }  # fmt: skip
    with pytest.raises(InputRefused, match="单独同意"):
        add_care_tag(kind_id=kinds["disabled_care"].pk, **note)
    with pytest.raises(InputRefused, match="不涉及健康") as refused:
        add_care_tag(kind_id=kinds["living_alone"].pk, **note)
    assert refused.value.field == "health"
    assert not CareTag.objects.exists()


def test_it_lies_sealed_and_no_event_or_word_tells_it(cast: Cast, tag: CareTag) -> None:
    tag.refresh_from_db()
    assert HEALTH not in tag.health_sealed
    assert tag.open_field("health") == HEALTH
    note_health(tag_id=tag.pk, health="", actor=cast.actor("chief"), at=cast.at)
    tag.refresh_from_db()
    assert tag.health_sealed == ""
    events = Event.objects.filter(subject_kind="care_tag", subject_id=tag.pk)
    assert HEALTH not in str(list(events.values_list("payload", flat=True)))
    prove_journal()


def test_the_database_keeps_it_only_on_a_tag_with_a_consent(cast: Cast, tag: CareTag) -> None:
    rows = CareTag.objects.filter(pk=tag.pk)
    for broken in ({"consent": None, "needs_consent": False}, {"purged_at": cast.at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)


def test_its_group_of_fields_is_assessed_first(cast: Cast, mother: Resident) -> None:
    consent = consented(cast, mother)
    switch_off(assessment_id=ImpactAssessment.objects.get(code="health").pk, actor=SYSTEM, at=cast.at)
    with pytest.raises(InputRefused, match="影响评估") as refused:
        noted(cast, mother, consent)
    assert refused.value.field == "health"


def test_each_opening_is_logged_read_by_her_and_limited(cast: Cast, mother: Resident, tag: CareTag) -> None:
    look: dict[str, Any] = {"tag_id": tag.pk, "actor": cast.actor("chief"), "at": cast.at}
    with pytest.raises(InputRefused):
        open_health(reason=" ", **look)
    assert open_health(reason=WHY, **look) == HEALTH
    assert [(seen.what, seen.reason) for seen in looks_at(mother)] == [("健康情况", WHY)]
    for _ in range(LIMITS["reveal.person"][0].most - 1):
        open_health(reason=WHY, **look)
    with pytest.raises(TooOften):
        open_health(reason=WHY, **look)


def test_nobody_else_of_the_cast_opens_it(cast: Cast, tag: CareTag) -> None:
    opens = set()
    for key, actor in cast.everyone().items():
        try:
            open_health(tag_id=tag.pk, reason=WHY, actor=actor, at=cast.at)
        except NotThere:
            continue
        opens.add(key)
    assert opens == {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary", "system"}


def test_withdrawn_in_one_tap_it_is_gone_at_once(cast: Cast, mother: Resident, tag: CareTag) -> None:
    bind(cast, mother, cast.device)
    assert tag.consent_id is not None
    withdraw_consent(consent_id=tag.consent_id, actor=cast.device, at=cast.at)
    tag.refresh_from_db()
    assert (tag.health_sealed, tag.purged_at) == ("", cast.at)
    with pytest.raises(NotThere):
        open_health(tag_id=tag.pk, reason=WHY, actor=cast.actor("chief"), at=cast.at)


def test_it_goes_with_the_end_of_the_tag(cast: Cast, tag: CareTag) -> None:
    assert purge_past_care(at=cast.at + timedelta(days=200)) == 1
    tag.refresh_from_db()
    assert tag.health_sealed == ""


def test_it_goes_with_the_whole_entry(cast: Cast, mother: Resident, tag: CareTag) -> None:
    erase_resident(resident_id=mother.pk, actor=cast.actor("desk"), at=cast.at)
    tag.refresh_from_db()
    assert tag.health_sealed == ""


def test_a_guardian_decides_for_a_child_and_at_14_it_is_gone(cast: Cast, homes: Homes) -> None:
    child, secretary = child_of(cast, homes, born=date(2012, 5, 20)), cast.actor("secretary")
    consent = consented(cast, child, actor=secretary, guardian_id=homes.residents["father"].pk)
    row = noted(cast, child, consent, secretary)
    with pytest.raises(NotThere):
        open_health(tag_id=row.pk, reason=WHY, actor=cast.actor("chief"), at=cast.at)
    expire_consents(at=cast.at + timedelta(days=120))
    row.refresh_from_db()
    assert row.health_sealed == ""


def test_it_stays_readable_through_a_merge_and_back(cast: Cast, homes: Homes, mother: Resident, tag: CareTag) -> None:
    merge: dict[str, Any] = {"actor": cast.actor("desk"), "at": cast.at}
    done = merge_residents(resident_id=mother.pk, into_id=homes.residents["tenant"].pk, **merge)
    tag.refresh_from_db()
    assert (tag.resident_id, tag.open_field("health")) == (homes.residents["tenant"].pk, HEALTH)
    undo_merge(merge_id=done.pk, **merge)
    tag.refresh_from_db()
    assert (tag.resident_id, tag.open_field("health")) == (mother.pk, HEALTH)


@pytest.fixture
def current(cast: Cast, tag: CareTag) -> CareTag:
    """The same by the clock that pages read."""
    CareTag.objects.filter(pk=tag.pk).update(ends_on=clock.local_date(clock.now()) + timedelta(days=30))
    return tag


def test_the_page_shows_it_after_a_tap_of_its_own(cast: Cast, mother: Resident, current: CareTag) -> None:
    browser = browser_as(cast, "chief")
    closed = browser.post(reverse("care:look", args=[mother.uid]), {"reason": WHY}).content.decode()
    assert "打开健康情况" in closed
    assert HEALTH not in closed
    opened = browser.post(reverse("care:open", args=[current.uid]), {"reason": WHY})
    assert HEALTH in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert list(Reveal.objects.order_by("pk").values_list("what", flat=True)) == ["care", "health"]
    assert browser_as(cast, "next_chief").post(reverse("care:open", args=[current.uid])).status_code == 404


def test_in_an_emergency_it_opens_with_the_rest(cast: Cast, mother: Resident, current: CareTag) -> None:
    said = {"reason": "屋里没人应门要破门", "entry_id": str(uuid.uuid4())}
    page = browser_as(cast, "chief").post(reverse("care:emergency", args=[mother.uid]), said)
    assert HEALTH in page.content.decode()
    assert Reveal.objects.get().what == "emergency"


def test_a_chief_writes_it_down_and_takes_it_back(cast: Cast, mother: Resident, current: CareTag) -> None:
    browser, url = browser_as(cast, "chief"), reverse("care:health", args=[current.uid])
    assert HEALTH not in browser.get(url).content.decode(), "the form shows nothing of what stands"
    assert browser.post(url, {"entry_id": str(uuid.uuid4()), "health": "耳朵背，请大声"}).status_code == 302
    current.refresh_from_db()
    assert current.open_field("health") == "耳朵背，请大声"
    assert browser_as(cast, "next_chief").get(url).status_code == 404


def test_she_reads_it_herself_and_takes_it_along(cast: Cast, mother: Resident, current: CareTag) -> None:
    bind(cast, mother, cast.actor("resident"))
    own = browser_as(cast, "resident")
    assert HEALTH not in own.get(reverse("own:home")).content.decode()
    assert HEALTH in own.post(reverse("own:health", args=[current.uid])).content.decode()
    packed = own.post(reverse("own:copy"), {"entry_id": str(uuid.uuid4())}).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        taken = json.loads(archive.read("my-entry.json"))
    assert taken["关爱标记"][0]["健康情况"] == HEALTH


def test_a_keeper_reads_nobody_elses_as_their_own(cast: Cast, current: CareTag) -> None:
    assert browser_as(cast, "chief").post(reverse("own:health", args=[current.uid])).status_code == 404
