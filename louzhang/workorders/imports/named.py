"""Rows that a file names: a category by its code, a unit by its name, a clause by its code."""

from __future__ import annotations

from louzhang.areas.models import Unit
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.models import Category, DutyClause


def category_of(code: str) -> Category | None:
    """A category or group in use; None for an empty cell. Raises `InputRefused` for an unknown code."""
    if not code:
        return None
    found = Category.objects.filter(code=code, ended_at=None).select_related("parent").first()
    if found is None:
        raise InputRefused(f"没有代号为“{code[:30]}”的类别，请对照类别的导出文件填写。")
    return found


def unit_of(name: str) -> Unit:
    """A unit in use; raises `InputRefused` for an empty cell or an unknown name."""
    found = Unit.objects.filter(name=name, ended_at=None).select_related("office_area__level").first()
    if found is None:
        raise InputRefused(f"没有叫“{name[:30]}”的承办单位，请先新增它，或核对名称。")
    return found


def clause_of(code: str) -> DutyClause | None:
    """A clause that has not ended; None for an empty cell. Raises `InputRefused` for an unknown code."""
    if not code:
        return None
    found = DutyClause.objects.filter(code=code, ended_at=None).select_related("unit").first()
    if found is None:
        raise InputRefused(f"权责清单里没有编号“{code[:30]}”，请核对编号。")
    return found
