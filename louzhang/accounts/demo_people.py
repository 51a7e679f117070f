"""The people of the demo district, offered on its sign-in page with one tap; nowhere else.

The demo loader registers one person of each role, `areas` the search and the flag. The flag lives in
the database and is read again when somebody taps.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.journal.refusals import NotThere

FEWEST_SIGNS = 2
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody made up: 楼长 · 演示楼长 and where."""

    role_label: str
    name: str
    uid: uuid.UUID
    place: str = ""


Provider = Callable[[], Sequence[DemoPerson]]
Finder = Callable[[str, datetime], Sequence[DemoPerson]]
Flag = Callable[[datetime], bool]

_providers: list[Provider] = []
_finders: list[Finder] = []
_flags: list[Flag] = []


def register(provider: Provider) -> None:
    """Say who is offered, one person of each role."""
    if provider not in _providers:
        _providers.append(provider)


def register_search(finder: Finder, flag: Flag) -> None:
    """Say how the others are found, and where the flag of the demo is kept."""
    _finders[:], _flags[:] = [finder], [flag]


def is_demo(at: datetime) -> bool:
    """Whether this database is the demo, as its own flag says."""
    return any(flag(at) for flag in _flags)


def people() -> list[DemoPerson]:
    """One person of each role, as the demo has registered them."""
    return [person for provider in _providers for person in provider()]


def find_people(words: str, at: datetime) -> list[DemoPerson]:
    """People of the demo by two characters of name, role or place; none outside the demo."""
    typed = words.strip()
    if len(typed) < FEWEST_SIGNS or not is_demo(at):
        return []
    return [person for finder in _finders for person in finder(typed, at)][:MOST_FOUND]


def demo_user(uid: uuid.UUID, at: datetime) -> User:
    """The made-up person somebody tapped; raises `NotThere` outside the demo and for a real person."""
    user = User.objects.filter(uid=uid, is_demo=True, ended_at=None).first() if is_demo(at) else None
    if user is None:
        raise NotThere("这里不能直接以别人的身份登录。请用手机号和登录码登录。")
    return user
