"""What people brought waits sealed in pieces, until the batch is done; and how far the worker has come."""

from __future__ import annotations

import base64
import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection

from louzhang.kit import crypto
from louzhang.register.models import ImportBatch, ImportPiece, PieceKind

FILE_PIECE = 1024 * 1024
ROWS_PIECE = 2_000
BETWEEN_TOLD = 1.0


def keep_file(batch: ImportBatch, stream: BinaryIO) -> None:
    """Keep a file sealed, a megabyte at a time."""
    number = 0
    while chunk := stream.read(FILE_PIECE):
        _keep(batch, PieceKind.FILE, number, base64.b64encode(chunk).decode("ascii"))
        number += 1


@contextmanager
def file_of(batch: ImportBatch) -> Iterator[Path]:
    """The file again, for as long as the block lasts, where nobody else of the machine can read it."""
    with tempfile.TemporaryDirectory(prefix="louzhang-import-") as folder:
        path = Path(folder) / f"file{batch.suffix}"
        with path.open("wb") as file:
            for text in _texts(batch, PieceKind.FILE):
                file.write(base64.b64decode(text))
        yield path


def keep_rows(batch: ImportBatch, kind: PieceKind, rows: Iterable[Sequence[Any]]) -> None:
    """Keep rows sealed, some thousand to a piece."""
    waiting = iter(rows)
    number = 0
    while some := list(islice(waiting, ROWS_PIECE)):
        _keep(batch, kind, number, json.dumps(some, ensure_ascii=False, separators=(",", ":")))
        number += 1


def rows_of(batch: ImportBatch, kind: PieceKind) -> Iterator[list[Any]]:
    """The rows again, in their order."""
    for text in _texts(batch, kind):
        yield from json.loads(text)


def drop_pieces(batch: ImportBatch, *kinds: PieceKind) -> None:
    """Delete what is needed no more; the worker alone may."""
    ImportPiece.objects.filter(batch=batch, kind__in=kinds).delete()


def _keep(batch: ImportBatch, kind: PieceKind, number: int, text: str) -> None:
    piece = ImportPiece(batch=batch, kind=kind, number=number)
    piece.sealed = crypto.seal(text, aad=piece.aad)
    piece.save(force_insert=True)


def _texts(batch: ImportBatch, kind: PieceKind) -> Iterator[str]:
    numbers = ImportPiece.objects.filter(batch=batch, kind=kind).order_by("number").values_list("number", flat=True)
    for number in list(numbers):
        piece = ImportPiece.objects.get(batch=batch, kind=kind, number=number)
        piece.batch = batch
        yield crypto.unseal(piece.sealed, aad=piece.aad)


class Teller:
    """Tells a page how far the worker is, from outside the worker's transaction and not more than once a second."""

    def __init__(self, batch: ImportBatch, total: int) -> None:
        self._batch_id, self._total = batch.pk, total
        self._told_at = 0.0

    def tell(self, done: int) -> None:
        """So many are done."""
        if (now := time.monotonic()) - self._told_at >= BETWEEN_TOLD:
            self._told_at = now
            beside: Any = connection
            other = beside.copy()
            try:
                with other.cursor() as cursor:
                    cursor.execute(
                        "UPDATE register_importprogress SET done = %s, total = %s WHERE batch_id = %s",
                        [done, self._total, self._batch_id],
                    )
            finally:
                other.close()
