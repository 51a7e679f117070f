"""The proof of the journal: honest chains hold, and every way of tampering is named."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from PIL import Image

from louzhang.journal.actions import (
    erase_subject,
    erase_words,
    fail_attachment,
    receive_attachment,
    reencode_attachment,
    seal_journal,
    sealing,
)
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment, Event, Seal, Words
from louzhang.journal.verifying import Broken, prove_journal
from louzhang.kit import media
from louzhang.workorders.actions import accept_workorder, comment_workorder
from louzhang.workorders.models import WorkOrder

HELD = "全部相符"


def sql(statement, *parameters):
    """Do what somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def photo(colour="red"):
    written = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def upload(cast):
    def receive(colour="red", actor=None):
        content = photo(colour)
        return receive_attachment(
            stream=io.BytesIO(content),
            declared_type="image/jpeg",
            size=len(content),
            actor=actor or cast.device,
            at=cast.at,
        )

    return receive


@pytest.fixture
def order(cast, report, later):
    """An order with three events: reported with words, accepted, commented."""
    order = report().order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1), note="马上安排。")
    comment_workorder(order_id=order.pk, words="物业在路上。", actor=cast.actor("desk"), at=later(2))
    return WorkOrder.objects.get(pk=order.pk)


def broken(**options):
    with pytest.raises(Broken) as found:
        prove_journal(**options)
    return found.value


def at_event(order, seq, **options):
    """Tell what is broken, after checking that it is this event of this order."""
    found = broken(**options)
    assert (found.kind, found.subject_id, found.seq) == ("workorder", order.pk, seq)
    return found.what


def events(order, seq):
    return Event.objects.filter(subject_kind="workorder", subject_id=order.pk, seq=seq)


def words(order, seq):
    return Words.objects.filter(subject_kind="workorder", subject_id=order.pk, seq=seq)


def test_honest_chains_hold_and_are_counted(order, capsys):
    call_command("verify_events")
    said = capsys.readouterr().out
    proof = prove_journal()
    assert HELD in said
    assert f"{proof.events} events" in said
    assert proof.events == Event.objects.count() > 30
    assert proof.tombstones == 0


def test_the_command_fails_naming_the_object_and_no_words(order):
    events(order, 2).update(verb="decline")
    with pytest.raises(CommandError) as refused:
        call_command("verify_events")
    assert f"kind=workorder id={order.pk} seq=2" in str(refused.value)
    assert "安排" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "decline"},
        {"payload": {"from": "reported", "to": "closed"}},
        {"user_id": 1},
        {"area_ids": []},
        {"audience": "public"},
        {"happened_at": F("happened_at") - timedelta(seconds=1)},
        {"recorded_at": F("recorded_at") + timedelta(seconds=1)},
        {"words_digest": b""},
        {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_column_shows(order, change):
    events(order, 3).update(**change)
    at_event(order, 3)


def test_a_deleted_middle_event_shows(order):
    words(order, 2).delete()
    events(order, 2).delete()
    assert "缺少" in at_event(order, 2)


def test_two_events_that_changed_places_show(order):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        events(order, old).update(seq=new)
        words(order, old).update(seq=new)
    at_event(order, 2)


def test_a_cut_tail_shows_on_the_order(order):
    words(order, 3).delete()
    events(order, 3).delete()
    at_event(order, 3)


def test_a_moved_end_shows(order):
    sql("UPDATE workorders_workorder SET chain_head = %s WHERE id = %s", b"x" * 32, order.pk)
    assert "链尾" in at_event(order, 3)


def test_changed_words_show(order):
    words(order, 3).update(spoken={"words": "没有人来。"})
    assert "摘要" in at_event(order, 3)


def test_missing_words_show(order):
    words(order, 3).delete()
    assert "不见了" in at_event(order, 3)


def test_words_nobody_spoke_show(cast, report, later):
    order = report().order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1))
    Words.objects.create(subject_kind="workorder", subject_id=order.pk, seq=2, spoken={"note": "加的"}, salt=b"s")
    assert "没有说过话" in at_event(order, 2)
    sql("UPDATE journal_words SET seq = 7 WHERE seq = 2 AND subject_id = %s", order.pk)
    assert "所属的事件" in at_event(order, 7)


def test_a_tombstone_without_an_erase_event_shows(order, later):
    erase_words(words(order, 3).get(), rule="悄悄删除", at=later(3))
    assert "删除事件" in at_event(order, 3)


def test_erasing_by_a_rule_is_accepted_and_counted(order, later):
    with transaction.atomic():
        erase_subject(order, rule="保存期满 30 天", actor=SYSTEM, at=later(3))
    assert not any(Words.objects.filter(subject_id=order.pk, subject_kind="workorder").values_list("spoken", flat=True))
    assert prove_journal(with_files=True).tombstones == 3
    words(order, 2).update(erased_rule="另一条规则")
    at_event(order, 2)


def test_events_of_an_order_that_is_gone_show(order):
    sql("UPDATE journal_event SET subject_id = 999999 WHERE subject_kind = 'workorder'")
    sql("UPDATE journal_words SET subject_id = 999999 WHERE subject_kind = 'workorder'")
    found = broken()
    assert (found.kind, found.subject_id) == ("workorder", order.pk)
    sql("UPDATE workorders_workorder SET chain_seq = 0, chain_head = ''")
    found = broken()
    assert (found.subject_id, "所属的对象" in found.what) == (999999, True)


def test_events_of_a_kind_nobody_knows_show(order):
    sql("UPDATE journal_event SET subject_kind = 'ghost' WHERE subject_kind = 'workorder' AND seq = 1")
    assert broken().kind == "ghost"


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture
def pictured(cast, report, upload, later):
    """An order reported with two photos: one ready beforehand, one re-encoded afterwards."""
    early, late = upload("red"), upload("blue")
    reencode_attachment(attachment_id=early.pk, at=later(0))
    order = report(photos=[early.uid, late.uid]).order
    reencode_attachment(attachment_id=late.pk, at=later(1))
    return WorkOrder.objects.get(pk=order.pk), early, late


def test_a_photo_re_encoded_late_enters_the_chain_once(pictured, later):
    order, _, late = pictured
    reencode_attachment(attachment_id=late.pk, at=later(2))
    events = list(Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq"))
    assert [event.verb for event in events] == ["report", "keep_attachment"]
    assert (events[1].payload["uid"], events[1].actor_kind) == (str(late.uid), "system")
    assert events[1].area_ids == events[0].area_ids
    assert "digest" in events[0].payload["attachments"][0]
    assert prove_journal(with_files=True).files == 2


def test_a_photo_that_failed_after_the_report_enters_the_chain(cast, report, upload, later):
    photo = upload()
    order = report(photos=[photo.uid]).order
    assert prove_journal().files == 1
    fail_attachment(attachment_id=photo.pk, reason="坏了。", at=later(1))
    assert prove_journal().files == 1
    sql("UPDATE journal_attachment SET stage = 'received'")
    at_event(order, 1)


def test_swapped_photos_show(pictured):
    order, early, late = pictured
    early.refresh_from_db()
    late.refresh_from_db()
    sql("UPDATE journal_attachment SET digest = %s, salt = %s WHERE id = %s", late.digest, late.salt, early.pk)
    assert "摘要" in at_event(order, 1)


def test_a_swapped_thumbnail_shows(pictured):
    order, early, late = pictured
    late.refresh_from_db()
    sql("UPDATE journal_attachment SET thumbnail_digest = %s WHERE id = %s", late.thumbnail_digest, early.pk)
    at_event(order, 1)


def test_a_photo_that_vanished_shows(pictured):
    order, early, _ = pictured
    sql("DELETE FROM journal_attachment WHERE id = %s", early.pk)
    assert "不见了" in at_event(order, 1)


def test_a_photo_slipped_in_shows(pictured, upload, later):
    order, *_ = pictured
    slipped = upload("green")
    reencode_attachment(attachment_id=slipped.pk, at=later(1))
    sql(
        "UPDATE journal_attachment SET subject_kind = 'workorder', subject_id = %s, seq = 1 WHERE id = %s",
        order.pk,
        slipped.pk,
    )
    assert "没有提到" in at_event(order, 1)


def test_a_photo_erased_without_an_event_shows(pictured):
    order, early, _ = pictured
    sql(
        "UPDATE journal_attachment SET stage = 'erased', digest = '', erased_rule = '悄悄', erased_at = now()"
        " WHERE id = %s",
        early.pk,
    )
    assert "删除事件" in at_event(order, 1)


def test_a_file_changed_on_the_disk_shows_only_when_files_are_read(pictured, settings):
    order, early, _ = pictured
    early.refresh_from_db()
    place = settings.MEDIA_PLACE / early.digest[:2] / early.digest
    place.write_bytes(photo("black"))
    assert prove_journal().files == 2
    assert "改动过" in at_event(order, 1, with_files=True)
    media.remove(early.digest)
    assert "文件不见了" in at_event(order, 1, with_files=True)


def test_erased_photos_are_tombstones_and_their_files_go(pictured, later):
    order, *_ = pictured
    with transaction.atomic():
        erase_subject(order, rule="保存期满 30 天", actor=SYSTEM, at=later(3))
    assert set(Attachment.objects.values_list("stage", "digest", "thumbnail_digest", "salt")) == {
        ("erased", "", "", b"")
    }
    assert prove_journal(with_files=True).tombstones == 3  # one said something, two photos


# --- seals ----------------------------------------------------------------------------------------


@pytest.fixture
def sealed(transactional_db, monkeypatch, order, cast):
    monkeypatch.setattr(sealing, "SETTLE_SECONDS", 0)
    seal_journal(at=cast.at)
    return order


def cut_tail(order):
    """Remove the last event of an order and everything in the database that would tell."""
    kept = Event.objects.get(subject_kind="workorder", subject_id=order.pk, seq=2)
    words(order, 3).delete()
    events(order, 3).delete()
    sql("UPDATE workorders_workorder SET chain_seq = 2, chain_head = %s WHERE id = %s", kept.hash, order.pk)


@pytest.mark.django_db(transaction=True)
class TestSeals:
    def test_a_sealed_day_holds_and_so_does_the_next(self, sealed, cast, later):
        comment_workorder(order_id=sealed.pk, words="修好了。", actor=cast.actor("desk"), at=later(20))
        seal_journal(at=cast.at + timedelta(days=1))
        proof = prove_journal()
        assert proof.seals == 2
        assert Seal.objects.latest("day").event_count == Event.objects.count()
        lines = [json.loads(line) for line in sealing.seals_file().read_text().splitlines()]
        assert [line["day"] for line in lines] == ["2026-03-02", "2026-03-03"]
        assert sealing.seals_file().stat().st_mode & 0o777 == 0o600

    def test_a_cut_tail_shows_after_the_seal(self, sealed):
        cut_tail(sealed)
        assert "数目" in broken().what

    def test_cutting_the_seal_too_shows_outside(self, sealed):
        cut_tail(sealed)
        sql("DELETE FROM journal_seal")
        found = broken()
        assert (found.kind, found.subject_id) == ("seal", "2026-03-02")

    def test_a_rewritten_sealed_event_shows_even_with_a_chain_that_holds(self, sealed):
        sql("UPDATE journal_event SET id = id + 1000000 WHERE subject_kind = 'workorder' AND seq = 3")
        assert "数目" in broken().what

    def test_a_seal_cut_from_the_file_shows(self, sealed):
        sealing.seals_file().unlink()
        assert "seal_day" in broken().what
        sealing.write_outside()
        assert prove_journal().seals == 1

    def test_a_line_torn_by_a_power_cut_is_written_again(self, sealed):
        whole = sealing.seals_file().read_text()
        sealing.seals_file().write_text(whole[:30])
        sealing.write_outside()
        assert sealing.lines_outside() == [json.loads(whole)]
        assert prove_journal().seals == 1

    def test_a_day_is_sealed_once(self, sealed, cast, later):
        comment_workorder(order_id=sealed.pk, words="又来了。", actor=cast.actor("desk"), at=later(3))
        seal_journal(at=later(5))
        assert Seal.objects.count() == len(sealing.lines_outside()) == 1
        assert prove_journal().seals == 1

    def test_an_event_still_being_written_keeps_the_seal_waiting(self, sealed, cast, monkeypatch, later):
        other = connection.copy()
        try:
            with monkeypatch.context() as hurried, other.cursor() as cursor:
                hurried.setattr(sealing, "LOOKS", 1)
                hurried.setattr(sealing, "BETWEEN_LOOKS", 0)
                cursor.execute("BEGIN; UPDATE workorders_workorder SET report_count = 1")
                with pytest.raises(sealing.NotQuiet):
                    seal_journal(at=cast.at + timedelta(days=1))
                cursor.execute("ROLLBACK")
        finally:
            other.close()
        assert Seal.objects.count() == 1
        seal_journal(at=cast.at + timedelta(days=1))
        assert prove_journal().seals == 2


def test_the_digest_of_a_file_is_the_digest_of_its_content(upload, later):
    draft = upload()
    reencode_attachment(attachment_id=draft.pk, at=later(0))
    draft.refresh_from_db()
    with media.open_stored(draft.digest) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == draft.digest
