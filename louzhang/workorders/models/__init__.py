"""Tables of the work orders: matters and voices, categories, the time they may take."""

from louzhang.workorders.models.categories import Category, Handling
from louzhang.workorders.models.exchange import HOTLINE, HotlineReply
from louzhang.workorders.models.joint import Meeting, Motion, Part
from louzhang.workorders.models.orders import PHOTOS_AT_MOST, SUMMARY_LENGTH, WORDS_AT_MOST, WorkOrder
from louzhang.workorders.models.policies import ClockPolicy
from louzhang.workorders.models.public_lines import PublicLine
from louzhang.workorders.models.replies import ReplyTemplate
from louzhang.workorders.models.reports import AnswerWay, CallResult, Channel, Report
from louzhang.workorders.models.routing import DutyClause, RoutingRule
from louzhang.workorders.models.supervision import Supervision

__all__ = [
    "HOTLINE",
    "PHOTOS_AT_MOST",
    "SUMMARY_LENGTH",
    "WORDS_AT_MOST",
    "AnswerWay",
    "CallResult",
    "Category",
    "Channel",
    "ClockPolicy",
    "DutyClause",
    "Handling",
    "HotlineReply",
    "Meeting",
    "Motion",
    "Part",
    "PublicLine",
    "ReplyTemplate",
    "Report",
    "RoutingRule",
    "Supervision",
    "WorkOrder",
]
