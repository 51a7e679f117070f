"""What a question tells whom: those who look after the place that one waits, the asker that there is an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.inquiries.models import KEEPER_ROLES, Inquiry
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook

KEEPERS, ASKER = "keepers", "asker"

RULES = (
    Rule("ask", KEEPERS, "asked", "居民提问：{what}", many="{count} 个居民提问等您回答"),
    Rule("ask_more", KEEPERS, "asked", "居民又问了一句：{what}", many="{count} 个居民提问等您回答"),
    Rule("answer", ASKER, "answered", "您问的有回答了。"),
    Rule("turn", ASKER, "answered", "您问的已经变成工单，可以在“我的事”里看办到哪一步。"),
)


class Inquiries:
    """One batch of events with their questions."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._inquiries = Inquiry.objects.filter(pk__in=ids).select_related("area").in_bulk()

    def knows(self, event: Event) -> bool:
        """Whether the question is there."""
        return event.subject_id in self._inquiries

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The asker, or whoever looks after the place on the day."""
        inquiry = self._inquiries[event.subject_id]
        if to == ASKER:
            yield Recipient(face="phone", user_id=inquiry.asker_id, device_hash=inquiry.device_hash)
            return
        line = [area.pk for area in line_of(inquiry.area)]
        posts = Post.objects.as_of(clock.local_date(event.happened_at)).filter(area_id__in=line, role__in=KEEPER_ROLES)
        for people in posts.values_list("user_id", "stand_in_id"):
            yield from (Recipient(face="field", user_id=user_id) for user_id in people if user_id is not None)

    def words(self, event: Event) -> Mapping[str, str]:
        """The place, no words of people."""
        return {"what": self._inquiries[event.subject_id].area.name}

    def is_urgent(self, event: Event) -> bool:
        """Never: what is urgent is reported."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the question on the recipient's face."""
        uid = self._inquiries[event.subject_id].uid
        return reverse("inquiries:field_one" if recipient.face == "field" else "inquiries:one", args=[uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list on the recipient's face."""
        return reverse("inquiries:field" if recipient.face == "field" else "inquiries:mine")


BOOK = Rulebook(rules=RULES, open_batch=Inquiries)
