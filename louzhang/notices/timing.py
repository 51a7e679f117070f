"""When a notice may leave the house: intervals, quiet hours, the hour of a digest. Pure: no models, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from louzhang.kit import clock

# One batch per person and interval; what is alike and unread within it is one line of the inbox.
INTERVAL: Final = timedelta(minutes=5)
QUIET_FROM: Final = 22
QUIET_TO: Final = 7
# A burst: more lines than these in an hour become one line that counts.
BURST_LINES: Final = 20
BURST_TIME: Final = timedelta(hours=1)
# After a failure: a minute, two, four … until it is given up.
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """When somebody wants to be reached: never between two hours, at one hour of the day or as it comes."""

    quiet_from: int = QUIET_FROM
    quiet_to: int = QUIET_TO
    digest_hour: int | None = None

    def is_quiet(self, at: datetime) -> bool:
        """Whether a moment lies in the quiet hours; equal hours mean that there are none."""
        return is_quiet_hour(clock.local(at).hour, self.quiet_from, self.quiet_to)


def is_quiet_hour(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether an hour of the day lies from one hour up to, not including, another, over midnight too."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def next_hour(at: datetime, hour: int) -> datetime:
    """The next time after a moment that the district's clock strikes an hour."""
    here = clock.local(at)
    strikes = datetime.combine(here.date(), time(hour), here.tzinfo)
    if strikes <= here:
        strikes = datetime.combine(here.date() + timedelta(days=1), time(hour), here.tzinfo)
    return strikes.astimezone(at.tzinfo)


def awake(at: datetime, wish: Wish) -> datetime:
    """A moment itself, or the end of the quiet hours it lies in."""
    return next_hour(at, wish.quiet_to) if wish.is_quiet(at) else at


def due_at(made_at: datetime, wish: Wish, *, is_red: bool) -> datetime:
    """When what was made now goes out: red at once, else with the digest or the batch, never in the quiet hours."""
    if is_red:
        return made_at
    if wish.digest_hour is not None:
        return next_hour(made_at, wish.digest_hour)
    return awake(made_at + INTERVAL, wish)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None when it is given up."""
    if attempts >= TRIES:
        return None
    return min(FIRST_WAIT * int(2 ** (attempts - 1)), LONGEST_WAIT)
