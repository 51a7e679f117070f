"""Many events at once are the same events as one by one: in the chain, in the hash, for the readers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from louzhang.journal import readers
from louzhang.journal.actions import ManyEvents, event_hash, record
from louzhang.journal.actor import Actor, ActorKind, Seat
from louzhang.journal.models import Event, Unread
from louzhang.kit import clock

AT = clock.now()
CLERK = Actor(ActorKind.PERSON, user_id=7, seats=(Seat(post_id=3, role="office_staff", area_id=2),))
FACTS: dict[str, Any] = {"地方": '3"号\\楼\t二单元', "kind": None, "ids": [1, 2]}


@pytest.fixture
def people(db: None) -> list[Any]:
    users = get_user_model().objects
    return [users.create(name=f"演示{one}", phone_index=one, registered_at=AT) for one in "ab"]


def test_a_poured_event_is_the_one_that_would_have_been_recorded(people: list[Any]) -> None:
    entry, (one, other) = uuid.uuid4(), people
    with transaction.atomic():
        record(one, "alter", actor=CLERK, at=AT, payload=FACTS, area_ids=[1, 2], entry_id=entry)
        events = ManyEvents(actor=CLERK, at=AT, entry_id=entry)
        events.append("user", other.pk, "alter", FACTS, area_ids=[1, 2])
        events.store()
    left_out = ("_state", "id", "subject_id", "recorded_at", "hash")
    recorded, poured = (
        {k: v for k, v in vars(row).items() if k not in left_out} for row in Event.objects.order_by("pk")
    )
    assert poured == recorded


def test_the_hash_covers_what_is_stored_and_the_event_before(people: list[Any]) -> None:
    events = ManyEvents(actor=CLERK, at=AT)
    with transaction.atomic():
        first = events.append("user", 5, "add", FACTS, area_ids=[])
        events.append("user", 5, "alter", {}, area_ids=[9], seq=1, head=first)
        events.store()
    before = b""
    for event in Event.objects.filter(subject_id=5).order_by("seq"):
        assert bytes(event.hash) == event_hash(event, before)
        before = bytes(event.hash)
    assert [event.seq for event in Event.objects.filter(subject_id=5).order_by("seq")] == [1, 2]


def test_readers_find_poured_events(people: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_readers", {})
    readers.register("one", "user", read=lambda _: None)
    Unread.objects.all().delete()
    with transaction.atomic():
        events = ManyEvents(actor=CLERK, at=AT)
        events.append("user", 5, "add", {}, area_ids=[])
        events.append("area", 6, "add", {}, area_ids=[])
        events.store()
    assert [(row.subject_kind, row.subject_id, row.seq) for row in Unread.objects.all()] == [("user", 5, 1)]
