"""Whom to tell that a vote is open: those on the roll who have an account or a phone here. The envelopes stay shut."""

from __future__ import annotations

from louzhang.ballots.models import Elector, Poll
from louzhang.register.models import Binding

Reached = tuple[int | None, str]


def invited_to(poll: Poll) -> list[Reached]:
    """Accounts and phones that open a vote of an open poll as who they are here, each once; two queries.

    Read from the roll as it was fixed: who has voted, or was given a paper ballot, makes no difference. Whoever has
    asked another to vote for them is not told, nor whoever a star sheet is about.
    """
    if not poll.is_open:
        return []
    rows = Elector.objects.filter(poll=poll, proxy=None).values_list("household_id", "resident_id", "member_ids")
    votes = {(household, member) for household, _, members in rows.order_by() for member in members}
    held = Binding.objects.filter(
        ended_at=None, confirmed_at__lte=poll.drafted_at, resident_id__in={member for _, member in votes}
    )
    if poll.is_of_stars:
        held = held.exclude(user_id__in=poll.barred)
    living = held.filter(resident__stays__ends_on=None).order_by("user_id", "device_hash")
    found = living.values_list("user_id", "device_hash", "resident__stays__household_id", "resident_id")
    told = {(user_id, device): None for user_id, device, household, resident in found if (household, resident) in votes}
    return list(told)
