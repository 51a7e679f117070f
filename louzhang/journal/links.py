"""Addresses of files: signed for one actor, one file, one size and the hour.

A page that has found a row through `visible_to` calls `signed_link`; the address carries no
personal data and is worthless to anyone else. It holds until the end of the next hour, so a
page opened at two minutes to still shows its pictures; within the hour it is the same address,
so that a browser keeps the picture.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final, Literal

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.journal.refusals import NotThere

Size = Literal["full", "thumb"]

HOUR: Final = int(timedelta(hours=1).total_seconds())
EXPIRED: Final = "这个链接已经过期，请回到原来的页面刷新后再打开。"


def signed_link(attachment: Attachment, actor: Actor, *, size: Size = "full", at: datetime) -> str:
    """The address of a file for this actor and hour; the caller has checked the scope."""
    hour = _hour_of(at)
    mark = _mark(attachment.uid, size, hour, actor)
    return reverse("journal:file", kwargs={"uid": attachment.uid, "size": size, "hour": hour, "mark": mark})


def linked_attachment(*, uid: uuid.UUID, size: str, hour: int, mark: str, actor: Actor, at: datetime) -> Attachment:
    """The file a link stands for.

    Raises `NotThere` for a link of another actor, a changed one, one past its time, and a file
    that is no longer there: to a stranger these are the same.
    """
    is_own = constant_time_compare(mark, _mark(uid, size, hour, actor))
    row = Attachment.objects.filter(uid=uid).first() if is_own and 0 <= _hour_of(at) - hour <= 1 else None
    if row is None:
        raise NotThere(EXPIRED)
    return row


def own_attachment(*, uid: uuid.UUID, actor: Actor) -> Attachment:
    """A file this actor has uploaded; raises `NotThere` for any other."""
    row = Attachment.objects.filter(uid=uid, owner_key=actor.owner_key).first()
    if row is None:
        raise NotThere("没有找到这个文件，请重新选择一次。")
    return row


def file_number(attachment: Attachment) -> int:
    """Which file of its subject it is, counted from 1: files are offered under a number, never a name."""
    if attachment.subject_id is None:
        return 1
    beside = Attachment.objects.filter(subject_kind=attachment.subject_kind, subject_id=attachment.subject_id)
    return beside.filter(pk__lte=attachment.pk).count()


def _hour_of(at: datetime) -> int:
    return int(at.timestamp()) // HOUR


def _mark(uid: uuid.UUID, size: str, hour: int, actor: Actor) -> str:
    signer = signing.Signer(salt="louzhang.journal.links")
    return signer.signature(f"{uid}:{size}:{hour}:{actor.owner_key}")
