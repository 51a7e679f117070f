"""`POST /api/v1/sync`: entries written down without a signal, in batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, BaseModel, Field

from louzhang.journal.programs import REFUSALS, actor_of, as_json
from louzhang.kit import clock
from louzhang.kit.writable import Writable
from louzhang.register.doorstep import ENTRIES_AT_MOST, Entry, Result
from louzhang.register.forms.syncing import take_entries

router = Router(tags=["register"])


class EntryIn(BaseModel):
    """One entry of a phone. `base` is the version of the row that was known there, or `seen_at` when it was read.

    Plain, and no schema of the API: two hundred come at once, and nothing here is read from a row.
    """

    id: UUID = Field(description="made on the phone; the same id is carried out once")
    kind: Writable = Field(max_length=40, description="household.reach, household.need, need.tick, note.write …")
    row: UUID = Field(description="what it is about; for a new note the id it gets")
    fields: dict[Writable, Writable] = Field(
        default_factory=dict, max_length=40,
        description="as a form has them; photos are uploaded before, their ids stand with commas between",
    )  # fmt: skip
    happened_at: AwareDatetime
    base: int | None = Field(default=None, ge=0, le=2**31 - 1)
    seen_at: AwareDatetime | None = None


class SyncIn(Schema):
    """A batch."""

    entries: list[EntryIn] = Field(max_length=ENTRIES_AT_MOST)
    sent_at: AwareDatetime | None = Field(default=None, description="now, by the clock of the phone: sets it right")


class ResultOut(Schema):
    """What became of one entry: `done`, `conflict` (both versions are kept, a page settles it) or `refused`."""

    id: UUID
    result: str
    message: str
    field: str


class SyncOut(Schema):
    """A result per entry, in the order they were sent."""

    results: list[ResultOut]


@router.post("/sync", response={200: SyncOut, **REFUSALS}, summary="Send entries written down without a signal")
def post_sync(request: HttpRequest, body: SyncIn) -> HttpResponse:
    """Each entry is carried out once by its id, however often and in whatever order batches come."""
    entries = [as_entry(entry) for entry in body.entries]
    sent_at: datetime | None = body.sent_at
    results = take_entries(entries, actor=actor_of(request), at=clock.now(), sent_at=sent_at)
    return as_json({"results": [result_row(result) for result in results]})


def as_entry(given: EntryIn) -> Entry:
    """An entry as the register takes it."""
    moment: datetime = given.happened_at
    return Entry(
        uid=given.id,
        kind=given.kind,
        row=given.row,
        fields=given.fields,
        happened_at=moment,
        base=given.base,
        seen_at=given.seen_at,
    )


def result_row(result: Result) -> dict[str, Any]:
    """A result for programs."""
    return {"id": result.uid, "result": result.result, "message": result.message, "field": result.field}
