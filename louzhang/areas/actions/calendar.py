"""Keeping the working calendar. Each change is an event of the district.

A year is filled whole, in one transaction: from what is published, else by weekdays and provisional.
Whoever shows or stores what is due computes it anew after any of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.areas.actions.tree import current_area, record_area
from louzhang.areas.models import Area, DayKind, WorkingDay, kinds_of
from louzhang.areas.queries import district
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.working_days import days_of, expected_day, is_published, weekday_name
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock

FIRST_YEAR = 2004
YEARS_AHEAD = 2
NAME_LENGTH = 30


@dataclass(frozen=True, slots=True)
class DaySaid:
    """What somebody says a day is; `is_provisional` leaves a provisional day that is the same as it is."""

    date: date
    kind: DayKind
    name: str = ""
    is_provisional: bool = False


def fill_year(*, year: int, actor: Actor, at: datetime) -> int:
    """Put a year into the table, or renew what is provisional in it once it is published; gives how many days.

    What somebody changed by hand stays. Raises `InputRefused` for a year too far away.
    """
    refuse_keeping(actor)
    _refuse_year(year, at)
    with transaction.atomic():
        root = locked_district()
        did = _fill(year, at)
        if did:
            facts = {"year": year, "days": did, "is_provisional": not is_published(year)}
            record_area(root, "fill_year", actor, at, payload=facts)
    return did


def fill_coming_years(*, actor: Actor, at: datetime) -> int:
    """Fill this year and the next, and renew what has been published since; done every night."""
    year = clock.local_date(at).year
    return sum(fill_year(year=each, actor=actor, at=at) for each in (year, year + 1))


def _fill(year: int, at: datetime) -> int:
    there = {row.date: row for row in WorkingDay.objects.filter(date__year=year)}
    new, renewed = [], []
    for day in days_of(year):
        expected, row = expected_day(day), there.get(day)
        if row is None:
            facts = {"kind": expected.kind, "name": expected.name, "is_provisional": expected.is_provisional}
            new.append(WorkingDay(date=day, changed_at=at, **facts))
        elif row.is_provisional and not expected.is_provisional:
            row.kind, row.name, row.is_provisional, row.changed_at = expected.kind, expected.name, False, at
            renewed.append(row)
    WorkingDay.objects.bulk_create(new)
    WorkingDay.objects.bulk_update(renewed, ["kind", "name", "is_provisional", "changed_at"])
    return len(new) + len(renewed)


def change_day(*, day: date, kind: str, reason: str, actor: Actor, at: datetime, name: str = "") -> WorkingDay:
    """Say what a day is; its year is filled first where it is not yet in the table.

    Raises `InputRefused` without a reason or for a kind that does not fit the weekday, `Conflict` where
    the day is that already.
    """
    refuse_keeping(actor)
    refuse_reason(reason)
    if kind not in DayKind.values:
        raise InputRefused("请选择这一天的类型。", field="kind")
    said = _judged(DaySaid(day, DayKind(kind), name.strip()), at)
    with transaction.atomic():
        root = locked_district()
        _fill(day.year, at)
        changed = _say([said], reason.strip(), actor, at)
        if not changed:
            raise Conflict("这一天已经是这样了，没有改动。", field="kind")
        record_area(root, "change_day", actor, at, payload=changed[0] | {"reason": reason.strip()})
    return WorkingDay.objects.get(date=day)


def import_days(*, days: Iterable[DaySaid], reason: str, actor: Actor, at: datetime) -> int:
    """Say what many days are, all or none; gives how many are other than before. Days not named stay.

    Raises `InputRefused` as `change_day` does.
    """
    refuse_keeping(actor)
    refuse_reason(reason)
    said = [_judged(each, at) for each in days]
    with transaction.atomic():
        root = locked_district()
        for year in sorted({each.date.year for each in said}):
            _fill(year, at)
        changed = _say(said, reason.strip(), actor, at)
        if changed:
            record_area(root, "import_days", actor, at, payload={"days": changed, "reason": reason.strip()})
    return len(changed)


def _say(said: Sequence[DaySaid], reason: str, actor: Actor, at: datetime) -> list[dict[str, str]]:
    rows = {row.date: row for row in WorkingDay.objects.filter(date__in=[each.date for each in said])}
    author = author_of(actor)
    changed, facts = [], []
    for each in said:
        row = rows[each.date]
        if (row.kind, row.name) == (each.kind, each.name) and (each.is_provisional or not row.is_provisional):
            continue
        facts.append({"date": each.date.isoformat(), "before": row.kind, "after": each.kind.value, "label": each.name})
        row.kind, row.name, row.is_provisional = each.kind, each.name, False
        row.author, row.reason, row.changed_at = author, reason, at
        changed.append(row)
    columns = ["kind", "name", "is_provisional", "author", "reason", "changed_at"]
    WorkingDay.objects.bulk_update(changed, columns)
    return facts


def _judged(said: DaySaid, at: datetime) -> DaySaid:
    _refuse_year(said.date.year, at)
    if said.kind not in kinds_of(said.date):
        fitting = "或".join(f"“{kind.label}”" for kind in kinds_of(said.date))
        raise InputRefused(f"{said.date} 是{weekday_name(said.date)}，只能是{fitting}。", field="kind")
    if len(said.name) > NAME_LENGTH:
        raise InputRefused(f"名称最多 {NAME_LENGTH} 个字，请缩短。", field="name")
    return said


def refuse_reason(reason: str) -> None:
    """Raise `InputRefused` for a blank reason."""
    if not reason.strip():
        raise InputRefused("请写明原因，比如依据的通知。", field="reason")


def _refuse_year(year: int, at: datetime) -> None:
    last = clock.local_date(at).year + YEARS_AHEAD
    if not FIRST_YEAR <= year <= last:
        raise InputRefused(f"只能填 {FIRST_YEAR} 年到 {last} 年的日子。", field="date")


def locked_district() -> Area:
    """The root of the district, locked: changes of its calendar and hours come one after the other."""
    root = district()
    if root is None:
        raise Conflict("还没有建立区县，请先导入区划。")
    return current_area(root)


def author_of(actor: Actor) -> User | None:
    """Who is behind an actor; nobody where the program acts."""
    return User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
