"""The same picture for another subject: a row of its own over the one stored content."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.journal.actions.developing import defer_reencoding
from louzhang.journal.actions.keeping import new_salt
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentStage

USABLE = (AttachmentStage.RECEIVED, AttachmentStage.READY)


def copy_for_another(photo: Attachment, *, actor: Actor, at: datetime) -> Attachment | None:
    """A draft of the actor's with the content of a file, to be hung on something else; None where it is gone.

    Each row is erased by the rule of its own subject; the content goes when nobody refers to it. The row is locked,
    so that the content cannot go in between. The caller has asked whether the file may go there.
    """
    standing = Attachment.objects.select_for_update().filter(pk=photo.pk, stage__in=USABLE).first()
    if standing is None:
        return None
    is_ready = standing.stage == AttachmentStage.READY
    copy = Attachment(
        uid=uuid.uuid4(), owner_key=actor.owner_key, kind=standing.kind, stage=standing.stage, digest=standing.digest,
        thumbnail_digest=standing.thumbnail_digest, salt=new_salt() if is_ready else b"", size=standing.size,
        width=standing.width, height=standing.height, suffix=standing.suffix, uploaded_at=at,
    )  # fmt: skip
    copy.save(force_insert=True)
    if not is_ready:
        defer_reencoding(copy.pk)
    return copy
