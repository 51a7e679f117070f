"""Writing with few round trips: join an open transaction, store several new rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, Model


@contextmanager
def joined() -> Iterator[None]:
    """Run inside the open transaction, or in one of its own where none is open.

    Unlike a nested `atomic()` it makes no savepoint: whoever opened the transaction must let an
    exception pass, so that everything is rolled back together.
    """
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def insert_together(*rows: Model) -> None:
    """Insert new rows of any tables in one statement; rows without an id get one there.

    The rows may refer to each other: foreign keys are checked at the end of the transaction. Ids
    given by the database are not read back.
    """
    if not rows:
        return
    sql = _statement(tuple((type(row), row.pk is not None) for row in rows))
    values: list[Any] = []
    for row in rows:
        values += [
            field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in _fields(type(row), row.pk is not None)
        ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Model.save() does


@lru_cache(maxsize=256)
def _fields(model: type[Model], has_id: bool) -> Sequence[Field[Any, Any]]:  # noqa: FBT001 - a cache key
    return [field for field in model._meta.concrete_fields if has_id or not field.primary_key]


@lru_cache(maxsize=256)
def _statement(shape: tuple[tuple[type[Model], bool], ...]) -> str:
    """`WITH i0 AS (INSERT …), … INSERT …` over the tables of this shape."""
    parts = []
    for model, has_id in shape:
        fields = _fields(model, has_id)
        columns = ", ".join(f'"{field.column}"' for field in fields)
        places = ", ".join(_placeholder(field) for field in fields)
        parts.append(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})')  # noqa: S608 - names of our own models
    before = ", ".join(f"i{index} AS ({part})" for index, part in enumerate(parts[:-1]))
    return f"WITH {before} {parts[-1]}" if before else parts[-1]


def _placeholder(field: Field[Any, Any]) -> str:
    cast = field.db_type(connection)
    return f"%s::{cast}" if cast and cast.endswith("[]") else "%s"
