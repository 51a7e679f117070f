"""What surveys tell: holders that one begins or that they are behind, a helper what was passed on, the asker a yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.queries.holders import nearest, people_at

HOLDERS, BEHIND, HELPER, ASKER = "holders", "behind", "helper", "asker"
RULES = (
    Rule("open", HOLDERS, "survey", "{what}开始了，您负责的住户在“排查问卷”里"),
    Rule("remind", BEHIND, "survey", "{what}还有住户没问完"),
    Rule("pass_on", HELPER, "survey", "{what}有一份分给您帮忙"),
    Rule("admit", ASKER, "survey", "{what}可以开始了"),
    Rule("decline", ASKER, "survey", "{what}街道没有同意，请看原因"),
)


class Tidings:
    """One batch of events with their surveys."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Survey.objects.select_related("asker_area").in_bulk(ids)

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The people of an audience."""
        row = self._rows[event.subject_id]
        if to == HOLDERS:
            yield from (Recipient(face="field", user_id=person) for person in self._holders(row, event))
        elif to == BEHIND:
            yield from (Recipient(face="field", user_id=person) for person in event.payload.get("people", ()))
        elif to == HELPER:
            yield Recipient(face="field", user_id=int(event.payload["person"]))
        else:
            yield Recipient(face="desk", user_id=row.author_id)

    def _holders(self, row: Survey, event: Event) -> list[int]:
        paths = list(Share.objects.leaves().filter(survey=row).values_list("area__path", flat=True))
        people = people_at(paths, event.happened_at)
        return sorted({person for path in paths for person in nearest(path, people)})

    def words(self, event: Event) -> Mapping[str, str]:
        """The title."""
        return {"what": f"“{self._rows[event.subject_id].title}”"}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page on the phone, or at the desk."""
        uid = self._rows[event.subject_id].uid
        return reverse("surveys_desk:survey" if recipient.face == "desk" else "surveys_field:one", args=[uid])

    def list_url(self, recipient: Recipient) -> str:
        """All of them."""
        return reverse("surveys_desk:list" if recipient.face == "desk" else "surveys_field:list")


BOOK = Rulebook(rules=RULES, open_batch=Tidings)
