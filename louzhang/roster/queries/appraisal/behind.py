"""What lies behind a figure: its rows as far as the reader may see them, and what residents wrote, without names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.models import Errand
from louzhang.inquiries.models import Inquiry
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.register.models import Household
from louzhang.roster.models.appraisal import Standing
from louzhang.roster.queries.appraisal.seats import seats_in
from louzhang.roster.queries.appraisal.spans import Span
from louzhang.roster.queries.appraisal.statements import SUBJECTS
from louzhang.roster.queries.appraisal.tallying import cases_of
from louzhang.workorders.models import Report, WorkOrder

# Words of fewer people are not shown: they could tell who wrote them.
WORDS_FROM = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One case behind a figure."""

    words: str
    place: str
    is_good: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases behind a figure: those in scope, and how many are not."""

    rows: tuple[Row, ...]
    hidden: int


def behind(standing: Standing, kind: str, actor: Actor) -> Behind:
    """The rows that one figure of a person counts, read anew; those out of the reader's scope as a number."""
    cases = _cases(standing, kind)
    told = _TOLD[SUBJECTS[kind]](actor, [subject_id for subject_id, _ in cases]) if cases else {}
    is_higher_better = next(
        (each.is_higher_better for each in standing.month.scheme.indicators.all() if each.kind == kind), True
    )
    rows = [
        Row(*told[subject_id][:2], is_good is is_higher_better, told[subject_id][2])
        for subject_id, is_good in cases
        if subject_id in told
    ]
    return Behind(tuple(sorted(rows, key=lambda row: (row.is_good, row.place, row.words))), len(cases) - len(rows))


def _cases(standing: Standing, kind: str) -> list[tuple[int, bool]]:
    month, span = standing.month, Span(standing.month.month)
    if kind not in SUBJECTS:
        return []
    hours = next((each.hours for each in month.scheme.indicators.all() if each.kind == kind), None)
    seats = seats_in(month.scheme.role, [month.area], span)
    return cases_of(kind, month.scheme.role, seats, span, hours, place=month.area_id, user_id=standing.user_id)


Told = dict[int, tuple[str, str, str]]


def _orders(actor: Actor, ids: Sequence[int]) -> Told:
    rows = list(WorkOrder.objects.visible_to(actor).filter(pk__in=ids).select_related("category", "area"))
    places = spoken_places(row.area for row in rows)
    return {
        row.pk: (f"{row.number} {row.category.name}", places[row.area_id], reverse("field:one", args=[row.number]))
        for row in rows
    }


def _homes(actor: Actor, ids: Sequence[int]) -> Told:
    found = Household.objects.visible_to(actor).filter(pk__in=ids).select_related("dwelling__area")
    rows = list(found)
    places = spoken_places(row.dwelling.area for row in rows)
    return {
        row.pk: (
            row.dwelling.door,
            places[row.dwelling.area_id],
            reverse("fieldwork_field:visit", args=["household", row.uid]),
        )
        for row in rows
    }


def _errands(actor: Actor, ids: Sequence[int]) -> Told:
    rows = list(Errand.objects.visible_to(actor).filter(pk__in=ids).select_related("area"))
    places = spoken_places(row.area for row in rows)
    return {
        row.pk: (row.get_kind_display(), places[row.area_id], reverse("errands:one", args=[row.uid])) for row in rows
    }


def _questions(actor: Actor, ids: Sequence[int]) -> Told:
    rows = list(Inquiry.objects.visible_to(actor).filter(pk__in=ids).select_related("area"))
    places = spoken_places(row.area for row in rows)
    return {row.pk: ("居民的提问", places[row.area_id], reverse("inquiries:field_one", args=[row.uid])) for row in rows}


_TOLD: dict[str, Callable[[Actor, Sequence[int]], Told]] = {
    "workorder": _orders,
    "household": _homes,
    "errand": _errands,
    "inquiry": _questions,
}


def comments_for(standing: Standing) -> list[str]:
    """What reporters wrote when they rated what this person settled in the month; of fewer than five people, nothing.

    Without name, number or day, and in an order that says nothing of when they were written. Somebody who wrote about
    five matters is one person.
    """
    span = Span(standing.month.month)
    ids = [subject_id for subject_id, _ in _cases(standing, "orders_solved")]
    events = Event.objects.filter(
        subject_kind="workorder", subject_id__in=ids, verb="rate", happened_at__gte=span.begin, happened_at__lt=span.end
    )
    reports = {(pk, seq): payload.get("reports", ()) for pk, seq, payload in events.values_list(*_RATED)}
    rows = Words.objects.filter(subject_kind="workorder", subject_id__in=ids, erased_at=None)
    said: dict[int, tuple[str, tuple[int, int]]] = {}
    for subject_id, seq, spoken in rows.order_by("subject_id", "seq").values_list("subject_id", "seq", "spoken"):
        words = str(spoken.get("words", "")).strip()
        if (subject_id, seq) in reports and words:
            said[subject_id] = words, (subject_id, seq)
    if _people(pk for _, place in said.values() for pk in reports[place]) < WORDS_FROM:
        return []
    found = [words for words, _ in said.values()]
    return sorted(found, key=lambda words: hashlib.sha256(words.encode()).digest())


_RATED = ("subject_id", "seq", "payload")


def _people(report_ids: Iterable[int]) -> int:
    """How many people stand behind these reports: by account, else by browser, else by phone."""
    rows = Report.objects.filter(pk__in=list(report_ids)).values_list("pk", "reporter_id", "device_hash", "phone_index")
    return len({reporter or device or phone or f"report {pk}" for pk, reporter, device, phone in rows})
