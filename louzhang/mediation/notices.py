"""What a mediation tells: the next mediator that it is theirs, and the mediator that the day to look back has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.mediation.models import Mediation
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook

NEXT = "next"
RULES = (
    Rule("hand_on", NEXT, "mediation", "有一件矛盾调解交给您：{what}", many="{count} 件矛盾调解交给您"),
    Rule("remind", NEXT, "mediation", "今天要回访矛盾调解：{what}", many="{count} 件矛盾调解今天要回访"),
)


class Mediations:
    """One batch of events with their mediations."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._mediations = Mediation.objects.filter(pk__in=ids).select_related("area").in_bulk()

    def knows(self, event: Event) -> bool:
        """Whether the mediation is there."""
        return event.subject_id in self._mediations

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The mediator it was handed to, or whose it is."""
        yield Recipient(face="field", user_id=int(event.payload["mediator"]))

    def words(self, event: Event) -> Mapping[str, str]:
        """The place, nothing of what it is about."""
        return {"what": self._mediations[event.subject_id].area.name}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the mediation."""
        return reverse("mediation:one", args=[self._mediations[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list."""
        return reverse("mediation:list")


BOOK = Rulebook(rules=RULES, open_batch=Mediations)
