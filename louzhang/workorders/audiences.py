"""Whom a step of an order concerns: who sits where, who reported, which units it names; nobody who may not see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from louzhang.accounts.models import User
from louzhang.areas.models import Post, Unit
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.workorders.models import Handling, Part, Report, Supervision, WorkOrder
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.scope import WorkOrderQuerySet

# The desk that accepts and dispatches; HANDS: the one who holds it, else everybody in the unit it is given to, else
# the desk; NAMED: the units an event names beside the lead; ASKER: the office that supervises, or that sees it overdue;
# LOOKERS: the chiefs and grid workers of the place, where somebody has to look before it may be closed.
DESK, HANDS, NAMED, ASKER, LOOKERS, REPORTERS = "desk", "hands", "named", "asker", "lookers", "reporters"


class Orders:
    """One batch of events with their orders; who sits where is looked up once for all of them."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        rows = WorkOrder.objects.filter(pk__in=ids).select_related("category", "area", "lead_unit")
        self._orders = {order.pk: order for order in rows.defer("search_terms", "area__outline")}
        self._places = spoken_places((order.area for order in self._orders.values()), from_rank=4)
        self._voices: dict[int, list[Recipient]] | None = None
        self._seated: dict[tuple[object, ...], list[Recipient]] = {}
        self._audiences: Mapping[str, Callable[[WorkOrder, Event], Iterable[Recipient]]] = {
            DESK: self._at_desk,
            HANDS: self._in_hands,
            NAMED: self._named,
            ASKER: self._asker,
            LOOKERS: self._lookers,
            REPORTERS: self._reporters,
        }

    def knows(self, event: Event) -> bool:
        """Whether the order is there."""
        return event.subject_id in self._orders

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The audience, without whoever may not see the order."""
        order = self._orders[event.subject_id]
        for recipient in self._audiences[to](order, event):
            if _may_see(recipient, order, event):
                yield recipient

    def words(self, event: Event) -> Mapping[str, str]:
        """Kind of matter with its place, or the number; the unit."""
        order = self._orders[event.subject_id]
        what = f"“{order.category.name}”（{self._places[order.area_id]}）"
        if order.category.handling != Handling.PLAIN:
            what = f"事项 {order.number}"
        return {"what": what, "unit": order.lead_unit.name if order.lead_unit else "承办单位"}

    def is_urgent(self, event: Event) -> bool:
        """A red case (紧急)."""
        return self._orders[event.subject_id].is_urgent

    def url(self, event: Event, recipient: Recipient) -> str:
        """The order on the face of whoever reads."""
        return _address(recipient.face).format(self._orders[event.subject_id].number)

    def list_url(self, recipient: Recipient) -> str:
        """The list of what waits for whoever reads."""
        return reverse(LISTS[recipient.face])

    def _at_desk(self, order: WorkOrder, event: Event) -> list[Recipient]:
        return self._in_office(event, order.desk_area_id)

    def _in_office(self, event: Event, area_id: int) -> list[Recipient]:
        return self._sitting(event, Q(area_id=area_id, role__in=OFFICE_ROLES), "office", area_id)

    def _in_hands(self, order: WorkOrder, event: Event) -> list[Recipient]:
        if order.lead_unit is None:
            return self._at_desk(order, event)
        if order.assignee_id is not None:
            return [Recipient(face="desk", user_id=order.assignee_id)]
        if order.seat_area_id is not None:
            seat = Q(area_id=order.seat_area_id, role=order.seat_role)
            return self._sitting(event, seat, "seat", order.seat_area_id, order.seat_role)
        return self._in_unit(event, order.lead_unit)

    def _in_unit(self, event: Event, unit: Unit) -> list[Recipient]:
        return self._sitting(event, _working_in(unit), "unit", unit.pk)

    def _named(self, order: WorkOrder, event: Event) -> Iterator[Recipient]:
        """The units whose parts the event asks for or ends, or that it calls together."""
        facts = event.payload
        asked = Part.objects.filter(pk__in=facts.get("parts", ())).values("unit_id")
        plain = [*facts.get("units", ()), *([facts["helper"]] if "helper" in facts else ())]
        for unit in Unit.objects.filter(Q(pk__in=asked) | Q(pk__in=plain)):
            yield from self._in_unit(event, unit)

    def _asker(self, order: WorkOrder, event: Event) -> list[Recipient]:
        """The office whose demand it is, or the one above the desk that the clock told."""
        area_id = event.payload.get("area")
        if "supervision" in event.payload:
            rows = Supervision.objects.filter(pk=event.payload["supervision"])
            area_id = rows.values_list("asked_area_id", flat=True).first()
        return [] if area_id is None else self._in_office(event, area_id)

    def _lookers(self, order: WorkOrder, event: Event) -> list[Recipient]:
        if not order.is_to_verify:
            return []
        return self._sitting(event, Q(area_id__in=event.area_ids, role__in=FIELD_ROLES), "lookers", *event.area_ids)

    def _sitting(self, event: Event, posts: Q, *key: object) -> list[Recipient]:
        """Everybody who fills one of these posts on the day, own or stood in for."""
        day = clock.local_date(event.happened_at)
        if (day, *key) not in self._seated:
            rows = Post.objects.as_of(day).filter(posts).values_list("role", "user_id", "stand_in_id")
            self._seated[day, *key] = [
                Recipient(face="field" if role in FIELD_ROLES else "desk", user_id=user_id)
                for role, *users in rows
                for user_id in users
                if user_id is not None
            ]
        return self._seated[day, *key]

    def _reporters(self, order: WorkOrder, event: Event) -> list[Recipient]:
        if self._voices is None:
            self._voices = _voices_of(self._orders)
        return self._voices.get(order.pk, [])


def _voices_of(order_ids: Iterable[int]) -> dict[int, list[Recipient]]:
    """Who reported each of these orders: a person, or the phone they wrote with (one query)."""
    voices: dict[int, list[Recipient]] = {}
    rows: QuerySet[Any, Any] = Report.objects.filter(order_id__in=list(order_ids)).order_by("pk")
    for order_id, reporter_id, device_hash in rows.values_list("order_id", "reporter_id", "device_hash"):
        if reporter_id is not None:
            voices.setdefault(order_id, []).append(Recipient(face="phone", user_id=reporter_id))
        elif device_hash:
            voices.setdefault(order_id, []).append(Recipient(face="phone", device_hash=device_hash))
    return voices


PAGES = {"desk": "desk:order", "field": "field:one", "phone": "phone:one"}
LISTS = {"desk": "desk:inbox", "field": "field:orders", "phone": "phone:mine"}


@cache
def _address(face: str) -> str:
    """The address of an order on a face, with a place for its number."""
    return reverse(PAGES[face], args=["NUMBER"]).replace("NUMBER", "{}")


def _working_in(unit: Unit) -> Q:
    if unit.office_area_id is not None:
        return Q(area_id=unit.office_area_id, role__in=OFFICE_ROLES)
    return Q(unit_id=unit.pk, role__in=UNIT_ROLES)


def _may_see(recipient: Recipient, order: WorkOrder, event: Event) -> bool:
    """Whether the order is in scope for a person; for a plain matter every audience is, by what it is."""
    if order.category.handling == Handling.PLAIN or recipient.user_id is None or recipient.face == "phone":
        return True
    person = User.objects.get(pk=recipient.user_id)
    rows: WorkOrderQuerySet = WorkOrder.objects.all()
    return rows.visible_to(actor_for(person, event.happened_at)).filter(pk=order.pk).exists()
