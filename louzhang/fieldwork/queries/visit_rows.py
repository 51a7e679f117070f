"""The visits behind a number: of a place and some days, for those who keep the register there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.models import Met, Visit
from louzhang.journal.actor import Actor
from louzhang.register.scope import keeping_seats

ROWS_AT_MOST = 300
# What came of a visit, as the figures count it. Who would rather not is never put on a list.
RESULTS = {
    Met.MET.value: Met.MET.label, Met.NOBODY.value: Met.NOBODY.label, "needs": "记下需求", "orders": "转成工单",
}  # fmt: skip
_BROUGHT = {"needs": "need", "orders": "order"}


@dataclass(frozen=True, slots=True)
class VisitsAsked:
    """What a list is narrowed to: days from and to, both included; a place, a result."""

    since: date | None = None
    until: date | None = None
    area_id: int | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit and its door in words. Who went is on the page of the home: a list is no tally of people."""

    visit: Visit
    place: str

    @property
    def came_of_it(self) -> str:
        """见到了 or 没人在家; of anything else that somebody was there."""
        return RESULTS.get(self.visit.outcome, "去过")


def may_open_visits(actor: Actor, area: Area) -> bool:
    """Whether the actor keeps the register of a whole place, so that the visits there can be opened."""
    return any(area.path.startswith(seat.path) for seat in keeping_seats(actor))


def visits_behind(actor: Actor, asked: VisitsAsked) -> tuple[list[VisitRow], int]:
    """The visits asked for as far as the actor may see them, the latest first, and how many (three queries)."""
    rows = Visit.objects.visible_to(actor)
    if asked.since is not None:
        rows = rows.filter(day__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(day__lte=asked.until)
    if asked.area_id is not None:
        top = Area.objects.filter(pk=asked.area_id).order_by().values_list("path", flat=True).first()
        rows = rows.filter(area__path__startswith=top) if top else rows.none()
    if asked.result in _BROUGHT:
        rows = rows.filter(**{f"{_BROUGHT[asked.result]}__isnull": False})
    elif asked.result:
        rows = rows.filter(outcome=asked.result)
    shown = list(
        rows.select_related("area", "dwelling", "order", "need").defer("area__outline")
        .order_by("-day", "-happened_at", "-pk")[: ROWS_AT_MOST + 1]
    )  # fmt: skip
    count = len(shown) if len(shown) <= ROWS_AT_MOST else rows.count()
    places = spoken_places({visit.area for visit in shown})
    found = [VisitRow(visit, f"{places[visit.area_id]} {visit.dwelling.door}") for visit in shown[:ROWS_AT_MOST]]
    return found, count
