"""Storing what a batch of answers changed: the households, and how many of each place are done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from louzhang.surveys.models import Share, Target, TargetState

TARGET, SHARE = Target._meta.db_table, Share._meta.db_table
SAVE = f"""
UPDATE {TARGET} AS target SET state = new.state, versions = new.versions, current = new.current,
  current_at = new.current_at, chain_seq = new.chain_seq, chain_head = new.chain_head
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::timestamptz[], %s::int[], %s::bytea[])
  AS new (id, state, versions, current, current_at, chain_seq, chain_head)
WHERE target.id = new.id
"""  # noqa: S608 - names of our own tables
# Locked in one order first: an UPDATE alone takes its rows as it finds them.
COUNT = f"""
WITH new AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::int[])
    AS new (survey_id, area_id, answered, declined, absent)
), locked AS (
  SELECT share.id, new.answered, new.declined, new.absent FROM {SHARE} AS share
  JOIN new ON new.survey_id = share.survey_id AND new.area_id = share.area_id
  ORDER BY share.id FOR NO KEY UPDATE OF share
)
UPDATE {SHARE} AS share SET answered = share.answered + locked.answered,
  declined = share.declined + locked.declined, absent = share.absent + locked.absent
FROM locked WHERE locked.id = share.id
"""  # noqa: S608 - names of our own tables
COUNTED = (TargetState.ANSWERED.value, TargetState.DECLINED.value, TargetState.ABSENT.value)


def save_targets(targets: Sequence[Target]) -> None:
    """Save the state and the chain of locked households by one statement."""
    columns = ("pk", "state", "versions", "current", "current_at", "chain_seq", "chain_head")
    values = [[getattr(target, column) for target in targets] for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(SAVE, values)


def move_counts(moved: Mapping[tuple[int, int, str], int]) -> None:
    """Add to the counts of places: (survey, area, state) and how many more of it there are now."""
    places: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for (survey_id, area_id, state), more in moved.items():
        if more and state in COUNTED:
            places[survey_id, area_id][state] = more
    if not places:
        return
    keys = sorted(places)
    counts = [[places[key].get(state, 0) for key in keys] for state in COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [[key[0] for key in keys], [key[1] for key in keys], *counts])
