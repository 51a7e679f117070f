"""Reading orders: lists for each face, one order with what may be done, contacts by tier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Prefetch

from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, Audience, Event, Words
from louzhang.kit.lifecycle import Transition
from louzhang.workorders.lifecycle import LOOP, Relation, State
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet

IN_HAND = frozenset({State.DISPATCHED, State.TAKEN})
# Relations of people who do the work; the reporter alone reads only what is public.
STAFF = frozenset(Relation) - {Relation.REPORTER}


class Tier(Enum):
    """How much of a reporter's contact an actor may have."""

    HIDDEN = 0
    MASKED = 1
    REVEAL = 2


def contact_tier(order: WorkOrder, report: Report, actor: Actor) -> Tier:
    """How much of this reporter's contact the actor may have, by relation (handbook).

    `order` carries its relations. The desk reveals; the unit and seat reveal only while they
    hold the order; a keeper only for a visit still to be made, or a report typed by themselves;
    offices above see the masked contact; nobody else sees any.
    """
    relations = order.relations_now
    if Relation.DESK in relations or own_report(report, actor):
        return Tier.REVEAL
    if relations & {Relation.HOLDER, Relation.LEAD} and order.status in IN_HAND:
        return Tier.REVEAL
    if Relation.KEEPER in relations:
        waits = report.answer_way == AnswerWay.VISIT and report.told_at is None
        typed = actor.user_id is not None and report.entered_by_id == actor.user_id
        return Tier.REVEAL if waits or typed else Tier.HIDDEN
    return Tier.MASKED if Relation.ABOVE in relations else Tier.HIDDEN


def own_report(report: Report, actor: Actor) -> bool:
    """Whether this voice is the actor's own."""
    return (
        (actor.user_id is not None and report.reporter_id == actor.user_id)
        or (bool(actor.device) and report.device_hash == actor.device)
        or report.pk in actor.opened_report_ids
    )


def list_orders(actor: Actor) -> WorkOrderQuerySet:
    """The rows of any list, newest first, with what a line shows and nothing more."""
    return (
        WorkOrder.objects.visible_to(actor)
        .select_related("category", "area", "lead_unit")
        .defer("search_terms", "chain_head", "area__outline", "category__questions")
        .order_by("-id")
    )


def find_order(actor: Actor, number: str) -> WorkOrder | None:
    """One order in scope with its relations; None is the same for unknown and out of scope."""
    return (
        WorkOrder.objects.visible_to(actor)
        .with_relations(actor)
        .select_related("category__parent", "area__level", "desk_area", "lead_unit", "seat_area", "assignee")
        .defer("search_terms")
        .filter(number=number)
        .first()
    )


def verbs_now(order: WorkOrder) -> list[Transition]:
    """The verbs the actor may do now, the main one first."""
    allowed = LOOP.allowed(order.status, order.relations_now)
    return sorted(allowed, key=lambda transition: not transition.is_main)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a timeline with its words and files."""

    event: Event
    spoken: dict[str, Any]
    attachments: list[Attachment]
    is_erased: bool


def timeline(order: WorkOrder) -> list[Moment]:
    """The events of an order that the actor may read, oldest first (three queries).

    A reporter without another relation reads public events only. A complaint's own words are
    never shown to anyone out of scope, because `order` came from `visible_to`.
    """
    events = Event.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk)
    if not order.relations_now & STAFF:
        events = events.filter(audience=Audience.PUBLIC)
    words = {row.seq: row for row in _beside(Words, order)}
    files: dict[int, list[Attachment]] = {}
    for file in _beside(Attachment, order).order_by("pk"):
        files.setdefault(file.seq, []).append(file)
    return [
        Moment(
            event=event,
            spoken=words[event.seq].spoken if event.seq in words else {},
            attachments=files.get(event.seq, []),
            is_erased=event.seq in words and words[event.seq].erased_at is not None,
        )
        for event in events.order_by("seq")
    ]


def _beside(model: Any, order: WorkOrder) -> Any:
    return model.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk)


def with_reports(rows: WorkOrderQuerySet) -> WorkOrderQuerySet:
    """Fetch the voices of each order in one more query."""
    return rows.prefetch_related(Prefetch("reports", Report.objects.order_by("pk")))
