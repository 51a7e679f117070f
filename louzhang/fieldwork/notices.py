"""What the field tells: that somebody would like company, and that somebody comes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.queries import line_of
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.fieldwork.models import Company
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.register.scope import COMMUNITY_RANK

AROUND, ASKER = "around", "asker"
COMPANY_RULES = (
    Rule("ask", AROUND, "company", "有人想结伴走访：{what}", many="{count} 处想有人一起去"),
    Rule("join", ASKER, "company", "有人和您一起去：{what}"),
    Rule("leave", ASKER, "company", "说好和您一起去的人来不了了，又在找人：{what}"),
    Rule("leave", AROUND, "company", "有人想结伴走访：{what}", many="{count} 处想有人一起去"),
)


class Companies:
    """One batch of wishes with their places."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Company.objects.filter(pk__in=ids).select_related("area__level", "dwelling").in_bulk()

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The grid worker and the community of the place; or who asked."""
        row = self._rows[event.subject_id]
        if to == ASKER:
            yield Recipient(face="field", user_id=row.asker_id)
            return
        line = line_of(row.area)
        grids = [area.pk for area in line if area.rank > COMMUNITY_RANK]
        offices = [area.pk for area in line if area.rank == COMMUNITY_RANK]
        field = Q(area_id__in=grids, role__in=(Role.GRID_WORKER, Role.GRID_LEAD))
        desk = Q(area_id__in=offices, role__in=OFFICE_ROLES)
        for each in seated_in(field | desk, clock.local_date(event.happened_at)):
            if each.user_id != row.asker_id:
                yield Recipient(face=each.face, user_id=each.user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """The building; no door, no name."""
        return {"what": self._rows[event.subject_id].area.name}

    def is_urgent(self, event: Event) -> bool:
        """Never: what is urgent is reported."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The list of the day, where it stands on top."""
        return self.list_url(recipient)

    def list_url(self, recipient: Recipient) -> str:
        """The page of the day on the recipient's face."""
        return reverse("fieldwork_desk:work" if recipient.face == "desk" else "fieldwork_field:today")


COMPANY = Rulebook(rules=COMPANY_RULES, open_batch=Companies)
