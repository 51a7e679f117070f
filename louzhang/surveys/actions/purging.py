"""到期: once its day has come a survey keeps counts and nothing else; what households said is erased."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actions import drop_set_aside, erase_subject
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment, AttachmentStage, Words
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.surveys.actions.late import held_key
from louzhang.surveys.lifecycle import LOOP, SurveyState
from louzhang.surveys.models import (
    BY_HAND,
    Answer,
    EntryTally,
    FollowUp,
    FollowUpRule,
    LateAnswer,
    LateOutcome,
    Survey,
    Tally,
    Target,
    TargetState,
)
from louzhang.surveys.queries.counting_answers import counted_rows

GRID_RANK, COMMUNITY_RANK = RANKS[LevelKind.GRID], RANKS[LevelKind.COMMUNITY]
RULE = "问卷到期"
TALLY, AREA = Tally._meta.db_table, Area._meta.db_table
KEEP = f"""
INSERT INTO {TALLY} (survey_id, question_id, area_id, value, count)
SELECT %s, counted.question, area.id, counted.value, sum(counted.number)
FROM ({{counted}}) AS counted JOIN {AREA} AS area ON area.path = counted.place
GROUP BY 2, 3, 4
"""  # noqa: S608 - names of our own tables


def purge_due_surveys(*, at: datetime) -> int:
    """Purge every closed survey whose day has come; says how many (worker)."""
    due = Survey.objects.filter(status=SurveyState.CLOSED.value, purge_on__lte=clock.local_date(at))
    ids = list(due.order_by("purge_on", "pk").values_list("pk", flat=True))
    for survey_id in ids:
        purge_survey(survey_id=survey_id, at=at)
    return len(ids)


def purge_survey(*, survey_id: int, at: datetime) -> Survey:
    """Turn the answers of a closed survey into counts by question and grid, then erase them.

    Nothing is left that tells which household answered, or would rather not; the events stay, so that it can be
    proved how many answers there were and when. Raises what the walker raises.
    """
    with walk(LOOP, Survey.objects.all(), survey_id, "purge", actor=SYSTEM, at=at) as step:
        survey = step.subject
        tallies = _keep_counts(survey)
        _keep_entries(survey)
        erased = _erase_words(survey, at)
        answers = _drop_answers(survey, at)
        step.set(purged_at=at)
        step.note(tallies=tallies, answers=answers, erased=erased)
    return step.subject


def _keep_counts(survey: Survey) -> int:
    root = survey.asker_area.path[: Area.steplen]
    counted, values = counted_rows(survey, [root], GRID_RANK)
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(counted=counted), [survey.pk, *values])
        return int(cursor.rowcount)


def _keep_entries(survey: Survey) -> None:
    """What it cost to write the answers down stays known: counts by community, day and whoever wrote."""
    rows = Answer.objects.filter(target__survey=survey, voice__in=BY_HAND).order_by()
    places = Left("target__area__path", COMMUNITY_RANK * Area.steplen)
    said = rows.annotate(place=places).values_list("place", "user_id", "received_at", "happened_at")
    counts = Counter(
        (place, user_id, clock.local_date(received), clock.local_date(happened))
        for place, user_id, received, happened in said.iterator()
    )
    areas = dict(Area.objects.filter(path__in={key[0] for key in counts}).order_by().values_list("path", "pk"))
    EntryTally.objects.bulk_create(
        EntryTally(
            survey=survey,
            area_id=areas[place],
            user_id=user_id,
            received_on=received,
            happened_on=happened,
            count=count,
        )
        for (place, user_id, received, happened), count in counts.items()
    )


def _drop_answers(survey: Survey, at: datetime) -> int:
    count, _ = Answer.objects.filter(target__survey=survey).delete()
    Target.objects.filter(survey=survey).update(state=TargetState.WAITING, current=0, current_at=None, versions=0)
    late = LateAnswer.objects.filter(target__survey=survey)
    waiting = late.filter(outcome=LateOutcome.WAITING)
    drop_set_aside(*map(held_key, waiting.values_list("uid", flat=True)), rule=RULE, at=at)
    waiting.update(outcome=LateOutcome.DROPPED, settled_at=at, said_sealed="")
    FollowUpRule.objects.filter(question__survey=survey).update(condition={}, ended_at=at)
    return count


def _erase_words(survey: Survey, at: datetime) -> int:
    """The words and photos on the chains of its households and follow-ups; says on how many there were some."""
    count = 0
    for rows in (Target.objects.filter(survey=survey), FollowUp.objects.filter(target__survey=survey)):
        kind = rows.model.subject_kind
        words = Words.objects.filter(subject_kind=kind, subject_id=OuterRef("pk"), erased_at=None)
        files = Attachment.objects.filter(subject_kind=kind, subject_id=OuterRef("pk"))
        files = files.exclude(stage=AttachmentStage.ERASED)
        said = rows.filter(Exists(words) | Exists(files)).order_by("pk")
        for row in said.select_for_update(no_key=True):
            erase_subject(row, rule=RULE, actor=SYSTEM, at=at)
            count += 1
    return count
