"""What a changed rule would have done: the last orders run through the rules as they are and as they would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.workorders.models import Handling, RoutingRule, WorkOrder
from louzhang.workorders.queries.addressees import may_have
from louzhang.workorders.queries.routing import faults_of, first_match, rules_in_force

LOOKED_AT = 500
SHOWN = 3


@dataclass(slots=True)
class Shift:
    """Orders that would go from one unit to another; `agreeing` of them really were done by the new one."""

    old: str
    new: str
    count: int = 0
    agreeing: int = 0
    numbers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: how many orders were looked at, how many the rule decides, what would go elsewhere."""

    looked: int
    decided: int
    shifts: Sequence[Shift]
    faults: Sequence[str]

    @property
    def moved(self) -> int:
        """How many orders would go to another unit."""
        return sum(shift.count for shift in self.shifts)


def changed_rules(rules: Sequence[RoutingRule], candidate: RoutingRule, number: int | None) -> list[RoutingRule]:
    """The rules with a changed or new one in its place; a changed one stays where it was unless a number is said."""
    before = next((place for place, rule in enumerate(rules) if rule.pk == candidate.pk), None)
    others = [rule for rule in rules if rule.pk != candidate.pk]
    wanted = number - 1 if number is not None else before
    place = len(others) if wanted is None else max(0, min(wanted, len(others)))
    return [*others[:place], candidate, *others[place:]]


def try_rule(actor: Actor, candidate: RoutingRule, number: int | None, day: date) -> Trial:
    """Run the last 500 dispatched orders in the actor's scope through both; two queries, nothing is stored.

    Complaints are left out: whom they may go to hangs on whom they name. An order that no rule decides
    stays with the unit it really went to.
    """
    now = rules_in_force()
    then = changed_rules(now, candidate, number)
    orders = _last_orders(actor)
    shifts: dict[tuple[int, int], Shift] = {}
    decided = 0
    for order in orders:
        at = order.dispatched_at or order.reported_at
        old, new = _unit(now, order, at), _unit(then, order, at)
        decided += _decides(candidate, then, order, at)
        if old.pk != new.pk:
            _count(shifts.setdefault((old.pk, new.pk), Shift(old.name, new.name)), order, new)
    for place, rule in enumerate(then, start=1):
        rule.position = place
    faults = faults_of(then, day)
    ordered = sorted(shifts.values(), key=lambda shift: -shift.count)
    key = candidate.pk
    return Trial(len(orders), decided, ordered, faults.get(key, []))


def _last_orders(actor: Actor) -> list[WorkOrder]:
    rows = WorkOrder.objects.visible_to(actor).filter(lead_unit__isnull=False)
    rows = rows.exclude(category__handling=Handling.COMPLAINT)
    rows = rows.select_related("category", "area", "lead_unit")
    return list(rows.defer("search_terms", "area__outline").order_by("-id")[:LOOKED_AT])


def _unit(rules: Sequence[RoutingRule], order: WorkOrder, at: datetime) -> Unit:
    rule = first_match(rules, order, at, lambda unit: may_have(unit, order, ()))
    assert order.lead_unit is not None  # only dispatched orders are looked at
    return rule.unit if rule is not None else order.lead_unit


def _decides(candidate: RoutingRule, rules: Sequence[RoutingRule], order: WorkOrder, at: datetime) -> bool:
    return first_match(rules, order, at, lambda unit: may_have(unit, order, ())) is candidate


def _count(shift: Shift, order: WorkOrder, new: Unit) -> None:
    shift.count += 1
    shift.agreeing += order.lead_unit_id == new.pk
    if len(shift.numbers) < SHOWN:
        shift.numbers.append(order.number)
