"""Sealed values under the newest key: every column that somebody sealed, batch by batch, as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from louzhang.journal.sealed import Sealed
from louzhang.kit import crypto

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One field of a table that holds sealed values."""

    model: type[Sealed]
    field: str
    column: str

    @property
    def name(self) -> str:
        """Table and column, for people."""
        return f"{self.model._meta.db_table}.{self.column}"

    def stale(self) -> models.QuerySet[Sealed]:
        """Rows whose value is under another key than the newest."""
        newest = next(iter(settings.SEAL_KEYS))
        rows: models.QuerySet[Sealed] = models.QuerySet(self.model)
        return rows.exclude(**{self.column: ""}).exclude(**{f"{self.column}__startswith": f"{newest}."})


class SealedStore(Protocol):
    """Sealed values that lie in no column of a `Sealed` row."""

    name: str

    def stale(self) -> models.QuerySet[Any]:
        """Rows with a value under another key than the newest."""
        ...

    def reseal(self, advance: Callable[[int], object]) -> tuple[int, list[int]]:
        """Bring them under the newest key; gives how many rows, and the ids of those that no key opens."""
        ...


_stores: dict[str, SealedStore] = {}


def add_store(*stores: SealedStore) -> None:
    """Have `rotate_keys` reach further sealed values; called in `AppConfig.ready()`."""
    _stores.update({store.name: store for store in stores})


def sealed_stores() -> list[SealedStore]:
    """All of them."""
    return list(_stores.values())


def sealed_columns() -> list[SealedColumn]:
    """All of them, table by table."""
    tables = [model for model in apps.get_models() if issubclass(model, Sealed)]
    return [
        SealedColumn(model, field, column)
        for model in sorted(tables, key=lambda model: model._meta.db_table)
        for field, column in model.SEALED.items()
    ]


def reseal_column(column: SealedColumn, advance: Callable[[int], object] = lambda count: None) -> tuple[int, list[int]]:
    """Bring a column under the newest key; gives how many values, and the ids of rows that no key opens.

    Each batch is a transaction of its own with its rows locked: killed, it has lost nothing, and the next run goes on
    with what is left. A row that is written meanwhile is under the newest key already and is passed over.
    """
    done, broken = 0, []
    for batch in _batches(column):
        resealed, closed = _reseal(column, batch)
        done += resealed
        broken += closed
        advance(len(batch))
    return done, broken


def _batches(column: SealedColumn) -> Iterator[list[int]]:
    last = 0
    while batch := list(column.stale().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]


def _reseal(column: SealedColumn, ids: list[int]) -> tuple[int, list[int]]:
    with transaction.atomic():
        rows = list(column.stale().filter(pk__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",)))
        changed, broken = [], []
        for row in rows:
            try:
                value = crypto.reseal(getattr(row, column.column), row.aad(column.field))
            except crypto.Unsealable:
                broken.append(int(row.pk))
                continue
            setattr(row, column.column, value)
            changed.append(row)
        table: models.QuerySet[Any] = models.QuerySet(column.model)
        table.bulk_update(changed, [column.column])
    return len(changed), broken
