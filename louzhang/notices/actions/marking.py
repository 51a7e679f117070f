"""What people do with their inbox, and what becomes of old lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.notices.models import Delivery, DeliveryState, Notice
from louzhang.notices.untraced import is_untraced

KEPT = timedelta(days=90)
OPEN_STATES = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNCLEAR, DeliveryState.FAILED)


def mark_read(*, notice_id: int, actor: Actor, at: datetime) -> Notice:
    """Open one line of the own inbox; raises `NotThere` for anybody else's.

    One of a kind that leaves no trace is opened as it is: nothing is written.
    """
    notice = Notice.objects.visible_to(actor).filter(pk=notice_id).first()
    if notice is None:
        raise NotThere("没有找到这条消息，它可能已经过期。请刷新页面。")
    if not is_untraced(notice.kind):
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
    return notice


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Everything in the own inbox has been read; says how many lines were not before."""
    return Notice.objects.visible_to(actor).unread().update(read_at=at)


def settle_calls(*, kind: str, subject_kind: str, subject_ids: Collection[int], at: datetime) -> int:
    """What lines of a kind called for is over: they are read, everybody's at one moment; says how many."""
    rows = Notice.objects.unread().filter(kind=kind, subject_kind=subject_kind, subject_id__in=subject_ids)
    return rows.update(read_at=at)


def purge_notices(*, at: datetime) -> int:
    """Remove lines and finished batches older than 90 days; what they told stays in the journal."""
    before = at - KEPT
    Delivery.objects.filter(made_at__lt=before).exclude(state__in=OPEN_STATES).delete()
    return Notice.objects.filter(made_at__lt=before).exclude(
        enclosures__delivery__state__in=OPEN_STATES
    ).delete()[1].get("notices.Notice", 0)  # fmt: skip
