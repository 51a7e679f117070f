"""`file_reports`: a sheet of reports typed elsewhere comes in at the desk, all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.workorders.actions.exchange import take_from_hotline
from louzhang.workorders.actions.reporting import Draft, Filed, report_workorder
from louzhang.workorders.models import Channel

REPORTS_AT_MOST = 300


def file_reports(*, drafts: Sequence[Draft], actor: Actor, at: datetime, entry_id: uuid.UUID) -> list[Filed]:
    """File every report of a sheet through `report_workorder`, in one transaction.

    For the staff of an office, on behalf of others, about places in their own area: who brought
    the sheet is kept on every report. Each gets an entry id of its own from the sheet's.

    Raises `NotYours` for anyone else or another place, `InputRefused` for an empty or too long
    sheet, and whatever `report_workorder` raises; then nothing is stored.
    """
    if not actor.has_role(*OFFICE_ROLES):
        raise NotYours("只有受理办公室的工作人员可以批量登记，请联系社区。")
    if not 1 <= len(drafts) <= REPORTS_AT_MOST:
        raise InputRefused(f"一次可以登记 1 到 {REPORTS_AT_MOST} 件，请拆成几个文件。", field="file")
    with transaction.atomic():
        return [
            (take_from_hotline if draft.hotline_number else report_workorder)(
                draft=_checked(draft, actor),
                actor=actor,
                at=at,
                entry_id=uuid.uuid5(entry_id, str(place)),
            )
            for place, draft in enumerate(drafts)
        ]


def _checked(draft: Draft, actor: Actor) -> Draft:
    if draft.channel is not Channel.FILE or not draft.is_for_another:
        raise ValueError("a sheet's reports come by file and for others")
    if not lies_in_own_area(draft.area, actor):
        raise NotYours(f"“{draft.area.name}”不在您的辖区，请交给它所在的社区登记。")
    return draft


def lies_in_own_area(area: Area, actor: Actor) -> bool:
    """Whether the area lies in one that the actor's office answers for."""
    return any(area.path.startswith(seat.path) for seat in actor.seats_with(*OFFICE_ROLES) if seat.path)
