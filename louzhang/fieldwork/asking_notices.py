"""What admissions tell: the street what waits, who asked what became of it, the communities what was let in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area, Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.fieldwork.models import Admission
from louzhang.fieldwork.models.admissions import COMMUNITY_RANK
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook

STREET, AUTHOR, COMMUNITIES = "street", "author", "communities"
RULES = (
    Rule("ask", STREET, "admission", "有任务等街道准入：{what}", many="{count} 项任务等街道准入"),
    Rule("start", STREET, "admission", "应急任务已经直接开始：{what}"),
    Rule("start", COMMUNITIES, "admission", "应急任务已经开始：{what}"),
    Rule("admit", AUTHOR, "admission", "{where}同意开展：{what}"),
    Rule("decline", AUTHOR, "admission", "{where}没有同意：{what}，请看原因"),
    Rule("admit", COMMUNITIES, "admission", "街道同意开展：{what}"),
    Rule("withdraw", STREET, "admission", "任务已经撤回：{what}"),
)


class Admissions:
    """One batch of admissions with their streets."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Admission.objects.select_related("street").defer("loads").in_bulk(ids)

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who wrote it, the office of the street, or those of its communities that it concerns."""
        row = self._rows[event.subject_id]
        if to == AUTHOR:
            yield Recipient(face="desk", user_id=row.author_id)
            return
        here = Q(area_id=row.street_id) if to == STREET else Q(area__path__in=_communities(row))
        posts = Post.objects.as_of(clock.local_date(event.happened_at)).filter(here, role__in=OFFICE_ROLES)
        for people in posts.values_list("user_id", "stand_in_id"):
            yield from (Recipient(face="desk", user_id=each) for each in people if each is not None)

    def words(self, event: Event) -> Mapping[str, str]:
        """The campaign and the street; no person."""
        row = self._rows[event.subject_id]
        return {"what": row.title, "where": row.street.name}

    def is_urgent(self, event: Event) -> bool:
        """Never: what is urgent is reported."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("asking:admission", args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list."""
        return reverse("asking:admissions")


def _communities(row: Admission) -> set[str]:
    """The paths of the communities in which somebody is asked."""
    loads = Admission.objects.values_list("loads", flat=True).get(pk=row.pk)
    paths = Area.objects.filter(pk__in=[int(each) for each in loads]).values_list("path", flat=True)
    return {path[: COMMUNITY_RANK * Area.steplen] for path in paths}


ADMISSIONS = Rulebook(rules=RULES, open_batch=Admissions)
