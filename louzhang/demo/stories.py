"""The courses matters take in the demo: which verbs, how often, and how long ago the last one was.

A step is a verb of the loop, or a word of its own for a verb done in a special way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FULL_WAY = "accept dispatch take settle report_back"


@dataclass(frozen=True, slots=True)
class Story:
    """One course. `idle_days` is how long ago the last step was, at least and at most.

    `kind` says what it is about: an ordinary matter, an urgent one, one without a place, a complaint or a
    guarded one.
    `by` says who reports: a resident who can answer online, the office for somebody (told by phone or
    message), a keeper for a neighbour who is told at the door, a keeper for themselves, or anyone.
    """

    name: str
    often: int
    steps: str
    idle_days: tuple[float, float]
    by: str = "anyone"
    kind: str = "ordinary"


STORIES: Sequence[Story] = (
    Story("new", 24, "", (0, 0.8)),
    Story("accepted", 12, "accept", (0, 1)),
    Story("dispatched", 18, "accept dispatch", (0, 1.5)),
    Story("in hand", 26, "accept dispatch take", (0, 1.6)),
    Story("in hand, talked about", 10, "accept dispatch take comment reporter_comment", (0, 2), by="resident"),
    Story("assigned inside the unit", 8, "accept dispatch assign take", (0, 2)),
    Story("settled", 12, "accept dispatch take settle", (0, 1.5)),
    Story("answered", 18, FULL_WAY, (0, 5), by="resident"),
    Story("rated, still to be called", 5, f"{FULL_WAY} rate", (0, 2), by="resident by phone"),
    Story("rated and closed", 78, f"{FULL_WAY} rate", (0, 52), by="resident"),
    Story("rated after a talk", 10, "accept dispatch take comment settle report_back rate", (0, 50), by="resident"),
    Story("closed by the clock", 24, f"{FULL_WAY} clock", (0, 40), by="resident"),
    Story("closed after a call", 34, "accept dispatch take settle call", (0, 50), by="office"),
    Story("told at the door", 12, "accept dispatch take settle tell_at_door desk_close", (0, 45), by="neighbour"),
    Story("to be told at the door", 4, "accept dispatch take settle", (0, 1), by="neighbour"),
    Story(
        "sent back, then settled",
        9,
        "accept dispatch send_back dispatch take settle report_back rate",
        (0, 40),
        by="resident",
    ),
    Story("sent back", 4, "accept dispatch take send_back", (0, 1)),
    Story("not solved at first", 7, f"{FULL_WAY} rate_unsolved settle report_back rate", (0, 35), by="resident"),
    Story("not solved", 4, f"{FULL_WAY} rate_unsolved", (0, 2), by="resident"),
    Story("opened again by the reporter", 4, f"{FULL_WAY} reopen", (0, 2), by="resident"),
    Story("declined", 11, "decline", (0, 50)),
    Story("declined after a look", 3, "accept decline", (0, 50)),
    Story("withdrawn", 8, "withdraw", (0, 50), by="resident"),
    Story("settled on the spot by who saw it", 30, "settle_on_spot", (0, 55), by="keeper"),
    Story("settled on the spot", 14, "settle_on_spot report_back rate", (0, 50), by="resident"),
    Story("category corrected", 5, "recategorise accept dispatch take settle report_back rate", (0, 45), by="resident"),
    Story("urgent, just in", 2, "", (0, 0.02), by="office", kind="urgent"),
    Story("urgent, in hand", 3, "accept dispatch take", (0, 0.1), kind="urgent"),
    Story("urgent, settled", 14, "accept dispatch take settle call", (0, 55), by="office", kind="urgent"),
    Story("without a place", 3, "", (0, 0.8), by="resident", kind="unplaced"),
    Story(
        "found its place",
        5,
        "relocate accept dispatch take settle report_back rate",
        (0, 45),
        by="resident",
        kind="unplaced",
    ),
    Story("complaint", 9, f"{FULL_WAY} rate", (0, 45), by="resident", kind="complaint"),
    Story("complaint in hand", 4, "accept dispatch take", (0, 3), by="resident", kind="complaint"),
    Story("guarded", 4, "accept dispatch take settle report_back clock", (0, 40), by="resident", kind="guarded"),
    Story("guarded in hand", 2, "accept dispatch take", (0, 0.5), by="resident", kind="guarded"),
)

# Hours from the step before, at least and at most. What comes in the night waits for the morning, unless the
# reporter or the clock does it.
DELAYS: dict[str, tuple[float, float]] = {
    "accept": (0.1, 3),
    "decline": (0.5, 5),
    "dispatch": (0.2, 3),
    "assign": (0.3, 3),
    "take": (0.2, 7),
    "comment": (1, 9),
    "reporter_comment": (1, 6),
    "settle": (2, 50),
    "settle_on_spot": (0.1, 5),
    "send_back": (1, 16),
    "report_back": (0.3, 7),
    "tell_at_door": (1, 20),
    "desk_close": (1, 20),
    "call": (0.5, 20),
    "rate": (0.5, 50),
    "rate_unsolved": (2, 50),
    "reopen": (5, 60),
    "withdraw": (0.2, 3),
    "recategorise": (0.1, 1),
    "relocate": (0.2, 2),
    "clock": (24 * 7 + 0.5, 24 * 7 + 2),
}
AT_ANY_HOUR = frozenset({"rate", "rate_unsolved", "reopen", "withdraw", "reporter_comment", "clock"})


def share_out(orders: int) -> list[Story]:
    """Each story as often as its share of so many orders says, at least once."""
    total = sum(story.often for story in STORIES)
    return [story for story in STORIES for _ in range(max(1, round(story.often * orders / total)))]
