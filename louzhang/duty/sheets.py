"""值班表 by file: one shift a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from louzhang.accounts.models import User
from louzhang.areas.models import Unit
from louzhang.areas.sheets import Bring, Column, Outcome, Sheet, Told
from louzhang.areas.sheets.cells import day_of
from louzhang.duty.actions import add_shift
from louzhang.duty.forms import span_of
from louzhang.duty.models import Shift
from louzhang.duty.queries import people_of, units_on_duty
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock

Cells = Mapping[str, str]
COLUMNS = (
    Column("单位", "单位的全名。", "东风街道", is_needed=True),
    Column("人员", "在这个单位任职的人；有同名的请在页面上排。", "张三", is_needed=True),
    Column("日期", "开始的那一天。", "2026-03-02", is_needed=True),
    Column("几点起", "", "08:00", is_needed=True),
    Column("几点止", "不晚于开始的，算第二天。", "20:00", is_needed=True),
    Column("第几位", "叫人的顺序，1 到 9；不填是 1。", "1"),
)
HEAD = tuple(column.name for column in COLUMNS)
MOST = 9


def line_of(shift: Shift) -> tuple[object, ...]:
    """A shift as a line of the file."""
    begins, ends = clock.local(shift.starts_at), clock.local(shift.ends_at)
    return shift.unit.name, shift.person.name, begins.date(), f"{begins:%H:%M}", f"{ends:%H:%M}", shift.position


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one shift by `add_shift`."""
    units = {unit.name: unit for unit in units_on_duty(actor)}
    people: dict[int, list[User]] = {}

    def bring(cells: Cells) -> Told:
        unit = units.get(cells.get("单位", "").strip())
        if unit is None:
            raise InputRefused("没有这个单位，或它不在您的范围内。请填单位的全名。")
        if unit.pk not in people:
            people[unit.pk] = people_of(unit, at)
        return _bring(cells, unit, _named(cells, people[unit.pk]), actor, at)

    return bring


def _bring(cells: Cells, unit: Unit, person: User, actor: Actor, at: datetime) -> Told:
    day = day_of(cells.get("日期", ""), "日期")
    if day is None:
        raise InputRefused("请填写日期。")
    starts_at, ends_at = span_of(day, _time(cells, "几点起"), _time(cells, "几点止"))
    what = f"{unit.name} {person.name} {clock.local(starts_at):%m-%d %H:%M}"
    same: dict[str, Any] = {"unit": unit, "person": person, "starts_at": starts_at, "ends_at": ends_at}
    if Shift.objects.visible_to(actor).planned().filter(**same).exists():
        return Told(Outcome.SAME, what)
    add_shift(**same, position=_position(cells), actor=actor, at=at)
    return Told(Outcome.ADDED, what)


def _named(cells: Cells, people: list[User]) -> User:
    typed = cells.get("人员", "").strip()
    found = [person for person in people if person.name == typed]
    if len(found) != 1:
        why = "有同名的人，请在页面上排这个班。" if found else "不在这个单位任职，请核对姓名。"
        raise InputRefused(f"“{typed[:20]}”{why}")
    return found[0]


def _time(cells: Cells, label: str) -> time:
    try:
        return time.fromisoformat(cells.get(label, "").strip().zfill(len("08:00")))
    except ValueError:
        raise InputRefused(f"{label}请写成 08:00 这样。") from None


def _position(cells: Cells) -> int:
    typed = cells.get("第几位", "").strip() or "1"
    if not typed.isdecimal() or not 1 <= int(typed) <= MOST:
        raise InputRefused(f"第几位请填 1 到 {MOST} 之间的整数。")
    return int(typed)


SHIFTS = Sheet(name="值班表", columns=COLUMNS, opened=opened)
