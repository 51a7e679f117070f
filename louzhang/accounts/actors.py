"""Who stands behind a person: resolved by the app that knows the posts, which registers itself here.

Accounts lie below the tree of areas and know no posts. `areas` registers at start how a person
becomes an `Actor`, how the posts are told on the account page, and where somebody starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor, ActorKind


class ActorResolver(Protocol):
    """Gives a person with the posts held at a moment."""

    def __call__(
        self,
        user: User,
        at: datetime,
        *,
        kind: ActorKind = ...,
        token_id: int | None = ...,
        is_read_only: bool = ...,
        device: str = ...,
        opened_report_ids: frozenset[int] = ...,
    ) -> Actor:
        """One frozen value; costs one query."""
        ...


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post of a person in words: 楼长, 彩虹社区 12号楼, from, to, and who stands in."""

    title: str
    place: str
    starts_on: date
    ends_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PostWords:
    """How the app with the posts speaks of them: line by line, and where an actor starts."""

    lines_of: Callable[[User, datetime], Sequence[PostLine]]
    home_of: Callable[[Actor], Sequence[str]]


_resolvers: list[ActorResolver] = []
_words: list[PostWords] = []


def register(resolver: ActorResolver) -> None:
    """Say how a person becomes an actor; the last one said holds."""
    _resolvers[:] = [resolver]


def register_words(words: PostWords) -> None:
    """Say how posts are told; the last one said holds."""
    _words[:] = [words]


def resolver() -> ActorResolver:
    """What was registered; without it nobody could be told from anybody else."""
    if not _resolvers:
        raise ImproperlyConfigured("no app has registered the posts with louzhang.accounts.actors")
    return _resolvers[0]


def post_lines(user: User, at: datetime) -> Sequence[PostLine]:
    """The posts a person fills now, in words."""
    return _words[0].lines_of(user, at) if _words else ()


def home_names(actor: Actor) -> Sequence[str]:
    """The names of the pages an actor may start on, the best first."""
    return _words[0].home_of(actor) if _words else ()
