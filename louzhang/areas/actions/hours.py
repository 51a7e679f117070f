"""Keeping working hours: of the district, and of units that work otherwise. Each change is an event of the district."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain, pairwise

from django.db import transaction

from louzhang.areas.actions.calendar import author_of, locked_district, refuse_reason
from louzhang.areas.actions.tree import record_area
from louzhang.areas.models import SPANS_AT_MOST, WEEKDAYS, Unit, WorkingHours
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.kit.working_time import DAY_MINUTES, Spans


def set_hours(
    *,
    unit: Unit | None,
    weekdays: Iterable[int],
    spans: Spans,
    starts_on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    works_on_holidays: bool = False,
) -> WorkingHours:
    """Say when a unit, or with None the whole district, works from a day on; what held before ends then.

    The past stays as it was. Raises `InputRefused` for days or spans that are not whole, a day that is
    past or no reason, `Conflict` for a unit that has ended.
    """
    refuse_keeping(actor)
    refuse_reason(reason)
    _refuse_past(starts_on, at)
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(WEEKDAYS):
        raise InputRefused("请至少选一天上班。", field="weekdays")
    _refuse_spans(spans)
    with transaction.atomic():
        root = locked_district()
        _refuse_ended(unit)
        _end(unit, starts_on)
        row = WorkingHours.objects.create(
            unit=unit, weekdays=days, minutes=list(chain.from_iterable(spans)), works_on_holidays=works_on_holidays,
            starts_on=starts_on, author=author_of(actor), reason=reason.strip(),
        )  # fmt: skip
        record_area(root, "set_hours", actor, at, payload=_hours_facts(row) | {"reason": reason.strip()})
    return row


def end_hours(*, unit: Unit | None, ends_on: date, reason: str, actor: Actor, at: datetime) -> None:
    """End the hours of a unit: from that day it works as the district does, the district as is standard.

    Raises `InputRefused` for a day that is past or no reason, `Conflict` where there are none.
    """
    refuse_keeping(actor)
    refuse_reason(reason)
    _refuse_past(ends_on, at)
    with transaction.atomic():
        root = locked_district()
        if not _end(unit, ends_on):
            raise Conflict("没有可以结束的上班时间，它已经用默认的了。")
        facts = {"unit": unit.pk if unit else None, "ends_on": ends_on.isoformat(), "reason": reason.strip()}
        record_area(root, "end_hours", actor, at, payload=facts)


def _end(unit: Unit | None, day: date) -> int:
    """End what holds on a day or begins later: from that day on nothing of it holds."""
    rows = WorkingHours.objects.filter(unit=unit)
    ended = 0
    for row in rows.select_for_update(no_key=True):
        if row.ends_on is None or row.ends_on > day:
            row.ends_on = max(day, row.starts_on)
            row.save(update_fields=["ends_on"])
            ended += 1
    return ended


def _hours_facts(row: WorkingHours) -> dict[str, object]:
    return {
        "unit": row.unit_id,
        "weekdays": row.weekdays,
        "spans": [list(span) for span in row.spans],
        "works_on_holidays": row.works_on_holidays,
        "starts_on": row.starts_on.isoformat(),
    }


def _refuse_spans(spans: Spans) -> None:
    minutes = list(chain.from_iterable(spans))
    if not spans or len(spans) > SPANS_AT_MOST:
        raise InputRefused(f"请填一到 {SPANS_AT_MOST} 段上班时间。", field="spans")
    if minutes[0] < 0 or minutes[-1] > DAY_MINUTES or any(before >= after for before, after in pairwise(minutes)):
        raise InputRefused("上班时间要从早到晚，各段不能重叠，比如 09:00–12:00、13:30–17:30。", field="spans")


def _refuse_past(day: date, at: datetime) -> None:
    if day < clock.local_date(at):
        raise InputRefused("已经过去的日子不能再改上班时间，请选今天或以后。", field="starts_on")


def _refuse_ended(unit: Unit | None) -> None:
    if unit is not None and Unit.objects.filter(pk=unit.pk, ended_at__isnull=False).exists():
        raise Conflict("这个单位已经停用，不能再设上班时间。")
