"""What was done and said about one order, and by whom it was reported, as far as a reader may know.

A unit that has given an order back, or lost it to another, reads on to the event with which the
order left it, and nothing later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, Audience, Event, Words
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import Channel, Report, WorkOrder
from louzhang.workorders.queries.orders import own_report

# Ties that end: nothing else ties the reader to the order but, perhaps, an own report.
PAST = frozenset({Relation.FORMER, Relation.REPORTER})


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a timeline with its words and files."""

    event: Event
    spoken: dict[str, Any]
    attachments: list[Attachment]
    is_erased: bool


def timeline(order: WorkOrder, actor: Actor) -> list[Moment]:
    """The events of an order that the actor may read, oldest first (three queries).

    A reporter without another relation reads public events only; who is tied to it by a unit
    that had it before, those up to its leaving. A complaint's own words are never shown to
    anyone out of scope, because `order` came from `visible_to`.
    """
    events = list(_beside(Event, order).order_by("seq"))
    if _is_past(order):
        events = _past(events, order, actor)
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
        for event in events
    ]


def _is_past(order: WorkOrder) -> bool:
    return order.relations_now <= PAST


def _past(events: Sequence[Event], order: WorkOrder, actor: Actor) -> list[Event]:
    held = order.relations_now
    left = left_with(events, actor.unit_ids) if Relation.FORMER in held else 0
    is_reporter = Relation.REPORTER in held
    return [e for e in events if e.seq <= left or (is_reporter and e.audience == Audience.PUBLIC)]


def left_with(events: Sequence[Event], unit_ids: Collection[int]) -> int:
    """The seq of the event with which the order last left these units; 0 where none did."""
    left, is_here = 0, False
    for event in events:
        is_ours = event.payload.get("unit") in unit_ids
        if event.verb == "send_back" and is_ours:
            left, is_here = event.seq, False
        elif event.verb == "dispatch":
            left = event.seq if is_here and not is_ours else left
            is_here = is_ours
    return left


def _beside(model: Any, order: WorkOrder) -> Any:
    return model.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk)


def reports_of(order: WorkOrder, actor: Actor) -> list[Report]:
    """The voices of an order that came from `visible_to`; what of them may be shown, `contact_tier` says.

    Who is tied to it only by the past has no voice but the own one.
    """
    rows = list(Report.objects.filter(order_id=order.pk).select_related("entered_by").order_by("pk"))
    return [report for report in rows if own_report(report, actor)] if _is_past(order) else rows


def voice_of(order: WorkOrder, report_id: int) -> Report | None:
    """One voice of an order by its id, for `reveal_contact`, which asks whether it may be opened."""
    return Report.objects.filter(order_id=order.pk, pk=report_id).select_related("entered_by").first()


def hidden_reporters(order: WorkOrder, reports: Iterable[Report], revealed: Collection[int]) -> set[int]:
    """The people who reported as residents and whose voice (by id in `revealed`) the reader may not open.

    `reports` are those of `reports_of`. A field worker who reported as such speaks by name.
    """
    voices = Report.objects.filter(order_id=order.pk) if _is_past(order) else reports
    return {
        report.reporter_id
        for report in voices
        if report.reporter_id and report.channel != Channel.FIELD and report.pk not in revealed
    }
