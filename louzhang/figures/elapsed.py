"""How long something took, as the figures count it: the one place that says in which time.

Minutes of the calendar, day and night, without those in which a pause ran: all of it stands in the
chain. Working minutes hang on a calendar that may be corrected afterwards, and a replay would then write
other rows than following the journal did; an event would have to carry them.
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


def _overlap(begin: datetime, end: datetime, pause: Pause) -> timedelta:
    since, until = pause
    return max(timedelta(), min(end, until or end) - max(begin, since))


def is_contact_in_time(minutes: int, *, is_late: bool | None) -> bool:
    """Whether a first contact so long after the dispatch is in time; the clock of the order knows best."""
    return minutes <= CONTACT_WITHIN if is_late is None else not is_late
