"""What follow-ups tell: whoever is to call, and whoever keeps the list of needs; an order tells of itself (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.queries import line_of
from louzhang.areas.queries.seated import Seated, seated_in
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.register.models.shelters import sheltered_homes
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.surveys.models import Course, FollowUp

CALLER, KEEPER = "caller", "keeper"
RULES = (
    Rule("make", CALLER, "follow_up", "排查里有一户请您上门：{what}", many="排查里有 {count} 户请您上门"),
    Rule(
        "make",
        KEEPER,
        "follow_up_need",
        "排查里有一户的需要记进了清单：{what}",
        many="排查里有 {count} 条需要记进了清单",
    ),
)
COURSES = {CALLER: Course.VISIT, KEEPER: Course.NEED}


class FollowUps:
    """One batch of follow-ups; a line says what its rule says, and neither door nor answer."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = FollowUp.objects.select_related("rule", "area__level", "target").in_bulk(ids)
        homes = {row.target.household_id for row in self._rows.values()} - {None}
        self._hidden = set(sheltered_homes().filter(household_id__in=homes))

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The nearest of those who handle it; of a shielded home the secretary of the community alone."""
        row = self._rows[event.subject_id]
        if row.course != COURSES[to]:
            return
        for each in _nearest(self._seats(row), event):
            yield Recipient(face=each.face, user_id=each.user_id)

    def _seats(self, row: FollowUp) -> Iterator[Q]:
        line = line_of(row.area)
        office = Q(area_id__in=[area.pk for area in line if area.rank == COMMUNITY_RANK])
        if row.target.household_id in self._hidden:
            yield office & Q(role=Role.SECRETARY)
            return
        roles = (row.role,) if row.course == Course.VISIT else FIELD_ROLES
        yield Q(area_id__in=[area.pk for area in line], role__in=roles)
        yield office & Q(role__in=OFFICE_ROLES)

    def words(self, event: Event) -> Mapping[str, str]:
        """What is to be done, as the rule says it."""
        return {"what": self._rows[event.subject_id].rule.words}

    def is_urgent(self, event: Event) -> bool:
        """Never: what is urgent is reported."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("follow_ups:one", args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """All that one handles."""
        return reverse("follow_ups:list")


def _nearest(seats: Iterable[Q], event: Event) -> list[Seated]:
    """Those of the nearest place in the first of these where anybody sits."""
    for posts in seats:
        if found := list(seated_in(posts, clock.local_date(event.happened_at))):
            return [each for each in found if each.area_id == found[0].area_id]
    return []


FOLLOW_UPS = Rulebook(rules=RULES, open_batch=FollowUps)
