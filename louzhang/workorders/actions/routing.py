"""Keeping the routing rules: add, change, move, end, propose, accept, decline. Nothing is deleted.

Every act that touches the order of the rules waits for one lock, so that their numbers stay 1, 2, 3 ….
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Literal

from django.db import transaction
from django.db.models import F

from louzhang.areas.keeping import put_columns
from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.workorders.models import Category, DutyClause, RoutingRule, WorkOrder
from louzhang.workorders.queries.routing import spoken_rule
from louzhang.workorders.windows import ALL_WEEK

RULES_AT_MOST = 500
LOCK = "routing rules"
STALE = "别人刚刚调整了规则的顺序，请看过新的顺序再调。"
# The columns that may be changed, and what they are called.
COLUMNS = {
    "category": "类别",
    "area": "地点",
    "weekdays": "周几",
    "opens": "几点起",
    "closes": "几点止",
    "starts_on": "从",
    "ends_on": "到",
    "unit": "承办单位",
    "seat_role": "由谁办",
    "clause": "权责清单",
    "note": "说明",
}
# Who in a unit may be named as holding what a rule sends there.
OFFICE_SEATS: tuple[Role, ...] = (*FIELD_ROLES, Role.OFFICE_STAFF, Role.SECRETARY)
UNIT_SEATS: tuple[Role, ...] = UNIT_ROLES


def add_rule(
    *,
    unit: Unit | None,
    actor: Actor,
    at: datetime,
    category: Category | None = None,
    area: Area | None = None,
    weekdays: Sequence[int] = (),
    opens: time | None = None,
    closes: time | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    seat_role: str = "",
    clause: DutyClause | None = None,
    note: str = "",
    number: int | None = None,
) -> RoutingRule:
    """Add a rule at a number of the order, else as the last one.

    Raises `InputRefused` for what is missing or wrong.
    """
    refuse_keeping(actor)
    row = RoutingRule(
        category=category, area=area, weekdays=sorted(set(weekdays)), opens=opens, closes=closes,
        starts_on=starts_on, ends_on=ends_on, seat_role=seat_role, clause=clause, note=note.strip(), accepted_at=at,
    )  # fmt: skip
    _give_unit(row, unit)
    _refuse_wrong(row)
    with transaction.atomic():
        _lock()
        row.position = _make_room(number)
        row.save(force_insert=True)
        _record(row, "add", actor, at)
    return row


def change_rule(*, rule: RoutingRule, actor: Actor, at: datetime, **columns: Any) -> RoutingRule:
    """Change what a rule says, a proposed one too; what it was stays in its history.

    Raises `InputRefused`, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        row = _standing(rule)
        before = spoken_rule(row)
        columns = columns | ({"weekdays": sorted(set(columns["weekdays"]))} if "weekdays" in columns else {})
        changed = put_columns(row, columns, COLUMNS)
        _refuse_wrong(row)
        if changed:
            facts = {"changed": [COLUMNS[name] for name in changed], "before": before}
            _record(row, "change", actor, at, facts, save=changed)
    return row


def move_rule(*, rule: RoutingRule, number: int, seen: int, actor: Actor, at: datetime) -> RoutingRule:
    """Put a rule at another number; those between move by one.

    `seen` is its number as the person saw it. Raises `InputRefused` for a number that is none,
    `Conflict` where somebody has moved it since, or it is not in force.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        _lock()
        row = _standing(rule)
        if row.accepted_at is None or row.position != seen:
            raise Conflict(STALE, field="number")
        rows = RoutingRule.objects.in_force()
        count = rows.count()
        if not 1 <= number <= count:
            raise InputRefused(f"顺序要在 1 到 {count} 之间。", field="number")
        if number == seen:
            return row
        if number < seen:
            rows.filter(position__gte=number, position__lt=seen).update(position=F("position") + 1)
        else:
            rows.filter(position__gt=seen, position__lte=number).update(position=F("position") - 1)
        row.position = number
        _record(row, "move", actor, at, {"before": seen}, save=["position"])
    return row


def end_rule(*, rule: RoutingRule, reason: str, actor: Actor, at: datetime) -> RoutingRule:
    """End a rule in force: those behind it move up by one.

    Raises `InputRefused` without a reason, `Conflict` for one that has ended or is only proposed.
    """
    refuse_keeping(actor)
    _refuse_no_reason(reason)
    with transaction.atomic():
        _lock()
        row = _standing(rule)
        if row.accepted_at is None:
            raise Conflict("这条规则还没有采用，请采用或不采用。")
        row.ended_at = at
        _record(row, "end", actor, at, {"reason": reason.strip()}, save=["ended_at"])
        RoutingRule.objects.in_force().filter(position__gt=row.position).update(position=F("position") - 1)
    return row


def propose_rule(
    *,
    clause: DutyClause | None,
    order: WorkOrder | None,
    actor: Actor,
    at: datetime,
    unit: Unit | None = None,
    note: str = "",
    **columns: Any,
) -> RoutingRule:
    """Propose a rule, as a rule resting on a clause and learnt from an order; the settings keeper decides.

    Where nothing else is said, its category and place are those of the order (the place of its office)
    and the unit is that of the clause. Raises `NotYours` for whoever works in no office, `NotThere`
    for an order out of scope, `InputRefused` for what is missing or wrong.
    """
    if not actor.has_role(*OFFICE_ROLES) or actor.is_read_only:
        raise NotYours("派单规则由社区、街道、区级的工作人员提出，请把建议告诉他们。")
    if order is not None and not WorkOrder.objects.visible_to(actor).filter(pk=order.pk).exists():
        raise NotThere("没有找到这件事，或它不在您的范围内。请核对编号。")
    learnt = {} if order is None else {"category": order.category, "area": order.desk_area}
    row = RoutingRule(**{**learnt, **columns}, clause=clause, origin=order, note=note.strip())
    row.weekdays = sorted(set(row.weekdays))
    _give_unit(row, unit or (clause.unit if clause is not None else None))
    _refuse_wrong(row)
    with transaction.atomic():
        row.save(force_insert=True)
        _record(row, "propose", actor, at, {"order": order.pk} if order is not None else None)
    return row


def accept_rule(*, rule: RoutingRule, actor: Actor, at: datetime, number: int | None = None) -> RoutingRule:
    """Put a proposed rule in force, at a number or as the last one.

    Raises `Conflict` where it has been decided, `InputRefused` for what has become wrong since.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        _lock()
        row = _proposed(rule)
        _refuse_wrong(row)
        row.accepted_at, row.position = at, _make_room(number)
        _record(row, "accept", actor, at, save=["accepted_at", "position"])
    return row


def decline_rule(*, rule: RoutingRule, reason: str, actor: Actor, at: datetime) -> RoutingRule:
    """Say no to a proposed rule. Raises `Conflict` where it has been decided, `InputRefused` without a reason."""
    refuse_keeping(actor)
    _refuse_no_reason(reason)
    with transaction.atomic():
        row = _proposed(rule)
        row.ended_at = at
        _record(row, "decline", actor, at, {"reason": reason.strip()}, save=["ended_at"])
    return row


def _lock() -> None:
    hold(LOCK)


def _make_room(number: int | None) -> int:
    """Move the rules from this number on down by one and give it; the end for none."""
    rows = RoutingRule.objects.in_force()
    count = rows.count()
    if count >= RULES_AT_MOST:
        raise Conflict(f"最多 {RULES_AT_MOST} 条规则，请先停用不再用的。")
    if number is None or number == count + 1:
        return count + 1
    if not 1 <= number <= count:
        raise InputRefused(f"顺序要在 1 到 {count + 1} 之间。", field="number")
    rows.filter(position__gte=number).update(position=F("position") + 1)
    return number


def _standing(rule: RoutingRule) -> RoutingRule:
    rows = RoutingRule.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("category__parent", "area", "unit", "clause").get(pk=rule.pk)
    if row.ended_at is not None:
        raise Conflict("这条规则已经停用了。")
    return row


def _proposed(rule: RoutingRule) -> RoutingRule:
    row = _standing(rule)
    if row.accepted_at is not None:
        raise Conflict("这条规则已经采用了。")
    return row


def _give_unit(row: RoutingRule, unit: Unit | None) -> None:
    if unit is None:
        raise InputRefused("请选择交给哪个承办单位。", field="unit")
    row.unit = unit


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise InputRefused("请写明原因。", field="reason")


def _refuse_wrong(row: RoutingRule) -> None:
    """Raise for the first thing that would keep the rule from ever doing what it says."""
    for field, sentence in (*_wrong_conditions(row), *_wrong_addressee(row)):
        if sentence:
            raise InputRefused(sentence, field=field)


def _wrong_conditions(row: RoutingRule) -> list[tuple[str, str | Literal[False]]]:
    category, area = row.category, row.area
    half = (row.opens is None) != (row.closes is None)
    period = row.starts_on is not None and row.ends_on is not None and row.ends_on <= row.starts_on
    return [
        ("category", category is not None and category.ended_at is not None and "这个类别已经停用，请另选一个。"),
        ("area", area is not None and area.ended_at is not None and "这个地点已经停用，请另选一个。"),
        ("weekdays", not set(row.weekdays) <= ALL_WEEK and "请从周一到周日里选。"),
        ("closes", half and "几点起、几点止要么都填，要么都不填。"),
        ("closes", row.opens is not None and row.opens == row.closes and "几点起和几点止不能相同；全天就都不填。"),
        ("ends_on", period and "结束的日期要在开始的日期以后。"),
    ]


def _wrong_addressee(row: RoutingRule) -> list[tuple[str, str | Literal[False]]]:
    seats = seat_roles(row.unit)
    clause = row.clause
    return [
        ("unit", row.unit.ended_at is not None and "这个承办单位已经停用，请另选一个。"),
        ("seat_role", row.seat_role not in ("", *seats) and f"{row.unit.name}里没有这样的人员，请另选由谁办。"),
        ("clause", clause is not None and clause.ended_at is not None and "这一条权责清单已经停用，请另选一条。"),
    ]


def seat_roles(unit: Unit) -> tuple[Role, ...]:
    """Who in a unit may be named to hold what a rule sends there."""
    return OFFICE_SEATS if unit.kind == UnitKind.OFFICE else UNIT_SEATS


def _record(
    row: RoutingRule,
    verb: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    save: Sequence[str] = (),
) -> None:
    said = {
        "rule": spoken_rule(row), "number": row.position, "category": row.category_id, "area": row.area_id,
        "unit": row.unit_id, "seat_role": row.seat_role, "clause": row.clause_id,
    }  # fmt: skip
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=said | (facts or {}), save=save)
