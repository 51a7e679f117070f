"""`/api/v1/exchange/`: what goes back to the hotline, for the program that carries it there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.programs import REFUSALS, IdempotencyKey, actor_of, as_json, entry_of
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.workorders.actions.exchange import AT_ONCE, send_replies
from louzhang.workorders.queries import RowId
from louzhang.workorders.queries.exchange import replies_seen, reply_lines

router = Router()


class ReplyOut(Schema):
    """One answer to be told to the hotline."""

    id: int
    hotline_number: str
    number: str
    result: str
    words: str
    unit: str
    settled_at: datetime | None
    ready_at: datetime


class RepliesOut(Schema):
    """Answers that wait, oldest first; `next` goes into `after`."""

    rows: list[ReplyOut]
    next: int | None


class TakenIn(Schema):
    """Which answers have arrived at the hotline."""

    ids: list[RowId] = Field(min_length=1, max_length=AT_ONCE)


class TakenOut(Schema):
    """Which of them were still waiting and count as told now."""

    ids: list[int]


@router.get("/replies", response={200: RepliesOut, **REFUSALS}, summary="Answers for the hotline")
def get_replies(
    request: HttpRequest, after: RowId | None = None, size: Annotated[int, Query(ge=1, le=200)] = 50
) -> HttpResponse:
    """The answers that nobody has taken; reading does not take them."""
    rows = replies_seen(_office(request)).filter(sent_at=None, pk__gt=after or 0).order_by("pk")
    replies = list(rows[:size])
    lines = [{name: getattr(line, name) for name in ReplyOut.model_fields} for line in reply_lines(replies)]
    return as_json({"rows": lines, "next": replies[-1].pk if len(replies) == size else None})


@router.post("/replies/taken", response={200: TakenOut, **REFUSALS}, summary="Answers that have arrived")
def post_taken(request: HttpRequest, body: TakenIn, idempotency_key: IdempotencyKey = None) -> dict[str, Any]:
    """Count answers as told; a repeat with the same key gets the same list."""
    actor, at = _office(request), clock.now()

    def take() -> dict[str, Any]:
        return {"ids": [reply.pk for reply in send_replies(actor=actor, at=at, ids=body.ids)]}

    asked = {"taken": sorted(body.ids)}
    return dict(once(actor=actor, entry_id=entry_of(idempotency_key), body=asked, at=at, perform=take))


def _office(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.has_role(*OFFICE_ROLES):
        raise NotYours("只有受理办公室可以和热线交换。")
    return actor
