"""A name and a number given to the place stay sealed: not in a table, a log line, an address or an error."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from config import logs
from louzhang.accounts import cookies
from louzhang.accounts.actions import make_api_token, sign_in_device
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import found_dwelling
from louzhang.register.models import Resident
from louzhang.workorders.models import Report
from tests.cast import Cast, make_cast

PHONE, NAME, DOOR = "13911112222", "欧阳测试名", "9单元8877室"
SECRETS = (PHONE, NAME, DOOR)
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def logged() -> Any:
    """Every line that anything has logged, as the place writes it."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def told(text: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    return [secret for secret in secrets if secret in text]


def columns_with_text() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_schema || '.' || c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')"
            " AND (c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea')"
            " OR c.udt_name LIKE '\\_%')"
        )
        return [(str(table), str(column)) for table, column in cursor.fetchall()]


def tables_that_tell(secrets: tuple[str, ...] = SECRETS) -> list[tuple[str, str]]:
    """The columns of any table in which one of the secrets stands, plain or inside a JSON."""
    found = []
    with connection.cursor() as cursor:
        for table, column in columns_with_text():
            tests = " OR ".join([f'"{column}"::text LIKE %s'] * 2 * len(secrets))
            wanted = [
                f"%{form}%" for secret in secrets for form in (secret, json.dumps(secret)[1:-1].replace("\\", "\\\\"))
            ]
            name = ".".join(f'"{part}"' for part in table.split("."))
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name} WHERE {tests})", wanted)  # noqa: S608 - our own names
            if cursor.fetchone()[0]:
                found.append((table, column))
    return found


def browser(cast: Cast, key: str) -> Client:
    signed = sign_in_device(user=cast.people[key], way="code", label="测试", at=clock.now() - timedelta(hours=1))
    client = Client(raise_request_exception=False)
    client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    return client


def api(cast: Cast, body: dict[str, Any]) -> Any:
    token = make_api_token(user=cast.people["desk"], label="测试", is_read_only=False, actor=SYSTEM, at=cast.at)[1]
    headers: Any = {"authorization": f"Bearer {token}"}
    client = Client(raise_request_exception=False)
    return client.post("/api/v1/reports", body, content_type="application/json", headers=headers)


def contact(cast: Cast) -> dict[str, Any]:
    return {
        "category": "leak",
        "words": "水管爆了",
        "area": cast.areas["stairwell"].pk,
        "name": NAME,
        "phone": PHONE,
        "door": DOOR,
        "answer_way": "phone",
    }


def test_the_search_for_secrets_finds_one_that_is_plain(cast):
    Report.objects.all()  # the table is there
    cast.people["desk"].name = NAME
    cast.people["desk"].save(update_fields=["name"])
    assert tables_that_tell() == [("public.accounts_user", "name")]


def test_what_is_stored_of_a_report_is_sealed(cast):
    assert api(cast, contact(cast) | {"is_for_another": True}).status_code == 201
    desk = browser(cast, "desk")
    called = desk.post(reverse("desk:call"), contact(cast) | {"channel": "call"})
    assert (called.status_code, told(called.get("Location", ""))) == (302, [])
    voices = list(Report.objects.exclude(contact_phone_sealed=""))
    assert voices
    assert {voice.open_field("phone") for voice in voices} == {PHONE}
    assert tables_that_tell() == []


def test_a_resident_of_the_register_leaves_no_number_plain(cast, logged):
    secrets, born = (PHONE, ID_NUMBER, "1949-12-31"), "19491231"
    home = found_dwelling(area=cast.areas["stairwell"], door="301", floor=3, actor=cast.actor("chief"), at=cast.at)
    chief = browser(cast, "chief")
    given = {"name": "演示住户", "tie": "head", "on": "2026-02-01", "phone": PHONE, "id_number": ID_NUMBER}
    url = reverse("register:act", args=["dwelling", home.uid, "move_in"])
    wrong, sent = chief.post(url, given | {"id_number": ID_NUMBER[:17] + "1"}), chief.post(url, given)
    assert (wrong.status_code, sent.status_code) == (400, 302)
    person = Resident.objects.get()
    opened = chief.post(reverse("register:reveal", args=[person.uid]), {"what": "id_number", "reason": "核对登记"})
    assert ID_NUMBER in opened.content.decode()
    for page in (sent["Location"], reverse("register:resident", args=[person.uid])):
        assert told(page + chief.get(page).content.decode(), (*secrets, born)) == []
    assert tables_that_tell((*secrets, born)) == []
    assert told("\n".join(logged), (*secrets, born)) == []


def test_a_resident_leaves_number_name_and_door_nowhere_plain(cast, logged):
    phone = Client(raise_request_exception=False)
    place = {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk}
    given = contact(cast) | place | {"step": "3", "stairwell": cast.areas["stairwell"].pk}
    wrong = phone.post(reverse("phone:report"), given | {"phone": PHONE + "3"})
    sent = phone.post(reverse("phone:report"), given)
    assert (wrong.status_code, sent.status_code) == (400, 302)
    assert told(sent["Location"]) == []
    assert phone.get(sent["Location"]).status_code == 200
    assert Report.objects.get().open_field("phone") == PHONE
    assert tables_that_tell() == []
    assert told("\n".join(logged)) == []


def test_signing_in_with_wrong_codes_leaves_no_number(cast, logged):
    stranger = Client(raise_request_exception=False)
    url = reverse("accounts:sign_in")
    for attempt in range(7):
        answer = stranger.post(url, {"phone": PHONE, "code": f"{attempt:08}", "password": NAME, "way": "code"})
        assert answer.status_code < 500
        assert told(answer.get("Location", "")) == []
    assert tables_that_tell() == []
    assert told("\n".join(logged)) == []


def test_a_search_by_number_is_posted_and_leads_to_an_address_without_it(cast, logged):
    desk = browser(cast, "desk")
    for typed in (PHONE, f" {PHONE[:3]} {PHONE[3:7]}-{PHONE[7:]}", f"{PHONE} 漏水"):
        answer = desk.post(reverse("desk:find"), {"q": typed})
        assert answer.status_code == 302
        assert told(answer["Location"]) == []
        assert PHONE not in answer["Location"].replace("+", "").replace("-", "")
    assert tables_that_tell() == []
    assert told("\n".join(logged)) == []


def test_refused_and_broken_requests_repeat_nothing(cast, logged, monkeypatch):
    wrong: list[dict[str, Any]] = [
        {"area": 0},
        {"category": NAME},
        {"phone": PHONE + "3"},
        {"datum": NAME},
        {"photos": [PHONE]},
    ]
    for change in wrong:
        answer = api(cast, contact(cast) | change)
        assert answer.status_code == 400
        assert told(answer.content.decode()) == []
    from louzhang.workorders.api import routes

    def broken(form: Any, **given: Any) -> None:
        raise RuntimeError(f"DETAIL: Failing row contains ({PHONE}, {NAME}, {DOOR})")

    monkeypatch.setattr(routes, "file_report", broken)
    answer = api(cast, contact(cast))
    assert answer.status_code == 500
    assert told(answer.content.decode()) == []
    assert any("Internal Server Error" in line for line in logged)
    assert told("\n".join(logged)) == []
    assert tables_that_tell() == []


def test_a_question_and_a_mediation_leave_number_and_name_nowhere_plain(cast, logged):
    phone = Client(raise_request_exception=False)
    phone.get(reverse("inquiries:ask"))
    asked = {"community": cast.areas["community"].pk, "words": "老年卡在哪里办？", "name": NAME, "phone": PHONE}
    sent = phone.post(reverse("inquiries:ask"), asked)
    assert (sent.status_code, told(sent["Location"])) == (302, [])
    chief = browser(cast, "chief")
    begun = chief.post(reverse("mediation:start"), {"area": cast.areas["building"].pk, "words": "楼上吵"})
    assert begun.status_code == 302
    party = chief.post(f"{begun['Location']}add_party/", {"name": NAME, "phone": PHONE})
    assert (party.status_code, told(party["Location"])) == (302, [])
    assert tables_that_tell() == []
    assert told("\n".join(logged)) == []
