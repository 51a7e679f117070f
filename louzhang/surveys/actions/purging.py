"""到期: surveys that are over end by the clock; after their purge day their answers become counts and go."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Left

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.lifecycle import LOOP, SurveyState
from louzhang.surveys.models import Answer, LateAnswer, LateOutcome, Survey, Tally, Target, TargetState
from louzhang.surveys.questions import DECLINED, GIVEN, Asked, Kind

log = logging.getLogger(__name__)
GRID_DEPTH = RANKS[LevelKind.GRID]
AT_ONCE = 2000
LONGEST = 40


def close_due_surveys(*, at: datetime) -> int:
    """End every open survey whose time is over; gives how many (worker)."""
    due = list(Survey.objects.open().filter(ends_at__lte=at).order_by("pk").values_list("pk", flat=True))
    for pk in due:
        try:
            close_survey(survey_id=pk, actor=SYSTEM, at=at)
        except Refusal as refusal:
            log.info("survey %s was not closed: %s", pk, type(refusal).__name__)
    return len(due)


def purge_due_surveys(*, at: datetime) -> int:
    """Leave only counts of every closed survey whose purge day has come; gives how many (worker)."""
    day = clock.local_date(at)
    rows = Survey.objects.filter(status=SurveyState.CLOSED.value, purge_on__lte=day).order_by("pk")
    due = list(rows.values_list("pk", flat=True))
    for pk in due:
        purge_survey(survey_id=pk, at=at)
    return len(due)


def purge_survey(*, survey_id: int, at: datetime) -> None:
    """Count the answers that hold by grid, then delete every answer and every state of a household."""
    with transaction.atomic(), walk(LOOP, Survey.objects.all(), survey_id, "purge", actor=SYSTEM, at=at) as step:
        survey = step.subject
        tallies = _counted(survey)
        Tally.objects.bulk_create(tallies, batch_size=AT_ONCE)
        answers = Answer.objects.filter(target__survey=survey)
        step.note(answers=answers.count(), counts=len(tallies))
        answers.delete()
        late = LateAnswer.objects.filter(target__survey=survey, outcome=LateOutcome.WAITING)
        late.update(outcome=LateOutcome.DROPPED, settled_at=at, said_sealed="")
        Target.objects.filter(survey=survey).update(state=TargetState.WAITING, current=0, current_at=None, versions=0)
        step.set(purged_at=at)


def _counted(survey: Survey) -> list[Tally]:
    """How many households of each grid gave each answer; what lies sealed counts as given."""
    asked = {question.key: (question.asked(), question.pk) for question in survey.questions.all()}
    counted: Counter[tuple[int | None, str, str]] = Counter()
    rows = Answer.objects.filter(target__survey=survey).current()
    cut = Left("target__area__path", GRID_DEPTH * Area.steplen)
    for path, outcome, chosen in rows.annotate(grid=cut).values_list("grid", "outcome", "chosen").iterator(AT_ONCE):
        counted[None, path, outcome] += 1
        for key, value in chosen.items():
            if key in asked:
                question, pk = asked[key]
                counted.update((pk, path, said) for said in _values(question, value))
    areas = dict(Area.objects.filter(path__in={path for _, path, _ in counted}).values_list("path", "pk"))
    return [
        Tally(survey=survey, question_id=question_id, area_id=areas[path], value=value, count=count)
        for (question_id, path, value), count in counted.items()
    ]


def _values(question: Asked, value: Any) -> Iterator[str]:
    """An answer as the values it counts for; a day counts for its month."""
    if value in (DECLINED, GIVEN):
        yield value
    elif isinstance(value, list):
        yield from (str(each)[:LONGEST] for each in value)
    elif question.kind is Kind.DATE:
        yield str(value)[:7]
    else:
        yield str(value)[:LONGEST]
