"""A named appraiser gives one person a number for each task of the month."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.roster.actions.appraisal.walking import walk_month
from louzhang.roster.models.appraisal import AppraisalMonth, Score
from louzhang.roster.queries.appraisal.people import people_of

MOST = 5


def score(
    *,
    month_id: int,
    points: Mapping[int, Sequence[int]],
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> AppraisalMonth:
    """Give 1 to 5 for each task to one or several people, by their account; 0 leaves a task out (R2, 一表一册).

    A second time replaces the first. Raises `NotThere` for who is not appraised in this month, `NotYours` for oneself,
    `InputRefused` for numbers that are none or do not fit the tasks.
    """
    with walk_month(month_id, "score", actor=actor, at=at, given={"points": points or None}, entry_id=entry_id) as step:
        month = step.subject
        known = {person.user_id for person in people_of(month)}
        for user_id, given in points.items():
            _refuse(user_id, list(given), known, len(month.criteria), actor)
        for user_id, given in sorted(points.items()):
            Score.objects.update_or_create(
                month=month, user_id=user_id, appraiser_id=actor.user_id,
                defaults={"points": list(given), "scored_at": at},
            )  # fmt: skip
        step.note(points={str(user_id): list(given) for user_id, given in sorted(points.items())})
    return step.subject


def _refuse(user_id: int, given: list[int], known: set[int], tasks: int, actor: Actor) -> None:
    if user_id not in known:
        raise NotThere("这个人不在本月的考核名单里，请刷新页面。")
    if user_id == actor.user_id:
        raise NotYours("不能给自己打分，请留给别的评分人。")
    if not tasks:
        raise InputRefused("社区还没有写本月的打分项，请先联系社区。", field="points")
    if len(given) != tasks or any(not 0 <= points <= MOST for points in given):
        raise InputRefused(f"每一项请选 1 到 {MOST} 分，没看到的可以留空。", field="points")
