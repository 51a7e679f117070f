"""Background work on orders: the clock closes what was answered, keeping times erase words."""

from __future__ import annotations

import logging
from typing import Final

from louzhang.kit import clock, queue
from louzhang.workorders.actions.erasing import erase_due_orders
from louzhang.workorders.actions.timing import close_due_orders

# A few seconds of work: the one worker does what waits, photos above all, before it goes on.
AT_ONCE: Final = 200

log = logging.getLogger(__name__)


@queue.app.periodic(cron="*/10 * * * *")
@queue.app.task(queueing_lock="close_due")
def close_due(timestamp: int) -> None:
    """Close answered orders whose window has run out."""
    closed = close_due_orders(at=clock.now(), most=AT_ONCE)
    log.info("orders closed by the clock: %s", closed)
    if closed == AT_ONCE:
        queue.defer("louzhang.workorders.tasks.close_due", key="close_due", timestamp=timestamp)


@queue.app.periodic(cron="11 3 * * *")
@queue.app.task(queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    """Erase what is past its keeping time."""
    erased = erase_due_orders(at=clock.now(), most=AT_ONCE)
    log.info("orders erased: %s", erased)
    if erased == AT_ONCE:
        queue.defer("louzhang.workorders.tasks.erase_due", key="erase_due", timestamp=timestamp)
