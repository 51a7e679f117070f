"""Photos of an answer that go along with the order it set going, where the rule says so and the household was told."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from louzhang.journal.actions import copy_for_another
from louzhang.journal.actor import SYSTEM
from louzhang.surveys.models import Answer, Question
from louzhang.surveys.queries.photographs import photos_behind


def copied_photos(answer: Answer, question: Question | None, *, at: datetime) -> list[UUID]:
    """Drafts of the worker's with the same pictures, to be hung on an order; none for an answer without photos.

    The answer keeps its own until the survey is purged, the order its copies as long as an order keeps its photos.
    """
    if question is None or not answer.said_sealed:
        return []
    said = dict(json.loads(answer.open_field("said")))
    found = photos_behind({answer.target_id: said}, [question.asked()])
    photos = found.get((answer.target_id, question.key), [])
    copies = (copy_for_another(photo, actor=SYSTEM, at=at) for photo in photos)
    return [copy.uid for copy in copies if copy is not None]
