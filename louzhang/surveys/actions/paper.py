"""Taking back what was just typed from paper into the wrong line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, NotThere
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import refuse_looking_only
from louzhang.surveys.actions.counting import move_counts
from louzhang.surveys.actions.following_up import undo_follow_ups
from louzhang.surveys.models import Answer, FollowUp, Outcome, Survey, Target, TargetState, Voice

WINDOW = timedelta(hours=2)
NOTHING = "没有可以撤回的。只能撤回自己两小时以内从纸上录入的。"
ANSWERED_AGAIN = "这一户后来又有新的回答，不能再撤回。请直接重新录入。"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The household whose line was taken back, and what had come of the answer and stays."""

    target: Target
    left: list[FollowUp]


def take_back_last(*, survey: Survey, actor: Actor, at: datetime) -> TakenBack:
    """Take back the last line the actor typed: what it said is forgotten, and what held before holds again.

    What the answer had set going is undone as far as nobody is at work on it.

    Raises `NotThere` where there is none, `Conflict` once the household has answered again.
    """
    refuse_looking_only(actor)
    if actor.user_id is None:
        raise NotThere(NOTHING)
    own = Answer.objects.filter(voice=Voice.PAPER, user_id=actor.user_id, taken_back_at=None)
    with transaction.atomic():
        rows = Target.objects.handled_by(actor).filter(survey=survey).order_by().values("pk")
        last = own.filter(target__in=rows, received_at__gt=at - WINDOW).order_by("-received_at", "-pk").first()
        if last is None or not survey.is_open:
            raise NotThere(NOTHING)
        target: Target = Target.objects.select_for_update(no_key=True).get(pk=last.target_id)
        if target.current != last.number:
            raise Conflict(ANSWERED_AGAIN)
        _empty(last, at)
        _restore(target, last, actor, at)
        left = undo_follow_ups(target=target, number=last.number, at=at)
    return TakenBack(target, left)


def _empty(answer: Answer, at: datetime) -> None:
    answer.chosen, answer.said_sealed, answer.taken_back_at = {}, "", at
    answer.save(update_fields=["chosen", "said_sealed", "taken_back_at"])


def _restore(target: Target, gone: Answer, actor: Actor, at: datetime) -> None:
    """What was said before holds again; else that nobody was met; else nothing."""
    others = list(Answer.objects.filter(target=target, taken_back_at=None).exclude(pk=gone.pk))
    said = [answer for answer in others if answer.outcome != Outcome.ABSENT] or others
    before = max(said, key=lambda answer: (answer.happened_at, answer.number), default=None)
    moved = Counter({(target.survey_id, target.area_id, target.state): -1})
    target.state = before.outcome if before is not None else TargetState.WAITING.value
    target.current = before.number if before is not None else 0
    target.current_at = before.happened_at if before is not None else None
    moved[target.survey_id, target.area_id, target.state] += 1
    record(
        target, "take_back", actor=actor, at=at, payload={"number": gone.number},
        area_ids=lines_of([target.area_id])[target.area_id], save=("state", "current", "current_at"),
    )  # fmt: skip
    move_counts(moved)
