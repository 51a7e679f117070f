"""Photos and documents from people: received as drafts of their uploader, and taken back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from louzhang.journal.actions.developing import DRAFT_KEPT, defer_reencoding
from louzhang.journal.actions.erasing import empty_file
from louzhang.journal.actions.keeping import keep_contents, new_salt
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge, TooOften
from louzhang.kit import images

DRAFTS_AT_MOST = 40
DROPPED = "上传人移除"

_KINDS = {
    images.UploadKind.PDF: AttachmentKind.PDF,
    images.UploadKind.DOC: AttachmentKind.WORD,
    images.UploadKind.DOCX: AttachmentKind.WORD,
}
_OPEN = (AttachmentStage.RECEIVED, AttachmentStage.READY, AttachmentStage.FAILED)


def receive_attachment(
    *,
    stream: BinaryIO,
    declared_type: str,
    size: int,
    actor: Actor,
    at: datetime,
    uid: uuid.UUID | None = None,
) -> Attachment:
    """Keep an uploaded photo or document as a draft of its uploader.

    The same `uid` sent again by the same uploader gives the row already there, so an upload
    whose answer was lost is simply repeated. A photo waits for the worker to re-encode it; a
    document is ready, since it is only ever served as a download.

    Raises `InputRefused` and `TooLarge` for files that are not accepted, `TooOften` with too
    many drafts, `NotYours` for a read-only token or a browser that keeps no cookies, `Conflict`
    for a `uid` that is somebody else's or was removed.
    """
    refuse_nameless(actor)
    if uid is not None and (known := _known(uid, actor)) is not None:
        return known
    kind = checked(stream, declared_type, size)
    drafts = Attachment.objects.filter(owner_key=actor.owner_key, subject_id=None, stage__in=_OPEN)
    if drafts.filter(uploaded_at__gt=at - DRAFT_KEPT).count() >= DRAFTS_AT_MOST:
        raise TooOften("您有很多照片传上来了还没有提交，请先提交，或过一会儿再传。")
    content = stream.read()
    try:
        return _keep_draft(content, kind, uid=uid or uuid.uuid4(), actor=actor, at=at)
    except IntegrityError:
        known = _known(uid, actor) if uid is not None else None
        if known is None:
            raise
        return known


def refuse_nameless(actor: Actor) -> None:
    """Raise for who may not upload: programs that only read, browsers that cannot be told apart."""
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能上传。请换一个可以办理的令牌。")
    if actor.kind is ActorKind.DEVICE and not actor.device:
        raise NotYours("浏览器没有保存 Cookie，照片无法上传。请允许 Cookie 后刷新页面再试。")


def checked(stream: BinaryIO, declared_type: str, size: int) -> images.UploadKind:
    """What the file really is; raises `TooLarge` or `InputRefused` with the sentence for people."""
    try:
        return images.check_upload(stream, declared_type, size)
    except images.TooBig as error:
        raise TooLarge(str(error), field="file") from error
    except images.BadUpload as error:
        raise InputRefused(str(error), field="file") from error


def _known(uid: uuid.UUID, actor: Actor) -> Attachment | None:
    row = Attachment.objects.filter(uid=uid).first()
    if row is not None and (row.owner_key != actor.owner_key or row.stage == AttachmentStage.ERASED):
        raise Conflict("这个文件已经移除或不是您上传的，请重新选择一次。", field="file")
    return row


def _keep_draft(content: bytes, kind: images.UploadKind, *, uid: uuid.UUID, actor: Actor, at: datetime) -> Attachment:
    with transaction.atomic():
        (digest,) = keep_contents((content, kind.suffix))
        row = Attachment(
            uid=uid,
            owner_key=actor.owner_key,
            kind=AttachmentKind.PHOTO if kind.is_photo else _KINDS[kind],
            digest=digest,
            suffix=kind.suffix,
            size=len(content),
            uploaded_at=at,
        )
        if not kind.is_photo:
            row.stage, row.salt = AttachmentStage.READY, new_salt()
        row.save(force_insert=True)
        if kind.is_photo:
            defer_reencoding(row.pk)
    return row


def drop_attachment(*, uid: uuid.UUID, actor: Actor, at: datetime) -> None:
    """The uploader takes a draft back; its row goes with the next purge.

    Raises `NotThere` for a file that is not an open draft of this actor.
    """
    refuse_nameless(actor)
    with transaction.atomic():
        drafts = Attachment.objects.select_for_update().filter(
            uid=uid, owner_key=actor.owner_key, subject_id=None, stage__in=_OPEN
        )
        draft = drafts.first()
        if draft is None:
            raise NotThere("没有找到这个文件，它可能已经提交或移除。请刷新页面。")
        empty_file(draft, rule=DROPPED, at=at)
