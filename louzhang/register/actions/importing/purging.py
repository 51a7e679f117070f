"""What the clock does with imports: what nobody goes on with is deleted, lost work is found again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from louzhang.journal.actor import SYSTEM
from louzhang.journal.walker import walk
from louzhang.register.actions.importing.office import defer_work
from louzhang.register.actions.importing.pieces import drop_pieces
from louzhang.register.import_course import LOOP, OPEN, WORKING, ImportState
from louzhang.register.models import ImportBatch, PieceKind
from louzhang.register.models.imports import ImportBatchQuerySet

# A file nobody goes on with; the rows to be corrected of one that was carried in.
HOURS_KEPT, DAYS_WRONG_KEPT = 24, 7
LOST_AFTER = timedelta(minutes=10)


def purge_imports(*, at: datetime) -> int:
    """Delete what was brought: of files nobody went on with for a day, of those given up, wrong rows after a week."""
    stale = ImportBatch.objects.filter(status__in=OPEN, moved_at__lt=at - timedelta(hours=HOURS_KEPT))
    for pk in stale.values_list("pk", flat=True):
        rows: ImportBatchQuerySet = ImportBatch.objects.all()
        with transaction.atomic(), walk(LOOP, rows, pk, "drop", actor=SYSTEM, at=at) as step:
            step.set(moved_at=at)
    due = ImportBatch.objects.filter(purged_at=None, status__in=(ImportState.DROPPED, ImportState.RETURNED))
    past = ImportBatch.objects.filter(
        purged_at=None, status=ImportState.STORED, stored_at__lt=at - timedelta(days=DAYS_WRONG_KEPT)
    )
    return sum(empty_import(batch_id=batch.pk, at=at) for batch in [*due, *past])


def empty_import(*, batch_id: int, at: datetime) -> bool:
    """Delete everything that was brought with one import."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
        drop_pieces(batch, *PieceKind)
        batch.purged_at = at
        batch.save(update_fields=["purged_at"])
    return True


def defer_lost_imports(*, at: datetime) -> int:
    """Give work to the worker again that got lost with a killed process."""
    waiting = ImportBatch.objects.filter(status__in=WORKING, moved_at__lt=at - LOST_AFTER)
    return sum(defer_work(pk) for pk in waiting.values_list("pk", flat=True))
