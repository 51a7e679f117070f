"""What the forms of rules and clauses offer: categories, places, units and clauses in use."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.queries import district
from louzhang.workorders.models import Category, DutyClause
from louzhang.workorders.queries.place_lines import offices_and_grids
from louzhang.workorders.queries.policies import choosable_categories

Pair = tuple[object, object]
ANY_CATEGORY = "所有类别"
ANY_AREA = "全区"


def category_pairs(none: str = ANY_CATEGORY) -> list[Pair]:
    """Groups and, set in below them, their categories."""
    rows = choosable_categories()
    return [("", none), *((row.pk, f"　{row.name}" if row.parent_id else row.name) for row in rows)]


def area_pairs(chosen: Area | None = None) -> list[Pair]:
    """Streets, communities and grids in the order of the tree, and the place chosen so far where it is smaller."""
    root = district()
    listed = offices_and_grids([root.pk]) if root is not None else []
    known = {row["id"] for row in listed}
    own = [(chosen.pk, chosen.name)] if chosen is not None and chosen.pk not in known else []
    return [("", ANY_AREA), *own, *((row["id"], row["label"]) for row in listed if root and row["id"] != root.pk)]


def unit_pairs() -> list[Pair]:
    """Units in use by their kind."""
    rows = list(Unit.objects.filter(ended_at=None).order_by("kind", "name_key", "pk"))
    return [
        ("", "请选择"),
        *((UnitKind(kind).label, _named(units)) for kind, units in groupby(rows, lambda row: row.kind)),
    ]


def _named(units: Iterable[Unit]) -> list[Pair]:
    return [(unit.pk, unit.name) for unit in units]


def clause_pairs() -> list[Pair]:
    """Clauses that have not ended, by their code."""
    rows = DutyClause.objects.filter(ended_at=None).order_by("code", "pk").values_list("pk", "code", "title")
    return [("", "不依据哪一条"), *((pk, f"{code} {title}") for pk, code, title in rows)]


def leaf_or_group(code: str) -> Category | None:
    """A category or group in use, by its code."""
    return Category.objects.filter(code=code, ended_at=None).select_related("parent").first()
