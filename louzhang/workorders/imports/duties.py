"""权责清单 by file: one line a clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from louzhang.areas.sheets import INFORMING, Bring, Column, Outcome, Sheet, Told, compared
from louzhang.areas.sheets.cells import day_of, judged
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.workorders.actions import add_clause
from louzhang.workorders.forms.duties import ClauseLine
from louzhang.workorders.imports.named import category_of, unit_of
from louzhang.workorders.models import DutyClause
from louzhang.workorders.queries.policies import spoken_category

Cells = Mapping[str, str]
COLUMNS = (
    Column("编号", "这一条的编号，不能重复；已经有的跳过，不改动。", "QZ-012", is_needed=True),
    Column("名称", "做什么，一句话。", "楼道公共照明维修", is_needed=True),
    Column("事项", "具体包括哪些。", "灯泡、开关、线路"),
    Column("类别代号", "对应哪个类别或大类的代号；填了，派单时没有规则就按它建议。"),
    Column("类别", INFORMING, is_read=False),
    Column("负责的单位", "在用单位的名称。", "演示物业", is_needed=True),
    Column("依据", "哪部法规、哪一条。", "《物业管理条例》第三十五条"),
    Column("从", "从哪天起；不填是今天。", "2026-01-01"),
    Column("到", "这一天不再用，可以不填。"),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)
WORDS = {"编号": "code", "名称": "title", "事项": "matter", "依据": "legal_basis"}


def line_of(clause: DutyClause) -> tuple[object, ...]:
    """A clause as a line of the file."""
    return (
        clause.code, clause.title, clause.matter, clause.category.code if clause.category else "",
        spoken_category(clause.category) if clause.category else "", clause.unit.name, clause.legal_basis,
        clause.starts_on, clause.ends_on or "", clock.local_date(clause.ended_at) if clause.ended_at else "",
    )  # fmt: skip


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one clause by `add_clause`."""

    def bring(cells: Cells) -> Told:
        what = f"{cells.get('编号', '')} {cells.get('名称', '')}"
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, what)
        said = judged(ClauseLine({name: cells.get(heading, "") for heading, name in WORDS.items()}))
        said |= {
            "category": category_of(cells.get("类别代号", "")),
            "unit": unit_of(cells.get("负责的单位", "")),
            "starts_on": day_of(cells.get("从", ""), "从"),
            "ends_on": day_of(cells.get("到", ""), "到"),
        }
        standing = DutyClause.objects.filter(code=said["code"], ended_at=None).first()
        if standing is not None:
            return _compared(standing, said, cells)
        add_clause(actor=actor, at=at, **said)
        return Told(Outcome.ADDED, what, said["unit"].name)

    return bring


def _compared(clause: DutyClause, said: Mapping[str, Any], cells: Cells) -> Told:
    columns = {"名称": "title", "事项": "matter", "依据": "legal_basis", "到": "ends_on"}
    pairs = {label: (getattr(clause, name), said[name]) for label, name in columns.items()}
    pairs["类别代号"] = (clause.category_id, said["category"].pk if said["category"] else None)
    pairs["负责的单位"] = (clause.unit_id, said["unit"].pk)
    if said["starts_on"] is not None:
        pairs["从"] = (clause.starts_on, said["starts_on"])
    return compared({label: pair for label, pair in pairs.items() if label in cells}, str(clause))


CLAUSES = Sheet(name="权责清单", columns=COLUMNS, opened=opened)
