"""Files from people: kept as drafts, once per number, refused with a sentence."""

import json
import uuid
import zipfile
import zlib
from datetime import timedelta
from io import BytesIO

import pytest

from louzhang.journal.actions import attachments, developing, drop_attachment, purge_drafts, remove_unreferenced
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge, TooOften
from louzhang.journal.tests.conftest import pdf, picture, stored
from louzhang.kit import images, media, queue


def waiting_jobs(task):
    rows = queue.app.job_manager.list_jobs(task=f"louzhang.journal.tasks.{task}", status="todo")
    return [json.loads(str(job.task_kwargs)) for job in rows]


def test_a_photo_waits_as_a_draft_for_the_worker(upload, phone):
    draft = upload()
    assert (draft.kind, draft.stage, draft.owner_key) == (AttachmentKind.PHOTO, "received", phone.owner_key)
    assert draft.subject_id is None
    assert waiting_jobs("reencode_photo") == [{"attachment_id": draft.pk}]


def test_a_document_is_ready_at_once_and_carries_a_salt(upload):
    draft = upload(pdf())
    assert (draft.kind, draft.stage, draft.suffix, len(draft.salt)) == (AttachmentKind.PDF, "ready", ".pdf", 16)
    assert waiting_jobs("reencode_photo") == []


def test_the_same_number_sent_again_is_the_same_file(upload):
    uid = uuid.uuid4()
    first, again = upload(uid=uid), upload(picture(colour="blue"), uid=uid)
    assert first.pk == again.pk
    assert Attachment.objects.count() == len(waiting_jobs("reencode_photo")) == 1


def test_the_number_of_a_stranger_is_refused(upload, other_phone):
    uid = upload().uid
    with pytest.raises(Conflict):
        upload(uid=uid, actor=other_phone)


def test_too_many_open_drafts_are_refused_until_some_are_old(upload, at, monkeypatch):
    monkeypatch.setattr(attachments, "DRAFTS_AT_MOST", 2)
    upload(), upload()
    with pytest.raises(TooOften):
        upload()
    assert upload(at=at + timedelta(hours=49)).pk


def test_a_browser_without_cookies_and_a_reading_token_do_not_upload(upload):
    with pytest.raises(NotYours, match="Cookie"):
        upload(actor=Actor(kind=ActorKind.DEVICE))
    with pytest.raises(NotYours, match="令牌"):
        upload(actor=Actor(kind=ActorKind.TOKEN, user_id=1, token_id=1, is_read_only=True))


def bomb():
    """A PNG that says it has four gigapixels."""
    head = (65_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + len(head).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


def zip_bomb():
    """A Word file that unpacks to far more than any Word file."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(310 * 1024 * 1024))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"", "image/jpeg"),
        (b"#!/bin/sh\nrm -rf /\n", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"\xff\xd8\xff\xe0 this is no photo", "image/jpeg"),
        (pdf(), "image/jpeg"),
        (bomb(), "image/png"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence_and_leaves_nothing(upload, content, declared, settings):
    with pytest.raises(InputRefused, match=r"。$"):
        upload(content, declared_type=declared)
    assert not Attachment.objects.exists()
    assert not settings.MEDIA_PLACE.exists()


def test_a_zip_bomb_is_refused(upload):
    with pytest.raises(InputRefused, match="Word"):
        upload(zip_bomb())


def test_an_oversized_photo_is_refused_as_too_large(upload):
    with pytest.raises(TooLarge, match="15 MB"):
        upload(picture() + bytes(images.PHOTO_BYTES))


def test_a_draft_taken_back_is_purged_with_its_file(upload, phone, at):
    draft = upload(pdf())
    drop_attachment(uid=draft.uid, actor=phone, at=at)
    assert remove_unreferenced(draft.digest)
    with pytest.raises(media.NoSuchMedia):
        stored(draft.digest)
    assert purge_drafts(at=at) == 1
    assert not Attachment.objects.exists()


def test_a_stranger_does_not_take_a_draft_back(upload, other_phone, at):
    draft = upload()
    with pytest.raises(NotThere):
        drop_attachment(uid=draft.uid, actor=other_phone, at=at)


def test_drafts_nobody_submitted_go_after_two_days_and_hung_files_stay(upload, at):
    old, hung, new = upload(pdf()), upload(), upload(at=at + timedelta(hours=30))
    Attachment.objects.filter(pk=hung.pk).update(subject_kind="workorder", subject_id=1, seq=1)
    assert purge_drafts(at=at + timedelta(hours=49)) == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {hung.pk, new.pk}
    assert {"digest": old.digest} in waiting_jobs("release_stored_content")


def test_a_content_another_row_needs_is_not_removed(upload):
    draft = upload()
    assert not remove_unreferenced(draft.digest)
    assert stored(draft.digest) == picture()


def test_a_lost_photo_is_deferred_again_but_never_twice(upload, at):
    draft = upload()
    assert developing.defer_reencoding(draft.pk) is False
    assert draft.stage == AttachmentStage.RECEIVED
    assert len(waiting_jobs("reencode_photo")) == 1
