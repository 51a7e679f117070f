"""Keeping the duty list (权责清单): add, change, end. Nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.keeping import put_columns, reason_to_end, refuse_first
from louzhang.areas.models import Unit
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.workorders.models import Category, DutyClause

# The columns that may be changed, and what they are called; a clause keeps its code.
COLUMNS = {
    "title": "名称",
    "matter": "事项",
    "category": "类别",
    "unit": "负责的单位",
    "legal_basis": "依据",
    "starts_on": "从",
    "ends_on": "到",
}


def add_clause(
    *,
    code: str,
    title: str,
    unit: Unit | None,
    actor: Actor,
    at: datetime,
    matter: str = "",
    category: Category | None = None,
    legal_basis: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> DutyClause:
    """Add a clause, from today where no day is said.

    Raises `InputRefused` for what is missing or wrong, `Conflict` for a code in use.
    """
    refuse_keeping(actor)
    if unit is None:
        raise InputRefused("请选择负责的单位。", field="unit")
    row = DutyClause(
        code=code.strip(), title=title.strip(), matter=matter.strip(), category=category, unit=unit,
        legal_basis=legal_basis.strip(), starts_on=starts_on or clock.local_date(at), ends_on=ends_on,
    )  # fmt: skip
    _refuse_wrong(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(row, "add", actor, at)
    except IntegrityError:
        raise Conflict(f"编号 {row.code} 已经在用，请换一个，或改那一条。", field="code") from None
    return row


def change_clause(*, clause: DutyClause, actor: Actor, at: datetime, **columns: Any) -> DutyClause:
    """Change a clause; what it was stays in its history.

    Raises `InputRefused`, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        row = _standing(clause)
        changed = put_columns(row, columns, COLUMNS)
        _refuse_wrong(row)
        if changed:
            facts = {"changed": [COLUMNS[name] for name in changed]}
            _record(row, "change", actor, at, facts, save=changed)
    return row


def end_clause(*, clause: DutyClause, reason: str, actor: Actor, at: datetime) -> DutyClause:
    """End a clause: nothing new is proposed by it; rules and decisions that name it keep naming it.

    Raises `InputRefused` without a reason, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        row = _standing(clause)
        row.ended_at = at
        _record(row, "end", actor, at, {"reason": why}, save=("ended_at",))
    return row


def _standing(clause: DutyClause) -> DutyClause:
    rows = DutyClause.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "category")
    row = rows.get(pk=clause.pk)
    if row.ended_at is not None:
        raise Conflict("这一条已经停用了。")
    return row


def _refuse_wrong(row: DutyClause) -> None:
    wrong = {
        "code": not row.code and "请填写编号。",
        "title": not row.title and "请填写名称。",
        "unit": row.unit.ended_at is not None and "这个单位已经停用，请另选一个。",
        "category": row.category is not None and row.category.ended_at is not None and "这个类别已经停用，请另选一个。",
        "ends_on": row.ends_on is not None and row.ends_on <= row.starts_on and "结束的日期要在开始的日期以后。",
    }
    refuse_first(wrong)


def _record(
    row: DutyClause,
    verb: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    save: tuple[str, ...] | list[str] = (),
) -> None:
    said = {
        "code": row.code, "title": row.title, "matter": row.matter, "unit_name": row.unit.name, "unit": row.unit_id,
        "category": row.category_id, "legal_basis": row.legal_basis, "starts_on": str(row.starts_on),
        "ends_on": str(row.ends_on) if row.ends_on else None,
    }  # fmt: skip
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=said | (facts or {}), save=save)
