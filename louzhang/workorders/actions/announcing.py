"""What neighbours may be told of a matter of public space, and photos made fit to be shown to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from louzhang.journal.actions import copy_blurred
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.kit.images import Box
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import Handling, PublicLine, WorkOrder
from louzhang.workorders.models.public_lines import LINE_LENGTH

NOT_PUBLIC = "这个类别不是公共地方的事，不能公开给邻居。"


def announce_workorder(
    *,
    order_id: int,
    words: str,
    actor: Actor,
    at: datetime,
    photo: UUID | str | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Tell neighbours in one line that this is known, with a photo released for it; the line before it ends.

    Only for plain matters of public space: never noise, disputes, families, health or conduct. Raises
    `InputRefused` for another category, a long line, or a photo that is not the order's or not ready.
    """
    given = {"words": words}
    with walk_order(order_id, "announce", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        order = step.subject
        if not order.category.is_public_space or order.category.handling != Handling.PLAIN:
            raise InputRefused(NOT_PUBLIC, field="words")
        assert actor.user_id is not None  # a desk is worked at by people
        line = " ".join(words.split())
        if len(line) > LINE_LENGTH:
            raise InputRefused(f"说明太长了，请缩短到 {LINE_LENGTH} 字以内。", field="words")
        released = _photo_of(order, photo).uid if photo else None
        PublicLine.objects.filter(order=order, ended_at=None).update(ended_at=at)
        PublicLine.objects.create(order=order, words=line, photo=released, approved_by_id=actor.user_id, at=at)
        step.note(photo=str(released) if released else None)
        step.say(words=line)
    return step.subject


def unannounce_workorder(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Take the public line back. Raises `TransitionRefused` where there is none."""
    with walk_order(order_id, "unannounce", actor=actor, at=at, entry_id=entry_id) as step:
        if not PublicLine.objects.filter(order_id=order_id, ended_at=None).update(ended_at=at):
            raise TransitionRefused("这件事现在没有公开的说明，请刷新页面。")
        step.say(reason=reason)
    return step.subject


def blur_workorder(
    *,
    order_id: int,
    photo: UUID | str,
    boxes: Sequence[Box] | str,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Have a copy made of a photo of the order on which some parts cannot be recognised; the original stays.

    Raises `InputRefused` for a photo that is not the order's, and for parts that are none.
    """
    given = {"photo": photo, "boxes": boxes or None}
    with walk_order(order_id, "blur", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        order = step.subject
        original = _photo_of(order, photo)
        if isinstance(boxes, str):
            raise InputRefused("要遮挡的地方没有写全，请重新画。", field="boxes")
        copy = copy_blurred(original, boxes, seq=order.chain_seq + 1, actor=actor, at=at)
        step.note(photo=str(original.uid), parts=len(boxes), attachments=[{"uid": str(copy.uid)}])
    return step.subject


def _photo_of(order: WorkOrder, photo: UUID | str) -> Attachment:
    """A ready photo that hangs on the order; raises `InputRefused` for anything else."""
    try:
        uid = photo if isinstance(photo, UUID) else UUID(photo)
    except ValueError:
        raise InputRefused("请选择一张照片。", field="photo") from None
    files = Attachment.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, uid=uid)
    found = files.filter(kind=AttachmentKind.PHOTO, stage=AttachmentStage.READY).first()
    if found is None:
        raise InputRefused("这张照片还在处理，或不是这件事的照片，请刷新页面后再选。", field="photo")
    return found
