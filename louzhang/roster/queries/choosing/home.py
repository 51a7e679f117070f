"""What first pages ask of choosing: counts, in one query a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value

from louzhang.journal.actor import Actor
from louzhang.roster.lifecycle.choosing import NomineeState, RoundState, Tie
from louzhang.roster.models.choosing import Nominee, Round

ASKED, RUNNING = "asked", "running"


def count_for_resident(actor: Actor, at: datetime) -> tuple[int, int]:
    """Answers an actor still owes, and rounds that run where the actor lives; nothing is asked of who is nobody yet."""
    if actor.user_id is None and not actor.device:
        return 0, 0
    states = [RoundState.NOMINATING.value, RoundState.CONSENTING.value]
    asked = Nominee.objects.tied(actor, Tie.NOMINEE).filter(status=NomineeState.NAMED.value, round__status__in=states)
    rounds = Round.objects.tied(actor, Tie.RESIDENT).filter(status=RoundState.NOMINATING.value)
    found = _marked(asked, ASKED).union(_marked(rounds, RUNNING), all=True)
    marks = [mark for (mark,) in found]
    return marks.count(ASKED), marks.count(RUNNING)


def _marked(rows: QuerySet[Any], mark: str) -> QuerySet[Any, tuple[str]]:
    marked: QuerySet[Any, tuple[str]] = rows.order_by().annotate(mark=Value(mark)).values_list("mark")
    return marked


def count_reviews(actor: Actor) -> int:
    """How many nominees the actor could still write about."""
    if actor.user_id is None:
        return 0
    rows = Nominee.objects.tied(actor, Tie.REVIEWER)
    waiting = rows.filter(status=NomineeState.STANDING.value, round__status=RoundState.REVIEWING.value)
    return waiting.exclude(reviews__reviewer_id=actor.user_id).count()
