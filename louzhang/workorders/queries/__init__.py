"""Reading orders: lists, one row with what may be done, the words that pages place."""

from louzhang.workorders.queries.histories import Moment, hidden_reporters, reports_of, timeline, voice_of
from louzhang.workorders.queries.orders import (
    IN_HAND,
    STAFF,
    UNKNOWN,
    Filters,
    RowId,
    Tier,
    contact_tier,
    find_order,
    id_of_number,
    leaf_categories,
    list_orders,
    own_report,
    phone_handle,
    verbs_now,
)

__all__ = [
    "IN_HAND",
    "STAFF",
    "UNKNOWN",
    "Filters",
    "Moment",
    "RowId",
    "Tier",
    "contact_tier",
    "find_order",
    "hidden_reporters",
    "id_of_number",
    "leaf_categories",
    "list_orders",
    "own_report",
    "phone_handle",
    "reports_of",
    "timeline",
    "verbs_now",
    "voice_of",
]
