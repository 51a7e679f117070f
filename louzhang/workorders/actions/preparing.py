"""What imported orders need and the district does not have yet: categories and units, on demand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256

from louzhang.areas.actions import add_unit, serve_area
from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict
from louzhang.workorders.models import Category

NAME_LENGTH = int(Category._meta.get_field("name").max_length or 0)
UNIT_NAME_LENGTH = int(Unit._meta.get_field("name").max_length or 0)
GROUP_PREFIX = "导入："


def imported_code(source: str, kind: str = "") -> str:
    """The code of the category made for a kind of matter of a source; without a kind, its group's."""
    digest = sha256(f"{source}\x1f{kind}".encode()).hexdigest()
    return f"import-{digest[:20]}"


def ensure_categories(
    *,
    source: str,
    kinds: Mapping[str, str],
    promised_hours: int,
    keep_days: int,
    is_offered: bool,
    actor: Actor,
    at: datetime,
) -> dict[str, Category]:
    """Give the categories of these kinds (their word → our name), making the missing ones.

    They stand in one group 导入：<source>. Unless offered they end as they are made: history
    keeps them, nobody can choose them for a new report. Call inside a transaction that holds
    the import lock.
    """
    codes = {kind: imported_code(source, kind) for kind in kinds}
    found = {row.code: row for row in Category.objects.filter(code__in=codes.values())}
    missing = [kind for kind, code in codes.items() if code not in found]
    ended_at = None if is_offered else at
    group = _ensure_group(source, ended_at, actor, at) if missing else None
    for kind in missing:
        found[codes[kind]] = _add_category(
            Category(
                parent=group,
                code=codes[kind],
                name=kinds[kind][:NAME_LENGTH],
                promised_hours=promised_hours,
                keep_days=keep_days,
                position=len(found),
                ended_at=ended_at,
            ),
            actor,
            at,
        )
    return {kind: found[code] for kind, code in codes.items()}


def _ensure_group(source: str, ended_at: datetime | None, actor: Actor, at: datetime) -> Category:
    code = imported_code(source)
    group = Category.objects.filter(code=code).order_by("pk").first()
    if group is not None:
        return group
    name = f"{GROUP_PREFIX}{source}"[:NAME_LENGTH]
    last = Category.objects.filter(parent=None).count()
    fresh = Category(code=code, name=name, position=1000 + last, ended_at=ended_at)
    return _add_category(fresh, actor, at)


def _add_category(category: Category, actor: Actor, at: datetime) -> Category:
    category.save(force_insert=True)
    facts = {"name": category.name, "code": category.code, "parent": category.parent_id}
    record(category, "add", actor=actor, at=at, audience=Audience.DESK, payload=facts)
    if category.ended_at is not None:
        record(category, "end", actor=actor, at=at, audience=Audience.DESK, payload={"reason": "只用于历史数据"})
    return category


def find_categories(codes: Collection[str]) -> dict[str, Category]:
    """The leaf categories in use with these codes.

    Raises `Conflict` for a code that the district does not have.
    """
    rows = Category.objects.filter(code__in=codes, ended_at=None, parent__isnull=False)
    found = {row.code: row for row in rows}
    for code in codes:
        if code not in found:
            raise Conflict(f"对照表写的类别代号“{code}”不存在或已停用，请先建好类别或改正对照表。")
    return found


def ensure_units(*, names: Collection[str], area: Area, at: datetime) -> dict[str, int]:
    """Give the ids of the units in use with these names; a missing one is made and serves the area.

    The import makes them, whoever started it: units are not that person's to keep.
    """
    rows = Unit.objects.filter(name__in=[name[:UNIT_NAME_LENGTH] for name in names], ended_at=None)
    found = dict(rows.values_list("name", "pk"))
    for name in names:
        short = name[:UNIT_NAME_LENGTH]
        if short not in found:
            unit = add_unit(name=short, kind=UnitKind.DEPARTMENT, actor=SYSTEM, at=at)
            serve_area(unit=unit, area=area, actor=SYSTEM, at=at)
            found[short] = unit.pk
    return {name: found[name[:UNIT_NAME_LENGTH]] for name in names}
