"""The verbs of the field on reports and work orders, one public function each."""

from louzhang.workorders.actions.answering import (
    close_workorder,
    rate_workorder,
    reopen_workorder,
    report_back_workorder,
    tell_workorder,
    withdraw_workorder,
)
from louzhang.workorders.actions.categorising import add_category, change_category, end_category
from louzhang.workorders.actions.dispatching import (
    accept_workorder,
    assign_workorder,
    comment_workorder,
    decline_workorder,
    dispatch_workorder,
    recategorise_workorder,
    relocate_workorder,
)
from louzhang.workorders.actions.handling import (
    send_back_workorder,
    settle_on_spot_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.policies import add_policy, change_policy, end_policy, load_preset
from louzhang.workorders.actions.reporting import Draft, Filed, report_workorder
from louzhang.workorders.actions.revealing import reveal_contact
from louzhang.workorders.actions.spot import report_and_settle_on_spot
from louzhang.workorders.actions.starting import load_starter_categories

VERBS = {
    "accept": accept_workorder,
    "decline": decline_workorder,
    "dispatch": dispatch_workorder,
    "assign": assign_workorder,
    "take": take_workorder,
    "settle": settle_workorder,
    "settle_on_spot": settle_on_spot_workorder,
    "send_back": send_back_workorder,
    "report_back": report_back_workorder,
    "tell": tell_workorder,
    "rate": rate_workorder,
    "close": close_workorder,
    "reopen": reopen_workorder,
    "withdraw": withdraw_workorder,
    "recategorise": recategorise_workorder,
    "relocate": relocate_workorder,
    "comment": comment_workorder,
}

__all__ = [
    "VERBS",
    "Draft",
    "Filed",
    "accept_workorder",
    "add_category",
    "add_policy",
    "assign_workorder",
    "change_category",
    "change_policy",
    "claim_attachments",
    "close_workorder",
    "comment_workorder",
    "decline_workorder",
    "dispatch_workorder",
    "end_category",
    "end_policy",
    "load_preset",
    "load_starter_categories",
    "rate_workorder",
    "recategorise_workorder",
    "relocate_workorder",
    "reopen_workorder",
    "report_and_settle_on_spot",
    "report_back_workorder",
    "report_workorder",
    "reveal_contact",
    "send_back_workorder",
    "settle_on_spot_workorder",
    "settle_workorder",
    "take_workorder",
    "tell_workorder",
    "withdraw_workorder",
]
