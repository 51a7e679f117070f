"""Supervisions: the one that stands on an order, and the list of all in scope with what was demanded and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.kit import clock
from louzhang.workorders.lifecycle import STANDING, SupervisionState
from louzhang.workorders.models import Supervision, WorkOrder
from louzhang.workorders.scope import OUTSIDE

# The groups of the list: what stands, by its state, and what has been lifted.
GROUPS = ("standing", *(state.value for state in SupervisionState))


@dataclass(frozen=True, slots=True)
class SupervisionLine:
    """One supervision with the words of the order's events; erased words are blank."""

    row: Supervision
    demand: str
    reply: str
    is_late: bool


def standing_on(order: WorkOrder, spoken: Mapping[int, Mapping[str, Any]], at: datetime) -> SupervisionLine | None:
    """The supervision that stands on an order that came from `visible_to` (one query, none without a mark).

    `spoken` are the words of the order's events by their seq. Whoever is tied to it only by the past sees none.
    """
    if not order.supervision or order.relations_now <= OUTSIDE:
        return None
    row = Supervision.objects.filter(order_id=order.pk, status__in=sorted(STANDING)).select_related("asked_area").get()
    return _line(row, spoken, at)


def _line(row: Supervision, spoken: Mapping[int, Mapping[str, Any]], at: datetime) -> SupervisionLine:
    waits = row.status in (SupervisionState.ASKED, SupervisionState.SIGNED)
    return SupervisionLine(
        row=row,
        demand=str(spoken.get(row.asked_seq, {}).get("demand", "")),
        reply=str(spoken.get(row.replied_seq or 0, {}).get("reply", "")),
        is_late=waits and row.due_date < clock.local_date(at),
    )


def supervisions(actor: Actor, group: str = "standing") -> QuerySet[Supervision]:
    """The supervisions of a group in the actor's scope, the most pressing first."""
    rows: QuerySet[Supervision] = Supervision.objects.visible_to(actor)
    states = sorted(STANDING) if group == "standing" else [group]
    related = ("order__category", "order__area", "order__lead_unit", "order__desk_area", "asked_area", "unit")
    outlines = ("order__search_terms", "order__area__outline", "order__desk_area__outline", "asked_area__outline")
    return rows.filter(status__in=states).select_related(*related).defer(*outlines).order_by("due_date", "pk")


def counted_by_state(actor: Actor) -> dict[str, int]:
    """How many supervisions in scope are in which state (one query)."""
    states = Supervision.objects.visible_to(actor).values_list("status", flat=True)
    counts = dict.fromkeys(GROUPS, 0)
    for state in states:
        counts[state] += 1
        counts["standing"] += state in STANDING
    return counts


def lines_of(rows: Sequence[Supervision], at: datetime) -> list[SupervisionLine]:
    """The same rows with their words (one query)."""
    spoken = _words_of(rows)
    return [_line(row, spoken.get(row.order_id, {}), at) for row in rows]


def _words_of(rows: Sequence[Supervision]) -> dict[int, dict[int, dict[str, Any]]]:
    said: dict[int, dict[int, dict[str, Any]]] = {}
    orders = {row.order_id for row in rows}
    seqs = {seq for row in rows for seq in (row.asked_seq, row.replied_seq) if seq}
    found = Words.objects.filter(subject_kind=WorkOrder.subject_kind, subject_id__in=orders, seq__in=seqs)
    for words in found:
        said.setdefault(words.subject_id, {})[words.seq] = words.spoken
    return said
