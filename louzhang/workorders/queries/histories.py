"""What was done and said about one order, and by whom it was reported, as far as a reader may know.

A unit that has given an order back, or lost it to another, reads on to the event with which the
order left it, and nothing later.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment, Audience, Event, Words
from louzhang.kit.compiled import compiled
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import Channel, Report, WorkOrder
from louzhang.workorders.queries.former import left_with
from louzhang.workorders.queries.orders import own_report
from louzhang.workorders.scope import own_reports

# Ties that end: nothing else ties the reader to the order but, perhaps, an own report.
PAST = frozenset({Relation.FORMER, Relation.REPORTER})
# What a reporter says; where several reported the same matter, each reads the own words only.
SAID_BY_REPORTERS = frozenset({"report", "rate", "comment", "reopen", "withdraw"})
# Of these every reporter hears that it happened, without the words.
HEARD_BY_ALL = frozenset({"reopen", "withdraw"})

# The words of a step that its reporter reads; notes among handlers stay among them.
PUBLIC_WORDS: Mapping[str, tuple[str, ...]] = {
    "report": ("words",),
    "accept": ("note",),
    "decline": ("reason", "advice"),
    "settle": ("note",),
    "settle_on_spot": ("note",),
    "report_back": ("answer",),
    "rate": ("words",),
    "reopen": ("reason",),
    "withdraw": ("reason",),
    "comment": ("words",),
    "shelve": ("explanation",),
    "verify": ("note",),
    "refute": ("reason",),
    "confirm_explanation": ("explanation", "basis"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a timeline with its words and files."""

    event: Event
    spoken: dict[str, Any]
    attachments: list[Attachment]
    is_erased: bool


def timeline(order: WorkOrder, actor: Actor, own: Sequence[Report] | None = None) -> list[Moment]:
    """The events of an order that the actor may read, oldest first (three queries; a fourth for the own voices
    of a reporter unless they are given).

    A reporter without another relation reads public events only, and no other reporter's words; who is tied
    to it by a unit that had it before, those up to its leaving. A complaint's own words are never shown to
    anyone out of scope, because `order` came from `visible_to`.
    """
    events = list(_beside(Event, order))
    silent: set[int] = set()
    told_from: float = math.inf
    if _is_past(order):
        voices = own if own is not None or Relation.REPORTER not in order.relations_now else _own(order, actor)
        left = left_with(events, actor.unit_ids) if Relation.FORMER in order.relations_now else 0
        events = [event for event in events if event.seq <= left or _is_told(event, order, voices or ())]
        told_from = left
        silent = {event.seq for event in events if event.seq > left and not speaks(event, voices or ())}
    words = {row.seq: row for row in _beside(Words, order) if row.seq not in silent}
    files: dict[int, list[Attachment]] = {}
    for file in _beside(Attachment, order):
        files.setdefault(file.seq, []).append(file)
    return [
        Moment(
            event=event,
            spoken=_heard(event, words[event.seq], is_told=event.seq > told_from) if event.seq in words else {},
            attachments=[] if event.seq in silent else files.get(event.seq, []),
            is_erased=event.seq in words and words[event.seq].erased_at is not None,
        )
        for event in events
    ]


def _heard(event: Event, said: Words, *, is_told: bool) -> dict[str, Any]:
    """The words of an event; who is told of it as a reporter hears of staff only what is said to reporters."""
    spoken: dict[str, Any] = said.spoken
    if not is_told or event.verb in SAID_BY_REPORTERS:
        return spoken
    return {name: spoken[name] for name in PUBLIC_WORDS.get(event.verb, ()) if name in spoken}


def _own(order: WorkOrder, actor: Actor) -> list[Report]:
    return list(own_reports(actor).filter(order_id=order.pk))


def is_for(event: Event, own: Collection[Report]) -> bool:
    """Whether these reporters may know of the event: not of what another one filed, said or rated."""
    return event.verb in HEARD_BY_ALL or speaks(event, own)


def speaks(event: Event, own: Collection[Report]) -> bool:
    """Whether the words of an event are for these reporters: said by staff to all, or their own.

    An event that does not name its voice was said when there was but one, the first.
    """
    if event.verb not in SAID_BY_REPORTERS:
        return True
    named = event.payload.get("reports") or [event.payload.get("report")]
    if named != [None]:
        return any(report.pk in named for report in own)
    is_staff = event.post_id is not None or event.unit_id is not None or event.actor_kind == ActorKind.SYSTEM
    return is_staff or any(report.seq == 1 and report.home_id is None for report in own)


def voices_elsewhere(reports: Iterable[Report], *, and_joined: bool = False) -> dict[int, Moment]:
    """What was said by voices that came from merged orders, by report (three queries, none without such voices).

    With `and_joined` also those of neighbours who joined the order itself, which its timeline has too. The
    reports are those of `reports_of`, or the reader's own: whoever may know the voice may read its words.
    """
    moved = {
        (report.home_id or report.order_id, report.seq): report.pk
        for report in reports
        if report.home_id or (and_joined and report.seq > 1)
    }
    if not moved:
        return {}
    homes, seqs = {home for home, _ in moved}, {seq for _, seq in moved}

    def beside(model: Any) -> list[Any]:
        rows = model.objects.filter(subject_kind=WorkOrder.subject_kind, subject_id__in=homes, seq__in=seqs)
        return [row for row in rows.order_by("pk") if (row.subject_id, row.seq) in moved]

    words = {(row.subject_id, row.seq): row for row in beside(Words)}
    files: dict[tuple[int | None, int], list[Attachment]] = {}
    for file in beside(Attachment):
        files.setdefault((file.subject_id, file.seq), []).append(file)
    found = {}
    for event in beside(Event):
        key = (event.subject_id, event.seq)
        said = words.get(key)
        is_erased = said is not None and said.erased_at is not None
        found[moved[key]] = Moment(event, said.spoken if said else {}, files.get(key, []), is_erased)
    return found


def _is_past(order: WorkOrder) -> bool:
    return order.relations_now <= PAST


def _is_told(event: Event, order: WorkOrder, own: Collection[Report]) -> bool:
    """Whether a reporter without another tie hears of an event."""
    is_reporter = Relation.REPORTER in order.relations_now
    return is_reporter and event.audience == Audience.PUBLIC and is_for(event, own)


def _beside(model: type[Model], order: WorkOrder) -> list[Any]:
    return _of_subject(model, "pk" if model is Attachment else "seq", kind=order.subject_kind, key=order.pk)


@compiled
def _of_subject(model: Any, order: str, *, kind: Any, key: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(subject_kind=kind, subject_id=key).order_by(order)
    return rows


def reports_of(order: WorkOrder, actor: Actor) -> list[Report]:
    """The voices of an order that came from `visible_to`; what of them may be shown, `contact_tier` says.

    Who is tied to it only by the past has no voice but the own one.
    """
    rows = _voices(key=order.pk)
    return [report for report in rows if own_report(report, actor)] if _is_past(order) else rows


@compiled
def _voices(*, key: Any) -> QuerySet[Report]:
    return Report.objects.filter(order_id=key).select_related("entered_by").order_by("pk")


def voice_of(order: WorkOrder, report_id: int) -> Report | None:
    """One voice of an order by its id, for `reveal_contact`, which asks whether it may be opened."""
    return Report.objects.filter(order_id=order.pk, pk=report_id).select_related("entered_by").first()


def hidden_reporters(
    order: WorkOrder, reports: Iterable[Report], revealed: Collection[int], moments: Iterable[Moment] = ()
) -> set[int]:
    """The people who reported as residents and whose voice (by id in `revealed`) the reader may not open.

    `reports` are those of `reports_of`. A field worker who reported as such speaks by name; whose matter a worker
    brought, does not. With its `moments` also whoever spoke while merged into the order and was taken out again.
    """
    voices = list(Report.objects.filter(order_id=order.pk) if _is_past(order) else reports)
    here = {report.pk for report in voices}
    said = (moment.event for moment in moments if _said_elsewhere(moment.event, here))
    return {event.user_id for event in said if event.user_id is not None} | {
        report.reporter_id
        for report in voices
        if report.reporter_id and not _speaks_as_worker(report) and report.pk not in revealed
    }


def _said_elsewhere(event: Event, here: Collection[int]) -> bool:
    """Whether a reporter said it whose voice is not in the order any more."""
    if event.verb not in SAID_BY_REPORTERS or event.post_id is not None or event.unit_id is not None:
        return False
    named = event.payload.get("reports") or [event.payload.get("report")]
    return named != [None] and not any(report in here for report in named)


def _speaks_as_worker(report: Report) -> bool:
    return report.channel == Channel.FIELD and report.entered_by_id is None
