"""Everything that is done with a poll, one public function a verb."""

from louzhang.ballots.actions.casting import cast_ballot, hand_out_paper, stir
from louzhang.ballots.actions.counting import confirm_count, count_poll, draw_lot
from louzhang.ballots.actions.drafting import draft_poll, open_poll, run_off, set_hours
from louzhang.ballots.actions.papers import Comparison, PaperTotals, compare_papers, type_paper
from louzhang.ballots.actions.rolls import fix_roll, object_to_roll, settle_objection, show_roll
from louzhang.ballots.actions.running import close_box, keep_apart, open_box, withdraw_poll
from louzhang.ballots.actions.slips import Slip, ask_for_box, print_slips, register_proxy

__all__ = [
    "Comparison",
    "PaperTotals",
    "Slip",
    "ask_for_box",
    "cast_ballot",
    "close_box",
    "compare_papers",
    "confirm_count",
    "count_poll",
    "draft_poll",
    "draw_lot",
    "fix_roll",
    "hand_out_paper",
    "keep_apart",
    "object_to_roll",
    "open_box",
    "open_poll",
    "print_slips",
    "register_proxy",
    "run_off",
    "set_hours",
    "settle_objection",
    "show_roll",
    "stir",
    "type_paper",
    "withdraw_poll",
]
