"""`/api/v1/surveys`: what is asked where one works, and how far it is; counts, no door and no answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from louzhang.journal.programs import REFUSALS, actor_of, as_json
from louzhang.surveys.lifecycle import SurveyState, Tie
from louzhang.surveys.models import Survey
from louzhang.surveys.queries.finding import find_survey, surveys_at_work
from louzhang.surveys.queries.progress import Count, own_roots, progress_at, whole_of

router = Router(tags=["surveys"])
AreaId = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="a place of one's own, or below it")]
WORKING = (Tie.ASKER, Tie.OFFICE, Tie.HOLDER)


class CountOut(Schema):
    """Households of a place: all, asked (不愿回答 counts as asked), nobody met yet."""

    total: int
    done: int
    absent: int


class SurveyOut(Schema):
    """A survey; how far it is has a route of its own."""

    uid: UUID
    title: str
    kind: str
    status: str
    starts_at: datetime
    ends_at: datetime


class SurveysOut(Schema):
    """Open surveys and those that have closed, the newest first."""

    rows: list[SurveyOut]


class PlaceCountOut(CountOut):
    """One place."""

    area: int
    name: str


class ProgressOut(Schema):
    """A place and those right below it; above a community down to grids."""

    area: int | None
    progress: CountOut
    rows: list[PlaceCountOut]


@router.get("/surveys", response={200: SurveysOut, **REFUSALS}, summary="Surveys where one works")
def get_surveys(request: HttpRequest) -> HttpResponse:
    """What one's offices ask or lie in, and what one asks at the door."""
    actor = actor_of(request)
    return as_json({"rows": [_told(row) for row in surveys_at_work(actor, WORKING)]})


@router.get(
    "/surveys/{uuid:uid}/progress", response={200: ProgressOut, **REFUSALS}, summary="How far a survey is, by place"
)
def get_progress(request: HttpRequest, uid: UUID, area: AreaId = None) -> HttpResponse:
    """Counts of a place and of those right below it; without a place those where one works."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, *WORKING)
    top, places = progress_at(survey, actor, area)
    whole = whole_of(survey, [top.path] if top is not None else own_roots(survey, actor))
    rows = [{"area": place.area.pk, "name": place.area.name, **_count(place.count)} for place in places]
    return as_json({"area": top.pk if top is not None else None, "progress": _count(whole), "rows": rows})


def _told(row: Survey) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "title": row.title,
        "kind": row.kind,
        "status": SurveyState(row.status).value,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


def _count(count: Count) -> dict[str, int]:
    return {"total": count.total, "done": count.done, "absent": count.absent}
