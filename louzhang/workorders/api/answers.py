"""From rows to JSON. Lists are written straight, without a second validation of every row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.workorders.clocks import ClockState
from louzhang.workorders.forms.reports import Receipt
from louzhang.workorders.lifecycle import LABELS, LOOP, State
from louzhang.workorders.models import Category, Report, WorkOrder
from louzhang.workorders.queries import Moment, Tier, contact_tier, reports_of, verbs_now, voices_elsewhere
from louzhang.workorders.queries.clocks import readings_of
from louzhang.workorders.scope import OUTSIDE

# Facts of an event that programs may read; ids of files and of people stay inside.
PLAIN_FACTS = ("from", "to", "unit", "unit_name", "stars", "solved", "call_result", "channel")


def receipt_line(receipt: Receipt) -> dict[str, Any]:
    """What is told after filing (`ReportOut`)."""
    return {
        "report": receipt.report_id,
        "number": receipt.number,
        "tracking_code": receipt.tracking_code,
        "promised_at": receipt.promised_at,
    }


def order_line(order: WorkOrder) -> dict[str, Any]:
    """One line of a list (`OrderOut`)."""
    unit = order.lead_unit
    return {
        "number": order.number,
        "status": order.status,
        "label": order.status_label,
        "category": order.category.code,
        "category_name": order.category.name,
        "summary": order.summary,
        "area": order.area_id,
        "area_name": order.area.name,
        "unit": order.lead_unit_id,
        "unit_name": unit.name if unit else "",
        "is_urgent": order.is_urgent,
        "reported_at": order.reported_at,
        "promised_at": order.promised_at,
        "closed_at": order.closed_at,
        "longitude": order.longitude,
        "latitude": order.latitude,
    }


def order_full(order: WorkOrder, actor: Actor, at: datetime) -> dict[str, Any]:
    """One order with its voices (`OrderFullOut`)."""
    reports = reports_of(order, actor)[:50]
    moved = voices_elsewhere(reports)
    return order_line(order) | {
        "place_note": order.place_note,
        "step": order.step,
        "relations": sorted(order.relations_now),
        "clocks": clock_lines(order, at),
        "verbs": [transition.verb for transition in verbs_now(order)],
        "reports": [voice_line(order, report, actor, moved.get(report.pk)) for report in reports],
    }


def clock_lines(order: WorkOrder, at: datetime) -> dict[str, dict[str, Any]]:
    """The clocks of an order (`OrderClockOut`), as its page tells them: nothing to who only had it or reported it."""
    if order.relations_now <= OUTSIDE:
        return {}
    return {
        kind.value: {
            "due_at": reading.due_at,
            "state": reading.state.value,
            "is_paused": reading.state is ClockState.PAUSED,
            "is_waiting": reading.is_waiting,
        }
        for kind, reading in readings_of(order.kept, order, at).items()
    }


def voice_line(order: WorkOrder, report: Report, actor: Actor, moved: Moment | None = None) -> dict[str, Any]:
    """One voice (`VoiceOut`), its contact masked, or blank for a reader without the tie.

    `moved` is where a voice that came from a merged order said its words; the others' are in the events.
    """
    is_hidden = contact_tier(order, report, actor) is Tier.HIDDEN
    return {
        "report": report.pk,
        "channel": report.channel,
        "answer_way": report.answer_way,
        "reported_at": report.reported_at,
        "name": "" if is_hidden else report.masked_name,
        "phone": "" if is_hidden else report.masked_phone,
        "stars": report.stars,
        "solved": report.is_solved,
        "words": str(moved.spoken.get("words", "")) if moved is not None else "",
    }


def event_line(moment: Moment) -> dict[str, Any]:
    """One event (`EventOut`)."""
    event = moment.event
    facts = {key: value for key, value in event.payload.items() if key in PLAIN_FACTS}
    if "to" in facts and facts["to"] in set(State):
        facts["to_label"] = LABELS[State(facts["to"])]
    return {
        "seq": event.seq,
        "verb": event.verb,
        "said": LOOP[event.verb].said if event.verb in LOOP else "",
        "happened_at": event.happened_at,
        "audience": event.audience,
        "actor_kind": event.actor_kind,
        "facts": facts,
        "words": moment.spoken,
        "is_erased": moment.is_erased,
    }


def category_line(category: Category) -> dict[str, Any]:
    """One leaf (`CategoryOut`)."""
    return {
        "code": category.code,
        "name": category.name,
        "group": category.parent.name if category.parent else "",
        "letters": category.letters,
        "promised_hours": category.promised_hours,
        "is_urgent": category.is_urgent,
        "questions": category.questions,
    }
