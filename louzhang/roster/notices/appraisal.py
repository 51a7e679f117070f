"""What appraisals tell: appraisers that they are asked, everybody that the own figures are out, who is to be heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.roster.models.appraisal import AppraisalMonth, Appraiser, Standing
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.queries.appraisal.spans import spoken

PERSON, OFFICE, APPRAISERS = "person", "office", "appraisers"
OBJECTION_RULES = (
    Rule("object", OFFICE, "figure_objection", "有人对考核的数字有异议，等答复", many="{count} 条对数字的异议等答复"),
    Rule("correct", PERSON, "figure_objection", "您提的异议有了答复：数字更正了"),
    Rule("explain", PERSON, "figure_objection", "您提的异议有了答复：社区说明了理由"),
)
REVIEW_RULES = (
    Rule("open", PERSON, "appraisal_review", "社区要复核您的工作，请先说说您的看法"),
    Rule("open", OFFICE, "appraisal_review", "开始了一次考核复核，请先听本人说"),
    Rule("hear", OFFICE, "appraisal_review", "本人已经说明，等决定"),
    Rule("decide", PERSON, "appraisal_review", "复核有了决定，请看理由"),
)
MONTH_RULES = (
    Rule("name_appraisers", APPRAISERS, "appraisal_month", "请您给{month}打分"),
    Rule("publish", PERSON, "appraisal_month", "{month}的考核公布了，可以看自己的数字"),
    Rule("amend", PERSON, "appraisal_month", "{month}的考核按异议更正过"),
)


class _OfCommunity:
    """One batch of rows that lie in a community; a class says which table and whose page."""

    TABLE: ClassVar[type[Any]]
    PAGE: ClassVar[str]
    LIST: ClassVar[str]

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = self.TABLE.objects.select_related("area").in_bulk(ids)

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Whom it is about, or the office of the community; never who did it."""
        row = self._rows[event.subject_id]
        found = _office(row.area, event) if to == OFFICE else [Recipient(face="field", user_id=row.user_id)]
        yield from (each for each in found if each.user_id != event.user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Nothing: a line names nobody."""
        return {}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse(self.PAGE, args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list of the reader's face."""
        return reverse("appraisal:mine" if recipient.face == "field" else self.LIST)


def _office(area: Area, event: Event) -> Iterator[Recipient]:
    here = Q(area=area, role__in=OFFICE_ROLES)
    for seated in seated_in(here, clock.local_date(event.happened_at)):
        yield Recipient(face="desk", user_id=seated.user_id)


class Objections(_OfCommunity):
    """Objections to figures."""

    TABLE, PAGE, LIST = FigureObjection, "appraisal:objection", "appraisal:objections"


class Reviews(_OfCommunity):
    """Reviews."""

    TABLE, PAGE, LIST = Review, "appraisal:review", "appraisal:reviews"


class Months(_OfCommunity):
    """Months: who is asked for scores, whose figures are out."""

    TABLE, PAGE, LIST = AppraisalMonth, "appraisal:month", "appraisal:months"

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Those named to score, or everybody who is appraised."""
        month = self._rows[event.subject_id]
        rows: Any = (
            Appraiser.objects.filter(month=month, ended_at=None)
            if to == APPRAISERS
            else Standing.objects.filter(month=month)
        )
        for user_id in rows.order_by("pk").values_list("user_id", flat=True):
            yield Recipient(face="field", user_id=user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Which month."""
        return {"month": spoken(self._rows[event.subject_id].month)}

    def url(self, event: Event, recipient: Recipient) -> str:
        """The sheets to fill in, or the own months."""
        return reverse("appraisal:sheets" if event.verb == "name_appraisers" else "appraisal:mine")


BOOKS = {
    FigureObjection.subject_kind: Rulebook(rules=OBJECTION_RULES, open_batch=Objections),
    Review.subject_kind: Rulebook(rules=REVIEW_RULES, open_batch=Reviews),
    AppraisalMonth.subject_kind: Rulebook(rules=MONTH_RULES, open_batch=Months),
}
