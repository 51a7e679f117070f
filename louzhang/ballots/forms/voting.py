"""What stands on a ballot as it is posted: one number an item, and nothing that names the request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from louzhang.ballots.models import Item, Poll
from louzhang.ballots.queries.entering import Own
from louzhang.ballots.rules import STARS
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit.typed import uid_of

CHOOSE = "请先选，再点投票。谁都不选的，请点“都不选”。"


def field_of(poll: Poll, item: Item) -> str:
    """The name of an item's field: one for all where one is picked, one each otherwise."""
    return "pick" if not poll.is_of_stars and poll.picks == 1 else f"item-{item.pk}"


def values_of(poll: Poll, items: Sequence[Item], posted: Any) -> list[int]:
    """The ballot somebody has sent, one number an item; raises `InputRefused` for one without any choice.

    A blank ballot is a choice of its own (`blank`), so that a slip of the thumb is none.
    """
    if posted.get("blank"):
        return [0] * len(items)
    values = [_value(poll, item, posted) for item in items]
    if not any(values):
        raise InputRefused(CHOOSE, field="values")
    return values


def _value(poll: Poll, item: Item, posted: Any) -> int:
    sent = posted.get(field_of(poll, item), "")
    if poll.is_of_stars:
        return int(sent) if sent in {str(star) for star in range(1, STARS + 1)} else 0
    return int(sent == str(item.pk))


def chosen_ballot(ballots: Sequence[Own], posted: Any) -> Own:
    """Which of the ballots on the page was sent; raises `NotThere` for another's."""
    uid = uid_of(posted.get("ballot"))
    found = next((each for each in ballots if each.elector.uid == uid), None)
    if found is None:
        raise NotThere("这张票不在您这里。请从投票单或“我的”重新进入。")
    return found
