"""Events of very many rows at once, without a row of the ORM for each: for imports and scenarios."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from louzhang.journal.actions.recording import HASHED, canonical, chain_hash, microseconds
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Unread
from louzhang.journal.readers import is_read
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import array_text, pour_values

_COLUMNS: Final = ("id", *HASHED, "words_digest", "hash")
_NO_WORDS: Final = b""


class ManyEvents:
    """What one act does to many rows: the same actor, moment and entry; row, verb, facts and place differ.

    `append` gives the new end of a row's chain, which the caller stores with the row; `store` writes the events. Both
    happen in one transaction. Events without words only.
    """

    def __init__(self, *, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> None:
        moments = (at, clock.now())
        self._hashed_moments = tuple(map(microseconds, moments))
        self._moments = tuple(moment.isoformat() for moment in moments)
        self._actor, self._post_id = actor, actor.post_at(None, None)
        self._entry_id = str(entry_id) if entry_id else None
        self._rows: list[tuple[Any, ...]] = []
        self._unread: list[Unread] = []
        self._is_read = cache(is_read)
        self._lines: dict[tuple[int, ...], str] = {}

    def append(
        self,
        kind: str,
        subject_id: int,
        verb: str,
        facts: Mapping[str, Any],
        *,
        area_ids: Iterable[int],
        seq: int = 0,
        head: bytes = b"",
    ) -> bytes:
        """Make the next event of a locked or new row, whose chain ends at `seq` with `head`; give its hash."""
        actor, line = self._actor, tuple(area_ids)
        before = (kind, subject_id, seq + 1, verb)
        told = (actor.kind.value, actor.user_id, self._post_id, None, actor.token_id)
        digest = chain_hash(
            [*before, *self._hashed_moments, *told, line, Audience.HANDLERS.value, self._entry_id, facts],
            _NO_WORDS,
            head,
        )
        places = self._lines.get(line) or self._lines.setdefault(line, array_text(line))
        self._rows.append((
            *before, *self._moments, *told, places, Audience.HANDLERS.value, self._entry_id,
            canonical(facts).decode(), _NO_WORDS, digest,
        ))  # fmt: skip
        if self._is_read(kind):
            self._unread.append(Unread(subject_kind=kind, subject_id=subject_id, seq=seq + 1))
        return digest

    def store(self) -> None:
        """Write the events by one `COPY`, and what is to be read of them."""
        if not self._rows:
            return
        numbers = reserve_ids(Event._meta.db_table, len(self._rows))
        pour_values(Event, _COLUMNS, ((number, *row) for number, row in zip(numbers, self._rows, strict=True)))
        Unread.objects.bulk_create(self._unread, batch_size=1_000)
        self._rows, self._unread = [], []
