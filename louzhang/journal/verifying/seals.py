"""The daily seals: they still hold over the events, and the file outside says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from louzhang.journal.actions.sealing import Fold, line_of
from louzhang.journal.models import Seal
from louzhang.journal.verifying.breaks import Broken, Proof
from louzhang.journal.verifying.streams import Row, stream

BY_ID: Final = "SELECT id, hash FROM journal_event WHERE id <= %s ORDER BY id"


def prove_seals(proof: Proof) -> list[Seal]:
    """Fold all events again, seal by seal; raises `Broken` for the first that does not hold."""
    seals = list(Seal.objects.order_by("day"))
    last_event_id = max((seal.last_event_id for seal in seals), default=0)
    with closing(stream(BY_ID, [last_event_id])) as rows:
        _prove_each(seals, rows, proof)
    return seals


def _prove_each(seals: Sequence[Seal], rows: Iterator[Row], proof: Proof) -> None:
    following = next(rows, None)
    fold = Fold()
    for seal in seals:
        while following is not None and following[0] <= seal.last_event_id:
            fold.add(following[0], bytes(following[1]))
            following = next(rows, None)
        if (fold.count, fold.last_event_id) != (seal.event_count, seal.last_event_id):
            raise Broken("seal", seal.day.isoformat(), 0, "封存之后有事件被删除或插入：数目或最后编号不符。")
        if fold.close(seal.day) != bytes(seal.head):
            raise Broken("seal", seal.day.isoformat(), 0, "封存之后有事件被改动：校验值不符。")
        proof.seals += 1


def prove_outside(seals: Sequence[Seal], *, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """Compare the seals with the lines outside, read before and after the snapshot was taken.

    Each line read before must stand in the database; each row must stand outside afterwards.
    """
    rows = {seal.day.isoformat(): line_of(seal) for seal in seals}
    for line in before:
        if rows.get(line["day"]) != line:
            raise Broken("seal", line["day"], 0, "数据库外的封存与数据库里的不符。")
    written = {line["day"] for line in after}
    for day in rows:
        if day not in written:
            raise Broken("seal", day, 0, "数据库外没有这一天的封存，请运行 manage.py seal_day 后再验。")
