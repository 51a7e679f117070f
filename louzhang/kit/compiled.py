"""Reads that every request makes: Django writes their SQL once, later runs only bind values.

Building and compiling a queryset costs more than running it, and a prepared statement is not
planned again. The queryset stays the only place that says what is read:

    @compiled
    def live_token(*, digest: Any) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(token_hash=digest, ended_at=None)

    rows = live_token(digest="…")

What is passed by name is a slot, bound anew at each run: it must be of the column's own type and
may not decide the shape of the query. What is passed by position belongs to the shape: it must
be hashable, and each value has a statement of its own, the latest 512 of them kept; a `StandIn`
keeps apart what of it is shape and what is bound.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import BooleanField, Func, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from psycopg.types.numeric import Int8

from louzhang.kit.database.base import numbered

KEPT = 512

Row = TypeVar("Row", bound=Model)


class Slot(Value):
    """The place of a value that each run binds."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A placeholder with the slot itself as its parameter."""
        return "%s", [self]


class StandIn(ABC):
    """Something of the shape whose values are not part of it: `shape` has marks in their place.

    Things that are alike have equal shapes, and so one statement; each run puts its own values back.
    """

    shape: Hashable

    @abstractmethod
    def put_back(self, value: Any) -> Any:
        """A value of the statement, or what was meant where it is a mark."""


class OneOf(Func):
    """A column is one of the values of a slot, which is bound to a list: `filter(OneOf("pk", keys))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()
    arity = 2


class Statement(SQLCompiler):
    """A query compiled to text; `bound` gives one to run with values."""

    given: tuple[Any, ...] | None = None

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.query.chain(), connection, None)
        self.rows: Any = rows
        text, places = super().as_sql()
        self.places: tuple[Any, ...] = tuple(places)
        self.text = numbered(text)
        self.converters = super().get_converters([column[0] for column in self.select[: self.col_count]])

    def bound(self, values: Mapping[str, Any], stand_ins: Sequence[StandIn] = ()) -> Any:
        """The queryset of one run, not yet fetched."""
        again = copy.copy(self)
        again.connection = connections[self.rows.db]  # a connection belongs to one thread
        places = list(self.places)
        for stand_in in stand_ins:
            places = [stand_in.put_back(place) for place in places]
        again.given = tuple(plain(values[place.value] if isinstance(place, Slot) else place) for place in places)
        query: Any = copy.copy(self.query)
        query.get_compiler = lambda *_args, **_options: again
        rows: Any = QuerySet(self.rows.model, query=query)
        rows._iterable_class, rows._fields = self.rows._iterable_class, self.rows._fields  # noqa: SLF001 - as _clone() does
        return rows

    def as_sql(self, *_args: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        """The text with the values of this run."""
        assert self.given is not None
        return self.text, self.given

    def execute_sql(  # type: ignore[override]  # one answer instead of one for each kind of result
        self, *_args: Any, **_options: Any
    ) -> list[list[tuple[Any, ...]]]:
        """Every row, through a statement that the server keeps prepared."""
        if self.query.select_for_update and self.connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        wrapper: Any = self.connection
        with wrapper.prepared_cursor() as cursor:
            cursor.execute(self.text, self.given)
            return [cursor.fetchall()]

    def get_converters(self, expressions: Any) -> dict[int, Any]:
        """The converters of the selected columns, which do not change."""
        return self.converters


def plain(value: Any) -> Any:
    """One type for every size of number, so that a text has one prepared statement."""
    if type(value) is int:
        return Int8(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


class Compiled(Generic[Row]):
    """A function that gives a queryset, run as a prepared statement."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self.statement = lru_cache(maxsize=KEPT)(self._compile)
        update_wrapper(self, build)

    def __call__(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows; slots that the function has not are an error of the caller."""
        stand_ins = [each for each in shape if isinstance(each, StandIn)]
        plain_shape = tuple(each.shape if isinstance(each, StandIn) else each for each in shape)
        statement = self.statement(plain_shape, tuple(values))
        return [] if statement is None else list(statement.bound(values, stand_ins))

    def first(self, *shape: Hashable, **values: Any) -> Any:
        """The first row, or None; the function says the order, and should limit to one."""
        return next(iter(self(*shape, **values)), None)

    def _compile(self, shape: tuple[Hashable, ...], names: tuple[str, ...]) -> Statement | None:
        try:
            return Statement(self.build(*shape, **{name: Slot(name) for name in names}))
        except EmptyResultSet:
            return None


def compiled(build: Callable[..., QuerySet[Any]]) -> Compiled[Any]:
    """Run the queryset that a function gives as a prepared statement (see the module)."""
    return Compiled(build)
