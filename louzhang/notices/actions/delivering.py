"""Batches leave the house: claimed, sent, marked. A crash in between sends nothing twice."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.notices.channels import Channel, ChannelFailed, Message, channel_named
from louzhang.notices.models import Delivery, DeliveryState, Notice, Preference
from louzhang.notices.timing import awake, wait_after

# A send takes seconds; what is claimed for longer was left by a worker that died.
CLAIM_TIME = timedelta(minutes=10)
AT_ONCE = 50

log = logging.getLogger(__name__)


def send_due(*, at: datetime, most: int = AT_ONCE) -> int:
    """Send the batches whose time has come and say how many were taken in hand."""
    settle_abandoned(at=at)
    for count in range(most):
        batch = claim_next(at=at)
        if batch is None:
            return count
        send_claimed(batch, at=at)
    return most


def settle_abandoned(*, at: datetime) -> None:
    """What was claimed and never marked: once more where a repeat is recognised, else unclear until somebody says."""
    rows = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=at - CLAIM_TIME)
    with transaction.atomic():
        for batch in rows.select_for_update(skip_locked=True, no_key=True):
            channel = channel_named(batch.channel)
            can_repeat = channel is not None and channel.can_repeat
            _change(batch, DeliveryState.WAITING if can_repeat else DeliveryState.UNCLEAR, due_at=at)


def claim_next(*, at: datetime) -> Delivery | None:
    """Take the next batch in hand, in a transaction of its own; in the quiet hours only red ones."""
    while True:
        with transaction.atomic():
            rows = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=at).order_by("due_at", "pk")
            batch = rows.select_for_update(skip_locked=True, no_key=True).first()
            if batch is None:
                return None
            later = at if batch.is_red else awake(at, _preference(batch).wish)
            if later > at:
                _change(batch, DeliveryState.WAITING, due_at=later)
                continue
            _change(batch, DeliveryState.SENDING, claimed_at=at, attempts=batch.attempts + 1)
            return batch


def send_claimed(batch: Delivery, *, at: datetime) -> None:
    """Send what was claimed and mark it; a failure waits longer each time and is given up at last."""
    preference = _preference(batch)
    channel = channel_named(batch.channel)
    notices = list(Notice.objects.filter(enclosures__delivery=batch).unread().order_by("pk"))
    if channel is None or batch.channel not in preference.channels or not batch.user.is_active or not notices:
        _change(batch, DeliveryState.DROPPED, done_at=at)
        return
    try:
        _hand_over(channel, batch, preference, notices)
    except Exception as error:  # noqa: BLE001 - whatever a channel raises, the other batches go on
        name = type(error).__name__
        log.warning("delivery %s by %s failed: %s, try %s", batch.pk, batch.channel, name, batch.attempts)
        _fail(batch, name, preference, at)
    else:
        _change(batch, DeliveryState.SENT, done_at=at, error="")


def _hand_over(channel: Channel, batch: Delivery, preference: Preference, notices: list[Notice]) -> None:
    address = channel.address_of(preference)
    if not address:
        raise ChannelFailed("no address")
    channel.send(message_of(batch, notices), address)


def message_of(batch: Delivery, notices: list[Notice]) -> Message:
    """What may leave the house: how many and how pressing; matters and places are read inside."""
    count = sum(notice.count for notice in notices)
    red = sum(notice.count for notice in notices if notice.is_red)
    lines = [f"您有 {count} 条新消息。"]
    if red:
        lines = [f"您有 {red} 条紧急消息，请马上查看。", *([f"另有 {count - red} 条消息。"] if count > red else [])]
    subject = f"楼长：{red} 条紧急消息" if red else f"楼长：{count} 条新消息"
    origin = settings.CSRF_TRUSTED_ORIGINS[0].rstrip("/") if settings.CSRF_TRUSTED_ORIGINS else ""
    url = f"{origin}{reverse('notices:inbox')}" if origin else "请登录后在“消息”里查看。"
    return Message(uid=batch.uid, subject=subject, lines=lines, url=url)


def _fail(batch: Delivery, error: str, preference: Preference, at: datetime) -> None:
    wait = wait_after(batch.attempts)
    if wait is None:
        _change(batch, DeliveryState.FAILED, done_at=at, error=error)
        return
    again = at + wait if batch.is_red else awake(at + wait, preference.wish)
    _change(batch, DeliveryState.WAITING, due_at=again, error=error)


def repeat_delivery(*, delivery_id: int, actor: Actor, at: datetime) -> Delivery:
    """The system administrator has a failed or unclear batch sent again.

    Raises `NotYours`, `NotThere`, `TransitionRefused` when somebody has decided already.
    """
    with transaction.atomic():
        batch = _undecided(delivery_id, actor)
        _change(batch, DeliveryState.WAITING, due_at=at, error="")
    return batch


def give_up_delivery(*, delivery_id: int, actor: Actor, at: datetime) -> Delivery:
    """The system administrator leaves a failed or unclear batch as it is; raises as `repeat_delivery`."""
    with transaction.atomic():
        batch = _undecided(delivery_id, actor)
        _change(batch, DeliveryState.DROPPED, done_at=at)
    return batch


def _undecided(delivery_id: int, actor: Actor) -> Delivery:
    refuse_keeping(actor)
    batch = Delivery.objects.select_for_update(no_key=True).filter(pk=delivery_id).first()
    if batch is None:
        raise NotThere("没有找到这次发送，请刷新页面。")
    if batch.state not in (DeliveryState.FAILED, DeliveryState.UNCLEAR):
        raise TransitionRefused("这次发送已经有人处理过了，请刷新页面。")
    return batch


def _preference(batch: Delivery) -> Preference:
    return Preference.objects.select_related("user").get(user_id=batch.user_id)


def _change(batch: Delivery, state: DeliveryState, **columns: object) -> None:
    batch.state = state
    for name, value in columns.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *columns])
