"""Background work on orders: the clock closes what was answered, keeping times erase words."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.workorders.actions.erasing import erase_due_orders
from louzhang.workorders.actions.timing import close_due_orders

log = logging.getLogger(__name__)


@queue.app.periodic(cron="*/10 * * * *")
@queue.app.task(queueing_lock="close_due")
def close_due(timestamp: int) -> None:
    """Close answered orders whose window has run out."""
    log.info("orders closed by the clock: %s", close_due_orders(at=clock.now()))


@queue.app.periodic(cron="11 3 * * *")
@queue.app.task(queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    """Erase what is past its keeping time."""
    log.info("orders erased: %s", erase_due_orders(at=clock.now()))
