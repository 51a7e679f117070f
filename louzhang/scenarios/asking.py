"""Asking from door to door, minute by minute: stated assumptions, a clock for each holder, and the real sync route.

No source says how long a door takes, how far it is to the next, or who is at home when: all of it is assumed, printed,
and the same every time (seeded).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.accounts.models import User
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.surveys.models import Outcome, Target

BATCH = 200
SYNC = "/api/v1/sync"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of a kind of holder, in minutes.

    `shifts` are hours of a day, `home` says who opens from which hour on, `rest` lies before going back to the doors
    where nobody opened.
    """

    visit: float
    knock: float
    next_door: float
    next_building: float
    shifts: tuple[tuple[time, time], ...]
    home: tuple[tuple[time, float], ...]
    declines: float = 0.01
    rest: float = 0

    @property
    def minutes_a_day(self) -> float:
        """How long somebody asks on one day."""
        return sum(_minutes(until) - _minutes(since) for since, until in self.shifts)

    def at_home(self, moment: time) -> float:
        """The share of homes where somebody opens at an hour."""
        return next(rate for since, rate in reversed(self.home) if moment >= since)

    def __str__(self) -> str:
        shifts = "、".join(f"{since:%H:%M}—{until:%H:%M}" for since, until in self.shifts)
        home = "、".join(f"{since:%H:%M} 起 {rate:.0%}" for since, rate in self.home)
        return (
            f"每户 {self.visit:g} 分钟，没人 {self.knock:g} 分钟，到下一户 {self.next_door:g} 分钟，"
            f"到下一栋 {self.next_building:g} 分钟，每天 {shifts}，家里有人 {home}，{self.declines:.0%} 不愿回答，"
            f"隔 {self.rest:g} 分钟再去没遇到人的"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking at one door at one moment."""

    target: UUID
    outcome: str
    at: datetime


def round_of(homes: Sequence[Target], assumed: Assumed, day: date, rng: Random) -> list[Asked]:
    """One holder goes from door to door, and back to those where nobody opened, until everybody was met.

    Nobody is asked outside the shifts; what was not reached on a day goes on the next.
    """
    moments, asked, here = _Working(assumed, day), [], None
    waiting = list(homes)
    while waiting:
        missed = []
        for home in waiting:
            moments.spend(assumed.next_building if here not in (None, home.area_id) else assumed.next_door)
            here = home.area_id
            if rng.random() < assumed.at_home(moments.now.time()):
                moments.spend(assumed.visit)
                outcome = Outcome.DECLINED if rng.random() < assumed.declines else Outcome.ANSWERED
            else:
                moments.spend(assumed.knock)
                outcome = Outcome.ABSENT
                missed.append(home)
            asked.append(Asked(home.uid, outcome.value, moments.moment))
        waiting = missed
        if waiting:
            moments.spend(assumed.rest)
    return asked


class _Working:
    """The clock of somebody who works in shifts, in the district's time."""

    def __init__(self, assumed: Assumed, day: date) -> None:
        self._shifts = assumed.shifts
        self._place, self.now = 0, datetime.combine(day, assumed.shifts[0][0])

    def spend(self, minutes: float) -> None:
        """Let time pass; what does not fit into a shift is done in the next."""
        ends = datetime.combine(self.now, self._shifts[self._place][1])
        if self.now + timedelta(minutes=minutes) > ends:
            self._place += 1
            day = self.now.date() + timedelta(days=self._place // len(self._shifts))
            self._place %= len(self._shifts)
            self.now = datetime.combine(day, self._shifts[self._place][0])
        self.now += timedelta(minutes=minutes)

    @property
    def moment(self) -> datetime:
        """The same as a moment."""
        return clock.day_start(self.now.date()) + (self.now - datetime.combine(self.now, time()))


def minutes_worked(asked: Sequence[Asked], assumed: Assumed) -> float:
    """How many minutes of shifts lie between the beginning of the first day and the last door."""
    first = clock.local_date(min(each.at for each in asked))
    last = clock.local(max(each.at for each in asked))
    today = _minutes(last.time())
    within = sum(max(0.0, min(today, _minutes(until)) - _minutes(since)) for since, until in assumed.shifts)
    return (last.date() - first).days * assumed.minutes_a_day + within


def _minutes(moment: time) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60


class Phone:
    """A holder's phone: sends what was written down in batches, by the route every program uses."""

    def __init__(self, user: User, at: datetime) -> None:
        _, token = make_api_token(user=user, label="情景", is_read_only=False, actor=SYSTEM, at=at)
        self._client = Client(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1")

    def send(self, asked: Sequence[Asked], fields: Mapping[str, str]) -> int:
        """Send all; gives how many were taken. Raises for one that was not."""
        for batch in _batches(asked):
            entries = [_entry(each, fields) for each in batch]
            answer = self._client.post(SYNC, json.dumps({"entries": entries}), content_type="application/json")
            results = answer.json()["results"] if answer.status_code == 200 else [{"message": answer.content.decode()}]
            refused = [result for result in results if result.get("result") != "done"]
            if refused:
                raise RuntimeError(f"an answer was not taken: {refused[0].get('message')}")
        return len(asked)


def _entry(asked: Asked, fields: Mapping[str, str]) -> dict[str, object]:
    said = {"outcome": asked.outcome, **(fields if asked.outcome == Outcome.ANSWERED else {})}
    return {
        "id": str(uuid4()),
        "kind": "survey.answer",
        "row": str(asked.target),
        "fields": said,
        "happened_at": asked.at.isoformat(),
    }


def _batches(asked: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    for begun in range(0, len(asked), BATCH):
        yield asked[begun : begun + BATCH]
