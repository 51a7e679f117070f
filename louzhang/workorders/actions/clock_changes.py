"""The reader of the journal that has open orders computed again after a change of days, hours or limits."""

from __future__ import annotations

from collections.abc import Sequence

from louzhang.journal.models import Event
from louzhang.kit import queue

TASK = "louzhang.workorders.tasks.recompute_clocks"
PARTS_TASK = "louzhang.workorders.tasks.recompute_part_clocks"
# Events of the district's root after which working time is another.
OF_TIME = frozenset({"fill_year", "change_day", "import_days", "set_hours", "end_hours"})


def read_changes(events: Sequence[Event]) -> None:
    """Leave a job where working time or a limit has changed; a repetition finds it waiting or computes nothing new."""
    if any(event.subject_kind == "clock_policy" or event.verb in OF_TIME for event in events):
        recompute_from(0)
        recompute_parts_from(0)


def recompute_from(after: int) -> None:
    """Leave the job that goes on after an order; jobs that begin at different orders do not hinder each other."""
    queue.defer(TASK, key=f"recompute_clocks:{after}", after=after)


def recompute_parts_from(after: int) -> None:
    """The same for parts."""
    queue.defer(PARTS_TASK, key=f"recompute_part_clocks:{after}", after=after)
