"""How many households gave which answer, by place: read from the answers, and once those are gone from the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import Left

from louzhang.areas.models import Area
from louzhang.surveys.lifecycle import SurveyState
from louzhang.surveys.models import Answer, Question, Survey, Tally, Target

# (key of a question, path of a place, value); the key is empty for how far asking itself has come.
Counts = Counter[tuple[str, str, str]]
DONE, ABSENT, WAITING = "done", "absent", "waiting"

ANSWER, TARGET, QUESTION, AREA = (model._meta.db_table for model in (Answer, Target, Question, Area))
# Whoever would rather not answer at all has said so to every question that is asked of everybody. A question with
# several choices also counts the households that made some. Of dates only the month is counted. Where a street let the
# survey in without a question, nobody was asked it.
COUNTED = f"""
WITH asked AS (
  SELECT target.id, target.state, target.current, left(area.path, %s) AS place
  FROM {TARGET} AS target JOIN {AREA} AS area ON area.id = target.area_id
  WHERE target.survey_id = %s AND {{scope}}
), said AS (
  SELECT asked.place, answer.chosen FROM asked
  JOIN {ANSWER} AS answer ON answer.target_id = asked.id AND answer.number = asked.current
  WHERE asked.state = 'answered'
)
SELECT question.id AS question, said.place, kept.value, count(*) AS number
FROM said CROSS JOIN {QUESTION} AS question
CROSS JOIN LATERAL (
  SELECT CASE WHEN question.kind = 'date' AND each.value <> '-' THEN left(each.value, 7) ELSE each.value END AS value
  FROM jsonb_array_elements_text(CASE jsonb_typeof(said.chosen -> question.key) WHEN 'array'
    THEN said.chosen -> question.key ELSE jsonb_build_array(said.chosen -> question.key) END) AS each (value)
  UNION ALL SELECT '+' WHERE jsonb_typeof(said.chosen -> question.key) = 'array'
) AS kept
WHERE question.survey_id = %s AND said.chosen ? question.key AND kept.value IS NOT NULL GROUP BY 1, 2, 3
UNION ALL
SELECT question.id, asked.place, '-', count(*) FROM asked CROSS JOIN {QUESTION} AS question
WHERE asked.state = 'declined' AND question.survey_id = %s AND question.condition = '{{{{}}}}' AND NOT EXISTS (
  SELECT 1 FROM {AREA} AS gate WHERE gate.id = ANY (question.left_out) AND starts_with(asked.place, gate.path)
) GROUP BY 1, 2
UNION ALL
SELECT NULL, asked.place,
  CASE asked.state WHEN 'absent' THEN 'absent' WHEN 'waiting' THEN 'waiting' ELSE 'done' END, count(*)
FROM asked GROUP BY 2, 3
"""  # noqa: S608 - names of our own tables


def counted_below(survey: Survey, questions: Iterable[Question], paths: Sequence[str], depth: int) -> Counts:
    """Every count of the places at a depth of the tree below these paths; one statement."""
    keys: dict[int | None, str] = {None: "", **{question.pk: question.key for question in questions}}
    rows = _tallied(survey, paths, depth) if survey.status == SurveyState.PURGED else _live(survey, paths, depth)
    counts: Counts = Counter()
    for question_id, place, value, number in rows:
        counts[keys[question_id], place, value] += number
    return counts


def _live(survey: Survey, paths: Sequence[str], depth: int) -> list[tuple[int | None, str, str, int]]:
    sql, values = counted_rows(survey, paths, depth)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[int | None, str, str, int]] = cursor.fetchall()
    return found


def counted_rows(survey: Survey, paths: Sequence[str], depth: int) -> tuple[str, list[str | int]]:
    """The statement that counts answers, and its values: (question, place, value, number)."""
    scope = " OR ".join(["(area.path >= %s AND area.path < %s)"] * len(paths)) or "false"
    bounds = [bound for path in paths for bound in (path, path + "~")]
    values: list[str | int] = [depth * Area.steplen, survey.pk, *bounds, survey.pk, survey.pk]
    return COUNTED.format(scope=f"({scope})"), values


def _tallied(survey: Survey, paths: Sequence[str], depth: int) -> list[tuple[int | None, str, str, int]]:
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(area__path__gte=path, area__path__lt=path + "~")
    rows = Tally.objects.filter(below, survey=survey).annotate(place=Left("area__path", depth * Area.steplen))
    return list(rows.order_by().values_list("question_id", "place", "value").annotate(Sum("count")))
