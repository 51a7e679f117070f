"""Orders in a list as their reader may know them: who only had one before, or only reported it, reads less.

A list reads whole rows of orders. What a tie of the past does not open is taken off each row where the rows
are made, so that no list, file, map or program can forget it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.query import ModelIterable

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.workorders.models import Category, WorkOrder
from louzhang.workorders.scope import OUTSIDE, WorkOrderQuerySet, any_of, own_reports, relation_terms, seen_terms

# Events that say which unit leads from then on.
LEADS = frozenset({"dispatch", "transfer", "arbitrate"})


def ties_of_now(actor: Actor) -> Q | None:
    """The orders the actor has to do with now, beyond having reported them; None where there can be none."""
    return any_of(seen_terms(relation_terms(actor), OUTSIDE))


def sees_all(actor: Actor) -> bool:
    """Whether the actor stands above every order."""
    return actor.is_system or any(seat.rank == 1 for seat in actor.seats_with(*OFFICE_ROLES))


def with_former(rows: WorkOrderQuerySet, actor: Actor) -> WorkOrderQuerySet:
    """Mark rows that are in a list because the actor's unit had them before, and show them as it left them."""
    if not actor.unit_ids or sees_all(actor):
        return rows
    whens = [When(Exists(own_reports(actor).filter(order_id=OuterRef("pk"))), then=False)]
    if (tied := ties_of_now(actor)) is not None:
        whens.insert(0, When(tied, then=False))
    return rows.annotate(is_past=Case(*whens, default=Value(value=True), output_field=BooleanField()))


def as_readable(orders: Sequence[WorkOrder], actor: Actor) -> None:
    """The same for orders that were read beside other rows (one query, a few more where there is one of the past)."""
    if not actor.unit_ids or sees_all(actor) or not orders:
        return
    rows: QuerySet[Any] = with_former(WorkOrder.objects.filter(pk__in={order.pk for order in orders}), actor)
    past = set(rows.filter(is_past=True).order_by().values_list("pk", flat=True))
    as_left([order for order in orders if order.pk in past], actor)


def read_by(rows: WorkOrderQuerySet, actor: Actor) -> WorkOrderQuerySet:
    """The same rows, each made without what this reader may not know."""
    rows = rows.all()
    rows._iterable_class = type("Readable", (Readable,), {"actor": actor})  # noqa: SLF001 - as `values()` sets its own
    return rows


class Readable(ModelIterable[WorkOrder]):
    """Orders of a list, each without what its reader may not know."""

    actor: Actor

    def __iter__(self) -> Iterator[WorkOrder]:
        """The rows in their order (two or three queries more where a unit that had one before reads it)."""
        orders = list(super().__iter__())
        as_left([order for order in orders if getattr(order, "is_past", False)], self.actor)
        for order in orders:
            _in_own_words(order)
        return iter(orders)


def _in_own_words(order: WorkOrder) -> None:
    own = getattr(order, "own_summary", None)
    if own is not None and own != order.summary:
        order.summary, order.place_note = own, ""


def as_left(orders: Sequence[WorkOrder], actor: Actor) -> None:
    """Show orders as they stand for a unit that has given them away: that they are there, their step, and category
    and place as they were when they left it (one query, one more for each of the two that was changed since).
    """
    if not orders:
        return
    beside = Event.objects.filter(subject_kind=WorkOrder.subject_kind, subject_id__in=[order.pk for order in orders])
    chains = defaultdict(list)
    for event in beside.only("subject_id", "seq", "verb", "payload").order_by("seq"):
        chains[event.subject_id].append(event)
    categories, areas = {}, {}
    for order in orders:
        _without_present(order)
        left = left_with(chains[order.pk], actor.unit_ids)
        later = [event for event in chains[order.pk] if event.seq > left]
        categories[order.pk] = _before(later, "recategorise", "category_from")
        areas[order.pk] = _before(later, "relocate", "area_from")
    _put_back(orders, categories, areas)


def _without_present(order: WorkOrder) -> None:
    order.lead_unit = order.seat_area = order.assignee = None
    order.seat_role = ""
    order.dispatched_at = order.taken_at = order.settled_at = order.answered_at = order.closed_at = None
    order.is_settled_on_spot = False
    order.clocks, order.due_at = {}, None


def _before(later: Sequence[Event], verb: str, name: str) -> int | None:
    return next((event.payload.get(name) for event in later if event.verb == verb), None)


def _put_back(orders: Sequence[WorkOrder], categories: dict[int, int | None], areas: dict[int, int | None]) -> None:
    ids, places = set(categories.values()) - {None}, set(areas.values()) - {None}
    known: dict[int, Any] = Category.objects.select_related("parent").in_bulk(ids) if ids else {}
    lying: dict[int, Any] = Area.objects.select_related("level").in_bulk(places) if places else {}
    for order in orders:
        if (category := known.get(categories[order.pk] or 0)) is not None:
            order.category, order.is_urgent = category, category.is_urgent
        if (area := lying.get(areas[order.pk] or 0)) is not None:
            order.area, order.longitude, order.latitude = area, None, None


def left_with(events: Sequence[Event], unit_ids: Collection[int]) -> int:
    """The seq of the event with which the order last left these units, or a meeting they came to; 0 where none did."""
    left, lead, helpers = 0, None, frozenset[int]()
    for event in events:
        payload, was_here = event.payload, lead in unit_ids or bool(helpers & set(unit_ids))
        if event.verb in LEADS:
            lead = payload.get("unit")
        elif event.verb == "send_back":
            was_here, lead = was_here or payload.get("unit") in unit_ids, None
        helpers = frozenset(payload.get("assists", helpers))
        is_here = lead in unit_ids or bool(helpers & set(unit_ids))
        came = "meeting" in payload and bool(set(payload.get("units", ())) & set(unit_ids))
        if (was_here and not is_here) or (came and not is_here):
            left = event.seq
    return left
