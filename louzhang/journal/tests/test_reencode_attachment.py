"""The worker makes photos small and clean, or says why it cannot; killed or run twice it does no harm."""

import io
import resource
import subprocess
from datetime import timedelta
from unittest.mock import Mock

import pytest
from PIL import Image

from louzhang.journal import darkroom, tasks
from louzhang.journal.actions import defer_lost_photos, fail_attachment, reencode_attachment, remove_unreferenced
from louzhang.journal.models import Attachment
from louzhang.journal.tests.conftest import pdf, picture, stored
from louzhang.kit import media, queue


def test_a_photo_is_made_small_and_clean_and_the_original_goes(upload, at):
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    draft = upload(picture((3000, 2000), exif=exif))
    assert reencode_attachment(attachment_id=draft.pk, at=at) == "ready"
    row = Attachment.objects.get(pk=draft.pk)
    assert (row.width, row.height, row.suffix, len(row.salt)) == (1600, 1067, ".jpg", 16)
    full, thumbnail = stored(row.digest), stored(row.thumbnail_digest)
    assert Image.open(io.BytesIO(full)).size == (1600, 1067)
    assert b"SECRETCAMERA" not in full
    assert max(Image.open(io.BytesIO(thumbnail)).size) == 320
    assert remove_unreferenced(draft.digest)
    with pytest.raises(media.NoSuchMedia):
        stored(draft.digest)


def test_running_twice_changes_nothing_more(upload, at):
    draft = upload()
    reencode_attachment(attachment_id=draft.pk, at=at)
    before = Attachment.objects.values().get(pk=draft.pk)
    assert reencode_attachment(attachment_id=draft.pk, at=at) is None
    assert Attachment.objects.values().get(pk=draft.pk) == before


def test_a_photo_cut_short_fails_with_a_reason_and_its_original_goes(upload, at):
    whole = picture((800, 600), colour="green")
    draft = upload(whole[: len(whole) // 2])
    assert reencode_attachment(attachment_id=draft.pk, at=at) == "failed"
    row = Attachment.objects.get(pk=draft.pk)
    assert row.failure.endswith("。")
    assert row.digest == ""
    assert remove_unreferenced(draft.digest)


def test_a_photo_whose_file_is_gone_fails_with_a_reason(upload, at):
    draft = upload()
    media.remove(draft.digest)
    assert reencode_attachment(attachment_id=draft.pk, at=at) == "failed"


def test_a_document_is_not_re_encoded(upload, at):
    assert reencode_attachment(attachment_id=upload(pdf()).pk, at=at) is None


def on_try(attempts):
    """Give the context of a job that was tried so often before."""
    return Mock(job=Mock(attempts=attempts))


def test_a_photo_that_kills_its_child_is_tried_three_times_and_then_given_up(upload, monkeypatch):
    def killed(*args, **options):
        return subprocess.CompletedProcess(args, -9, b"", b"")

    monkeypatch.setattr(subprocess, "run", killed)
    draft = upload()
    for attempts in (0, 1):
        with pytest.raises(darkroom.DarkroomFailed):
            tasks.reencode_photo(on_try(attempts), draft.pk)
        assert Attachment.objects.get(pk=draft.pk).stage == "received"
    tasks.reencode_photo(on_try(2), draft.pk)
    assert Attachment.objects.get(pk=draft.pk).stage == "failed"


def test_a_photo_that_asks_for_too_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr(darkroom, "MEMORY_BYTES", 1)
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, most: asked.append((kind, most)))
    darkroom._bound()
    assert (resource.RLIMIT_AS, (1, 1)) in asked


def test_photos_of_a_killed_process_are_found_after_ten_minutes(upload, at):
    draft = upload()
    (job,) = queue.app.job_manager.list_jobs(task="louzhang.journal.tasks.reencode_photo")
    queue.app.job_manager.cancel_job_by_id(job.id or 0)
    assert defer_lost_photos(at=at + timedelta(minutes=5)) == 0
    assert defer_lost_photos(at=at + timedelta(minutes=11)) == 1
    assert defer_lost_photos(at=at + timedelta(minutes=11)) == 0
    fail_attachment(attachment_id=draft.pk, reason="坏了。", at=at)
    assert defer_lost_photos(at=at + timedelta(hours=1)) == 0
