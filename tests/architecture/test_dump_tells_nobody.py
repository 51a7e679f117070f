"""A whole dump of the database and every log line of a journey hold no ID number and no phone of a resident."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

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
from louzhang.register.models import Binding, Resident, RightsRequest
from tests.cast import Cast, browser_as, make_cast

ID_NUMBER, PHONE, NEW_PHONE, NAME = "11010519491231002X", "13911112222", "13933334444", "演示住户"
BORN = ("1949-12-31", "19491231")
SECRETS = (ID_NUMBER, PHONE, NEW_PHONE, *BORN)


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
    found = desk.post(reverse("register:search"), {"q": PHONE})
    assert told(found.get("Location", "")) == []
    own.get(reverse("own:bind"))
    own.post(reverse("own:bind"), {"name": NAME, "id_number": ID_NUMBER[:-1] + "1"})
    assert own.post(reverse("own:bind"), {"name": NAME, "id_number": ID_NUMBER}).status_code == 302
    confirm_binding(binding_id=Binding.objects.get().pk, actor=cast.actor("chief"), at=clock.now())
    assert PHONE in own.post(reverse("own:reveal"), {"what": "phone"}).content.decode()
    assert own.post(reverse("own:correct"), {"about": "phone", "wish": NEW_PHONE}).status_code == 302


def test_neither_a_dump_nor_the_log_tells_a_number(transactional_db: None, logged: list[str], tmp_path: Path) -> None:
    cast = make_cast(clock.now())
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
