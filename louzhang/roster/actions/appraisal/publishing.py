"""Publishing a month: its figures are frozen, only commended names become public, reviews open; one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.roster.actions.appraisal.reviewing import open_reviews_of
from louzhang.roster.actions.appraisal.walking import walk_month
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.queries.appraisal.reckoned import digest_of
from louzhang.roster.queries.appraisal.spans import Span, spoken


def publish_month(
    *,
    month_id: int,
    commended: Sequence[int],
    actor: Actor,
    at: datetime,
    seen_digest: str = "",
    entry_id: uuid.UUID | None = None,
) -> AppraisalMonth:
    """Publish a computed month. `commended` are accounts that people chose from the best group (R2, R3).

    Everybody reads the own place, the office everybody's, all others only the names of the commended. Raises what the
    walker raises, `InputRefused` for a month that is not over, somebody outside the best group, too many or oneself,
    `Conflict` where the figures are no longer those that were looked at (`seen_digest`).
    """
    with transaction.atomic(), walk_month(month_id, "publish", actor=actor, at=at, entry_id=entry_id) as step:
        month = step.subject
        if at < Span(month.month).end:
            raise InputRefused(f"{month.month.month} 月还没过完，下个月 1 日以后再公布。", field="month")
        rows = list(Standing.objects.select_for_update(no_key=True).filter(month=month).order_by("user_id"))
        _refuse_changed(month, rows, seen_digest)
        chosen = _chosen(month, rows, commended)
        if actor.user_id in chosen:
            raise InputRefused("不能表扬自己。请同事来公布，或不选自己。", field="commended")
        for row in rows:
            row.is_commended = row.user_id in chosen
        Standing.objects.bulk_update(rows, ["is_commended"])
        step.set(published_at=at)
        step.note(commended=sorted(chosen), figures=month.figures_digest, inputs=month.inputs_digest)
        open_reviews_of(month, rows, actor=actor, at=at)
    return step.subject


def _refuse_changed(month: AppraisalMonth, rows: Sequence[Standing], seen_digest: str) -> None:
    if seen_digest and seen_digest != month.figures_digest:
        raise Conflict("这个月的数字刚刚又算过一次，请看过新的数字再公布。")
    if digest_of(rows, month.means) != month.figures_digest:
        raise Conflict("存着的数字和算出来的不一致，请重新计算以后再公布。")


def _chosen(month: AppraisalMonth, rows: Sequence[Standing], commended: Sequence[int]) -> set[int]:
    best = {row.user_id for row in rows if row.group == 1}
    chosen = set(commended)
    if chosen - best:
        raise InputRefused("只能表扬第一档里的人；同一档不分先后，由社区推选。", field="commended")
    if len(chosen) > month.scheme.commend_most:
        raise InputRefused(f"这个办法每月最多表扬 {month.scheme.commend_most} 人，请少选几位。", field="commended")
    return chosen


def spoken_month(month: AppraisalMonth) -> str:
    """2026年2月."""
    return spoken(month.month)


def is_over(month: AppraisalMonth, at: datetime) -> bool:
    """Whether a month may be published."""
    return clock.local_date(at) >= Span(month.month).next_month
