"""Background work on orders: the clock closes what was answered, keeping times erase words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from louzhang.kit import clock, queue
from louzhang.workorders.actions.alarming import alarm_due_orders, recompute_open_orders
from louzhang.workorders.actions.clock_changes import recompute_from, recompute_parts_from
from louzhang.workorders.actions.erasing import erase_due_orders
from louzhang.workorders.actions.part_alarms import alarm_due_parts, recompute_open_parts
from louzhang.workorders.actions.shelving import unshelve_due_orders
from louzhang.workorders.actions.timing import close_due_orders

# A few seconds of work: the one worker does what waits, photos above all, before it goes on.
AT_ONCE: Final = 200

log = logging.getLogger(__name__)


def _slice(do: Callable[..., int], what: str, task: str, timestamp: int) -> None:
    """Do so many at the most, say how many it were, and leave the rest of a full slice to a further job."""
    done = do(at=clock.now(), most=AT_ONCE)
    log.info("%s: %s", what, done)
    if done == AT_ONCE:
        queue.defer(f"louzhang.workorders.tasks.{task}", key=task, timestamp=timestamp)


@queue.app.periodic(cron="*/10 * * * *")
@queue.app.task(queueing_lock="close_due")
def close_due(timestamp: int) -> None:
    """Close answered orders whose window has run out."""
    _slice(close_due_orders, "orders closed by the clock", "close_due", timestamp)


@queue.app.periodic(cron="5 * * * *")
@queue.app.task(queueing_lock="unshelve_due")
def unshelve_due(timestamp: int) -> None:
    """Bring back from the shelf what the day of review has come for."""
    _slice(unshelve_due_orders, "orders back from the shelf", "unshelve_due", timestamp)


@queue.app.periodic(cron="11 3 * * *")
@queue.app.task(queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    """Erase what is past its keeping time."""
    _slice(erase_due_orders, "orders erased", "erase_due", timestamp)


@queue.app.periodic(cron="* * * * *")
@queue.app.task(queueing_lock="alarm_due")
def alarm_due(timestamp: int) -> None:
    """Tell of every clock that is due soon or over, and send what is overdue up one level."""
    _slice(alarm_due_orders, "orders whose clocks were told of", "alarm_due", timestamp)


@queue.app.periodic(cron="* * * * *")
@queue.app.task(queueing_lock="alarm_due_part_clocks")
def alarm_due_part_clocks(timestamp: int) -> None:
    """Tell assisting units of every part that is due soon or over."""
    _slice(alarm_due_parts, "parts whose clocks were told of", "alarm_due_part_clocks", timestamp)


@queue.app.task()
def recompute_clocks(after: int) -> None:
    """Compute a chunk of the orders in progress again, and leave the next one to a further job."""
    moved, last = recompute_open_orders(at=clock.now(), after=after)
    log.info("orders whose clocks moved: %s after %s", moved, after)
    if last is not None:
        recompute_from(last)


@queue.app.task()
def recompute_part_clocks(after: int) -> None:
    """Compute a chunk of the open parts again, and leave the next one to a further job."""
    moved, last = recompute_open_parts(at=clock.now(), after=after)
    log.info("parts whose clocks moved: %s after %s", moved, after)
    if last is not None:
        recompute_parts_from(last)
