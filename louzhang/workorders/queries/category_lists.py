"""What the settings page of the categories shows: both levels, how often each is used, who changed it last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef

from louzhang.areas.queries.histories import Change, last_changes
from louzhang.journal.refusals import NotThere
from louzhang.kit.bigrams import query_terms
from louzhang.workorders.models import Category, WorkOrder


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category: how many orders have it, its last change."""

    category: Category
    uses: int
    last: Change | None


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    """A group with its categories."""

    row: CategoryRow
    leaves: list[CategoryRow] = field(default_factory=list)

    @property
    def uses(self) -> int:
        """How many orders the whole group has."""
        return self.row.uses + sum(leaf.uses for leaf in self.leaves)


def category_groups(*, words: str = "", with_ended: bool = False) -> list[CategoryGroup]:
    """The groups in the district's order; with words only the leaves that have them in name, letters or keywords."""
    rows = Category.objects.order_by("position", "pk")
    rows = rows if with_ended else rows.filter(ended_at=None)
    found = list(rows)
    uses = dict(WorkOrder.objects.order_by().values_list("category_id").annotate(count=Count("pk")))
    last = last_changes(found)
    told = {row.pk: CategoryRow(row, uses.get(row.pk, 0), last.get(row.pk)) for row in found}
    groups = [
        CategoryGroup(told[row.pk], [told[leaf.pk] for leaf in found if leaf.parent_id == row.pk and _has(leaf, words)])
        for row in found
        if row.parent_id is None
    ]
    return [group for group in groups if not words or group.leaves]


def _has(category: Category, words: str) -> bool:
    if not words:
        return True
    text = f"{category.name} {category.letters} {category.keywords} {category.code}"
    return words in text or (bool(query_terms(words)) and all(term in text for term in query_terms(words)))


def find_category(category_id: int) -> Category:
    """One category with its group, whether it has orders; raises `NotThere` for an unknown one."""
    used = WorkOrder.objects.filter(category_id=OuterRef("pk"))
    row = Category.objects.select_related("parent").annotate(is_used=Exists(used)).filter(pk=category_id).first()
    if row is None:
        raise NotThere("没有找到这个类别。")
    return row


def open_groups() -> list[Category]:
    """The groups in use, in the district's order."""
    return list(Category.objects.filter(parent=None, ended_at=None).order_by("position", "pk"))


def all_categories() -> Iterator[Category]:
    """Every category in the district's order, groups first in their place, for the file."""
    for group in category_groups(with_ended=True):
        yield group.row.category
        for leaf in group.leaves:
            leaf.category.parent = group.row.category
            yield leaf.category
