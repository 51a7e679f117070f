"""Who speaks in the demo: residents' phones and accounts, the office for somebody, keepers, a program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random
from typing import Any

from louzhang.accounts.actions import make_api_token
from louzhang.areas.models import Post
from louzhang.areas.queries import actor_for
from louzhang.demo.district import Community, District
from louzhang.demo.names import Namer
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.workorders.models import AnswerWay, Channel

# Both in turn, so that a small demo has every one of them too.
ANYONE = ("resident", "office", "resident", "neighbour", "resident", "office", "resident", "keeper", "resident")
OFFICE_CHANNELS = (
    *(Channel.CALL, Channel.WALK_IN, Channel.WORKER_CALL, Channel.API, Channel.FILE),
    *(Channel.CALL, Channel.CALL, Channel.WALK_IN, Channel.CALL, Channel.WORKER_CALL, Channel.CALL),
)
WITH_ACCOUNT = 0.25
WITH_PHONE = 0.5
BY_MESSAGE = 0.25


@dataclass(frozen=True, slots=True)
class Voice:
    """Who reports and the part of the draft that says so."""

    actor: Actor
    facts: Mapping[str, Any] = field(default_factory=dict)


class Voices:
    """Finds a voice for each matter."""

    def __init__(self, district: District, namer: Namer, rng: Random) -> None:
        self.district = district
        self.namer = namer
        self.rng = rng
        self._devices = count(1)
        self._channels = cycle(OFFICE_CHANNELS)
        self._anyone = cycle(ANYONE)
        self._told_by = cycle((Channel.FIELD, Channel.GROUP))
        self._program = _program(district)

    def speak(self, by: str, community: Community, keeper: Post) -> Voice:
        """A voice of the wanted kind at this place."""
        speakers: dict[str, Callable[[], Voice]] = {
            "resident": self._resident,
            "resident by phone": self._resident_by_phone,
            "office": lambda: self._office(community),
            "neighbour": lambda: self._neighbour(keeper),
            "keeper": lambda: Voice(self.district.actor(keeper.user), {"channel": Channel.FIELD}),
        }
        return speakers[next(self._anyone) if by == "anyone" else by]()

    def _resident(self) -> Voice:
        facts: dict[str, Any] = {"channel": Channel.RESIDENT}
        if self.district.residents and self.rng.random() < WITH_ACCOUNT:
            return Voice(self.district.actor(self.rng.choice(self.district.residents)), facts)
        contact = self._contact() if self.rng.random() < WITH_PHONE else {}
        return Voice(self._device(), facts | contact)

    def _resident_by_phone(self) -> Voice:
        return Voice(
            self._device(),
            {"channel": Channel.RESIDENT, "answer_way": AnswerWay.PHONE, **self._contact()},
        )

    def _office(self, community: Community) -> Voice:
        channel = next(self._channels)
        actor = (
            self._program
            if channel == Channel.API
            else self.district.actor(self.rng.choice(self.district.desks[community.area.pk]))
        )
        way = AnswerWay.SMS if self.rng.random() < BY_MESSAGE else AnswerWay.PHONE
        return Voice(
            actor,
            {"channel": channel, "answer_way": way, "is_for_another": True, **self._contact()},
        )

    def _neighbour(self, keeper: Post) -> Voice:
        door = f"{self.rng.randint(1, 4)}单元{self.rng.randint(1, 6)}0{self.rng.randint(1, 3)}"
        facts: dict[str, Any] = {
            "channel": next(self._told_by),
            "answer_way": AnswerWay.VISIT,
            "is_for_another": True,
            "door": door,
        }
        return Voice(self.district.actor(keeper.user), facts | self._contact())

    def _contact(self) -> dict[str, str]:
        return {"name": self.namer.name(), "phone": self.namer.number()}

    def _device(self) -> Actor:
        """A phone that nobody holds: its key is the digest of a word, not of a cookie."""
        return Actor(
            kind=ActorKind.DEVICE,
            device=hashlib.sha256(f"demo phone {next(self._devices)}".encode()).hexdigest(),
        )


def _program(district: District) -> Actor:
    """Another office's program that reports by the API; nobody has the token."""
    user = district.desks[district.root.pk][-1]
    token, _ = make_api_token(
        user=user, label="市民热线平台对接·演示", is_read_only=False, actor=SYSTEM, at=district.at
    )
    return actor_for(user, district.at, kind=ActorKind.TOKEN, token_id=token.pk)
