"""What the worker does next with an import, by where it stands."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Protocol

from louzhang.journal.refusals import TransitionRefused
from louzhang.register.actions.importing.purging import empty_import
from louzhang.register.actions.importing.reading import preview_import, read_import
from louzhang.register.actions.importing.returning import take_back_import
from louzhang.register.actions.importing.storing import store_import
from louzhang.register.import_course import ImportState
from louzhang.register.models import ImportBatch


class _Part(Protocol):
    def __call__(self, *, batch_id: int, at: datetime) -> object: ...


PARTS: Mapping[str, _Part] = {
    ImportState.RECEIVED: read_import,
    ImportState.MAPPED: preview_import,
    ImportState.CONFIRMED: store_import,
    ImportState.RETURNING: take_back_import,
    ImportState.DROPPED: empty_import,
}


def go_on(*, batch_id: int, at: datetime) -> None:
    """Do the part that is due; nothing where somebody else has moved the import on meanwhile."""
    status = ImportBatch.objects.filter(pk=batch_id).values_list("status", flat=True).first()
    part = PARTS.get(status or "")
    if part is not None:
        with _without_collecting(), suppress(TransitionRefused):
            part(batch_id=batch_id, at=at)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows come and go by the hundred thousand without a ring among them; looking for rings takes a sixth longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
