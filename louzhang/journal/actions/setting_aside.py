"""Drafts that wait with something nobody has settled yet: kept past their time, then handed to whoever settles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from louzhang.journal.actions.erasing import empty_file
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentStage
from louzhang.journal.refusals import InputRefused

HELD = "held:"
NOT_ARRIVED = "有照片没有上传成功，请删掉它重新选一次。"
_GONE = (AttachmentStage.FAILED, AttachmentStage.ERASED)


def set_aside(uids: Sequence[UUID], *, key: str, actor: Actor) -> None:
    """Let drafts of this actor wait under a key instead of the usual two days.

    Raises `InputRefused` where one of them is not an open draft of the actor.
    """
    wanted = set(uids)
    if not wanted:
        return
    with transaction.atomic():
        rows = Attachment.objects.filter(uid__in=wanted, owner_key=actor.owner_key, subject_id=None)
        ids = list(rows.exclude(stage__in=_GONE).select_for_update().order_by("pk").values_list("pk", flat=True))
        if len(ids) != len(wanted):
            raise InputRefused(NOT_ARRIVED, field="photos")
        Attachment.objects.filter(pk__in=ids).update(owner_key=f"{HELD}{key}")


def hand_over(*, key: str, actor: Actor) -> set[UUID]:
    """Make what waits under a key the actor's own drafts; gives those that can be shown."""
    rows = Attachment.objects.select_for_update().filter(owner_key=f"{HELD}{key}", subject_id=None)
    found = [row for row in rows.order_by("pk") if row.stage not in _GONE]
    Attachment.objects.filter(pk__in=[row.pk for row in found]).update(owner_key=actor.owner_key)
    return {row.uid for row in found}


def drop_set_aside(*keys: str, rule: str, at: datetime) -> None:
    """Nobody wants what waits under these keys: the contents go at once, the rows with the next purge."""
    rows = Attachment.objects.select_for_update().filter(owner_key__in=[f"{HELD}{key}" for key in keys])
    for row in rows.filter(subject_id=None).exclude(stage=AttachmentStage.ERASED).order_by("pk") if keys else ():
        empty_file(row, rule=rule, at=at)
