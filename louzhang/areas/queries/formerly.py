"""Who somebody was when something was written that comes late: with posts that have ended meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.queries.district import actor_for
from louzhang.journal.actor import Actor

DAY = timedelta(days=1)


def former_selves(actor: Actor, written_at: datetime) -> Iterator[Actor]:
    """A person as of when they wrote, where they held a post then that they hold no longer; nobody for a phone.

    A post that ends on a day counts for what was written on that day, so the day before is tried too.
    """
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
    if user is None:
        return
    now = {seat.post_id for seat in actor.seats}
    for moment in (written_at, written_at - DAY):
        then = actor_for(user, moment)
        if not {seat.post_id for seat in then.seats} <= now:
            yield then
