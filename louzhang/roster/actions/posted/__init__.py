"""派驻干部: sending, leave, meetings, sample checks, papers; one module a rule of R10's eight."""

from louzhang.roster.actions.posted.checks import (
    answer_check,
    close_check,
    confirm_check,
    draw_checks,
    fault_check,
)
from louzhang.roster.actions.posted.leaves import approve_leave, ask_posted_leave, refuse_leave, take_back_leave
from louzhang.roster.actions.posted.meetings import call_meeting, cancel_meeting, give_task, hold_meeting
from louzhang.roster.actions.posted.papers import (
    assess_paper,
    draft_paper,
    see_paper,
    send_paper,
    show_paper,
    write_paper,
)
from louzhang.roster.actions.posted.postings import (
    be_heard,
    call_back,
    confirm_home,
    confirm_site,
    decline_posting,
    expire_posting,
    expire_postings,
    keep_posting,
    note_silence,
    propose_posting,
    question_posting,
    take_back_posting,
    take_up,
)
from louzhang.roster.actions.posted.teams import close_need, end_team, form_team, raise_need

__all__ = [
    "answer_check",
    "approve_leave",
    "ask_posted_leave",
    "assess_paper",
    "be_heard",
    "call_back",
    "call_meeting",
    "cancel_meeting",
    "close_check",
    "close_need",
    "confirm_check",
    "confirm_home",
    "confirm_site",
    "decline_posting",
    "draft_paper",
    "draw_checks",
    "end_team",
    "expire_posting",
    "expire_postings",
    "fault_check",
    "form_team",
    "give_task",
    "hold_meeting",
    "keep_posting",
    "note_silence",
    "propose_posting",
    "question_posting",
    "raise_need",
    "refuse_leave",
    "see_paper",
    "send_paper",
    "show_paper",
    "take_back_leave",
    "take_back_posting",
    "take_up",
    "write_paper",
]
