"""Laying a survey out: a row a household, a share a place, by two statements however many there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from louzhang.areas.models import RANKS, Area, AreaLevel
from louzhang.kit import clock
from louzhang.surveys.choosing import choice_of
from louzhang.surveys.models import Share, Survey, Target
from louzhang.surveys.queries.choosing import chosen_doors, chosen_households

TARGET, SHARE = Target._meta.db_table, Share._meta.db_table
AREA, LEVEL = Area._meta.db_table, AreaLevel._meta.db_table
NEW_TARGETS = f"""
INSERT INTO {TARGET} (uid, survey_id, area_id, dwelling_id, household_id, state, versions, current, chain_seq,
  chain_head)
SELECT gen_random_uuid(), %s, home.area_id, home.dwelling_id, home.household_id, 'waiting', 0, 0, 0, ''
FROM ({{rows}}) AS home (household_id, dwelling_id, area_id) ORDER BY home.area_id, home.dwelling_id
"""  # noqa: S608 - names of our own tables
# The places with homes, and every place above one of them.
NEW_SHARES = f"""
INSERT INTO {SHARE} (survey_id, area_id, rank, total, answered, declined, absent)
WITH leaf AS (
  SELECT area.path, count(*) AS homes FROM {TARGET} AS target JOIN {AREA} AS area ON area.id = target.area_id
  WHERE target.survey_id = %s GROUP BY area.path
), line AS (
  SELECT DISTINCT left(leaf.path, %s * step) AS path FROM leaf, generate_series(1, length(leaf.path) / %s) AS step
)
SELECT %s, area.id, ranks.rank, coalesce(leaf.homes, 0), 0, 0, 0
FROM line JOIN {AREA} AS area ON area.path = line.path JOIN {LEVEL} AS level ON level.id = area.level_id
JOIN unnest(%s::text[], %s::int[]) AS ranks (kind, rank) ON ranks.kind = level.kind
LEFT JOIN leaf ON leaf.path = line.path ORDER BY area.id
"""  # noqa: S608 - names of our own tables


def lay_out(survey: Survey, *, at: datetime) -> int:
    """Make the targets and shares of a survey that opens; gives how many households are asked.

    The rows begin chains of their own; that they were made is told by the event of the survey.
    """
    areas, day = list(survey.grounds.values_list("area_id", flat=True)), clock.local_date(at)
    choice = choice_of(survey.household_filter)
    homes = chosen_households(areas, choice, day).order_by().values_list("pk", "dwelling_id", "dwelling__area_id")
    made = _insert(survey, homes)
    if choice.with_empty:
        doors = chosen_doors(areas, choice).order_by().extra(select={"nobody": "NULL::bigint"})
        made += _insert(survey, doors.values_list("nobody", "pk", "area_id"))
    if made:
        step = Area.steplen
        with connection.cursor() as cursor:
            cursor.execute(NEW_SHARES, [survey.pk, step, step, survey.pk, list(RANKS), list(RANKS.values())])
    return made


def _insert(survey: Survey, rows: QuerySet[Any, Any]) -> int:
    text, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(NEW_TARGETS.format(rows=text), [survey.pk, *values])
        return int(cursor.rowcount)
