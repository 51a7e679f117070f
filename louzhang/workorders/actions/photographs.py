"""Hanging uploaded photos and documents on a report or a step."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from louzhang.journal.actions import attachment_fact
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage, Chained
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.models import PHOTOS_AT_MOST


def claim_attachments(
    subject: Chained, uids: Sequence[UUID], *, actor: Actor, seq: int, is_photos_only: bool = False
) -> list[dict[str, str]]:
    """Make drafts of this actor part of event `seq` of an order or another subject; returns them for its payload.

    What is already re-encoded enters the chain with its salted digest; what is still being
    worked on enters by an event of its own when the worker has finished (`keep_attachment`).

    Raises `InputRefused` for too many, and for files that are not the actor's open drafts, or documents where only
    photos are taken.
    """
    if not uids:
        return []
    wanted = list(dict.fromkeys(uids))
    if len(wanted) > PHOTOS_AT_MOST:
        raise InputRefused(f"一次最多带 {PHOTOS_AT_MOST} 个照片或文件。", field="photos")
    open_drafts = Attachment.objects.filter(uid__in=wanted, owner_key=actor.owner_key, subject_id=None)
    if is_photos_only:
        open_drafts = open_drafts.filter(kind=AttachmentKind.PHOTO)
    usable = open_drafts.exclude(stage__in=[AttachmentStage.FAILED, AttachmentStage.ERASED])
    drafts = list(usable.select_for_update().order_by("pk"))
    if len(drafts) != len(wanted):
        raise InputRefused("有照片没有上传成功，请删掉它重新选一次。", field="photos")
    Attachment.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        subject_kind=subject.subject_kind, subject_id=subject.pk, seq=seq
    )
    return [attachment_fact(draft) for draft in drafts]
