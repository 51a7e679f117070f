"""Rows that hold from a day to a day: what keeps their periods apart, and the words to ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models


def closed_range(column: str) -> models.Func:
    """`int8range(column, column, '[]')`: equality inside an exclusion without any extension."""
    return models.Func(
        models.F(column),
        models.F(column),
        models.Value("[]"),
        function="int8range",
        output_field=models.TextField(),
    )


def period() -> models.Func:
    """`daterange(starts_on, ends_on)`: the end day is no longer part of the period."""
    return models.Func(
        models.F("starts_on"),
        models.F("ends_on"),
        function="daterange",
        output_field=models.TextField(),
    )


def no_overlap(name: str, columns: Iterable[str], condition: models.Q | None = None) -> ExclusionConstraint:
    """Two rows with the same columns may not overlap in time.

    A nullable column needs a condition: `int8range(NULL, NULL)` overlaps everything.
    """
    overlaps = [(closed_range(column), RangeOperators.OVERLAPS) for column in columns]
    return ExclusionConstraint(
        name=name,
        expressions=[*overlaps, (period(), RangeOperators.OVERLAPS)],
        condition=condition,
    )


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold from `starts_on` up to, not including, `ends_on`."""

    def as_of(self, day: date) -> PeriodQuerySet:
        """The rows that hold on a day."""
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on=None) | models.Q(ends_on__gt=day))
