"""What the clock does: opens and closes on the hour, stirs the bundles, destroys keys nobody needs any more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from louzhang.ballots.actions.casting import stir
from louzhang.ballots.actions.counting import count_poll
from louzhang.ballots.actions.rolls import fix_roll
from louzhang.ballots.actions.running import close_box, open_box
from louzhang.ballots.lifecycle import ENDED, LIVE
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.polls import due_to_close, due_to_count, due_to_fix, due_to_open
from louzhang.ballots.round_keys import destroy_key, kept_keys
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal

log = logging.getLogger(__name__)
# A key is on the disk before its poll is committed: one of an unknown poll may be a moment old.
STRAY_AFTER = timedelta(days=1)


def run_due_polls(*, at: datetime) -> int:
    """Fix, open, close and count what is due; gives how many steps were taken (worker)."""
    courses: list[tuple[Callable[[], Iterable[int]], Callable[..., Any]]] = [
        (lambda: due_to_fix(at), fix_roll),
        (lambda: due_to_open(at), open_box),
        (lambda: due_to_close(at), close_box),
        (due_to_count, count_poll),
    ]
    return sum(_done(act, poll_id, at) for due, act in courses for poll_id in due())


def _done(act: Callable[..., Any], poll_id: int, at: datetime) -> bool:
    try:
        act(poll_id=poll_id, actor=SYSTEM, at=at)
    except Refusal as refusal:
        log.info("poll %s: %s was refused: %s", poll_id, act.__name__, type(refusal).__name__)
        return False
    return True


def stir_open_polls() -> int:
    """Seal all bundles of open polls anew; gives how many polls (worker)."""
    stirred = 0
    for poll in list(Poll.objects.open().order_by("pk")):
        try:
            stir(poll)
            stirred += 1
        except Refusal as refusal:
            log.warning("poll %s could not be stirred: %s", poll.pk, type(refusal).__name__)
    return stirred


def destroy_spent_keys(*, at: datetime) -> int:
    """Destroy keys of polls that have ended, and of polls that never came to be; gives how many (worker)."""
    kept = dict(kept_keys())
    polls = dict(Poll.objects.filter(uid__in=list(kept)).values_list("uid", "status"))
    spent = [uid for uid, made_at in kept.items() if _is_spent(polls.get(uid), made_at, at)]
    return sum(destroy_key(uid) for uid in spent)


def _is_spent(status: str | None, made_at: datetime, at: datetime) -> bool:
    if status in ENDED:
        return True
    return status not in LIVE and made_at < at - STRAY_AFTER
