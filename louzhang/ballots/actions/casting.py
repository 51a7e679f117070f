"""投票: the one act of the house that leaves no trace of who did it (docs/decisions/0027).

No event, no request key, no notice, no digest of what was sent, no count of the limits, no log line. A vote changes one
thing: the bundle in which the elector's envelope lies, and a second bundle drawn by lot, both sealed anew as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import SystemRandom

from django.db import transaction

from louzhang.ballots.actions.running import refuse_lost_key
from louzhang.ballots.envelopes import Envelope, Mark, open_bundle, seal_bundle
from louzhang.ballots.models import Bundle, Elector, Poll
from louzhang.ballots.rules import problem_of
from louzhang.journal.refusals import Conflict, InputRefused, TransitionRefused

OVER = "这次投票已经结束，不能再投。结果公布后可以在这里看到。"
NOT_YET = "这次投票还没有开始。"
ON_PAPER = "这一票已经领了纸票，请用纸票投。弄错了的，请找计票人。"
VOTED = "这一票已经用手机投过，不能再领纸票。"
_lots = SystemRandom()
Change = Callable[[Envelope], Envelope]


def cast_ballot(*, elector: Elector, values: Sequence[int], at: datetime) -> None:
    """Put a ballot into an elector's envelope, instead of the one before; one number an item.

    Who may is asked by whoever found the elector (`queries.entering`): there is no actor here, on purpose. Raises
    `InputRefused` for a ballot against the rules, `TransitionRefused` outside the hours, `Conflict` for one on paper.
    """
    poll = elector.poll
    problem = problem_of(poll.kind, values, poll.items.count(), poll.picks)
    if problem:
        raise InputRefused(problem, field="values")

    def put(envelope: Envelope) -> Envelope:
        if envelope.mark == Mark.PAPER:
            raise Conflict(ON_PAPER)
        return Envelope(Mark.VOTE, tuple(values))

    _rewrite(elector, put, at)


def hand_out_paper(*, elector: Elector, at: datetime, is_back: bool = False) -> None:
    """A counter marks that an elector votes on paper, or takes the mark back; nothing else tells of it.

    Raises `Conflict` for one who has voted already or has no paper, and where the rule has no paper ballots;
    `TransitionRefused` outside the hours.
    """
    if not elector.poll.has_paper:
        raise Conflict("这次投票的规则没有纸票。")

    def mark(envelope: Envelope) -> Envelope:
        if envelope.mark == Mark.VOTE:
            raise Conflict(VOTED)
        if is_back and envelope.mark != Mark.PAPER:
            raise Conflict("这一票没有领过纸票。请刷新页面再看。")
        return Envelope() if is_back else Envelope(Mark.PAPER)

    _rewrite(elector, mark, at)


def stir(poll: Poll) -> int:
    """Seal every bundle of an open poll anew, so that one nobody has touched looks like all others; gives how many."""
    with transaction.atomic():
        key, bundles = refuse_lost_key(poll), _locked(poll, None)
        items = poll.items.count()
        for bundle in bundles:
            _seal_again(key, poll, bundle, open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items))
    return len(bundles)


def _rewrite(elector: Elector, change: Change, at: datetime) -> None:
    """Change one envelope under the lock of its bundle; two at once wait for each other, and the later one holds."""
    with transaction.atomic():
        poll = elector.poll
        all_ids = list(Bundle.objects.filter(poll=poll).order_by().values_list("pk", flat=True))
        own = [pk for pk in all_ids if pk == elector.bundle_id]
        bundles = _locked(poll, own + _drawn([pk for pk in all_ids if pk != elector.bundle_id]))
        # Read again under the lock: a close that was committed meanwhile holds.
        poll.refresh_from_db(fields=["status", "opens_at", "closes_at"])
        _refuse_outside_hours(poll, at)
        key, items = refuse_lost_key(poll), poll.items.count()
        for bundle in bundles:
            envelopes = open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items)
            if bundle.pk == elector.bundle_id and elector.slot is not None:
                envelopes[elector.slot] = change(envelopes[elector.slot])
            _seal_again(key, poll, bundle, envelopes)


def _drawn(ids: Sequence[int]) -> list[int]:
    return [_lots.choice(ids)] if ids else []


def _locked(poll: Poll, ids: Sequence[int] | None) -> list[Bundle]:
    rows = Bundle.objects.filter(poll=poll)
    rows = rows if ids is None else rows.filter(pk__in=ids)
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def _seal_again(key: bytes, poll: Poll, bundle: Bundle, envelopes: Sequence[Envelope]) -> None:
    bundle.sealed = seal_bundle(key, poll.uid, bundle.uid, envelopes)
    bundle.save(update_fields=["sealed"])


def _refuse_outside_hours(poll: Poll, at: datetime) -> None:
    if not poll.is_open or at >= poll.closes_at:
        raise TransitionRefused(OVER if poll.opened_at or poll.has_ended else NOT_YET)
