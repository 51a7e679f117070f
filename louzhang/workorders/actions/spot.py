"""Reporting what was settled at once, in one go (现场办结: R3, R13 即知即办)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.actions.handling import settle_on_spot_workorder
from louzhang.workorders.actions.reporting import Draft, Filed, report_workorder
from louzhang.workorders.models import Handling


def report_and_settle_on_spot(
    *,
    draft: Draft,
    note: str,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> Filed:
    """A chief or grid worker writes down what they found and settled there: report and settle, or neither.
    The photos show what was done, so they hang on the settling.

    Raises `InputRefused` for a complaint or a guarded matter, which others must look at, and
    whatever reporting and settling raise.
    """
    if draft.category.handling != Handling.PLAIN:
        raise InputRefused("投诉和需要保护的事不能现场办结，请只上报，由社区受理。", field="category")
    with transaction.atomic():
        filed = report_workorder(draft=replace(draft, photos=()), actor=actor, at=at, entry_id=entry_id)
        order = settle_on_spot_workorder(
            order_id=filed.order.pk, note=note, photos=draft.photos, actor=actor, at=at, entry_id=entry_id
        )
    return Filed(order=order, report=filed.report, tracking_code=filed.tracking_code)
