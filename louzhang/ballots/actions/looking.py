"""Who has voted: for the two counters alone, while the round lasts; every look is logged, what was seen is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from louzhang.ballots.actions.running import refuse_lost_key
from louzhang.ballots.envelopes import Mark, open_bundle
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import Poll
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, TransitionRefused

WHAT = "turnout"
REASON = "看谁投过"


@dataclass(frozen=True, slots=True)
class Turnout:
    """What lies in the envelopes, by elector: a vote, a paper handed out, or nothing; never which vote."""

    marks: Mapping[int, Mark]

    @property
    def voted(self) -> int:
        """How many have voted by phone."""
        return sum(mark == Mark.VOTE for mark in self.marks.values())

    @property
    def papers(self) -> int:
        """How many have been given a paper ballot."""
        return sum(mark == Mark.PAPER for mark in self.marks.values())


def look_at_turnout(*, poll_id: int, actor: Actor, at: datetime) -> Turnout:
    """Open the envelopes in memory and say whether something lies in them; logged as a look, before anything is told.

    Raises `NotThere` for who is not one of the two, `TransitionRefused` outside the round.
    """
    poll = Poll.objects.tied(actor, Tie.COUNTER).filter(pk=poll_id).first()
    if poll is None or actor.is_read_only:
        raise NotThere("没有找到这次投票，或它不在您的范围内。")
    if poll.status not in (PollState.OPEN, PollState.CLOSED):
        raise TransitionRefused("谁投过，只有投票期间能看。计票以后没有人能看。")
    key, items = refuse_lost_key(poll), poll.items.count()
    log_reveal(subject_kind=poll.subject_kind, subject_id=poll.pk, what=WHAT, reason=REASON, actor=actor, at=at)
    opened = {
        bundle.pk: open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items)
        for bundle in poll.bundles.order_by("pk")
    }
    placed = poll.electors.exclude(slot=None).order_by("pk").values_list("pk", "bundle_id", "slot")
    return Turnout({pk: opened[bundle_id][slot or 0].mark for pk, bundle_id, slot in placed})
