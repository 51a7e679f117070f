"""Every reader reads each event once, in order; a failing reader holds nobody up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from louzhang.journal import readers
from louzhang.journal.actions import read_new_events, record, retry_stuck
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Stuck, Unread
from louzhang.kit import clock

AT = clock.now()


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Registers readers for one test."""
    monkeypatch.setattr(readers, "_readers", {})
    return readers.register


@pytest.fixture
def subject(db: None) -> Any:
    """Something with a chain."""
    user = get_user_model().objects.create(name="演示甲", phone_index="a", registered_at=AT)
    Unread.objects.all().delete()
    return user


def _happens(subject: Any, *verbs: str) -> None:
    for verb in verbs:
        record(subject, verb, actor=SYSTEM, at=AT)


class Notebook:
    """A reader that keeps what it read, and fails on a verb."""

    def __init__(self, fails_on: str = "") -> None:
        self.read: list[str] = []
        self.fails_on = fails_on

    def __call__(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.verb == self.fails_on:
                raise ValueError(event.verb)
        self.read += [event.verb for event in events]


def test_every_reader_gets_each_event_once_in_order(register, subject) -> None:
    first, second = Notebook(), Notebook()
    register("first", subject.subject_kind, read=first)
    register("second", subject.subject_kind, read=second)
    _happens(subject, "a", "b", "c")
    assert read_new_events(at=AT, most=2) == 2
    assert read_new_events(at=AT, most=2) == 1
    assert read_new_events(at=AT) == 0
    assert first.read == second.read == ["a", "b", "c"]


def test_nobody_reads_about_other_kinds(register, subject) -> None:
    notebook = Notebook()
    register("first", "something_else", read=notebook)
    _happens(subject, "a")
    assert not Unread.objects.exists()
    assert read_new_events(at=AT) == 0


def test_an_action_that_is_rolled_back_leaves_nothing_to_read(register, subject) -> None:
    register("first", subject.subject_kind, read=Notebook())
    with transaction.atomic():
        _happens(subject, "a")
        transaction.set_rollback(True)
    assert not Unread.objects.exists()


def test_a_failing_reader_keeps_its_event_and_holds_up_neither_events_nor_readers(register, subject) -> None:
    failing, other = Notebook(fails_on="b"), Notebook()
    register("failing", subject.subject_kind, read=failing)
    register("other", subject.subject_kind, read=other)
    _happens(subject, "a", "b", "c")
    read_new_events(at=AT)
    assert failing.read == ["a", "c"]
    assert other.read == ["a", "b", "c"]
    stuck = Stuck.objects.get()
    assert (stuck.reader, stuck.seq, stuck.error, stuck.attempts) == ("failing", 2, "ValueError", 1)


def test_what_is_stuck_is_tried_later_each_time_until_it_is_read(register, subject) -> None:
    failing = Notebook(fails_on="a")
    register("failing", subject.subject_kind, read=failing)
    _happens(subject, "a")
    read_new_events(at=AT)
    assert retry_stuck(at=AT) == 0
    assert Stuck.objects.get().attempts == 1  # its time has not come
    assert retry_stuck(at=AT + timedelta(minutes=1)) == 0
    assert Stuck.objects.get().attempts == 2
    assert Stuck.objects.get().next_at == AT + timedelta(minutes=2)
    failing.fails_on = ""
    assert retry_stuck(at=AT + timedelta(minutes=2)) == 1
    assert failing.read == ["a"]
    assert not Stuck.objects.exists()


def test_what_a_failing_reader_wrote_before_it_failed_is_gone(register, subject) -> None:
    def write_and_fail(events: Sequence[Event]) -> None:
        get_user_model().objects.filter(pk=subject.pk).update(name="演示乙")
        raise ValueError

    register("failing", subject.subject_kind, read=write_and_fail)
    _happens(subject, "a")
    read_new_events(at=AT)
    subject.refresh_from_db()
    assert subject.name == "演示甲"


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_read_at_once(register, subject) -> None:
    notebook = Notebook()
    register("first", subject.subject_kind, read=notebook)
    _happens(subject, "a")
    answers: list[int] = []

    def also_read() -> None:
        try:
            answers.append(read_new_events(at=AT))
        finally:
            connection.close()

    with transaction.atomic():
        assert read_new_events(at=AT) == 1
        other = Thread(target=also_read)
        other.start()
        other.join()
    assert answers == [0]
    assert notebook.read == ["a"]
