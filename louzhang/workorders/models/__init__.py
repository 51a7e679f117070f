"""Tables of the work orders: matters and voices, categories, the time they may take."""

from louzhang.workorders.models.orders import (
    PHOTOS_AT_MOST,
    SUMMARY_LENGTH,
    WORDS_AT_MOST,
    AnswerWay,
    CallResult,
    Category,
    Channel,
    Handling,
    Report,
    WorkOrder,
)
from louzhang.workorders.models.policies import ClockPolicy

__all__ = [
    "PHOTOS_AT_MOST",
    "SUMMARY_LENGTH",
    "WORDS_AT_MOST",
    "AnswerWay",
    "CallResult",
    "Category",
    "Channel",
    "ClockPolicy",
    "Handling",
    "Report",
    "WorkOrder",
]
