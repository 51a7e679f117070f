"""承办单位 by file: one line a unit, with the codes of the areas it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from louzhang.areas import actions
from louzhang.areas.forms.units import AddUnitForm
from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.queries.post_lists import served_now
from louzhang.areas.sheets.cells import choice_of, judged, listed
from louzhang.areas.sheets.frame import INFORMING, Bring, Cells, Column, Outcome, Sheet, Told, compared
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused

KINDS = {kind.label: kind.value for kind in UnitKind}
ADDED_KINDS = [kind.label for kind in UnitKind if kind != UnitKind.OFFICE]
COLUMNS = (
    Column("名称", "单位名称，不能和在用的重复；已经有的跳过，不改动。", "演示第一小学", is_needed=True),
    Column("类型", f"可以填：{'、'.join(ADDED_KINDS)}。", "共建单位", is_needed=True),
    Column("公开电话", "居民和社区都能看到的值班电话，不要填个人手机号。", "024-12345678"),
    Column("职责", "管什么，用几个词说清。", "助学、场地"),
    Column("服务范围编码", "服务的地点的编码，几个之间用顿号隔开，见“地点”表；它下面的所有地点也一起服务。"),
    Column("服务范围", INFORMING, is_read=False),
    Column("任职人数", INFORMING, is_read=False),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one unit with what it serves, by `add_unit`; a place named in many lines is looked up once."""
    found = cache(_area)

    def bring(cells: Cells) -> Told:
        name = cells.get("名称", "")
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, name)
        kind = choice_of(cells.get("类型", ""), KINDS, "类型")
        areas = [found(code) for code in listed(cells.get("服务范围编码", ""))]
        standing = Unit.objects.filter(name=name, ended_at=None).first()
        if standing is not None:
            return _compared(standing, kind, cells, areas, at)
        if kind == UnitKind.OFFICE:
            raise InputRefused(f"没有“{name[:30]}”这个办公室。办公室随区县、街镇、社区一起建立，请先导入区划。")
        said = judged(AddUnitForm(_typed(cells) | {"kind": kind}))
        actions.add_unit(actor=actor, at=at, serves=areas, **said)
        return Told(Outcome.ADDED, name, "、".join(area.name for area in areas))

    return bring


def _typed(cells: Cells) -> dict[str, str]:
    return {"name": cells.get("名称", ""), "phone": cells.get("公开电话", ""), "duties": cells.get("职责", "")}


def _area(code: str) -> Area:
    found: Area | None = Area.objects.current().filter(code=code).first()
    if found is None:
        raise InputRefused(f"没有编码为“{code[:30]}”的地点，请对照样表里的“地点”填写。")
    return found


def _compared(unit: Unit, kind: str, cells: Cells, areas: Sequence[Area], at: datetime) -> Told:
    said = _typed(cells)
    pairs = {
        "类型": (unit.kind, kind),
        "公开电话": (unit.phone, said["phone"]),
        "职责": (unit.duties, said["duties"]),
        "服务范围编码": (
            {served.area_id for served in served_now([unit], at)},
            {area.pk for area in areas},
        ),
    }
    return compared({label: pair for label, pair in pairs.items() if label in cells}, unit.name)


def places(actor: Actor) -> Mapping[str, Sequence[Sequence[str]]]:
    """The codes of the places, to choose from."""
    rows = Area.objects.current().select_related("level").only("code", "name", "level__name")
    return {"地点": [["编码", "名称", "层级"], *([row.code, row.name, row.level.name] for row in rows)]}


UNITS = Sheet(name="承办单位", columns=COLUMNS, opened=opened, lists=places)
