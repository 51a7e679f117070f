"""Copies of photos on which nobody can be recognised; the original stays as it is, for those who handle."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import datetime

from louzhang.journal.actions.developing import defer_reencoding
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentStage
from louzhang.journal.refusals import InputRefused
from louzhang.kit.images import Box

BOXES_AT_MOST = 12
SMALLEST_SHARE = 0.005


def copy_blurred(photo: Attachment, boxes: Sequence[Box], *, seq: int, actor: Actor, at: datetime) -> Attachment:
    """Hang a copy of a ready photo on event `seq` of the same subject; the worker makes it, with these parts blurred.

    Until then nobody sees it. The caller has locked the subject and names the copy in the event. Raises
    `InputRefused` for parts that are none.
    """
    copy = Attachment(
        uid=uuid.uuid4(),
        owner_key=actor.owner_key,
        subject_kind=photo.subject_kind,
        subject_id=photo.subject_id,
        seq=seq,
        kind=photo.kind,
        stage=AttachmentStage.RECEIVED,
        digest=photo.digest,
        suffix=photo.suffix,
        size=photo.size,
        blurred=[list(box) for box in checked_boxes(boxes)],
        uploaded_at=at,
    )
    copy.save(force_insert=True)
    defer_reencoding(copy.pk)
    return copy


def checked_boxes(boxes: Sequence[Box]) -> list[Box]:
    """The parts within the picture; raises `InputRefused` for none, too many or one that hides nothing."""
    if not 1 <= len(boxes) <= BOXES_AT_MOST:
        raise InputRefused(f"请画出 1 到 {BOXES_AT_MOST} 个要遮挡的地方。", field="boxes")
    return [_within(box) for box in boxes]


def _within(box: Box) -> Box:
    if not all(math.isfinite(share) for share in box):
        raise InputRefused("要遮挡的地方没有写全，请重新画。", field="boxes")
    left, top = (min(max(share, 0.0), 1.0) for share in box[:2])
    right, bottom = min(box[0] + box[2], 1.0), min(box[1] + box[3], 1.0)
    if right - left < SMALLEST_SHARE or bottom - top < SMALLEST_SHARE:
        raise InputRefused("有一个要遮挡的地方太小，请画大一点。", field="boxes")
    return left, top, right - left, bottom - top
