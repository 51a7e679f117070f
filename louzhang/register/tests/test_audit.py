"""What an auditor tries: past the pages with SQL, past the scope with numbers, past the end with keys and erasures."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from psycopg import sql

from louzhang.areas.actions import appoint_post
from louzhang.areas.models import Title
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal, Words
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import crypto
from louzhang.register.actions.binding import ask_binding
from louzhang.register.actions.emergencies import look_in_emergency
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.importing.resealing import Before, Pieces
from louzhang.register.actions.looking import search_by_number
from louzhang.register.actions.revealing import reveal_resident
from louzhang.register.actions.rights import ask_right
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.models import (
    CHILDREN_TITLE,
    About,
    Binding,
    ImportBatch,
    ImportMade,
    ImportPiece,
    PieceKind,
    Resident,
    Right,
    Shelter,
)
from louzhang.register.queries.own import looks_at
from louzhang.register.queries.requests import wished_of
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import bind, child_of
from tests.cast import Cast, browser_as

NEW = {"k9": bytes(range(16))}


def run(statement: str, *values: str | int | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def run_as_web(statement: str) -> None:
    web = sql.Identifier(django_settings.DATABASE_LOGINS["web"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(web).as_string(connection.connection))
        cursor.execute(statement)


# ---- By hand in the database ---------------------------------------------------------------------------------

STAY = "INSERT INTO register_stay (resident_id, household_id, tie, starts_on, ends_on) VALUES (%s, %s, %s, %s, %s)"
REGISTRATION = (
    "INSERT INTO register_registration (resident_id, dwelling_id, address, starts_on, ends_on) "
    "VALUES (%s, NULL, %s, %s, %s)"
)


@pytest.mark.parametrize(
    ("home", "since", "until"),
    [
        ("let", "2024-01-01", None),  # while living elsewhere
        ("let", "2019-01-01", "2020-05-02"),  # over one day only
        ("own", "2024-01-01", "2024-02-01"),  # twice in the own household
    ],
)
def test_nobody_lives_in_two_households_on_any_day(
    cast: Cast, homes: Homes, home: str, since: str, until: str | None
) -> None:
    with pytest.raises(IntegrityError, match="stay_one_household_at_a_time"):
        run(STAY, homes.residents["mother"].pk, homes.households[home].pk, "other", since, until)
    run(STAY, homes.residents["mother"].pk, homes.households["let"].pk, "other", "2019-01-01", "2020-05-01")


def test_no_household_has_two_heads_on_any_day(cast: Cast, homes: Homes) -> None:
    run("UPDATE register_stay SET ends_on = '2022-01-01' WHERE resident_id = %s", homes.residents["tenant"].pk)
    given = (homes.residents["tenant"].pk, homes.households["own"].pk, "head", "2022-01-01", "2022-01-02")
    with pytest.raises(IntegrityError, match="stay_one_head_at_a_time"):
        run(STAY, *given)


def test_a_dwelling_holds_several_households_and_each_its_head(cast: Cast, homes: Homes) -> None:
    assert homes.households["own"].dwelling_id != homes.households["let"].dwelling_id
    run(
        "UPDATE register_household SET dwelling_id = %s WHERE id = %s",
        homes.dwellings["own"].pk, homes.households["let"].pk,
    )  # fmt: skip


def test_registration_is_a_tie_of_its_own_and_one_at_a_time(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"].pk
    run(REGISTRATION, mother, "演示省演示县", "2001-01-01", None)
    with pytest.raises(IntegrityError, match="registration_one_at_a_time"):
        run(REGISTRATION, mother, "演示省别的县", "2020-01-01", None)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE register_household SET ends_on = '2001-01-01'", "household_ends_after_start"),
        ("UPDATE register_stay SET ends_on = '2001-01-01'", "stay_ends_after_start"),
        ("UPDATE register_dwelling SET door = '301'", "dwelling_door_once"),
        ("UPDATE register_resident SET id_index = 'x'", "resident_id_once"),
        ("UPDATE register_resident SET birth_year = 1700", "resident_birth_year_possible"),
    ],
)
def test_what_must_never_be_false_is_refused_by_hand_too(
    cast: Cast, homes: Homes, statement: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        run(statement)


def test_nobody_with_the_rights_of_the_pages_changes_who_looked(cast: Cast, homes: Homes) -> None:
    reveal: dict[str, Any] = {"what": "phone", "reason": "上门前联系", "at": cast.at}
    reveal_resident(resident_id=homes.residents["mother"].pk, actor=cast.actor("chief"), **reveal)
    for statement in ("UPDATE journal_reveal SET reason = 'x'", "DELETE FROM journal_reveal"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_as_web(statement)
    assert Reveal.objects.get().reason == "上门前联系"


def test_the_audit_administrator_reads_every_look_at_the_register(cast: Cast, homes: Homes) -> None:
    for what in ("phone", "birth_date"):
        reveal_resident(
            resident_id=homes.residents["mother"].pk, what=what, reason="上门前联系", actor=cast.actor("chief"),
            at=cast.at,
        )  # fmt: skip
    search_by_number(actor=cast.actor("desk"), at=cast.at, phone="13911110002")
    page = browser_as(cast, "audit_admin").get(reverse("keepers:audit"), {"kind": "reveals"}).content.decode()
    for words in ("查看电话", "查看出生日期", "按电话查找", "上门前联系"):
        assert words in page


# ---- Numbers --------------------------------------------------------------------------------------------------


def test_a_search_by_number_is_read_by_whose_it_is_also_where_nothing_is_told(cast: Cast, homes: Homes) -> None:
    stranger = homes.residents["stranger"]
    stranger.seal(phone="13911117777")
    stranger.save(update_fields=["phone_sealed", "phone_index"])
    assert search_by_number(actor=cast.actor("chief"), at=cast.at, phone="13911117777").found == 0
    assert [look.what for look in looks_at(stranger)] == ["按电话查找"]


def test_a_shielded_person_reads_who_searched_for_their_number(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"]
    order: dict[str, Any] = {"document": "1号", "ends_on": date(2099, 1, 1), "at": cast.at}
    shelter_resident(resident_id=mother.pk, actor=cast.actor("secretary"), **order)
    assert search_by_number(actor=cast.actor("chief"), at=cast.at, phone="13911110002").found == 0
    assert [look.what for look in looks_at(mother)] == ["按电话查找"]


# ---- Children under 14 ---------------------------------------------------------------------------------------


def test_numbers_of_a_child_open_for_who_looks_after_children_only(cast: Cast, homes: Homes) -> None:
    child = child_of(cast, homes)
    look: dict[str, Any] = {"resident_id": child.pk, "what": "birth_date", "reason": "办儿童津贴", "at": cast.at}
    appoint_post(
        user=cast.people["nobody"], role=Role.OFFICE_STAFF, area=cast.areas["community"],
        title=Title.objects.create(name=CHILDREN_TITLE, role=Role.OFFICE_STAFF), actor=SYSTEM, at=cast.at,
    )  # fmt: skip
    opens = set()
    for key, actor in cast.everyone().items():
        try:
            assert reveal_resident(actor=actor, **look) == "2015-06-15"
        except (NotThere, NotYours):
            continue
        opens.add(key)
    assert opens == {"secretary", "nobody", "system"}


def test_nobody_is_recognised_as_a_child(cast: Cast, homes: Homes) -> None:
    child = child_of(cast, homes)
    child.seal(phone="13911118888")
    child.save(update_fields=["phone_sealed", "phone_index"])
    ask_binding(name=child.name, phone="13911118888", actor=cast.device, at=cast.at)
    assert not Binding.objects.exists()


# ---- Rights --------------------------------------------------------------------------------------------------


def test_the_office_reads_no_whole_birthday_to_correct_one(cast: Cast, homes: Homes) -> None:
    bind(cast, homes.residents["mother"], cast.actor("resident"))
    wish: dict[str, Any] = {"right": Right.CORRECT, "about": About.BIRTH_DATE, "wish": "1983-01-31"}
    row = ask_right(actor=cast.actor("resident"), at=cast.at, **wish)
    assert wished_of(row).wish == "1983-**-**"


def test_erasing_reaches_words_about_orders_and_emergencies(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"]
    reason = "屋里没人应门要破门"
    look_in_emergency(resident_id=mother.pk, reason=reason, actor=cast.actor("chief"), at=cast.at)
    order: dict[str, Any] = {"document": "（2026）民保令7号", "ends_on": date(2099, 1, 1), "at": cast.at}
    shelter_resident(resident_id=mother.pk, actor=cast.actor("secretary"), **order)
    erase_resident(resident_id=mother.pk, actor=cast.actor("secretary"), at=cast.at)
    assert not Shelter.objects.filter(ended_at=None).exists()
    left = str(list(Words.objects.values_list("spoken", flat=True)))
    assert reason not in left
    assert "民保令7号" not in left
    call_command("verify_events", verbosity=0)


# ---- Keys ------------------------------------------------------------------------------------------------------


@pytest.fixture
def brought(cast: Cast, homes: Homes) -> ImportBatch:
    """An import with a piece that waits and a slice that could be put back."""
    father = homes.residents["father"]
    batch = ImportBatch.objects.create(
        area=cast.areas["community"], user=cast.people["desk"], suffix=".csv", size=1, uploaded_at=cast.at,
        moved_at=cast.at,
    )  # fmt: skip
    piece = ImportPiece(batch=batch, kind=PieceKind.WRONG, number=0)
    piece.sealed = crypto.seal("演示父亲", aad=piece.aad)
    piece.save()
    was = {"phone_sealed": father.phone_sealed, "phone_index": father.phone_index, "sex": "m"}
    ImportMade.objects.create(batch=batch, number=0, rows={"corrected": [{"id": father.pk, "was": was, "seq": 2}]})
    ImportMade.objects.create(batch=batch, number=1, rows={"residents": [father.pk]})
    return batch


def test_a_new_key_reaches_what_imports_keep(cast: Cast, homes: Homes, brought: ImportBatch, settings: Any) -> None:
    settings.SEAL_KEYS = NEW | settings.SEAL_KEYS
    assert (Pieces().stale().count(), Before().stale().count()) == (1, 1)
    call_command("rotate_keys", stdout=io.StringIO(), stderr=io.StringIO())
    assert (Pieces().stale().count(), Before().stale().count()) == (0, 0)
    settings.SEAL_KEYS = NEW  # the old key may go
    piece = ImportPiece.objects.get()
    assert crypto.unseal(piece.sealed, aad=piece.aad) == "演示父亲"
    father = Resident.objects.get(pk=homes.residents["father"].pk)
    father.phone_sealed = ImportMade.objects.get(number=0).rows["corrected"][0]["was"]["phone_sealed"]
    assert father.open_field("phone") == "13911110001"
