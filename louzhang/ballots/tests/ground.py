"""What tests of polls stand on: two families in the chief's stairwell and one next door, two neutral counters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from louzhang.ballots.actions import (
    cast_ballot,
    close_box,
    confirm_count,
    count_poll,
    draft_poll,
    fix_roll,
    open_box,
    show_roll,
)
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.register.actions.binding import ask_binding, confirm_binding
from louzhang.register.models import Binding
from tests.cast import Cast

COUNTERS = ("desk", "secretary")


def drafted(cast: Cast, **more: Any) -> Poll:
    """A choice of the households of both buildings between somebody with an account and somebody without."""
    given: dict[str, Any] = {
        "kind": Kind.CHOICE,
        "title": "12号楼推选",
        "electorate": Electorate.HOUSEHOLD,
        "areas": [cast.areas["building"], cast.areas["next_building"]],
        "counters": [cast.people[key].pk for key in COUNTERS],
        "options": [Choice("演示无职", user_id=cast.people["nobody"].pk), Choice("演示甲"), Choice("演示乙")],
        "rules": Rules(),
        "opens_at": cast.at + timedelta(hours=1),
        "closes_at": cast.at + timedelta(hours=5),
        "subject_kind": "test",
        "subject_id": 7,
        "actor": cast.actor("street"),
        "at": cast.at,
    }
    return draft_poll(**{**given, **more})


def opened(cast: Cast, **more: Any) -> Poll:
    """The same, open."""
    poll = drafted(cast, **more)
    desk = cast.actor("desk")
    show_roll(poll_id=poll.pk, actor=desk, at=cast.at)
    fix_roll(poll_id=poll.pk, actor=desk, at=cast.at + timedelta(days=poll.objection_days))
    return open_box(poll_id=poll.pk, actor=desk, at=poll.opens_at)


def elector_at(poll: Poll, door: str) -> Elector:
    """The household behind a door."""
    return Elector.objects.select_related("poll").get(poll=poll, household__dwelling__door=door)


def cast_all(poll: Poll, votes: dict[str, list[int]]) -> None:
    """Vote for these doors."""
    for door, values in votes.items():
        cast_ballot(elector=elector_at(poll, door), values=values, at=poll.opens_at + timedelta(minutes=5))


def counted(cast: Cast, poll: Poll) -> Poll:
    """Closed, confirmed by both, counted."""
    after = poll.closes_at + timedelta(minutes=1)
    close_box(poll_id=poll.pk, actor=cast.actor("desk"), at=after)
    for key in COUNTERS:
        confirm_count(poll_id=poll.pk, actor=cast.actor(key), at=after)
    return count_poll(poll_id=poll.pk, actor=cast.actor("secretary"), at=after)


def known_as_father(cast: Cast, key: str = "resident") -> None:
    """Have an account known as the head of the household at 301."""
    ask_binding(name="演示父亲", id_number="440524198001010015", actor=cast.actor(key), at=cast.at)
    confirm_binding(binding_id=Binding.objects.get().pk, actor=cast.actor("chief"), at=cast.at)
