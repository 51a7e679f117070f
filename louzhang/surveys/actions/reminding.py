"""提醒: only whoever is behind, only by day, not again within hours; nobody above learns who it was."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from django.db.models import F, Q

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import TooOften, TransitionRefused
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.surveys.lifecycle import LOOP
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.queries.holders import nearest, people_at
from louzhang.surveys.queries.progress import own_roots

FIRST, LAST = time(8), time(20, 30)
PAUSE = timedelta(hours=4)


def remind_behind(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> int:
    """Remind the holders of places with homes left, below where the actor works; gives how many people.

    不愿回答 is done and leaves nobody behind. Raises what the walker raises, `TransitionRefused` at night and where
    nobody is behind, `TooOften` where all of them were reminded within hours.
    """
    rows = Survey.objects.all()
    with walk(LOOP, rows, survey_id, "remind", actor=actor, at=at, entry_id=entry_id) as step:
        if not FIRST <= clock.local(at).time() <= LAST:
            raise TransitionRefused("现在不是打扰人的时候，请在早上 8 点到晚上 8 点半之间提醒。")
        behind = _behind(step.subject, actor)
        due = {pk: path for pk, path, reminded_at in behind if reminded_at is None or reminded_at <= at - PAUSE}
        if not behind:
            raise TransitionRefused("都问完了，没有人要提醒。")
        if not due:
            raise TooOften("几个小时内已经提醒过了，请过一会儿再提醒。")
        people = people_at(due.values(), at)
        reminded = sorted({person for path in due.values() for person in nearest(path, people)})
        Share.objects.filter(pk__in=due).update(reminded_at=at)
        step.note(people=reminded, places=len(due))
    return len(reminded)


def _behind(survey: Survey, actor: Actor) -> list[tuple[int, str, datetime | None]]:
    """Places with homes left that the actor may remind: below the own office, all of them for whoever asks."""
    under = Q(pk__in=[])
    for path in own_roots(survey, actor):
        under |= Q(area__path__gte=path, area__path__lt=path + "~")
    left = Share.objects.leaves().filter(under, survey=survey, total__gt=F("answered") + F("declined"))
    return list(left.order_by("pk").values_list("pk", "area__path", "reminded_at"))
