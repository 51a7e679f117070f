"""Proving the journal: every chain of every kind, the words and files beside it, the daily seals.

One snapshot of the database is read as streams in order of subject, so a store of any size is
proved in constant memory and while others write. The first thing that does not hold stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from louzhang.journal.actions.sealing import lines_outside
from louzhang.journal.subjects import registered
from louzhang.journal.verifying.breaks import Broken, Proof
from louzhang.journal.verifying.chains import prove_kind, refuse_orphans
from louzhang.journal.verifying.seals import prove_outside, prove_seals

__all__ = ["Broken", "Proof", "prove_journal"]


def prove_journal(*, with_files: bool = False) -> Proof:
    """Check everything and count it; with `with_files` also the content of every stored file.

    Raises `Broken` for the first object that does not hold, in order of kind, id and seq.
    """
    proof = Proof()
    lines_before = _lines_outside()
    with _one_snapshot():
        refuse_orphans(sorted(registered()))
        for kind, model in sorted(registered().items()):
            prove_kind(kind, model, proof, with_files=with_files)
        seals = prove_seals(proof)
    prove_outside(seals, before=lines_before, after=_lines_outside())
    return proof


def _lines_outside() -> list[dict[str, Any]]:
    try:
        return lines_outside()
    except ValueError:
        raise Broken("seal", "outside", 0, "数据库外的封存有一行读不出来。") from None


@contextmanager
def _one_snapshot() -> Iterator[None]:
    begins = not connection.in_atomic_block
    with transaction.atomic():
        if begins:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
