"""To whom an order should go, and why in one sentence: a rule, a duty clause, what was done before, the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from louzhang.areas.models import Unit
from louzhang.areas.queries import units_serving
from louzhang.areas.queries.district import line_paths
from louzhang.workorders.models import DutyClause, Handling, RoutingRule, WorkOrder
from louzhang.workorders.queries.addressees import may_have, units_of_accused
from louzhang.workorders.queries.duties import clauses_about, spoken_clause
from louzhang.workorders.queries.routing import first_match, rules_in_force, spoken_conditions

# A habit: so many orders of the category here at least, of so many looked at, and half of them with one unit.
PRECEDENTS = 3
LOOKED_AT = 20


class Basis(StrEnum):
    """What a proposal rests on."""

    RULE = "rule"
    CLAUSE = "clause"
    PRECEDENT = "precedent"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit that may have the order, and why it in one sentence."""

    unit: Unit
    why: str
    basis: Basis
    rule: RoutingRule | None = None
    clause: DutyClause | None = None

    @property
    def seat_role(self) -> str:
        """Who in the unit shall hold it; empty where the unit decides."""
        return self.rule.seat_role if self.rule is not None else ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the event of a dispatch keeps of it: ids and figures."""
        facts: dict[str, Any] = {"unit": self.unit.pk, "basis": self.basis.value}
        if self.rule is not None:
            facts |= {"rule": self.rule.pk, "number": self.rule.position}
        if self.clause is not None:
            facts["clause"] = self.clause.pk
        return facts


def propose(order: WorkOrder, at: datetime) -> Proposal | None:
    """The unit the order should go to: by the first rule that matches, else a clause, else a habit, else the office.

    None where not even an office may have it. One query where a rule decides an ordinary order.
    """
    accused = units_of_accused(order, at)

    def allows(unit: Unit) -> bool:
        return may_have(unit, order, accused)

    by_rule = _by_rule(order, at, allows)
    if by_rule is not None:
        return by_rule
    return _by_clause(order, at, allows) or _by_habit(order, allows) or _by_place(order, allows)


Allows = Callable[[Unit], bool]


def _by_rule(order: WorkOrder, at: datetime, allows: Allows) -> Proposal | None:
    rule = first_match(rules_in_force(), order, at, allows)
    if rule is None:
        return None
    ground = f"，依据{spoken_clause(rule.clause)}" if rule.clause is not None else ""
    why = f"按第 {rule.position} 条规则，{spoken_conditions(rule)}由{rule.unit.name}承办{ground}。"
    return Proposal(rule.unit, why, Basis.RULE, rule, rule.clause)


def _by_clause(order: WorkOrder, at: datetime, allows: Allows) -> Proposal | None:
    clauses = [clause for clause in clauses_about(order.category, at) if allows(clause.unit)]
    if not clauses:
        return None
    serving = {unit.pk for unit in units_serving(order.area, at)}
    clause = next((clause for clause in clauses if clause.unit_id in serving), None)
    if clause is None:
        return None
    why = f"没有规则管这件事，{spoken_clause(clause)}写明由{clause.unit.name}负责。"
    return Proposal(clause.unit, why, Basis.CLAUSE, clause=clause)


def _by_habit(order: WorkOrder, allows: Allows) -> Proposal | None:
    """The unit that had most of the last orders of this category at this desk; never told of complaints."""
    if order.category.handling == Handling.COMPLAINT:
        return None
    rows = WorkOrder.objects.filter(
        desk_area_id=order.desk_area_id, category_id=order.category_id, lead_unit__isnull=False
    ).exclude(pk=order.pk)
    before = list(rows.order_by("-id").values_list("lead_unit_id", flat=True)[:LOOKED_AT])
    if len(before) < PRECEDENTS:
        return None
    unit_id, count = Counter(before).most_common(1)[0]
    if count * 2 < len(before):
        return None
    unit = Unit.objects.select_related("office_area__level").filter(pk=unit_id).first()
    if unit is None or not allows(unit):
        return None
    place, category = order.desk_area.name, order.category.name
    why = f"没有规则管这件事，{place}最近 {len(before)} 件“{category}”里有 {count} 件由{unit.name}承办。"
    return Proposal(unit, why, Basis.PRECEDENT)


def _by_place(order: WorkOrder, allows: Allows) -> Proposal | None:
    """The office that accepted it, else the nearest above that may have it."""
    line = list(line_paths(order.desk_area.path).values())
    offices = Unit.objects.filter(office_area__path__in=line).select_related("office_area__level")
    office = next((unit for unit in offices.order_by("-office_area__depth") if allows(unit)), None)
    if office is None or office.office_area is None:
        return None
    why = f"没有规则管这件事，也没有先例，地点归{office.office_area.name}，由{office.name}承办。"
    return Proposal(office, why, Basis.OFFICE)
