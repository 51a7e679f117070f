"""What the worker does with photos: re-encode, tell the chain, purge drafts, find lost ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from louzhang.journal import darkroom
from louzhang.journal.actions.keeping import (
    attachment_fact,
    keep_contents,
    new_salt,
    release_contents,
)
from louzhang.journal.actions.recording import record
from louzhang.journal.actions.setting_aside import HELD
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment, AttachmentStage, Audience, Chained, Event
from louzhang.journal.subjects import model_of
from louzhang.kit import images, media, queue

DRAFT_KEPT = timedelta(hours=48)
LOST_AFTER = timedelta(minutes=10)
LOST_AT_ONCE = 500
REENCODE = "louzhang.journal.tasks.reencode_photo"
GONE = "照片没有保存下来，请重新上传。"


def defer_reencoding(attachment_id: int) -> bool:
    """Leave the re-encoding to the worker; False when it is already waiting there."""
    return queue.defer(REENCODE, key=f"photo:{attachment_id}", attachment_id=attachment_id)


def reencode_attachment(*, attachment_id: int, at: datetime) -> AttachmentStage | None:
    """Make a received photo small and clean, or mark it as failed with the reason (worker).

    The original goes once the new pictures are stored. A photo that hangs on a subject enters
    its chain by `keep_attachment`, with its salted digest, or by `fail_attachment`. Running
    twice, or beside another run, changes nothing more. None: there was nothing to do.

    Raises `darkroom.DarkroomFailed` when the child process died; then the job is tried again.
    """
    row = Attachment.objects.filter(pk=attachment_id, stage=AttachmentStage.RECEIVED).first()
    if row is None:
        return None
    try:
        with media.open_stored(row.digest) as original:
            made = darkroom.develop(original.read(), row.blurred)
    except media.NoSuchMedia:
        return fail_attachment(attachment_id=attachment_id, reason=GONE, at=at)
    except images.BadUpload as refusal:
        return fail_attachment(attachment_id=attachment_id, reason=str(refusal), at=at)

    def keep(photo: Attachment) -> None:
        full, thumbnail = keep_contents((made.full, ".jpg"), (made.thumbnail, ".jpg"))
        photo.digest, photo.thumbnail_digest, photo.suffix = full, thumbnail, ".jpg"
        photo.width, photo.height, photo.size = made.width, made.height, len(made.full)
        photo.stage, photo.salt = AttachmentStage.READY, new_salt()

    return _finish(attachment_id, keep, verb="keep_attachment", at=at)


def fail_attachment(*, attachment_id: int, reason: str, at: datetime) -> AttachmentStage | None:
    """Mark a received photo as one that cannot be shown, and why; the original goes (worker)."""

    def give_up(photo: Attachment) -> None:
        photo.stage, photo.failure, photo.digest = AttachmentStage.FAILED, reason[:120], ""

    return _finish(attachment_id, give_up, verb="fail_attachment", at=at)


def _finish(
    attachment_id: int, change: Callable[[Attachment], None], *, verb: str, at: datetime
) -> AttachmentStage | None:
    """Change a received photo and tell the chain of the subject it hangs on.

    Locks are taken as the walker takes them, the subject before its files; a photo that was
    hung on a subject in between is tried again with the subject locked first.
    """
    while True:
        with transaction.atomic():
            subject = _lock_subject(attachment_id)
            rows = Attachment.objects.select_for_update().filter(pk=attachment_id, stage=AttachmentStage.RECEIVED)
            photo = rows.first()
            if photo is None:
                return None
            if photo.subject_id is not None and subject is None:
                continue
            original = photo.digest
            change(photo)
            photo.save()
            if subject is not None:
                _tell_chain(subject, photo, verb, at)
            if original not in (photo.digest, photo.thumbnail_digest):
                release_contents(original)
            return AttachmentStage(photo.stage)


def _lock_subject(attachment_id: int) -> Chained | None:
    hung = Attachment.objects.filter(pk=attachment_id, subject_id__isnull=False)
    found = hung.values_list("subject_kind", "subject_id").first()
    if found is None:
        return None
    kind, subject_id = found
    rows = model_of(kind)._meta.default_manager
    subject: Chained | None = rows.select_for_update(no_key=True).filter(pk=subject_id).first() if rows else None
    return subject


def _tell_chain(subject: Chained, photo: Attachment, verb: str, at: datetime) -> None:
    """Append the event of a finished photo, in the areas of the event it was hung on by."""
    hung = Event.objects.filter(subject_kind=subject.subject_kind, subject_id=subject.pk, seq=photo.seq or 0)
    record(
        subject,
        verb,
        actor=SYSTEM,
        at=at,
        audience=Audience.HANDLERS,
        payload=attachment_fact(photo),
        area_ids=hung.values_list("area_ids", flat=True).first() or (),
    )


def purge_drafts(*, at: datetime) -> int:
    """Remove drafts that nobody submitted within 48 hours, and those taken back; gives how many.

    What was set aside waits for whoever settles it.
    """
    with transaction.atomic():
        due = Q(uploaded_at__lt=at - DRAFT_KEPT) & ~Q(owner_key__startswith=HELD) | Q(stage=AttachmentStage.ERASED)
        drafts = list(Attachment.objects.select_for_update(skip_locked=True).filter(due, subject_id=None))
        release_contents(*[digest for draft in drafts for digest in (draft.digest, draft.thumbnail_digest)])
        Attachment.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(drafts)


def defer_lost_photos(*, at: datetime) -> int:
    """Defer photos again whose job got lost with a killed process; gives how many."""
    waiting = Attachment.objects.filter(stage=AttachmentStage.RECEIVED, uploaded_at__lt=at - LOST_AFTER)
    return sum(defer_reencoding(pk) for pk in waiting.values_list("pk", flat=True)[:LOST_AT_ONCE])
