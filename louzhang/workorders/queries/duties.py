"""The duty list (权责清单): finding clauses, those that speak of an order, and what its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from louzhang.areas.models import Unit
from louzhang.areas.queries.histories import Change, last_changes
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.paging import Page, page_of
from louzhang.workorders.models import Category, DutyClause

FOUND_AT_MOST = 20
PAGE = 50


def _whole(rows: QuerySet[DutyClause]) -> QuerySet[DutyClause]:
    return rows.select_related("unit__office_area__level", "category__parent").defer("unit__office_area__outline")


def _on(day: date) -> Q:
    return Q(ended_at=None, starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def search_clauses(words: str, at: datetime, *, unit: Unit | None = None) -> list[DutyClause]:
    """Clauses that hold now and say every part of what was typed, those of a unit first; at most twenty (one query).

    With no words the clauses of the unit, or the first ones of the list.
    """
    rows = _whole(_saying(DutyClause.objects.filter(_on(clock.local_date(at))), words)).order_by("code", "pk")
    found = list(rows[: 5 * FOUND_AT_MOST])
    wanted = unit.pk if unit is not None else None
    return sorted(found, key=lambda clause: clause.unit_id != wanted)[:FOUND_AT_MOST]


def _saying(rows: QuerySet[DutyClause], words: str) -> QuerySet[DutyClause]:
    for part in words.split()[:5]:
        rows = rows.filter(
            Q(code__icontains=part)
            | Q(title__icontains=part)
            | Q(matter__icontains=part)
            | Q(legal_basis__icontains=part)
            | Q(unit__name__icontains=part)
        )
    return rows


def clauses_about(category: Category, at: datetime) -> list[DutyClause]:
    """Clauses that hold now for a category: its own before those of its group, by their code (one query)."""
    wanted = [category.pk, *([category.parent_id] if category.parent_id else [])]
    rows = _whole(DutyClause.objects.filter(_on(clock.local_date(at)), category_id__in=wanted)).order_by("code", "pk")
    return sorted(rows, key=lambda clause: clause.category_id != category.pk)


def clause_now(clause_id: int, at: datetime) -> DutyClause | None:
    """A clause that holds now, by its id."""
    return _whole(DutyClause.objects.filter(_on(clock.local_date(at)), pk=clause_id)).first()


def find_clause(clause_id: int) -> DutyClause:
    """One clause, ended ones too; raises `NotThere` for an unknown one."""
    row = _whole(DutyClause.objects.filter(pk=clause_id)).first()
    if row is None:
        raise NotThere("没有找到这一条。")
    return row


def spoken_clause(clause: DutyClause) -> str:
    """A clause in words: 权责清单 QZ-12“楼道照明维修”."""
    return f"权责清单 {clause.code}“{clause.title}”"


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause as the list shows it; `state` is a word where it does not hold today."""

    clause: DutyClause
    rules: int
    state: str
    last: Change | None


def list_clauses(
    words: str, at: datetime, *, with_ended: bool, cursor: str | None
) -> tuple[Page[DutyClause], list[ClauseRow]]:
    """A page of the list in the order of the codes, with how many rules rest on each clause."""
    rows = _saying(DutyClause.objects.all(), words)
    rows = rows if with_ended else rows.filter(ended_at=None)
    page: Page[DutyClause] = page_of(_whole(rows), cursor=cursor, size=PAGE, order=("code", "id"))
    return page, _rows(page.rows, clock.local_date(at))


def _rows(clauses: Sequence[DutyClause], day: date) -> list[ClauseRow]:
    ids = [clause.pk for clause in clauses]
    resting = (
        DutyClause.objects.filter(pk__in=ids)
        .order_by()
        .annotate(count=Count("rules", filter=Q(rules__accepted_at__isnull=False, rules__ended_at=None)))
    )
    rules = dict(resting.values_list("pk", "count"))
    last = last_changes(clauses)
    return [ClauseRow(each, rules.get(each.pk, 0), state_of(each, day), last.get(each.pk)) for each in clauses]


def state_of(clause: DutyClause, day: date) -> str:
    """Why it does not hold on a day; empty where it does."""
    if clause.ended_at is not None:
        return "已停用"
    if clause.starts_on > day:
        return "还没到期限"
    if clause.ends_on is not None and clause.ends_on <= day:
        return "期限已过"
    return "单位已停用" if clause.unit.ended_at is not None else ""


def all_clauses() -> QuerySet[DutyClause]:
    """Every clause, for the file."""
    return _whole(DutyClause.objects.all()).order_by("code", "pk")
