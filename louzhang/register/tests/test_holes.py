"""Ways around the rules of the register that somebody found, each closed."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.actions import make_api_token
from louzhang.accounts.limits import LIMITS
from louzhang.areas.models import Post
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, NotYours, TooOften
from louzhang.kit import clock
from louzhang.register.actions import ResidentDraft, register_resident, vacate_dwelling
from louzhang.register.actions.consenting import record_consent
from louzhang.register.actions.entries import note_entry
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.merging import merge_residents, undo_merge
from louzhang.register.actions.notes import forget_notes, write_note
from louzhang.register.actions.revealing import reveal_resident
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.actions.sites import enter_firm, enter_site, reveal_firm
from louzhang.register.doorstep import Entry
from louzhang.register.models import (
    About,
    DoorEntry,
    ImportBatch,
    ImportMade,
    Merge,
    Note,
    Outcome,
    Resident,
    Right,
    RightsRequest,
    Way,
)
from louzhang.register.queries.elevation import elevation_of
from louzhang.register.queries.own import looks_at
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import child_of, put_in_use, tag
from tests.cast import Cast, browser_as

AROUND = ("stairwell_head", "chief", "grid_worker", "desk")


def body(answer: Any) -> str:
    return str(answer.content.decode())


def shelter(cast: Cast, person: Resident) -> None:
    shelter_resident(
        resident_id=person.pk, document="演示保护令 1 号", ends_on=date(2099, 1, 1), actor=cast.actor("secretary"),
        at=cast.at,
    )  # fmt: skip


def enter(cast: Cast, homes: Homes, name: str, home: str = "let", **facts: Any) -> Resident:
    return register_resident(
        household_id=homes.households[home].pk, draft=ResidentDraft(name, **facts), on=date(2026, 3, 2), actor=SYSTEM,
        at=cast.at,
    )  # fmt: skip


# ---- 住址保密 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", AROUND)
def test_a_shielded_head_is_named_in_no_form_list_or_count(cast: Cast, homes: Homes, key: str) -> None:
    enter(cast, homes, "演示房客", "let", birth_year=2015)
    shelter(cast, homes.residents["tenant"])
    browser = browser_as(cast, key)
    pages = [
        reverse("register:act", args=["resident", homes.residents["mother"].uid, "move"]),
        reverse("register:house", args=[cast.areas["building"].pk]),
        reverse("register:dwelling", args=[homes.dwellings["let"].uid]),
        reverse("register:household", args=[homes.households["let"].uid]),
        reverse("register:history", args=["dwelling", homes.dwellings["let"].uid]),
        reverse("register:quality_list", args=["stale_people"]),
        reverse("register:quality_list", args=["no_head"]),
        reverse("register:quality_list", args=["young_head"]),
        reverse("register:duplicates"),
    ]
    for url in pages:
        answer = browser.get(url)
        assert answer.status_code == 200, url
        assert "演示租客" not in body(answer), url


def test_a_shielded_head_gives_no_name_to_a_home_on_the_list_of_faults(cast: Cast, homes: Homes) -> None:
    child = homes.residents["neighbour"]
    Resident.objects.filter(pk=child.pk).update(birth_year=2015)
    shelter(cast, child)
    page = browser_as(cast, "desk").get(reverse("register:quality_list", args=["young_head"]))
    assert "演示邻居" not in body(page)


def test_the_picture_counts_nobody_whom_an_order_shields(cast: Cast, homes: Homes) -> None:
    def people(key: str) -> int:
        cells = elevation_of(cast.areas["building"], cast.actor(key), cast.at).cells
        return next(cell.people for cell in cells if cell.dwelling.pk == homes.dwellings["let"].pk)

    assert people("chief") == 1
    shelter(cast, homes.residents["tenant"])
    assert people("chief") == 0
    assert people("secretary") == 1


def test_a_merge_of_somebody_shielded_since_is_on_no_list(cast: Cast, homes: Homes) -> None:
    twin = enter(cast, homes, "演示租客")
    merge_residents(resident_id=twin.pk, into_id=homes.residents["tenant"].pk, actor=cast.actor("chief"), at=cast.at)
    url = reverse("register:duplicates")
    assert "演示租客" in body(browser_as(cast, "chief").get(url))
    shelter(cast, homes.residents["tenant"])
    assert "演示租客" not in body(browser_as(cast, "chief").get(url))
    assert "演示租客" in body(browser_as(cast, "secretary").get(url))
    assert not Merge.objects.visible_to(cast.actor("desk")).exists()


def test_undoing_a_merge_brings_no_row_of_somebody_shielded_back_into_the_open(cast: Cast, homes: Homes) -> None:
    twin = enter(cast, homes, "演示租客")
    done = merge_residents(
        resident_id=twin.pk, into_id=homes.residents["tenant"].pk, actor=cast.actor("chief"), at=cast.at
    )
    shelter(cast, homes.residents["tenant"])
    with pytest.raises(Conflict):
        undo_merge(merge_id=done.pk, actor=cast.actor("secretary"), at=cast.at)
    assert not Resident.objects.visible_to(cast.actor("chief")).current().filter(name="演示租客").exists()


# ---- 儿童 ------------------------------------------------------------------------------------------------


def test_who_does_not_look_after_children_learns_of_no_consent_and_no_mark_of_a_child(cast: Cast, homes: Homes) -> None:
    kind = put_in_use(cast, "living_alone")["living_alone"]
    child, chief = child_of(cast, homes), cast.actor("chief")
    guardian = homes.residents["mother"].pk

    def consent(key: str) -> None:
        record_consent(
            resident_id=child.pk, kind_id=kind.pk, way=Way.WORD, guardian_id=guardian, actor=cast.actor(key),
            at=cast.at,
        )  # fmt: skip

    def refused() -> set[str]:
        with pytest.raises(NotYours) as of_tag:
            tag(cast, child, kind, chief)
        with pytest.raises(NotYours) as of_consent:
            consent("chief")
        return {of_tag.value.message, of_consent.value.message}

    before = refused()
    consent("secretary")
    assert refused() == before
    tag(cast, child, kind, cast.actor("secretary"))
    assert refused() == before


# ---- 谁看过 ----------------------------------------------------------------------------------------------


def test_numbers_of_firms_are_opened_so_often_an_hour(cast: Cast) -> None:
    chief = cast.actor("chief")
    firm = enter_firm(
        area=cast.areas["building"], name="演示小店", contact="演示店主", phone="13911119999", actor=chief, at=cast.at
    )
    for _ in range(LIMITS["reveal.person"][0].most):
        reveal_firm(firm_id=firm.pk, reason="通知停水", actor=chief, at=cast.at)
    with pytest.raises(TooOften):
        reveal_firm(firm_id=firm.pk, reason="通知停水", actor=chief, at=cast.at)


def test_who_looked_at_a_row_stays_told_after_it_went_into_another(cast: Cast, homes: Homes) -> None:
    twin = enter(cast, homes, "演示父亲", phone="13911110001")
    reveal_resident(resident_id=twin.pk, what="phone", reason="看看合并前", actor=cast.actor("chief"), at=cast.at)
    father = homes.residents["father"]
    merge_residents(resident_id=twin.pk, into_id=father.pk, actor=cast.actor("desk"), at=cast.at)
    assert "看看合并前" in [look.reason for look in looks_at(father)]


# ---- 删除 ------------------------------------------------------------------------------------------------


def test_erasing_reaches_rows_that_were_merged_twice(cast: Cast, homes: Homes) -> None:
    first, second = enter(cast, homes, "演示父亲", phone="13911110001"), enter(cast, homes, "演示父亲")
    father = homes.residents["father"]
    merge_residents(resident_id=first.pk, into_id=second.pk, actor=cast.actor("desk"), at=cast.at)
    merge_residents(resident_id=second.pk, into_id=father.pk, actor=cast.actor("desk"), at=cast.at)
    erase_resident(resident_id=father.pk, actor=cast.actor("desk"), at=cast.at)
    rows = Resident.objects.filter(pk__in=[first.pk, second.pk, father.pk])
    assert list(rows.values_list("name", "phone_sealed", "phone_index")) == [("", "", "")] * 3


def test_erasing_reaches_what_an_import_kept_to_be_put_back(cast: Cast, homes: Homes) -> None:
    father, mother = homes.residents["father"], homes.residents["mother"]
    batch = ImportBatch.objects.create(
        area=cast.areas["community"], user=cast.people["desk"], suffix=".csv", size=1, uploaded_at=cast.at,
        moved_at=cast.at,
    )  # fmt: skip
    was = [
        {"id": person.pk, "was": {"phone_sealed": person.phone_sealed, "phone_index": person.phone_index}, "seq": 2}
        for person in (father, mother)
    ]
    made = ImportMade.objects.create(batch=batch, number=0, rows={"corrected": was})
    erase_resident(resident_id=father.pk, actor=cast.actor("desk"), at=cast.at)
    made.refresh_from_db()
    assert made.rows["corrected"] == [{**was[0], "was": {}}, was[1]]


def test_erasing_reaches_what_waits_to_be_settled_or_answered(cast: Cast, homes: Homes) -> None:
    father = homes.residents["father"]
    held = hold(cast, "resident.correct", father.uid, father, phone="13911112222")
    asked = RightsRequest(
        resident=father, right=Right.CORRECT, about=About.PHONE, asked_at=cast.at, due_at=cast.at + timedelta(days=21)
    )
    asked.seal(wish="13911113333")
    asked.save()
    erase_resident(resident_id=father.pk, actor=cast.actor("desk"), at=cast.at)
    for row in (held, asked):
        row.refresh_from_db()
    assert (held.outcome, held.said_sealed, asked.wish_sealed) == (Outcome.THEIRS, "", "")


def test_what_was_held_of_a_note_goes_with_the_post(cast: Cast) -> None:
    chief = cast.actor("chief")
    note = write_note(uid=uuid.uuid4(), words="周三送药", actor=chief, at=cast.at)
    held = hold(cast, "note.write", note.uid, note, words="周四送药")
    Post.objects.filter(pk=note.post_id).update(ends_on=clock.local_date(cast.at))
    assert forget_notes(at=cast.at) == 1
    held.refresh_from_db()
    assert held.said_sealed == ""


def hold(cast: Cast, kind: str, row: uuid.UUID, about: Any, **fields: str) -> DoorEntry:
    """An entry of the chief that met another change."""
    entry = Entry(uid=uuid.uuid4(), kind=kind, row=row, fields=fields, happened_at=cast.at)
    return note_entry(
        entry=entry, row=about, columns=set(fields), actor=cast.actor("chief"), at=cast.at, reason="别人也改过"
    )


# ---- What programs and browsers send ------------------------------------------------------------------------


def post(browser: Client, name: str, said: str) -> int:
    return browser.post(reverse(name), said, content_type="application/json").status_code


@pytest.mark.parametrize(
    "said",
    [
        '{"entries": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"entries": [{"fields": []}]}',
        '{"entries": [{"fields": null}, 7, null, "x", []]}',
        '{"entries": [{"id": {}, "fields": {"kind": {}, "row": []}}]}',
        '{"entries": {"a": 1}}',
        "[]",
        "\u0000",
        '{"entries": [{"id": "\\ud800", "happened_at": "x", "fields": {"kind": "\\ud800", "row": "\\u0000"}}]}',
    ],
)
def test_a_batch_that_no_phone_of_ours_sends_is_answered_in_words(cast: Cast, homes: Homes, said: str) -> None:
    assert post(browser_as(cast, "chief"), "register:sync", said) in (200, 400)


def test_an_entry_of_another_age_is_answered_in_words(cast: Cast, homes: Homes) -> None:
    row = str(homes.households["own"].uid)
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59"):
        fields = {"kind": "household.reach", "row": row, "household.reach-way": "phone", "seen_at": moment}
        given = {"id": str(uuid.uuid4()), "happened_at": moment, "fields": fields}
        assert post(browser_as(cast, "chief"), "register:sync", json.dumps({"entries": [given]})) == 200


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [
        ("register:reveal", "resident", "reason"),
        ("register:firm_reveal", "firm", "reason"),
        ("care:look", "resident", "reason"),
        ("care:emergency", "resident", "reason"),
        ("register:search", "", "q"),
        ("register:export", "", "purpose"),
    ],
)
def test_a_nul_in_a_reason_is_answered_in_words(cast: Cast, homes: Homes, name: str, kind: str, field: str) -> None:
    firm = enter_firm(area=cast.areas["building"], name="演示小店", phone="13911119999", actor=SYSTEM, at=cast.at)
    uid = {"resident": homes.residents["father"].uid, "firm": firm.uid}.get(kind)
    posted = {field: "停水\x00通知一下", "what": "phone", "entry_id": str(uuid.uuid4()), "mask": "masked",
              "format": "csv", "area": str(cast.areas["community"].pk)}  # fmt: skip
    browser = browser_as(cast, "desk")
    answer = browser.post(reverse(name, args=[uid] if uid else []), posted, follow=True)
    assert answer.status_code in (200, 400)


def test_a_note_held_from_a_post_that_has_ended_stops_no_page(cast: Cast, homes: Homes) -> None:
    note = write_note(uid=uuid.uuid4(), words="周三送药", actor=cast.actor("chief"), at=cast.at)
    held = hold(cast, "note.write", note.uid, note, words="周四送药")
    Note.objects.filter(pk=note.pk).update(post_id=cast.actor("next_chief").seats[0].post_id)
    browser = browser_as(cast, "chief")
    assert browser.get(reverse("register:conflicts")).status_code == 200
    for keep in ("mine", "theirs"):
        answer = browser.post(reverse("register:settle", args=[held.uid]), {"keep": keep}, follow=True)
        assert answer.status_code == 200
    assert Note.objects.get(pk=note.pk).post_id == cast.actor("next_chief").seats[0].post_id


def test_a_program_that_may_only_look_opens_nothing_that_is_sealed(cast: Cast, homes: Homes) -> None:
    token, secret = make_api_token(
        user=cast.people["chief"], label="只读", is_read_only=True, actor=SYSTEM, at=clock.now()
    )
    assert token.is_read_only
    answer = Client().post(
        f"/api/v1/residents/{homes.residents['father'].uid}/reveal", {"what": "phone", "reason": "看一下"},
        content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 403


def test_a_unit_head_reads_no_vacancy_in_the_history_or_the_buttons_of_a_home(cast: Cast, homes: Homes) -> None:
    home = homes.dwellings["empty"]
    vacate_dwelling(dwelling_id=home.pk, since=date(2026, 2, 1), actor=cast.actor("chief"), at=cast.at)
    history = reverse("register:history", args=["dwelling", home.uid])
    vacate = reverse("register:act", args=["dwelling", home.uid, "vacate"])
    assert "记为空置" in body(browser_as(cast, "chief").get(history))
    unit_head = browser_as(cast, "stairwell_head")
    assert "记为空置" not in body(unit_head.get(history))
    assert vacate in body(unit_head.get(reverse("register:dwelling", args=[home.uid])))


def test_the_pages_of_a_site_and_of_a_firm_open_with_what_happened(cast: Cast) -> None:
    building = cast.areas["building"]
    firm = enter_firm(area=building, name="演示小店", phone="13911119999", actor=SYSTEM, at=cast.at)
    site = enter_site(area=building, kind="hydrant", name="演示消火栓", actor=SYSTEM, at=cast.at)
    for url in (reverse("register:firm", args=[firm.uid]), reverse("register:site", args=[site.uid])):
        answer = browser_as(cast, "chief").get(url)
        assert answer.status_code == 200
        assert "改过什么" in body(answer)
        assert "13911119999" not in body(answer)
