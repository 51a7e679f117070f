"""我也遇到: a neighbour reports what the desk has told everybody about, and joins the order that is there."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.areas.queries import line_of
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.readers import unread
from louzhang.journal.refusals import Conflict
from louzhang.kit.writing import joined, save_together
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.reporting import (
    Draft,
    Filed,
    new_report,
    refuse_nameless,
    refuse_paused,
    refuse_senseless,
    report_workorder,
)
from louzhang.workorders.lifecycle import IN_PROGRESS
from louzhang.workorders.models import AnswerWay, PublicLine, WorkOrder
from louzhang.workorders.scope import own_reports


def report_too(*, draft: Draft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Filed:
    """File a report on the order behind the public line it names: own code, own words, own answer.

    Where the line is no longer offered for such a report, or none is named, it opens an order of its own.
    Raises what `report_workorder` raises, and `Conflict` for a second report of the same reporter.
    """
    order_id = _order_behind(draft)
    if order_id is None:
        return report_workorder(draft=draft, actor=actor, at=at, entry_id=entry_id)
    refuse_senseless(draft, actor)
    refuse_nameless(actor)
    refuse_paused(actor, at)
    with joined():
        order = _locked(order_id)
        if order is None:
            return report_workorder(draft=draft, actor=actor, at=at, entry_id=entry_id)
        if own_reports(actor).filter(order_id=order.pk).exists():
            raise Conflict("您已经反映过这件事，请到“我的事”里看办到哪一步。")
        return _join(order, draft, actor, at, entry_id)


def _order_behind(draft: Draft) -> int | None:
    """The order of the line, or the one it has been merged into since."""
    if draft.same is None or not draft.category.is_public_space:
        return None
    lines = PublicLine.objects.filter(uid=draft.same, ended_at=None, order__category=draft.category)
    found = lines.values_list("order_id", "order__merged_into", "order__merged_into__merged_into").first()
    return None if found is None else found[2] or found[1] or found[0]


def _locked(order_id: int) -> WorkOrder | None:
    rows = WorkOrder.objects.select_for_update(no_key=True, of=("self",)).select_related("category", "area__level")
    order = rows.defer("search_terms", "area__outline").filter(pk=order_id).first()
    is_fit = order is not None and order.status in IN_PROGRESS and order.category.is_public_space
    return order if is_fit else None


def _join(order: WorkOrder, draft: Draft, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Filed:
    report, code = new_report(draft, order, None, actor, at)
    report.seq = order.chain_seq + 1
    photos = claim_attachments(order, draft.photos, actor=actor, seq=report.seq)
    report.save(force_insert=True)
    order.report_count += 1
    order.is_told_by_visit = order.is_told_by_visit or draft.answer_way == AnswerWay.VISIT
    event, said = prepare_event(
        order,
        "report",
        actor=actor,
        at=at,
        audience=Audience.PUBLIC,
        payload={
            "report": report.pk,
            "channel": draft.channel.value,
            "same": str(draft.same),
            **({"attachments": photos} if photos else {}),
        },
        words={"words": draft.words, "answers": dict(draft.answers) or None, "address": draft.place_note},
        area_ids=[area.pk for area in line_of(order.area)],
        post_id=order.event_tie(actor)[0],
        entry_id=entry_id,
    )
    changed = ("report_count", "is_told_by_visit", "chain_seq", "chain_head")
    save_together(order, changed, *(row for row in (event, said, unread(event)) if row is not None))
    return Filed(order=order, report=report, tracking_code=code)
