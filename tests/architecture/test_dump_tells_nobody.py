"""A dump of the database and every log line of a journey hold no ID number, phone or health of a resident."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from config import logs
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.kit.postgres import snapshot
from louzhang.register.actions import found_dwelling
from louzhang.register.actions.binding import confirm_binding
from louzhang.register.actions.consenting import record_consent
from louzhang.register.models import Binding, CareTag, DoorEntry, Resident, RightsRequest, Way
from louzhang.register.tests.lawful import put_in_use
from tests.cast import Cast, browser_as, cast_of_now

ID_NUMBER, PHONE, NEW_PHONE, NAME = "11010519491231002X", "13911112222", "13933334444", "演示住户"
BORN = ("1949-12-31", "19491231")
HEALTH, HELD_PHONE = "心脏装了支架", "13955556666"
SECRETS = (ID_NUMBER, PHONE, NEW_PHONE, HELD_PHONE, HEALTH, *BORN)


@pytest.fixture
def logged() -> Iterator[list[str]]:
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
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def dumped(folder: Path) -> str:
    """The whole database as plain SQL."""
    target = folder / "dump.sql"
    with target.open("wb") as file:
        snapshot.programs(connection).run("pg_dump", "--format=plain", "--no-owner", "--no-privileges", into=file)
    return target.read_text(encoding="utf-8")


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def live_through_it(cast: Cast) -> None:
    """Somebody is entered, looked for, opened, recognised, corrected; wrong numbers are typed on the way."""
    chief, desk, own = browser_as(cast, "chief"), browser_as(cast, "desk"), Client()
    home = found_dwelling(area=cast.areas["stairwell"], door="301", floor=3, actor=SYSTEM, at=clock.now())
    given = {"name": NAME, "tie": "head", "on": "2026-02-01", "phone": PHONE, "id_number": ID_NUMBER}
    url = reverse("register:act", args=["dwelling", home.uid, "move_in"])
    assert chief.post(url, given | {"phone": PHONE + "1"}).status_code == 400
    assert chief.post(url, given).status_code == 302
    person = Resident.objects.get()
    for what, plain in (("id_number", ID_NUMBER), ("phone", PHONE)):
        opened = chief.post(reverse("register:reveal", args=[person.uid]), {"what": what, "reason": "核对登记"})
        assert plain in opened.content.decode()
    write_at_the_door(chief, home.uid, person)
    look_after(cast, chief, person)
    found = desk.post(reverse("register:search"), {"q": PHONE})
    assert told(found.get("Location", "")) == []
    own.get(reverse("own:bind"))
    own.post(reverse("own:bind"), {"name": NAME, "id_number": ID_NUMBER[:-1] + "1"})
    assert own.post(reverse("own:bind"), {"name": NAME, "id_number": ID_NUMBER}).status_code == 302
    confirm_binding(binding_id=Binding.objects.get().pk, actor=cast.actor("chief"), at=clock.now())
    assert PHONE in own.post(reverse("own:reveal"), {"what": "phone"}).content.decode()
    assert own.post(reverse("own:correct"), {"about": "phone", "wish": NEW_PHONE}).status_code == 302


def write_at_the_door(chief: Client, door: UUID, person: Resident) -> None:
    """The same number typed once more without a signal is held, with a phone beside it."""
    fields = {
        "kind": "door.register", "row": str(door), "door.register-name": "演示别人", "door.register-tie": "other",
        "door.register-on": "2026-02-01", "door.register-id_number": ID_NUMBER, "door.register-phone": HELD_PHONE,
    }  # fmt: skip
    entry = {"id": str(uuid4()), "happened_at": clock.now().isoformat(), "fields": fields}
    answer = chief.post(reverse("register:sync"), json.dumps({"entries": [entry]}), content_type="application/json")
    assert answer.json()["results"][0]["result"] == "conflict", answer.content.decode()
    assert DoorEntry.objects.get().said_sealed
    shown = chief.get(reverse("register:conflicts")).content.decode()
    assert HELD_PHONE in shown


def look_after(cast: Cast, chief: Client, person: Resident) -> None:
    """Consented to by word, noted with what to heed, opened by a tap and in an emergency."""
    kind = put_in_use(cast, "disabled_care")["disabled_care"]
    record_consent(resident_id=person.pk, kind_id=kind.pk, way=Way.WORD, actor=cast.actor("chief"), at=clock.now())
    until = (clock.local_date(clock.now()) + timedelta(days=60)).isoformat()
    said = {"kind": str(kind.pk), "purpose": "每周上门一次", "ends_on": until, "health": HEALTH}
    assert chief.post(reverse("care:add", args=[person.uid]), said | {"entry_id": str(uuid4())}).status_code == 302
    tag = CareTag.objects.get()
    assert HEALTH in chief.post(reverse("care:open", args=[tag.uid]), {"reason": "上门前看"}).content.decode()
    urgent = {"reason": "屋里没人应门要破门", "entry_id": str(uuid4())}
    assert HEALTH in chief.post(reverse("care:emergency", args=[person.uid]), urgent).content.decode()


def test_neither_a_dump_nor_the_log_tells_a_number(transactional_db: None, logged: list[str], tmp_path: Path) -> None:
    cast = cast_of_now()
    live_through_it(cast)
    waiting = dumped(tmp_path)
    assert NAME in waiting, "the search finds what stands in the clear"
    assert told(waiting) == []
    desk = browser_as(cast, "desk")
    assert desk.post(reverse("rights:grant", args=[RightsRequest.objects.get().uid])).status_code == 302
    assert Resident.objects.get().open_field("phone") == NEW_PHONE
    assert told(dumped(tmp_path)) == []
    assert logged, "something was logged"
    assert told("\n".join(logged)) == []
