"""Writing notices, sending them, and what people do with them."""

from louzhang.notices.actions.building import publish_notice, withdraw_notice
from louzhang.notices.actions.delivering import give_up_delivery, repeat_delivery, send_due
from louzhang.notices.actions.marking import mark_all_read, mark_read, purge_notices, settle_calls
from louzhang.notices.actions.preferring import prefer
from louzhang.notices.actions.writing import Draft, Recipient, write_notices

__all__ = [
    "Draft",
    "Recipient",
    "give_up_delivery",
    "mark_all_read",
    "mark_read",
    "prefer",
    "publish_notice",
    "purge_notices",
    "repeat_delivery",
    "send_due",
    "settle_calls",
    "withdraw_notice",
    "write_notices",
]
