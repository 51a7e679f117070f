"""`/api/v1/days` and `/visits`: whose day it is reads it; a visit is the same entry as from a page or the phone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from louzhang.fieldwork.forms.visit_kind import KIND, MET
from louzhang.fieldwork.models import DayItem, DayList, Met
from louzhang.fieldwork.queries.days import lines_of, own_days
from louzhang.journal.programs import REFUSALS, actor_of, as_json
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.kit.writable import Writable
from louzhang.register.doorstep import CONFLICT, REFUSED, Entry, kind_of
from louzhang.register.forms.syncing import take_entries
from louzhang.register.scope import refuse_looking_only
from louzhang.workorders.queries.orders import Day

router = Router(tags=["field"])
MET_AT_MOST = 20


class LineOut(Schema):
    """One thing of the day. `ended` is empty while it is still to be done; what does not `fits` is no one's overdue."""

    uid: UUID
    kind: str
    title: str
    why: str
    minutes: int
    fits: bool
    ended: str
    due_at: datetime | None
    area: int | None
    dwelling: UUID | None
    url: str = Field(description="its page")


class DayOut(Schema):
    """The day of one post that one holds or stands in for, as a round."""

    uid: UUID
    post: int
    area: int
    day: date
    minutes: int
    lines: list[LineOut]


class DaysOut(Schema):
    """The days of all one's posts."""

    rows: list[DayOut]


class VisitIn(Schema):
    """A visit, made at `happened_at`, now where it is left out; the same `id` is carried out once."""

    id: UUID
    row: UUID = Field(description="the household, or the door where nobody is registered")
    outcome: Met
    minutes: int | None = Field(default=None, ge=1, le=480)
    words: Writable = Field(default="", max_length=1000)
    met: list[UUID] = Field(default_factory=list, max_length=MET_AT_MOST, description="residents of the household")
    is_unchanged: bool = Field(default=False, description="what is registered of the door still holds")
    need: Writable = Field(default="", max_length=100)
    happened_at: AwareDatetime | None = None


class VisitOut(Schema):
    """The entry was carried out."""

    id: UUID
    message: str


@router.get("/days", response={200: DaysOut, **REFUSALS}, summary="One's own day")
def get_days(
    request: HttpRequest, day: Annotated[Day | None, Query(description="today where left out")] = None
) -> HttpResponse:
    """The day lists of the posts one holds or stands in for; those of others are read on the page of the community."""
    lists = own_days(actor_of(request), day or clock.local_date(clock.now()))
    lines = lines_of(lists)
    return as_json({"rows": [_day(row, lines[row.pk]) for row in lists]})


def _day(row: DayList, items: list[DayItem]) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "post": row.post_id,
        "area": row.area_id,
        "day": row.day,
        "minutes": row.minutes,
        "lines": [_line(item) for item in items],
    }


def _line(item: DayItem) -> dict[str, Any]:
    names = ("uid", "kind", "title", "why", "minutes", "fits", "ended", "due_at", "url")
    door = item.dwelling.uid if item.dwelling is not None else None
    return {name: getattr(item, name) for name in names} | {"area": item.area_id, "dwelling": door}


@router.post("/visits", response={200: VisitOut, **REFUSALS}, summary="Note a visit")
def post_visit(request: HttpRequest, body: VisitIn) -> HttpResponse:
    """Who was met or nobody home, and what was learnt: it feeds register, list, log and figures, all of it or nothing.

    What else a visit can bring goes as an entry `visit.write` of `POST /sync`.
    """
    actor, at = actor_of(request), clock.now()
    refuse_looking_only(actor)
    entry = Entry(body.id, KIND, body.row, _fields(body), body.happened_at or at)
    kind = kind_of(KIND)
    assert kind is not None  # registered when the app was ready
    kind.find(actor, entry.row, entry.fields)
    (result,) = take_entries([entry], actor=actor, at=at)
    if result.result == REFUSED:
        raise InputRefused(result.message, field=result.field)
    if result.result == CONFLICT:
        raise Conflict(result.message)
    return as_json({"id": body.id, "message": result.message})


def _fields(body: VisitIn) -> dict[str, str]:
    """As the form of the page names them."""
    said = {
        "outcome": body.outcome.value,
        "minutes": "" if body.minutes is None else str(body.minutes),
        "words": body.words,
        "unchanged": "on" if body.is_unchanged else "",
        "need": body.need,
    }
    return said | {f"{MET}{place}": str(uid) for place, uid in enumerate(body.met, start=1)}
