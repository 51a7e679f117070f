"""Batches that leave the house: once, in their time, again after a failure, never twice after a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.notices import channels
from louzhang.notices.actions import give_up_delivery, mark_all_read, prefer, repeat_delivery, send_due
from louzhang.notices.actions.delivering import CLAIM_TIME, claim_next
from louzhang.notices.channels import Channel
from louzhang.notices.channels import interface as registry
from louzhang.notices.models import Delivery, DeliveryState, Enclosure, Notice, Preference
from louzhang.notices.timing import TRIES
from tests.at_once import at_once


class Pigeon(Channel):
    """A channel that keeps what it carried, and fails or dies when told to."""

    name, label = "pigeon", "信鸽"

    def __init__(self, *, can_repeat: bool = False) -> None:
        self.can_repeat = can_repeat
        self.carried: list[str] = []
        self.uids: list[Any] = []
        self.raises: BaseException | None = None

    def address_of(self, preference):
        return f"user {preference.user_id}"

    def send(self, message, address):
        self.uids.append(message.uid)
        if self.raises is not None:
            raise self.raises
        self.carried += message.lines


@pytest.fixture
def pigeon(monkeypatch):
    monkeypatch.setattr(registry, "_channels", {})
    bird = Pigeon()
    channels.register(bird)
    return bird


@pytest.fixture
def wish(cast):
    def say(key="desk", **changes):
        facts = {"channels": ["pigeon"], "digest_hour": None, "quiet_from": 22, "quiet_to": 7, "email": ""} | changes
        return prefer(user=cast.people[key], actor=cast.actor(key), at=cast.at, **facts)

    return say


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_several_lines_leave_as_one_batch_after_five_minutes(cast, report, read, later, pigeon, wish):
    wish()
    report(at=later(0))
    report(at=later(1))
    report(at=later(6))
    read()
    assert send_due(at=later(4)) == 0
    assert send_due(at=later(6)) == 1
    assert pigeon.carried == ["您有 3 条新消息。"]
    assert send_due(at=later(7)) == 0
    assert states() == [DeliveryState.SENT]


def test_who_has_said_nothing_reads_in_the_inbox_alone(cast, report, read, pigeon, wish):
    wish()
    report()
    read()
    assert {batch.user_id for batch in Delivery.objects.all()} == {cast.people["desk"].pk}
    assert Notice.objects.filter(user=cast.people["secretary"]).exists()


def test_what_leaves_names_no_matter_place_or_person(cast, report, read, later, settings, wish, monkeypatch):
    settings.EMAIL_HOST = "mail.example"
    settings.CSRF_TRUSTED_ORIGINS = ["https://louzhang.example"]
    wish(channels=["email"], email="desk@example.org")
    report()
    read()
    assert send_due(at=later(6)) == 1
    (sent,) = mail.outbox
    assert sent.to == ["desk@example.org"]
    assert sent.subject == "楼长：1 条新消息"
    assert sent.body == "您有 1 条新消息。\n\nhttps://louzhang.example/inbox/"


def test_the_address_is_sealed(cast, settings, wish):
    settings.EMAIL_HOST = "mail.example"
    preference = wish(channels=["email"], email="desk@example.org")
    stored = Preference.objects.filter(pk=preference.pk).values_list("email_sealed", flat=True).get()
    assert "desk" not in stored
    assert Preference.objects.get().email == "desk@example.org"


def test_nothing_leaves_at_night_but_red(cast, report, read, later, pigeon, wish):
    wish()
    night = later(13 * 60)  # 23:00 in the district
    report(at=night)
    report(at=night, category=cast.categories["guarded"])
    read()
    assert send_due(at=night + timedelta(minutes=30)) == 1
    assert pigeon.carried == ["您有 1 条紧急消息，请马上查看。"]
    assert send_due(at=later(21 * 60)) == 1  # 7:00


def test_what_was_due_by_day_does_not_leave_at_night_when_the_worker_was_down(cast, report, read, later, pigeon, wish):
    wish()
    report(at=later(0))
    read()
    assert send_due(at=later(13 * 60)) == 0
    assert Delivery.objects.get().due_at == later(21 * 60)
    assert send_due(at=later(21 * 60)) == 1


def test_a_digest_gathers_until_its_hour(cast, report, read, later, pigeon, wish):
    wish(digest_hour=18)
    report(at=later(0))
    report(at=later(60))
    read()
    assert send_due(at=later(7 * 60)) == 0
    assert send_due(at=later(8 * 60)) == 1
    assert pigeon.carried == ["您有 2 条新消息。"]


def test_what_was_read_meanwhile_is_not_sent(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    mark_all_read(actor=cast.actor("desk"), at=later(1))
    send_due(at=later(6))
    assert (pigeon.carried, states()) == ([], [DeliveryState.DROPPED])


def test_a_failure_is_tried_again_later_each_time_and_shown_in_the_end(cast, report, read, later, pigeon, wish):
    wish(quiet_from=0, quiet_to=0)
    report()
    read()
    pigeon.raises = OSError("desk@example.org refused")
    at = later(6)
    for attempt in range(1, TRIES + 1):
        assert send_due(at=at) == 1
        batch = Delivery.objects.get()
        assert (batch.attempts, batch.error) == (attempt, "OSError")
        at = batch.due_at
    assert states() == [DeliveryState.FAILED]
    assert len(set(pigeon.uids)) == 1
    assert send_due(at=later(60 * 24 * 30)) == 0


def test_a_failed_batch_takes_up_no_new_lines(cast, report, read, later, pigeon, wish):
    wish()
    report(at=later(0))
    read()
    pigeon.raises = OSError()
    send_due(at=later(6))
    pigeon.raises = None
    report(at=later(6.5))
    read()
    assert Delivery.objects.count() == 2
    send_due(at=later(30))
    assert pigeon.carried == ["您有 1 条新消息。", "您有 1 条新消息。"]


class Died(BaseException):
    """The worker was killed."""


def crash_between_claim_and_mark(pigeon, at):
    pigeon.raises = Died()
    with pytest.raises(Died):
        send_due(at=at)
    pigeon.raises = None


def test_after_a_crash_between_claim_and_mark_nothing_goes_out_twice(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    crash_between_claim_and_mark(pigeon, later(6))
    assert states() == [DeliveryState.SENDING]
    assert send_due(at=later(7)) == 0
    assert send_due(at=later(6) + CLAIM_TIME + timedelta(seconds=1)) == 0
    assert states() == [DeliveryState.UNCLEAR]
    assert len(pigeon.uids) == 1


def test_a_channel_that_recognises_a_repeat_gets_the_same_message_again(cast, report, read, later, pigeon, wish):
    pigeon.can_repeat = True
    wish()
    report()
    read()
    crash_between_claim_and_mark(pigeon, later(6))
    assert send_due(at=later(6) + CLAIM_TIME + timedelta(seconds=1)) == 1
    assert states() == [DeliveryState.SENT]
    assert len(pigeon.uids) == 2
    assert len(set(pigeon.uids)) == 1


def test_an_unclear_batch_goes_out_again_only_when_the_administrator_says_so(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    crash_between_claim_and_mark(pigeon, later(6))
    send_due(at=later(30))
    batch = Delivery.objects.get()
    with pytest.raises(NotYours):
        repeat_delivery(delivery_id=batch.pk, actor=cast.actor("desk"), at=later(31))
    repeat_delivery(delivery_id=batch.pk, actor=cast.actor("system_admin"), at=later(31))
    with pytest.raises(TransitionRefused):
        give_up_delivery(delivery_id=batch.pk, actor=cast.actor("system_admin"), at=later(31))
    assert send_due(at=later(32)) == 1
    assert pigeon.carried == ["您有 1 条新消息。"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_a_batch_once(report, read, later, pigeon, wish):
    wish()
    report()
    read()
    answers = at_once(*[lambda: send_due(at=later(6))] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert pigeon.carried == ["您有 1 条新消息。"]


def test_a_notice_leaves_by_a_channel_once_the_database_says_so(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    first = Enclosure.objects.get()
    other = Delivery.objects.create(
        user=cast.people["desk"], channel="pigeon", is_red=True, due_at=later(0), made_at=later(0)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Enclosure.objects.create(delivery=other, notice_id=first.notice_id, channel="pigeon")


def test_an_ended_account_is_sent_nothing(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    person = cast.people["desk"]
    person.ended_at = later(1)
    person.save(update_fields=["ended_at"])
    send_due(at=later(6))
    assert (pigeon.carried, states()) == ([], [DeliveryState.DROPPED])


def test_claiming_marks_the_row_before_anything_is_sent(cast, report, read, later, pigeon, wish):
    wish()
    report()
    read()
    claimed = claim_next(at=later(5))
    assert claimed is not None
    assert claimed.state == DeliveryState.SENDING
    assert claim_next(at=later(5)) is None
    assert Delivery.objects.get().attempts == 1


def test_a_digest_inside_the_quiet_hours_is_refused(wish, pigeon):
    with pytest.raises(InputRefused) as refused:
        wish(digest_hour=23)
    assert refused.value.field == "digest_hour"


def test_nobody_sets_the_channels_of_somebody_else(cast, pigeon):
    with pytest.raises(NotYours):
        prefer(
            user=cast.people["desk"], channels=[], digest_hour=None, quiet_from=22, quiet_to=7, email="",
            actor=cast.actor("secretary"), at=cast.at,
        )  # fmt: skip
