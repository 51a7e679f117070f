"""Motions (议案、建议, R5): what no office can settle is raised, submitted to whom can, answered, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Step, walk
from louzhang.workorders.actions.meetings import meeting_of
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import MOTION_LOOP
from louzhang.workorders.models import Motion, WorkOrder


def raise_motion(
    *,
    order_id: int,
    title: str,
    words: str,
    actor: Actor,
    at: datetime,
    meeting: int | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Put what no office can settle on the list of motions; the order goes its own way."""
    given = {"title": title, "words": words}
    with walk_order(order_id, "raise_motion", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        order = step.subject
        held = meeting_of(order, meeting)
        motion = Motion(order=order, meeting=held, title=title.strip(), raised_at=at)
        motion.save(force_insert=True)
        record(
            motion,
            "raise",
            actor=actor,
            at=at,
            audience=step.audience,
            payload={"to": str(motion.status), "order": order.pk},
            words={"words": words},
            area_ids=order.event_area_ids(),
        )
        step.note(motion=motion.pk)
        step.say(title=motion.title)
    return step.subject


def submit_motion(
    *, motion_id: int, body: str, actor: Actor, at: datetime, words: str = "", entry_id: UUID | None = None
) -> Motion:
    """Submit it to a body that can settle it: a congress, a department, an office above; again after an answer."""
    with _walk(motion_id, "submit", {"body": body}, actor, at, entry_id) as step:
        step.set(body=body.strip(), submitted_at=at, answered_at=None)
        step.note(body=body.strip())
        step.say(words=words)
    return step.subject


def answer_motion(*, motion_id: int, words: str, actor: Actor, at: datetime, entry_id: UUID | None = None) -> Motion:
    """Write down what was answered."""
    with _walk(motion_id, "answer", {"words": words}, actor, at, entry_id) as step:
        step.set(answered_at=at)
        step.say(words=words)
    return step.subject


def close_motion(*, motion_id: int, words: str, actor: Actor, at: datetime, entry_id: UUID | None = None) -> Motion:
    """Close it, with what came of it."""
    with _walk(motion_id, "close", {"words": words}, actor, at, entry_id) as step:
        step.set(closed_at=at)
        step.say(words=words)
    return step.subject


MOTION_VERBS: Mapping[str, Callable[..., Motion]] = {
    "submit": submit_motion,
    "answer": answer_motion,
    "close": close_motion,
}


def _walk(
    motion_id: int, verb: str, given: Mapping[str, Any], actor: Actor, at: datetime, entry_id: UUID | None
) -> AbstractContextManager[Step[Motion]]:
    rows = Motion.objects.select_related("order__area")
    return walk(MOTION_LOOP, rows, motion_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
