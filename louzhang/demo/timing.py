"""When each step of a matter happens: within days past, by day where people work by day, never in the future."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from louzhang.demo.stories import AT_ANY_HOUR, DELAYS, Story
from louzhang.kit import clock

REPORTING = (7, 21)
WORKING = (8, 19)
HASTE = 0.08


def plan_times(story: Story, now: datetime, days: int, rng: Random) -> list[datetime]:
    """The moments of the report and of every step, the last one before now."""
    steps = story.steps.split()
    hurry = HASTE if story.kind in ("urgent", "guarded") else 1.0
    waits = [timedelta(hours=rng.uniform(*DELAYS[step]) * (hurry if step != "clock" else 1)) for step in steps]
    whole = sum(waits, timedelta())
    idle = timedelta(days=rng.uniform(*story.idle_days))
    reported = max(now - idle - whole, now - timedelta(days=days))
    if hurry == 1.0:
        reported = _by_day(reported, REPORTING, rng, earlier=True)
    times = _walk(reported, steps, waits, rng, is_hurried=hurry != 1.0)
    late = times[-1] - now
    if late > timedelta():
        times = [at - late - timedelta(minutes=rng.randint(1, 20)) for at in times]
    return times


def _walk(
    reported: datetime, steps: Sequence[str], waits: Sequence[timedelta], rng: Random, *, is_hurried: bool
) -> list[datetime]:
    times = [reported]
    for step, wait in zip(steps, waits, strict=True):
        at = times[-1] + wait
        if step not in AT_ANY_HOUR and not is_hurried:
            at = _by_day(at, WORKING, rng, earlier=False)
        times.append(at)
    return times


def _by_day(at: datetime, hours: tuple[int, int], rng: Random, *, earlier: bool) -> datetime:
    """The moment itself by day; else the evening before or the morning after."""
    local = clock.local(at)
    first, last = hours
    if first <= local.hour < last:
        return at
    minutes = timedelta(minutes=rng.randint(0, 90))
    day_start = clock.day_start(local.date())
    if earlier:
        evening = day_start + timedelta(hours=last) - minutes
        return evening if local.hour >= last else evening - timedelta(days=1)
    morning = day_start + timedelta(hours=first) + minutes
    return morning if local.hour < first else morning + timedelta(days=1)
