"""Meetings on the spot and motions: those of one order, the lists of all one may see, what was said in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.kit.lifecycle import Transition
from louzhang.workorders.lifecycle import MEETING_LOOP, MOTION_LOOP, MeetingState
from louzhang.workorders.models import Meeting, Motion, Part, WorkOrder
from louzhang.workorders.queries.former import as_readable
from louzhang.workorders.queries.histories import Moment
from louzhang.workorders.scope_beside import ties_to


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting as a page shows it."""

    meeting: Meeting
    units: str
    minutes: str
    promises: int
    steps: list[Transition]


def meetings_of(order: WorkOrder, moments: Sequence[Moment], actor: Actor) -> list[MeetingLine]:
    """The meetings on an order, the latest first, as its history tells of them: every step of a meeting is an event
    of its order (no query).
    """
    called = [moment for moment in moments if moment.event.verb == "call_meeting"]
    lines = [_told(order, call, moments, actor) for call in called]
    return sorted(lines, key=lambda line: line.meeting.held_at, reverse=True)


ENDS = {"record_meeting": MeetingState.HELD, "cancel_meeting": MeetingState.CANCELLED}


def _told(order: WorkOrder, call: Moment, moments: Sequence[Moment], actor: Actor) -> MeetingLine:
    facts = call.event.payload
    ends = [
        each for each in moments if each.event.verb in ENDS and each.event.payload.get("meeting") == facts["meeting"]
    ]
    end = ends[0] if ends else None
    row = Meeting(
        pk=facts["meeting"],
        order=order,
        status=ENDS[end.event.verb] if end is not None else MeetingState.CALLED,
        unit_ids=facts["units"],
        place=str(call.spoken.get("place", "")),
        held_at=datetime.fromisoformat(facts["held_at"]),
        called_at=call.event.happened_at,
    )
    return MeetingLine(
        meeting=row,
        units=str(facts.get("unit_name", "")),
        minutes=str(end.spoken.get("minutes", "")) if end is not None else "",
        promises=len(end.event.payload.get("parts", ())) if end is not None else 0,
        steps=MEETING_LOOP.allowed(row.status, ties_to(row, order, actor)),
    )


def _names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def units_called(meeting: Meeting) -> list[Unit]:
    """The units that were called, by name."""
    return list(Unit.objects.filter(pk__in=meeting.unit_ids).order_by("name_key", "pk"))


def meeting_lines(rows: Sequence[Meeting], actor: Actor) -> list[MeetingLine]:
    """The lines of a list, without minutes: those stand with their order (two queries, and one where a unit reads it).

    A unit that was only called reads of an order what stood there when it was.
    """
    as_readable([row.order for row in rows], actor)
    names = _names(unit for row in rows for unit in row.unit_ids)
    promises = Counter(Part.objects.filter(meeting__in=[row.pk for row in rows]).values_list("meeting_id", flat=True))
    return [
        MeetingLine(
            meeting=row,
            units="、".join(names[unit] for unit in row.unit_ids if unit in names),
            minutes="",
            promises=promises[row.pk],
            steps=[],
        )
        for row in rows
    ]


def seen_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Every meeting in scope, with what a list shows of its order."""
    rows: QuerySet[Meeting] = Meeting.objects.visible_to(actor)
    return rows.select_related("order__category", "order__area").defer("order__search_terms", "order__area__outline")


def seen_motions(actor: Actor) -> QuerySet[Motion]:
    """Every motion in scope, with what a list shows of its order."""
    rows: QuerySet[Motion] = Motion.objects.visible_to(actor)
    related = ("order__category", "order__area", "order__desk_area", "meeting")
    deferred = ("order__search_terms", "order__area__outline", "order__desk_area__outline")
    return rows.select_related(*related).defer(*deferred)


def find_motion(actor: Actor, motion_id: int) -> Motion | None:
    """One motion in scope, with the reader's ties to it."""
    motion = seen_motions(actor).filter(pk=motion_id).first()
    if motion is None:
        return None
    order = WorkOrder.objects.filter(pk=motion.order_id).with_relations(actor).first()
    assert order is not None  # a foreign key
    motion.held = ties_to(motion, order, actor)
    return motion


def motion_steps(motion: Motion) -> list[Transition]:
    """What the reader may do with it now."""
    return MOTION_LOOP.allowed(motion.status, motion.relations_now)


@dataclass(frozen=True, slots=True)
class MotionMoment:
    """One event of a motion with its words."""

    event: Event
    said: str
    words: str
    is_erased: bool
    at: datetime


SAID = {"raise": "提出", "erase": "按规定删除了个人信息"}


def motion_history(motion: Motion) -> list[MotionMoment]:
    """What was done with it, the oldest first (two queries)."""
    events = Event.objects.filter(subject_kind=motion.subject_kind, subject_id=motion.pk).order_by("seq")
    kept = {row.seq: row for row in Words.objects.filter(subject_kind=motion.subject_kind, subject_id=motion.pk)}
    return [_moment(event, kept.get(event.seq)) for event in events]


def _moment(event: Event, said: Words | None) -> MotionMoment:
    spoken: dict[str, Any] = said.spoken if said is not None else {}
    label = MOTION_LOOP[event.verb].said if event.verb in MOTION_LOOP else SAID.get(event.verb, "有更新")
    whom = event.payload.get("body", "")
    return MotionMoment(
        event=event,
        said=f"{label}：{whom}" if whom else label,
        words=str(spoken.get("words", "")),
        is_erased=said is not None and said.erased_at is not None,
        at=event.happened_at,
    )


def motions_of(moments: Sequence[Moment]) -> list[Motion]:
    """The motions that came out of an order, by its history; no query where it has none."""
    told = {moment.event.payload["motion"] for moment in moments if moment.event.payload.get("motion")}
    return list(Motion.objects.filter(pk__in=told).order_by("pk")) if told else []
