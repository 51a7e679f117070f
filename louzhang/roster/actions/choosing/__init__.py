"""Choosing chiefs: one public function a verb."""

from louzhang.roster.actions.choosing.appointing import appoint_round, reach_nominee
from louzhang.roster.actions.choosing.electing import Election
from louzhang.roster.actions.choosing.erasing import erase_old_rounds
from louzhang.roster.actions.choosing.namesakes import ANOTHER, link_nominee
from louzhang.roster.actions.choosing.naming import (
    Naming,
    consent,
    decline,
    join_nominee,
    name_person,
    offer_oneself,
    withdraw,
)
from louzhang.roster.actions.choosing.noticing import (
    FINDINGS,
    ObjectionDraft,
    answer_objection,
    object_to_notice,
    reveal_objection,
    take_out,
)
from louzhang.roster.actions.choosing.replacing import (
    ask_replacement,
    close_request,
    erase_old_voices,
    request_review,
    take_back_replacement,
)
from louzhang.roster.actions.choosing.reviewing import fail_nominee, pass_nominee, review_nominee
from louzhang.roster.actions.choosing.running import (
    Choice,
    break_off,
    close_nominations,
    drop_vacancy,
    end_notice,
    extend_round,
    go_on,
    renotice,
    turn_rounds,
)
from louzhang.roster.actions.choosing.starting import RoundDraft, start_round

__all__ = [
    "ANOTHER",
    "FINDINGS",
    "Choice",
    "Election",
    "Naming",
    "ObjectionDraft",
    "RoundDraft",
    "answer_objection",
    "appoint_round",
    "ask_replacement",
    "break_off",
    "close_nominations",
    "close_request",
    "consent",
    "decline",
    "drop_vacancy",
    "end_notice",
    "erase_old_rounds",
    "erase_old_voices",
    "extend_round",
    "fail_nominee",
    "go_on",
    "join_nominee",
    "link_nominee",
    "name_person",
    "object_to_notice",
    "offer_oneself",
    "pass_nominee",
    "reach_nominee",
    "renotice",
    "request_review",
    "reveal_objection",
    "review_nominee",
    "start_round",
    "take_back_replacement",
    "take_out",
    "turn_rounds",
    "withdraw",
]
