"""Lines of a desk table: by when, number, category, what, where, with whom, which step, and the next verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.urls import reverse

from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit.lifecycle import Transition
from louzhang.shell.parts import Chip, Verb
from louzhang.workorders.lifecycle import Relation, State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import verbs_now
from louzhang.workorders.queries.parts import helped_parts
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.views.clock_marks import VERBS_OF_TIME, Due, pressing_due
from louzhang.workorders.views.telling import STATE_CHIPS, marks_of, title_of

# The letter that presses a verb, on a row and on the page of an order.
KEYS = {
    "accept": "a",
    "dispatch": "d",
    "take": "t",
    "settle": "s",
    "report_back": "f",
    "close": "c",
    "send_back": "b",
    "assign": "g",
    "reopen": "o",
    "decline": "x",
    "recategorise": "l",
    "relocate": "p",
    "urge": "u",
    "supervise": "v",
    "sign_supervision": "q",
    "reply_supervision": "y",
    "lift_supervision": "i",
    "shelve": "h",
    "unshelve": "h",
    "escalate": "e",
    "verify": "w",
    "settle_by_explanation": "z",
    "confirm_explanation": "z",
    "tell": "r",
    "merge": "m",
    "unmerge": "u",
    "ask_assist": "n",
    "take_part": "t",
    "reply_part": "s",
}
# Verbs of the order's page that no letter presses.
KEYLESS = frozenset(
    VERBS_OF_TIME
    | {"settle_on_spot", "refute", "return_explanation", "ask_assist", "transfer", "arbitrate"}
    | {"call_meeting", "raise_motion"}
)
URGENT = Chip(kind="urgent", words="紧急")
RETURNED = Chip(kind="plain", words="退回过")
HELPS = Chip(kind="plain", words="协办")
TIMED = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN})


class Row(TypedDict):
    """One order as a line of a table; `due` is empty once the work is done.

    `marks` are everything that stands out, the most pressing first; `is_urgent` is among them.
    """

    number: str
    url: str
    category: str
    what: str
    where: str
    unit: str
    step: Chip
    tone: str
    reported_at: datetime
    due: Due | None
    is_urgent: bool
    marks: list[Chip]
    verb: Verb | None


def rows_of(orders: Sequence[WorkOrder], actor: Actor, at: datetime) -> list[Row]:
    """Lines in the order given, with the places of all of them in one query.

    Whoever works in communities only reads places from the building down; whoever only helps with some of them is
    told the time of the own part, which takes one query more.
    """
    ranks = [seat.rank for seat in actor.seats_with(*OFFICE_ROLES)]
    is_local = bool(ranks) and min(ranks) == RANKS[LevelKind.COMMUNITY]
    places = spoken_places((order.area for order in orders), from_rank=RANKS[LevelKind.COMMUNITY] + is_local)
    helped = helped_parts(orders, actor)
    dues = {order.pk: pressing_due(order, helped, at) for order in orders}
    return [_row(order, places.get(order.area_id, ""), dues[order.pk]) for order in orders]


def _row(order: WorkOrder, place: str, due: Due | None) -> Row:
    is_timed = order.status in TIMED
    return Row(
        number=order.number,
        url=reverse("desk:order", args=[order.number]),
        category=order.category.name,
        what=title_of(order),
        where=where_of(order, place),
        unit=order.lead_unit.name if order.lead_unit else "",
        step=Chip(kind=STATE_CHIPS[State(order.status)], words=order.status_label),
        tone="overdue" if order.supervision or (order.is_urgent and is_timed) else due.tone if due else "",
        reported_at=order.reported_at,
        due=due,
        is_urgent=order.is_urgent,
        marks=_row_marks(order, is_timed=is_timed),
        verb=_next_verb(order),
    )


def _row_marks(order: WorkOrder, *, is_timed: bool) -> list[Chip]:
    marks = [URGENT] if order.is_urgent else []
    if order.return_count > 0 and is_timed:
        marks.append(RETURNED)
    marks += marks_of(order)
    return [*marks, HELPS] if order.relations_now & {Relation.ASKED, Relation.HELPING} else marks


def where_of(order: WorkOrder, place: str) -> str:
    """The place in words, said as uncertain while nobody has found it."""
    words = " ".join(part for part in (place, order.place_note) if part)
    return f"待定位：{order.place_note or place}" if order.is_unplaced else words


def _next_verb(order: WorkOrder) -> Verb | None:
    main = [transition for transition in verbs_now(order) if transition.is_main and transition.verb in KEYS]
    return verb_link(order, main[0]) if main else None


def verb_link(order: WorkOrder, transition: Transition) -> Verb:
    """The button of a verb: a page of its own, and a dialog where there is JavaScript."""
    return Verb(
        label=transition.label,
        url=reverse("desk:act", args=[order.number, transition.verb]),
        kind="main" if transition.is_main else "danger" if transition.is_grave else "plain",
        opens="act",
        key=KEYS.get(transition.verb, ""),
    )
