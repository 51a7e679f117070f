"""What duty tells: the one who is called about a red case, at night too; the one who is to countersign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.duty.models import Handover
from louzhang.journal.models import Event
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import ALWAYS, Rule, Rulebook
from louzhang.workorders.models import Handling, WorkOrder

CALLED, TAKER = "called", "taker"
CALL_RULES = (Rule("call_duty", CALLED, "duty", "值班叫您：{what}，还没有人接", red=ALWAYS),)
HANDOVER_RULES = (Rule("write", TAKER, "handover", "有一份交接班等您签字"),)


class Calls:
    """One batch of calls with their orders."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._orders = WorkOrder.objects.filter(pk__in=ids).select_related("category").in_bulk()

    def knows(self, event: Event) -> bool:
        """Whether the order is there."""
        return event.subject_id in self._orders

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The one who was called; only who may see the order is."""
        yield Recipient(face="desk", user_id=int(event.payload["called"]))

    def words(self, event: Event) -> Mapping[str, str]:
        """The kind of matter; of complaints and guarded matters the number alone."""
        order = self._orders[event.subject_id]
        plain = order.category.handling == Handling.PLAIN
        return {"what": f"紧急{order.category.name}" if plain else order.number}

    def is_urgent(self, event: Event) -> bool:
        """Always."""
        return True

    def url(self, event: Event, recipient: Recipient) -> str:
        """The order at the desk."""
        return reverse("desk:order", args=[self._orders[event.subject_id].number])

    def list_url(self, recipient: Recipient) -> str:
        """The desk's inbox."""
        return reverse("desk:inbox")


class Handovers:
    """One batch of sign-overs."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._rows = Handover.objects.in_bulk({event.subject_id for event in events})

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who is to countersign."""
        yield Recipient(face="desk", user_id=self._rows[event.subject_id].taker_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Nothing."""
        return {}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the sign-over."""
        return reverse("duty:handover", args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The duty list."""
        return reverse("duty:week")


CALLS = Rulebook(rules=CALL_RULES, open_batch=Calls)
HANDOVERS = Rulebook(rules=HANDOVER_RULES, open_batch=Handovers)
