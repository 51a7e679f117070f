"""How long something took, as the figures count it: the one place that says in which time.

What the clock of an order counted until it was stopped: working minutes where its limit is in working time,
minutes of day and night where it is in hours, in both cases without pauses. The event that stops a clock
carries them, because the calendar may be corrected afterwards and a replay has to write the same rows. Where
no clock ran (the district has no such limit, or it was before there were clocks), minutes of day and night
without pauses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
# 响应率 where the district has no limit for the first contact: within a day of the dispatch.
CONTACT_WITHIN = 24 * 60

Pause = tuple[datetime, datetime | None]


def minutes_between(begin: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
    """Full minutes from one moment to a later one, pauses left out; none where it is not later."""
    still = sum((_overlap(begin, end, pause) for pause in pauses), timedelta())
    return max(0, (end - begin - still) // MINUTE)


def minutes_taken(ran: int | None, begin: datetime, end: datetime, pauses: Iterable[Pause]) -> int:
    """Full minutes that something took: what its clock counted, where one ran."""
    return minutes_between(begin, end, pauses) if ran is None else ran


def _overlap(begin: datetime, end: datetime, pause: Pause) -> timedelta:
    since, until = pause
    return max(timedelta(), min(end, until or end) - max(begin, since))


def is_contact_in_time(minutes: int, *, is_late: bool | None) -> bool:
    """Whether a first contact so long after the dispatch is in time; the clock of the order knows best."""
    return minutes <= CONTACT_WITHIN if is_late is None else not is_late
