"""How long something took, as the figures count it: the one place that says in which time.

Minutes of the calendar, day and night. A length that is to be counted in working time is to be
counted here, and the roll-ups are rebuilt once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
# 响应率: who was first spoken to within a day of the dispatch was contacted in time.
CONTACT_WITHIN = 24 * 60


def minutes_between(begin: datetime, end: datetime) -> int:
    """Full minutes from one moment to a later one; none where it is not later."""
    return max(0, (end - begin) // MINUTE)


def is_contact_in_time(minutes: int) -> bool:
    """Whether a first contact so long after the dispatch is in time."""
    return minutes <= CONTACT_WITHIN
