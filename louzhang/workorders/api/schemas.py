"""What programs send and get. Times are UTC; positions carry their datum; no plain contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from louzhang.kit.coordinates import Datum
from louzhang.kit.writable import Writable
from louzhang.workorders.models import WORDS_AT_MOST, AnswerWay
from louzhang.workorders.queries import RowId
from louzhang.workorders.queries.orders import Day


class ReportIn(Schema):
    """One voice. Any one of `area`, a position or `place_note` is enough."""

    category: Writable = Field(max_length=40, description="code of a leaf category, see GET /categories")
    words: Writable = Field("", description=f"what happened; at most {WORDS_AT_MOST} characters")
    area: RowId | None = Field(None, description="id of a current area, see GET /areas")
    place_note: Writable = Field("", max_length=200)
    door: Writable = Field("", max_length=40, description="stored sealed")
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    datum: Datum = Datum.WGS84
    name: Writable = Field("", max_length=40, description="stored sealed")
    phone: Writable = Field("", max_length=30, description="stored sealed")
    answer_way: AnswerWay = AnswerWay.HERE
    photos: list[UUID] = Field([], max_length=9, description="ids of uploaded drafts")
    target: Writable = Field("", max_length=40, description="complaints: post:ID or unit:ID")
    answers: dict[Writable, Writable] = {}
    is_for_another: bool = False
    hotline_number: Writable = Field(
        "", max_length=60, description="taken from the 12345 hotline: its number; only for staff of offices"
    )


class ReportOut(Schema):
    """The receipt. The tracking code is told this once and stored hashed."""

    report: int
    number: str
    tracking_code: str
    promised_at: datetime


class DraftOut(Schema):
    """An uploaded file, waiting to be named by a report or a verb."""

    id: UUID
    kind: str
    state: str


class PromiseIn(Schema):
    """What a unit promised at a meeting."""

    unit: RowId
    task: Writable
    due_at: datetime | None = None


class VerbIn(Schema):
    """The inputs of all verbs; each verb reads its own (see the lifecycle in the docs)."""

    note: Writable | None = None
    reason: Writable | None = None
    advice: Writable | None = None
    answer: Writable | None = None
    words: Writable | None = None
    unit: RowId | None = None
    seat: RowId | None = None
    category: Writable | None = None
    area: RowId | None = None
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    stars: int | None = Field(None, ge=1, le=5)
    solved: bool | None = None
    call_result: Writable | None = None
    photos: list[UUID] | None = Field(None, max_length=9)
    demand: Writable | None = Field(None, description="supervise: what is demanded")
    due_date: Day | None = Field(None, description="supervise: the day of the answer")
    explanation: Writable | None = Field(None, description="shelve, settle_by_explanation: what the reporter reads")
    review_date: Day | None = Field(None, description="shelve: the day of review")
    basis: Writable | None = Field(None, description="settle_by_explanation: the legal basis")
    into: Writable | None = Field(None, max_length=40, description="merge: the number of the order it goes into")
    others: list[Writable] | None = Field(None, max_length=500, description="gather: numbers of orders")
    other: Writable | None = Field(None, max_length=40, description="split_off: the number of a merged order")
    photo: UUID | None = Field(None, description="announce, blur: the id of a photo of the order")
    boxes: list[list[float]] | None = Field(
        None, max_length=12, description="blur: [left, top, width, height] in shares of the picture"
    )

    assists: list[RowId] | None = Field(None, max_length=20, description="dispatch, arbitrate: units that help")
    units: list[RowId] | None = Field(None, max_length=20, description="ask_assist, call_meeting: which units")
    task: Writable | None = Field(None, description="ask_assist: what they are to do")
    due_at: datetime | None = Field(None, description="ask_assist: by when they reply")
    part: RowId | None = Field(None, description="verbs on a part: which one, where a unit has several")
    reply: Writable | None = None
    clause: RowId | None = Field(None, description="arbitrate: the clause of the duty list it rests on")
    decision: Writable | None = Field(None, description="arbitrate: the words of the decision")
    place: Writable | None = Field(None, max_length=120, description="call_meeting")
    held_at: datetime | None = Field(None, description="call_meeting")
    meeting: RowId | None = Field(None, description="record_meeting, cancel_meeting, raise_motion")
    minutes: Writable | None = Field(None, description="record_meeting")
    promises: list[PromiseIn] | None = Field(None, max_length=20, description="record_meeting")
    title: Writable | None = Field(None, max_length=120, description="raise_motion")

    def as_data(self) -> dict[str, Any]:
        """What was given, in the words of the verb's form."""
        given = self.model_dump(exclude_none=True)
        if "solved" in given:
            given["solved"] = "yes" if given["solved"] else "no"
        return given


class VerbOut(Schema):
    """Where the order stands after the verb."""

    number: str
    status: str
    label: str


class CategoryOut(Schema):
    """A leaf category with its group."""

    code: str
    name: str
    group: str
    letters: str
    promised_hours: int
    is_urgent: bool
    questions: list[dict[str, Any]]


class AreaOut(Schema):
    """A current area; `parent` is the id of the one above."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent: int | None
    longitude: float | None
    latitude: float | None


class UnitOut(Schema):
    """A unit that orders may be dispatched to."""

    id: int
    name: str
    kind: str
    phone: str


class OrderOut(Schema):
    """A line of a list."""

    number: str
    status: str
    label: str
    category: str
    category_name: str
    summary: str
    area: int
    area_name: str
    unit: int | None
    unit_name: str
    is_urgent: bool
    reported_at: datetime
    promised_at: datetime
    closed_at: datetime | None
    longitude: float | None
    latitude: float | None


class OrdersOut(Schema):
    """One page of a list; `next` is the cursor of the page after it."""

    rows: list[OrderOut]
    next: str | None


class VoiceOut(Schema):
    """One report of an order, its contact masked as far as the reader may have it."""

    report: int
    channel: str
    answer_way: str
    reported_at: datetime
    name: str
    phone: str
    stars: int | None
    solved: bool | None
    words: str = Field("", description="of a voice that came from a merged order; others' are in its events")


class OrderClockOut(Schema):
    """One clock of an order: when it is due, unless a pause keeps it from getting there, and how it stands."""

    due_at: datetime | None
    state: Literal["running", "paused", "due_soon", "overdue", "met", "missed"]
    is_paused: bool
    is_waiting: bool = Field(description="the pause waits for the resident")


class OrderFullOut(OrderOut):
    """One order with its voices and what the reader may do now."""

    place_note: str
    step: int
    clocks: dict[str, OrderClockOut] = Field(
        description="by kind: take, contact, settle; blank for who only reported it"
    )
    relations: list[str]
    verbs: list[str]
    reports: list[VoiceOut]


class EventOut(Schema):
    """One event of an order that the reader may see."""

    seq: int
    verb: str
    said: str
    happened_at: datetime
    audience: str
    actor_kind: Literal["person", "device", "token", "system"]
    facts: dict[str, Any]
    words: dict[str, Any]
    is_erased: bool


class EventsOut(Schema):
    """All events of an order that the reader may see, oldest first."""

    rows: list[EventOut]
