"""The rules by which orders find their unit: which one matches, how it is told, which can no longer match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from louzhang.areas.models import Area, Unit
from louzhang.areas.queries.histories import Change, last_changes
from louzhang.areas.roles import Role
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.workorders.models import Category, RoutingRule, WorkOrder
from louzhang.workorders.queries.policies import spoken_category

WHOLE_DISTRICT = "全区"


def _whole(rows: QuerySet[RoutingRule]) -> QuerySet[RoutingRule]:
    """Rules with everything that is said about them, by one query."""
    related = ("unit__office_area__level", "category__parent", "area__level", "clause__unit", "origin")
    return rows.select_related(*related).defer("area__outline", "unit__office_area__outline", "origin__search_terms")


def rules_in_force() -> list[RoutingRule]:
    """The rules that are asked, in their order (one query)."""
    return list(_whole(RoutingRule.objects.in_force()))


def proposed_rules() -> list[RoutingRule]:
    """What waits for the settings keeper (one query)."""
    return list(_whole(RoutingRule.objects.proposed()))


def find_rule(rule_id: int) -> RoutingRule:
    """One rule, ended ones too; raises `NotThere` for an unknown one."""
    row = _whole(RoutingRule.objects.all()).filter(pk=rule_id).first()
    if row is None:
        raise NotThere("没有找到这条规则。")
    return row


def matches(rule: RoutingRule, order: WorkOrder, at: datetime) -> bool:
    """Whether an order (with its category and area) of this moment is what the rule is about; no query."""
    return (
        (rule.category_id is None or rule.category_id in (order.category_id, order.category.parent_id))
        and (rule.area is None or order.area.path.startswith(rule.area.path))
        and rule.window.holds(clock.local(at))
    )


def first_match(
    rules: Iterable[RoutingRule],
    order: WorkOrder,
    at: datetime,
    may_have: Callable[[Unit], bool],
) -> RoutingRule | None:
    """The rule that decides: the first that matches and whose unit may have the order."""
    return next((rule for rule in rules if matches(rule, order, at) and may_have(rule.unit)), None)


def spoken_conditions(rule: RoutingRule) -> str:
    """For what, where and when, in words: “设施 › 漏水”在彩虹社区（周一至周五）."""
    window = rule.window.spoken
    return f"“{spoken_category(rule.category)}”在{spoken_area(rule.area)}" + (f"（{window}）" if window else "")


def spoken_area(area: Area | None) -> str:
    """The place of a rule in words."""
    return WHOLE_DISTRICT if area is None else area.name


def spoken_unit(rule: RoutingRule) -> str:
    """To whom it gives orders: the unit, and who in it."""
    return rule.unit.name + (f"（{Role(rule.seat_role).label}）" if rule.seat_role else "")


def spoken_rule(rule: RoutingRule) -> str:
    """The whole rule in words."""
    return f"{spoken_conditions(rule)}交给{spoken_unit(rule)}"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as the list shows it: its number, why it can no longer match, its last change."""

    number: int
    rule: RoutingRule
    faults: Sequence[str]
    last: Change | None

    @property
    def category(self) -> str:
        """For what."""
        return spoken_category(self.rule.category)

    @property
    def area(self) -> str:
        """Where."""
        return spoken_area(self.rule.area)

    @property
    def unit(self) -> str:
        """To whom."""
        return spoken_unit(self.rule)


def list_rules(at: datetime) -> list[RuleRow]:
    """The rules in force, in their order, with what is wrong with each (three queries)."""
    rules = rules_in_force()
    return _rows(rules, faults_of(rules, clock.local_date(at)))


def list_proposed(at: datetime) -> list[RuleRow]:
    """The proposed rules; a fault is told before one accepts it."""
    rules, day = proposed_rules(), clock.local_date(at)
    return _rows(rules, {rule.pk: own_faults(rule, day) for rule in rules})


def list_ended() -> list[RuleRow]:
    """The rules that have ended or were declined, the newest first."""
    rows = _whole(RoutingRule.objects.filter(ended_at__isnull=False)).order_by("-ended_at", "-pk")[:100]
    return _rows(list(rows), {})


def _rows(rules: Sequence[RoutingRule], faults: Mapping[int, Sequence[str]]) -> list[RuleRow]:
    last = last_changes(rules)
    return [RuleRow(rule.position, rule, faults.get(rule.pk, ()), last.get(rule.pk)) for rule in rules]


def faults_of(rules: Sequence[RoutingRule], day: date) -> dict[int, list[str]]:
    """Why rules can no longer match, as sentences, by id; those that can are left out. No query."""
    found: dict[int, list[str]] = {}
    living: list[RoutingRule] = []
    for rule in rules:
        wrong = own_faults(rule, day)
        if not wrong:
            wrong = _shadowed(rule, living)
            living.append(rule)
        if wrong:
            found[rule.pk] = wrong
    return found


def own_faults(rule: RoutingRule, day: date) -> list[str]:
    """What keeps the rule itself from matching from this day on."""
    category, area = rule.category, rule.area
    group = category.parent if category is not None else None
    wrong = {
        f"类别“{category}”已停用": category is not None and category.ended_at is not None,
        f"大类“{group}”已停用": group is not None and group.ended_at is not None,
        f"地点“{area}”已停用": area is not None and area.ended_at is not None,
        f"承办单位“{rule.unit}”已停用": rule.unit.ended_at is not None,
        f"期限到 {rule.ends_on} 已经过了": rule.window.is_over(day),
    }
    return [f"{words}，这条规则不会再用到。" for words, is_so in wrong.items() if is_so]


def _shadowed(rule: RoutingRule, before: Iterable[RoutingRule]) -> list[str]:
    above = next((each for each in before if covers(each, rule)), None)
    return [f"第 {above.position} 条已经管了这些，轮不到这一条。"] if above is not None else []


def covers(above: RoutingRule, rule: RoutingRule) -> bool:
    """Whether whatever matches `rule` matches `above` as well."""
    return (
        _covers_category(above, rule.category)
        and (above.area is None or (rule.area is not None and rule.area.path.startswith(above.area.path)))
        and above.window.covers(rule.window)
    )


def _covers_category(above: RoutingRule, category: Category | None) -> bool:
    if above.category_id is None:
        return True
    return category is not None and above.category_id in (category.pk, category.parent_id)
