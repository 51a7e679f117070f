"""The route of the figures; the project hangs it into `/api/v1/`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from louzhang.figures.api.schemas import FieldFiguresOut, FiguresOut
from louzhang.figures.buckets import BOUNDS, Percentile
from louzhang.figures.measures import Figures
from louzhang.figures.models import CLOCKS, COUNTS
from louzhang.figures.queries.counting import By, count_figures
from louzhang.figures.queries.field import count_field, labelled_field, total_of
from louzhang.figures.queries.labels import labelled
from louzhang.figures.queries.reach import reach_of
from louzhang.journal.programs import REFUSALS, actor_of, as_json
from louzhang.kit import clock
from louzhang.workorders.queries.orders import Day, RowId

router = Router()


class FieldBy(StrEnum):
    """Along which line visits and good deeds are told apart."""

    DAY = By.DAY.value
    COMMUNITY = By.COMMUNITY.value


NAMES = {"take_time": "take", "contact_time": "contact", "settle_time": "settle"}


@router.get("", response={200: FiguresOut, **REFUSALS}, summary="Figures of a place")
def get_figures(
    request: HttpRequest,
    area: RowId | None = None,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
    by: By = By.DAY,
) -> HttpResponse:
    """Orders reported from a day to a day in a place of the actor's office, along one line.

    Without a place it is that of the actor's highest office, without days the last thirty.
    """
    reach = reach_of(actor_of(request), area, since, until, today=clock.local_date(clock.now()))
    counted = count_figures(reach, *((by, By.LEVEL) if by is By.UNIT else (by,)))
    lines = labelled(by, counted.lines[by])
    return as_json(
        {
            "area": {"id": reach.area.pk, "name": reach.area.name},
            "since": reach.since,
            "until": reach.until,
            "by": by.value,
            "bucket_bounds": BOUNDS,
            "total": figure_line(counted.total()),
            "rows": [{"key": str(key), "label": label, **figure_line(found)} for key, label, found in lines],
        }
    )


@router.get("/field", response={200: FieldFiguresOut, **REFUSALS}, summary="Visits and good deeds of a place")
def get_field_figures(
    request: HttpRequest,
    area: RowId | None = None,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
    by: FieldBy = FieldBy.DAY,
) -> HttpResponse:
    """Visits made and good deeds done from a day to a day in a place of the actor's office, by day or community."""
    reach = reach_of(actor_of(request), area, since, until, today=clock.local_date(clock.now()))
    found = count_field(reach, By(by.value))
    lines = labelled_field(By(by.value), found)
    return as_json(
        {
            "area": {"id": reach.area.pk, "name": reach.area.name},
            "since": reach.since,
            "until": reach.until,
            "by": by.value,
            "total": total_of(found.values()).counts,
            "rows": [{"key": str(key), "label": label, **figures.counts} for key, label, figures in lines],
        }
    )


def figure_line(figures: Figures) -> dict[str, Any]:
    """One row of figures (`FigureOut`)."""
    return {
        **{name: figures.count(name) for name in COUNTS},
        "open": figures.open,
        "ended": figures.ended,
        "steps": figures.steps,
        "response_rate": figures.response_rate,
        "solving_rate": figures.solving_rate,
        "satisfaction_rate": figures.satisfaction_rate,
        "clocks": {NAMES[name]: _clock(figures, name) for name in CLOCKS},
    }


def _clock(figures: Figures, name: str) -> dict[str, Any]:
    median, ninth = figures.median(name), figures.ninth(name)
    return {
        "buckets": figures.buckets(name),
        "median": _minutes(median),
        "median_is_open": median is not None and median.is_open,
        "p90": _minutes(ninth),
        "p90_is_open": ninth is not None and ninth.is_open,
    }


def _minutes(found: Percentile | None) -> float | None:
    return found.minutes if found else None
