"""派单规则 by file: one line a rule, in their order; new ones go to the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from louzhang.areas.models import Area, Unit
from louzhang.areas.sheets import INFORMING, Bring, Column, Outcome, Sheet, Told, compared
from louzhang.areas.sheets.cells import choice_of, judged, listed
from louzhang.areas.sheets.units import places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.workorders.actions import add_rule
from louzhang.workorders.actions.routing import OFFICE_SEATS, UNIT_SEATS
from louzhang.workorders.forms.routing import WindowForm
from louzhang.workorders.imports.named import category_of, clause_of, unit_of
from louzhang.workorders.models import RoutingRule
from louzhang.workorders.queries.policies import spoken_category
from louzhang.workorders.queries.routing import rules_in_force, spoken_area, spoken_rule
from louzhang.workorders.windows import WEEKDAYS

Cells = Mapping[str, str]
DAYS = {name: number for number, name in enumerate(WEEKDAYS, start=1)}
ROLES = {role.label: role.value for role in (*UNIT_SEATS, *OFFICE_SEATS)}
_HOUR = re.compile(r"\d{1,2}:\d{2}(:00)?")
COLUMNS = (
    Column("顺序", INFORMING, is_read=False),
    Column("类别代号", "大类或类别的代号；不填就是所有类别。", "pipe-leak"),
    Column("类别", INFORMING, is_read=False),
    Column("地点编码", "包括它下面的所有地点，见“地点”表；不填就是全区。"),
    Column("地点", INFORMING, is_read=False),
    Column("周几", "用顿号隔开；不填就是每天。", "周六、周日"),
    Column("几点起", "比如 08:30；和“几点止”要么都填，要么都不填。", "08:30"),
    Column("几点止", "比“几点起”早，就是到第二天。", "17:30"),
    Column("从", "从哪天起，可以不填。", "2026-03-02"),
    Column("到", "这一天不再用，可以不填。"),
    Column("承办单位", "在用单位的名称。", "演示物业", is_needed=True),
    Column("由谁办", f"可以填：{'、'.join(ROLES)}；不填由单位自己安排。"),
    Column("权责清单编号", "依据哪一条，可以不填。"),
    Column("说明"),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)


def line_of(rule: RoutingRule) -> tuple[object, ...]:
    """A rule as a line of the file."""
    return (
        rule.position if rule.is_in_force else "",
        rule.category.code if rule.category else "", spoken_category(rule.category),
        rule.area.code if rule.area else "", spoken_area(rule.area),
        "、".join(WEEKDAYS[day - 1] for day in rule.weekdays),
        f"{rule.opens:%H:%M}" if rule.opens else "", f"{rule.closes:%H:%M}" if rule.closes else "",
        rule.starts_on or "", rule.ends_on or "", rule.unit.name,
        rule.get_seat_role_display() if rule.seat_role else "", rule.clause.code if rule.clause else "", rule.note,
        clock.local_date(rule.ended_at) if rule.ended_at else "",
    )  # fmt: skip


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one rule by `add_rule`."""

    def bring(cells: Cells) -> Told:
        unit = unit_of(cells.get("承办单位", ""))
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, unit.name)
        said = _said(cells, unit)
        standing = next((rule for rule in rules_in_force() if _is_about(rule, said)), None)
        if standing is not None:
            return _compared(standing, said)
        rule = add_rule(actor=actor, at=at, **said)
        return Told(Outcome.ADDED, spoken_rule(rule), f"第 {rule.position} 条")

    return bring


def _said(cells: Cells, unit: Unit) -> dict[str, Any]:
    """What the form of the pages understands of a line."""
    category, area = category_of(cells.get("类别代号", "")), _area(cells.get("地点编码", ""))
    clause = clause_of(cells.get("权责清单编号", ""))
    role = cells.get("由谁办", "")
    typed = {
        "weekdays": [choice_of(day, {name: str(number) for name, number in DAYS.items()}, "周几")
                     for day in listed(cells.get("周几", ""))],
        "opens": _hour(cells.get("几点起", "")), "closes": _hour(cells.get("几点止", "")),
        "starts_on": cells.get("从", ""), "ends_on": cells.get("到", ""),
        "seat_role": choice_of(role, ROLES, "由谁办") if role else "", "note": cells.get("说明", ""),
    }  # fmt: skip
    plain = judged(WindowForm(typed))
    plain["weekdays"].sort()
    return plain | {"category": category, "area": area, "unit": unit, "clause": clause}


def _hour(typed: str) -> str:
    if typed and not _HOUR.fullmatch(typed):
        raise InputRefused(f"“{typed[:20]}”不是钟点，请写成 08:30 这样。")
    return typed


def _area(code: str) -> Area | None:
    if not code:
        return None
    found: Area | None = Area.objects.current().filter(code=code).first()
    if found is None:
        raise InputRefused(f"没有编码为“{code[:30]}”的地点，请对照样表里的“地点”填写。")
    return found


CONDITIONS = ("category", "area", "weekdays", "opens", "closes", "starts_on", "ends_on")
OTHERS = {"承办单位": "unit", "由谁办": "seat_role", "权责清单编号": "clause", "说明": "note"}


def _is_about(rule: RoutingRule, said: Mapping[str, Any]) -> bool:
    """Whether a rule has the same conditions: of two such only the first would ever decide."""
    return all(getattr(rule, name) == said[name] for name in CONDITIONS)


def _compared(rule: RoutingRule, said: Mapping[str, Any]) -> Told:
    pairs = {label: (getattr(rule, name), said[name]) for label, name in OTHERS.items()}
    return compared(pairs, f"第 {rule.position} 条 {spoken_rule(rule)}")


def names(actor: Actor) -> Mapping[str, Sequence[Sequence[str]]]:
    """Codes of places and names of units, to choose from."""
    units = Unit.objects.filter(ended_at=None).order_by("kind", "name_key", "pk")
    return {**places(actor), "承办单位": [["名称"], *([unit.name] for unit in units)]}


RULES = Sheet(name="派单规则", columns=COLUMNS, opened=opened, lists=names)
