"""The verbs of the field on reports and work orders, one public function each."""

from louzhang.workorders.actions.alarming import raise_overdue, recompute_workorder, remind_workorder
from louzhang.workorders.actions.announcing import announce_workorder, blur_workorder, unannounce_workorder
from louzhang.workorders.actions.answering import (
    close_workorder,
    rate_workorder,
    reopen_workorder,
    report_back_workorder,
    withdraw_workorder,
)
from louzhang.workorders.actions.arbitrating import arbitrate_workorder, transfer_workorder
from louzhang.workorders.actions.asking_time import (
    ask_extension,
    ask_pause,
    contact_reporter,
    grant_extension,
    grant_pause,
    pause_workorder,
    refuse_extension,
    refuse_pause,
    resume_workorder,
)
from louzhang.workorders.actions.assisting import (
    ask_assist,
    ask_contact,
    grant_contact,
    release_part,
    reply_part,
    take_part,
)
from louzhang.workorders.actions.calling_back import tell_workorder
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
from louzhang.workorders.actions.duplicates import (
    gather_workorders,
    merge_workorder,
    split_off_workorder,
    unmerge_workorder,
)
from louzhang.workorders.actions.duties import add_clause, change_clause, end_clause
from louzhang.workorders.actions.explaining import (
    confirm_explanation,
    return_explanation,
    settle_by_explanation,
)
from louzhang.workorders.actions.handling import (
    send_back_workorder,
    settle_on_spot_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.actions.joining import report_too
from louzhang.workorders.actions.meetings import call_meeting, cancel_meeting, record_meeting
from louzhang.workorders.actions.motions import raise_motion
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.policies import add_policy, change_policy, end_policy, load_preset
from louzhang.workorders.actions.pressing import escalate_workorder, urge_workorder
from louzhang.workorders.actions.replies import add_reply, change_reply, end_reply
from louzhang.workorders.actions.reporting import Draft, Filed, report_workorder
from louzhang.workorders.actions.revealing import reveal_contact
from louzhang.workorders.actions.routing import (
    accept_rule,
    add_rule,
    change_rule,
    decline_rule,
    end_rule,
    move_rule,
    propose_rule,
)
from louzhang.workorders.actions.shelving import shelve_workorder, unshelve_workorder
from louzhang.workorders.actions.spot import report_and_settle_on_spot
from louzhang.workorders.actions.starting import load_starter_categories
from louzhang.workorders.actions.supervising import (
    lift_supervision,
    reply_supervision,
    sign_supervision,
    supervise_workorder,
)
from louzhang.workorders.actions.verifying import refute_workorder, verify_workorder

VERBS = {
    "ask_assist": ask_assist,
    "take_part": take_part,
    "reply_part": reply_part,
    "release_part": release_part,
    "ask_contact": ask_contact,
    "grant_contact": grant_contact,
    "transfer": transfer_workorder,
    "arbitrate": arbitrate_workorder,
    "call_meeting": call_meeting,
    "record_meeting": record_meeting,
    "cancel_meeting": cancel_meeting,
    "raise_motion": raise_motion,
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
    "merge": merge_workorder,
    "gather": gather_workorders,
    "unmerge": unmerge_workorder,
    "split_off": split_off_workorder,
    "announce": announce_workorder,
    "unannounce": unannounce_workorder,
    "blur": blur_workorder,
    "contact": contact_reporter,
    "ask_pause": ask_pause,
    "grant_pause": grant_pause,
    "refuse_pause": refuse_pause,
    "pause": pause_workorder,
    "resume": resume_workorder,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "remind": remind_workorder,
    "overdue": raise_overdue,
    "recompute": recompute_workorder,
    "urge": urge_workorder,
    "supervise": supervise_workorder,
    "sign_supervision": sign_supervision,
    "reply_supervision": reply_supervision,
    "lift_supervision": lift_supervision,
    "shelve": shelve_workorder,
    "unshelve": unshelve_workorder,
    "escalate": escalate_workorder,
    "verify": verify_workorder,
    "refute": refute_workorder,
    "settle_by_explanation": settle_by_explanation,
    "confirm_explanation": confirm_explanation,
    "return_explanation": return_explanation,
}

__all__ = [
    "VERBS",
    "Draft",
    "Filed",
    "accept_rule",
    "accept_workorder",
    "add_category",
    "add_clause",
    "add_policy",
    "add_reply",
    "add_rule",
    "announce_workorder",
    "assign_workorder",
    "blur_workorder",
    "change_category",
    "change_clause",
    "change_policy",
    "change_reply",
    "change_rule",
    "claim_attachments",
    "close_workorder",
    "comment_workorder",
    "confirm_explanation",
    "decline_rule",
    "decline_workorder",
    "dispatch_workorder",
    "end_category",
    "end_clause",
    "end_policy",
    "end_reply",
    "end_rule",
    "escalate_workorder",
    "gather_workorders",
    "lift_supervision",
    "load_preset",
    "load_starter_categories",
    "merge_workorder",
    "move_rule",
    "propose_rule",
    "rate_workorder",
    "recategorise_workorder",
    "refute_workorder",
    "relocate_workorder",
    "reopen_workorder",
    "reply_supervision",
    "report_and_settle_on_spot",
    "report_back_workorder",
    "report_too",
    "report_workorder",
    "return_explanation",
    "reveal_contact",
    "send_back_workorder",
    "settle_by_explanation",
    "settle_on_spot_workorder",
    "settle_workorder",
    "shelve_workorder",
    "sign_supervision",
    "split_off_workorder",
    "supervise_workorder",
    "take_workorder",
    "tell_workorder",
    "unannounce_workorder",
    "unmerge_workorder",
    "unshelve_workorder",
    "urge_workorder",
    "verify_workorder",
    "withdraw_workorder",
]
