"""The working time of the district and its units, as the calendar and the hours say now.

Every change of either is an event of the district's root, so the head of its chain names the state: while
it stands, one small query answers from what this process has kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from louzhang.areas.models import Area, DayKind, WorkingDay, WorkingHours, kinds_of
from louzhang.areas.working_days import expected_exceptions, spans_worked
from louzhang.kit.working_time import Spans, WorkingTime

# States kept in a process: this one, and those of other schemas beside it.
KEPT_AT_MOST = 4


@dataclass(slots=True)
class Calendar:
    """One state of the days and hours; a year outside `years` follows what is expected of it."""

    exceptions: dict[date, DayKind]
    years: frozenset[int]
    hours: dict[int | None, list[WorkingHours]]
    times: dict[int | None, WorkingTime] = field(default_factory=dict)

    def kind_of(self, day: date) -> DayKind:
        """What kind of day a day is."""
        exceptions = self.exceptions if day.year in self.years else expected_exceptions(day.year)
        return exceptions.get(day) or kinds_of(day)[0]

    def hours_of(self, unit_id: int | None, day: date) -> WorkingHours | None:
        """The hours of a unit on a day: its own, else the district's, else None for the standard ones."""
        own = _in_force(self.hours.get(unit_id, ()), day)
        return own if own is not None or unit_id is None else _in_force(self.hours.get(None, ()), day)

    def working_time(self, unit_id: int | None) -> WorkingTime:
        """The working time of a unit; units without hours of their own share the district's."""
        own = unit_id if unit_id in self.hours else None
        if own not in self.times:
            self.times[own] = WorkingTime(self._spans_of(own), ZoneInfo(settings.TIME_ZONE))
        return self.times[own]

    def _spans_of(self, unit_id: int | None) -> Callable[[date], Spans]:
        return lambda day: spans_worked(self.kind_of(day), day, self.hours_of(unit_id, day))


def _in_force(rows: list[WorkingHours] | tuple[()], day: date) -> WorkingHours | None:
    for row in rows:
        if row.starts_on <= day and (row.ends_on is None or day < row.ends_on):
            return row
    return None


_kept: OrderedDict[tuple[int, bytes], Calendar] = OrderedDict()


def working_time(unit_id: int | None = None) -> WorkingTime:
    """The working time of a unit, or of the district; one query while nothing has changed."""
    return calendar_now().working_time(unit_id)


def calendar_now() -> Calendar:
    """The days and hours as they stand now; before the district is founded nothing is kept."""
    head = Area.objects.current().filter(depth=1).order_by().values_list("pk", "chain_head").first()
    return load_calendar() if head is None else calendar_at(head[0], bytes(head[1]))


def calendar_at(root_id: int, head: bytes) -> Calendar:
    """The days and hours while the chain of the district's root ends with this head; no query once they are kept."""
    state = (root_id, head)
    calendar = _kept.pop(state, None) or load_calendar()
    _kept[state] = calendar
    while len(_kept) > KEPT_AT_MOST:
        _kept.popitem(last=False)
    return calendar


def load_calendar() -> Calendar:
    """The days that are not what their weekday says, the years in the table, and all hours; two queries."""
    is_first = Q(date__month=1, date__day=1)  # a year is in the table whole or not at all
    rows = WorkingDay.objects.filter(Q(kind__in=[DayKind.HOLIDAY, DayKind.SWAPPED]) | is_first)
    days = list(rows.order_by("date").values_list("date", "kind"))
    hours: dict[int | None, list[WorkingHours]] = {}
    for row in WorkingHours.objects.order_by("starts_on", "pk"):
        hours.setdefault(row.unit_id, []).append(row)
    return Calendar(
        exceptions={day: DayKind(kind) for day, kind in days if kind != kinds_of(day)[0]},
        years=frozenset(day.year for day, _ in days if (day.month, day.day) == (1, 1)),
        hours=hours,
    )
