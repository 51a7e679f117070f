"""Orders of the hotline (12345): taken with their own number, answered once, the answer told to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit.writing import joined
from louzhang.workorders.actions.exporting import log_export
from louzhang.workorders.actions.reporting import Draft, Filed, report_workorder
from louzhang.workorders.models import Channel, HotlineReply
from louzhang.workorders.queries.exchange import first_voice, hotline_orders_within, known_order, replies_seen

# The answers that a hotline waits for.
ANSWERING = ("report_back", "decline")
AT_ONCE = 1_000


def take_from_hotline(*, draft: Draft, actor: Actor, at: datetime, entry_id: UUID | None = None) -> Filed:
    """Take an order from the hotline; one that is here already is given back as it is, without a code.

    For the staff of offices. Raises `NotYours` for anyone else, and where the number is here but
    not theirs to see; `InputRefused` without a number; whatever `report_workorder` raises.
    """
    if not actor.has_role(*OFFICE_ROLES):
        raise NotYours("只有受理办公室的工作人员可以登记热线工单，请联系区指挥中心。")
    if not draft.hotline_number:
        raise InputRefused("请填写热线工单号。", field="hotline_number")
    with joined():
        if (known := known_order(draft.hotline_number, actor)) is not None:
            return Filed(order=known, report=first_voice(known), tracking_code="")
        draft = replace(draft, channel=Channel.HOTLINE, is_for_another=True)
        return report_workorder(draft=draft, actor=actor, at=at, entry_id=entry_id)


def note_replies(events: Sequence[Event]) -> None:
    """Reader of the journal: an answer on an order of the hotline waits to be told to it, and so does one on the order
    that an order of the hotline was merged into.
    """
    answers = [event for event in events if event.verb in ANSWERING]
    if not answers:
        return
    waiting = hotline_orders_within({event.subject_id for event in answers})
    HotlineReply.objects.bulk_create(
        HotlineReply(
            order_id=order_id,
            given_by_id=None if order_id == event.subject_id else event.subject_id,
            seq=event.seq,
            verb=event.verb,
            ready_at=event.happened_at,
        )
        for event in answers
        for order_id in waiting.get(event.subject_id, ())
    )


def send_replies(*, actor: Actor, at: datetime, ids: Sequence[int] | None = None) -> list[HotlineReply]:
    """Mark the waiting replies in the actor's scope (or those named) as told to the hotline, and give them.

    Two people at once share them out: nobody gets what another has got. The taking is logged like
    any export. Raises `NotYours` for a read-only token.
    """
    with transaction.atomic():
        rows = replies_seen(actor).filter(sent_at=None)
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        waiting = list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
        log_export(filters="回传热线", count=len(waiting), actor=actor, at=at)
        HotlineReply.objects.filter(pk__in=[reply.pk for reply in waiting]).update(sent_at=at, sent_by=actor.user_id)
    return waiting


def take_replies_back(*, sent_at: datetime, actor: Actor) -> int:
    """Undo one taking: its replies wait again; says how many. For the person who took them.

    Raises `Conflict` where there is none of theirs.
    """
    with transaction.atomic():
        mine = HotlineReply.objects.filter(sent_at=sent_at, sent_by=actor.user_id, sent_by__isnull=False)
        ids = list(mine.select_for_update().values_list("pk", flat=True))
        if not ids:
            raise Conflict("这一批已经放回待回传，或不是您导出的。请刷新页面。")
        HotlineReply.objects.filter(pk__in=ids).update(sent_at=None, sent_by=None)
    return len(ids)
