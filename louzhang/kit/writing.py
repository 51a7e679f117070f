"""Writing with few round trips: join an open transaction, store several new rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import JSONField, Model
from django.db.models.expressions import RawSQL

from louzhang.kit.compiled import plain
from louzhang.kit.database.base import numbered


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
    _write(None, (), rows)


def save_together(row: Model, changed: Iterable[str], *rows: Model) -> None:
    """Save named columns of one stored row and insert new rows, in one statement."""
    _write(row, tuple(changed), rows)


def _write(row: Model | None, changed: tuple[str, ...], rows: Sequence[Model]) -> None:
    saved = () if row is None else _saved(row, changed)
    inserted = [_inserted(new) for new in rows]
    shape = tuple((type(new), tuple(field for field, _ in given)) for new, given in zip(rows, inserted, strict=True))
    sql = _statement(None if row is None else type(row), tuple(field for field, _ in saved), shape)
    values = [value for _, value in saved] + ([] if row is None else [row.pk])
    values += [value for given in inserted for _, value in given]
    wrapper: Any = connection
    with wrapper.prepared_cursor() as cursor:
        cursor.execute(sql, [plain(value) for value in values])
    for new in rows:
        new._state.adding, new._state.db = False, connection.alias  # noqa: SLF001 - as Model.save() does


Given = Sequence[tuple[Any, Any]]


def _saved(row: Model, changed: tuple[str, ...]) -> Given:
    fields: list[Any] = [row._meta.get_field(name) for name in changed]
    return [(field, field.get_db_prep_save(getattr(row, field.attname), connection)) for field in fields]


def _inserted(row: Model) -> Given:
    """The columns of a new row that hold something; what is left out is NULL."""
    fields = row._meta.concrete_fields
    given = [(field, field.get_db_prep_save(field.pre_save(row, add=True), connection)) for field in fields]
    return [(field, value) for field, value in given if value is not None]


@lru_cache(maxsize=512)
def _statement(
    model: type[Model] | None, changed: tuple[Any, ...], shape: tuple[tuple[type[Model], tuple[Any, ...]], ...]
) -> str:
    """`WITH w0 AS (UPDATE …), w1 AS (INSERT …), … INSERT …` over the tables and columns of this shape."""
    parts = [] if model is None else [_update(model, changed)]
    for new, fields in shape:
        columns = ", ".join(f'"{field.column}"' for field in fields)
        places = ", ".join(_placeholder(field) for field in fields)
        parts.append(f'INSERT INTO "{new._meta.db_table}" ({columns}) VALUES ({places})')  # noqa: S608 - names of our own models
    before = ", ".join(f"w{index} AS ({part})" for index, part in enumerate(parts[:-1]))
    return numbered(f"WITH {before} {parts[-1]}" if before else parts[-1])


def _update(model: type[Model], changed: tuple[Any, ...]) -> str:
    columns = ", ".join(f'"{field.column}" = {_placeholder(field)}' for field in changed)
    return f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{model._meta.pk.column}" = %s'  # noqa: S608 - as above


@lru_cache(maxsize=512)
def _placeholder(field: Any) -> str:
    cast = field.db_type(connection)
    return f"%s::{cast}" if cast and cast.endswith("[]") else "%s"


def pour_in(rows: Sequence[Model]) -> None:
    """Store many new rows of one table by `COPY`: several times as fast as inserts, the same constraints.

    The rows carry their ids already (`kit.sequences.reserve_ids`); nothing is read back. Values are handed to
    psycopg as they stand, but for JSON, which Django prepares.
    """
    if not rows:
        return
    model, wrapper = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = list(model._meta.concrete_fields)
    names = [field.attname for field in fields]
    prepared = [(place, field) for place, field in enumerate(fields) if isinstance(field, JSONField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    text = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with wrapper.cursor() as cursor, wrapper.wrap_database_errors, cursor.copy(text) as copy:
        for row in rows:
            values = [getattr(row, name) for name in names]
            for place, field in prepared:
                values[place] = field.get_db_prep_save(values[place], wrapper)
            copy.write_row(values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Model.save() does


def pour_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store many new rows of one table by `COPY`, given as values of named fields: `pour_in` without rows of the ORM.

    Fields that are not named get their defaults. Values are handed to psycopg as they stand: arrays as PostgreSQL
    writes them (`array_text`), JSON as text. `rows` is read while the server stores what it has got, so what it takes
    to make them takes no longer.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    left_out: list[Any] = [field for field in model._meta.concrete_fields if field not in fields]
    defaults = [field.get_db_prep_save(field.get_default(), wrapper) for field in left_out]
    columns = ", ".join(f'"{field.column}"' for field in (*fields, *left_out))
    text = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with wrapper.cursor() as cursor, wrapper.wrap_database_errors, cursor.copy(text) as copy:
        for row in rows:
            copy.write_row((*row, *defaults))


def update_values(
    model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]], same: Mapping[str, Any] | None = None
) -> None:
    """Set named fields of many rows by one statement; each of `rows` is an id and the values in their order.

    `same` are fields that get the same value in all of them.
    """
    if not rows:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    shared: list[Any] = [model._meta.get_field(name) for name in same or ()]
    given = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *map(_kind, fields)))
    new = ", ".join(f"v{place}" for place in range(len(fields)))
    changed = [f'"{field.column}" = new.v{place}' for place, field in enumerate(fields)]
    changed += [f'"{field.column}" = %s::{_kind(field)}' for field in shared]
    source = f"unnest({given}) AS new(id, {new}) WHERE row.id = new.id"
    values = [
        field.get_db_prep_save(value, connection) for field, value in zip(shared, (same or {}).values(), strict=True)
    ]
    with connection.cursor() as cursor:
        text = f'UPDATE "{model._meta.db_table}" AS row SET {", ".join(changed)} FROM {source}'  # noqa: S608 - names of our own models
        cursor.execute(text, [*values, *(list(column) for column in zip(*rows, strict=True))])


def _kind(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def array_text(values: Iterable[int | str]) -> str:
    """An array as PostgreSQL writes it: {"甲","乙"}."""
    plain_texts = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join([f'"{text}"' for text in plain_texts]) + "}"


def among(values: Sequence[int] | Sequence[str], kind: str = "bigint") -> RawSQL:
    """Many values for `…__in` as one parameter: thousands of single ones cost more than what is done with them.

    `kind` is the type of the column in PostgreSQL.
    """
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 - the values are a parameter
