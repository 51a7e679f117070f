"""Pages of a long list by key instead of by number, so that page 2,000 costs what page 1 costs.

A cursor carries the ordering values of the row at the edge of a page, readable by whoever decodes it: order only
by columns that may stand in a URL, never by a person's words. It is not signed: a made-up cursor starts the page
elsewhere in the same scoped queryset and shows nothing new.
"""

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

T = TypeVar("T", bound=Model)

LONGEST_CURSOR = 1000
_NEXT, _PREVIOUS = "n", "p"


class BadCursor(ValueError):
    """The cursor was not made by this list; the message is for the person whose link is broken."""

    def __init__(self) -> None:
        super().__init__("这个翻页链接已经失效，请从第一页重新查看。")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursors of the pages beside them (None where there is none)."""

    rows: list[T]
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def has_next(self) -> bool:
        """Whether rows follow this page."""
        return self.next_cursor is not None

    @property
    def has_previous(self) -> bool:
        """Whether rows precede this page."""
        return self.previous_cursor is not None


@dataclass(frozen=True, slots=True)
class _Column:
    path: str
    descending: bool
    nullable: bool
    field: "Field[Any, Any]"

    @property
    def order(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    def reversed(self) -> "_Column":
        return _Column(self.path, not self.descending, self.nullable, self.field)

    def beyond(self, value: Any) -> Q:
        # PostgreSQL puts NULL last in ascending and first in descending order.
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if self.descending else Q(pk__in=[])
        if self.descending:
            return Q(**{f"{self.path}__lt": value})
        after = Q(**{f"{self.path}__gt": value})
        return after | Q(**{f"{self.path}__isnull": True}) if self.nullable else after

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def bound(self, value: Any) -> Q:
        """Name a plain range that the wanted rows lie in, so that the database can start in the index."""
        if self.nullable or value is None:
            return Q()
        return Q(**{f"{self.path}__{'lte' if self.descending else 'gte'}": value})

    def value_of(self, row: Model) -> Any:
        return attrgetter(self.path.replace(LOOKUP_SEP, "."))(row)


def page_of(queryset: QuerySet[T], *, cursor: str | None, size: int, order: tuple[str, ...] = ("-id",)) -> Page[T]:
    """Give the page of at most ``size`` rows that the cursor names, the first one without a cursor.

    ``order`` takes columns, related columns and annotations; the primary key is added when missing, since only
    a total order can be paged. Costs one query of ``size + 1`` rows and never counts.
    """
    columns = _columns(queryset, order)
    if not cursor:
        return _forward(queryset, columns, None, size)
    direction, values = _read(cursor, columns)
    if direction == _NEXT:
        return _forward(queryset, columns, values, size)
    return _backward(queryset, columns, values, size)


def rough_count(queryset: QuerySet[Any], limit: int = 1000) -> int | str:
    """Tell how many rows there are, counting at most ``limit`` of them: 37, or "999+"."""
    counted = queryset.order_by()[:limit].count()
    return counted if counted < limit else f"{limit - 1}+"


def _forward(queryset: QuerySet[T], columns: Sequence[_Column], values: list[Any] | None, size: int) -> Page[T]:
    found = _slice(queryset, columns, values, size + 1)
    rows = found[:size]
    return Page(
        rows=rows,
        next_cursor=_cursor(_NEXT, columns, rows[-1]) if len(found) > size else None,
        previous_cursor=_cursor(_PREVIOUS, columns, rows[0]) if rows and values is not None else None,
    )


def _backward(queryset: QuerySet[T], columns: Sequence[_Column], values: list[Any], size: int) -> Page[T]:
    found = _slice(queryset, [column.reversed() for column in columns], values, size + 1)
    if len(found) <= size:
        return _forward(queryset, columns, None, size)
    rows = found[size - 1 :: -1]
    return Page(
        rows=rows,
        next_cursor=_cursor(_NEXT, columns, rows[-1]),
        previous_cursor=_cursor(_PREVIOUS, columns, rows[0]),
    )


def _slice(queryset: QuerySet[T], columns: Sequence[_Column], values: list[Any] | None, count: int) -> list[T]:
    if values is not None:
        queryset = queryset.filter(_after(columns, values))
    return list(queryset.order_by(*(column.order for column in columns))[:count])


def _after(columns: Sequence[_Column], values: list[Any]) -> Q:
    condition, same = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        condition |= same & column.beyond(value)
        same &= column.equal(value)
    return columns[0].bound(values[0]) & condition


def _columns(queryset: QuerySet[T], order: tuple[str, ...]) -> list[_Column]:
    key = queryset.model._meta.pk.attname
    named = [(part.lstrip("-"), part.startswith("-")) for part in order]
    if not any(path in {"pk", key} for path, _ in named):
        named.append((key, named[0][1] if named else True))
    return [_column(queryset, key if path == "pk" else path, descending=descending) for path, descending in named]


def _column(queryset: QuerySet[T], path: str, *, descending: bool) -> _Column:
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return _Column(path, descending, nullable=True, field=annotation.output_field)
    *relations, last = path.split(LOOKUP_SEP)
    model: type[Model] = queryset.model
    nullable = False
    for name in relations:
        relation = _field(model, name)
        if relation.related_model is None:
            raise FieldDoesNotExist(f"{path} leads nowhere")
        model, nullable = relation.related_model, nullable or relation.null
    field = _field(model, last)
    column_path = LOOKUP_SEP.join((*relations, field.attname))
    return _Column(column_path, descending, nullable or field.null, getattr(field, "target_field", field))


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{name} is no column to order by")
    return field


def _cursor(direction: str, columns: Sequence[_Column], row: Model) -> str:
    values = [direction, *(_plain(column.value_of(row)) for column in columns)]
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | uuid.UUID) else value


def _read(cursor: str, columns: Sequence[_Column]) -> tuple[str, list[Any]]:
    if len(cursor) > LONGEST_CURSOR:
        raise BadCursor
    try:
        written = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        direction, *plain = json.loads(written)
        values = [_typed(column, value) for column, value in zip(columns, plain, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError):
        raise BadCursor from None
    if direction not in (_NEXT, _PREVIOUS):
        raise BadCursor
    return direction, values


def _typed(column: _Column, plain: Any) -> Any:
    if plain is None:
        if not column.nullable:
            raise BadCursor
        return None
    if isinstance(plain, dict | list):
        raise BadCursor
    value = column.field.to_python(plain)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise BadCursor
    if isinstance(value, str) and (b"\x00" in value.encode()):
        raise BadCursor
    return value
