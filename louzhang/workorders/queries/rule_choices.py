"""What the forms of rules and clauses offer: categories, places, units and clauses in use."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from louzhang.areas.models import Area, LevelKind, Unit, UnitKind
from louzhang.workorders.models import DutyClause
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
    kinds = (LevelKind.STREET, LevelKind.COMMUNITY, LevelKind.GRID)
    rows = Area.objects.current().of_kind(*kinds).order_by("path").values_list("pk", "name", "depth")
    listed = {pk: "　" * (depth - 2) + name for pk, name, depth in rows}
    own = [(chosen.pk, chosen.name)] if chosen is not None and chosen.pk not in listed else []
    return [("", ANY_AREA), *own, *listed.items()]


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
