"""The limits of the clocks: which one holds for an order, and what the settings page shows of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from louzhang.areas.queries.histories import Change, last_changes
from louzhang.journal.refusals import NotThere
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.models import Category, ClockPolicy

Key = tuple[int | None, bool | None, str]
_ORDER = {kind.value: place for place, kind in enumerate(ClockKind)}


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """All limits in force, to ask many times: one query however many orders."""

    rows: Mapping[Key, ClockPolicy]

    def policy_for(self, category: Category, kind: ClockKind, *, is_urgent: bool) -> ClockPolicy | None:
        """The most specific limit: the category's own, its group's, any; in each the one that names the urgency.

        None where the district has no such limit: then there is no such clock.
        """
        for category_id in (category.pk, category.parent_id, None):
            for urgency in (is_urgent, None):
                if (row := self.rows.get((category_id, urgency, kind.value))) is not None:
                    return row
        return None

    def policies_for(self, category: Category, *, is_urgent: bool) -> dict[ClockKind, ClockPolicy]:
        """The limits of every clock that an order of this category has."""
        found = {kind: self.policy_for(category, kind, is_urgent=is_urgent) for kind in ClockKind}
        return {kind: policy for kind, policy in found.items() if policy is not None}


def load_policies() -> PolicyTable:
    """The limits in force; one query."""
    rows = ClockPolicy.objects.filter(ended_at=None)
    return PolicyTable({(row.category_id, row.is_urgent, row.kind): row for row in rows})


def policy_for(category: Category, kind: ClockKind, *, is_urgent: bool) -> ClockPolicy | None:
    """The most specific limit for one order; see `PolicyTable.policy_for`."""
    return load_policies().policy_for(category, kind, is_urgent=is_urgent)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One limit as the list shows it."""

    policy: ClockPolicy
    last: Change | None

    @property
    def whose(self) -> str:
        """The category in words, with its group."""
        return spoken_category(self.policy.category)

    @property
    def urgency(self) -> str:
        """Which urgency it is for, in words."""
        return URGENCIES[self.policy.is_urgent]


URGENCIES: Mapping[bool | None, str] = {None: "不论", True: "紧急", False: "不紧急"}


def spoken_category(category: Category | None) -> str:
    """所有类别, a group, or a category behind its group."""
    if category is None:
        return "所有类别"
    return f"{category.parent.name} › {category.name}" if category.parent else category.name


def list_policies(*, with_ended: bool = False) -> list[PolicyRow]:
    """The limits, those for any category first, each group before its categories, the three clocks in order."""
    rows = ClockPolicy.objects.select_related("category__parent")
    found = sorted(rows if with_ended else rows.filter(ended_at=None), key=_place)
    last = last_changes(found)
    return [PolicyRow(row, last.get(row.pk)) for row in found]


def _place(row: ClockPolicy) -> tuple[object, ...]:
    urgency = {None: 0, True: 1, False: 2}[row.is_urgent]
    if row.category is None:
        return (0, 0, 0, 0, 0, _ORDER[row.kind], urgency, row.pk)
    group = row.category.parent or row.category
    is_leaf = row.category.parent_id is not None
    return (1, group.position, group.pk, is_leaf, row.category_id, _ORDER[row.kind], urgency, row.pk)


def find_policy(policy_id: int) -> ClockPolicy:
    """One limit with its category; raises `NotThere` for an unknown one."""
    row = ClockPolicy.objects.select_related("category__parent").filter(pk=policy_id).first()
    if row is None:
        raise NotThere("没有找到这个时限。")
    return row


def choosable_categories() -> list[Category]:
    """Groups in use, each before its categories."""
    rows = list(Category.objects.filter(ended_at=None).select_related("parent").order_by("position", "pk"))
    groups = [row for row in rows if row.parent_id is None]
    return [each for group in groups for each in (group, *_below(group, rows))]


def _below(group: Category, rows: Iterable[Category]) -> list[Category]:
    return [row for row in rows if row.parent_id == group.pk]
