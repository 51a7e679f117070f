"""How long a household takes at the door: measured between one's own answers, stated where it is only assumed."""

from __future__ import annotations

from django.db import connection

from louzhang.areas.models import Area
from louzhang.surveys.models import Answer, Outcome, Survey, Target, Voice

ASSUMED_SECONDS = 180
LONGEST_GAP = 1800
FEWEST = 10
ANSWER, TARGET = Answer._meta.db_table, Target._meta.db_table
# Between two answers of one person; longer gaps are pauses.
GAPS = f"""
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap), count(*) FROM (
  SELECT extract(epoch FROM answer.happened_at - lag(answer.happened_at)
    OVER (PARTITION BY answer.user_id ORDER BY answer.happened_at)) AS gap
  FROM {ANSWER} AS answer JOIN {TARGET} AS target ON target.id = answer.target_id
  WHERE target.survey_id = %s AND answer.voice = %s AND answer.outcome = %s AND answer.user_id IS NOT NULL
) AS gaps WHERE gap > 0 AND gap <= %s
"""  # noqa: S608 - names of our own tables


def pace_of(survey: Survey) -> int | None:
    """The middle gap between a person's answers at doors, walking included, in seconds; None from fewer than ten."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS, [survey.pk, Voice.DOOR.value, Outcome.ANSWERED.value, LONGEST_GAP])
        middle, count = cursor.fetchone()
    return round(middle) if middle is not None and count >= FEWEST else None


def last_pace(area: Area, kind: str) -> tuple[int, bool]:
    """Seconds a household took last time in the same line of places, and whether that was measured."""
    line = [area.path[:end] for end in range(Area.steplen, len(area.path) + 1, Area.steplen)]
    rows = Survey.objects.after().filter(kind=kind, pace_seconds__isnull=False, asker_area__path__in=line)
    last = rows.order_by("-closed_at").values_list("pace_seconds", flat=True).first()
    return (last, True) if last is not None else (ASSUMED_SECONDS, False)
