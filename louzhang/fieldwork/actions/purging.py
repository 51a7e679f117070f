"""What is past its time goes: the lines of old days."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.fieldwork.models import DayItem
from louzhang.kit import clock

KEPT = timedelta(days=90)


def forget_lines(*, at: datetime) -> int:
    """Delete the lines of days more than 90 days ago; gives how many. The events of the days stay."""
    gone, _ = DayItem.objects.filter(day_list__day__lt=clock.local_date(at) - KEPT).delete()
    return gone
