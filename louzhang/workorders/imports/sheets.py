"""The columns of a sheet of reports, the empty sheet to fill in, and finding what its words name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit.books import book_of
from louzhang.kit.tables import BadTable, Row
from louzhang.workorders.models import AnswerWay, Category
from louzhang.workorders.queries.choices import offered_categories

CATEGORY, CODE, BUILDING, STAIRWELL, WORDS = "类别", "地点编码", "楼栋", "单元", "内容"
HOTLINE_NUMBER = "热线工单号"
COLUMNS = {
    CATEGORY: "必填。类别的名称、代号或两字母，见“类别”表。",
    CODE: "地点编码和楼栋填一样就行。编码见“地点”表。",
    BUILDING: "楼栋的名称，例如 12号楼；有几栋同名时请填地点编码。",
    STAIRWELL: "单元的名称，例如 2单元；可以不填。",
    "门牌号": "可以不填；答复方式是上门时必填。",
    WORDS: "必填。发生了什么。",
    "姓名": "可以不填。",
    "电话": "可以不填；答复方式是电话或短信时必填。",
    "答复方式": "电话、上门、短信或在这里看；不填时，有电话的按电话答复。",
    HOTLINE_NUMBER: "12345 热线转来的填它的工单号；已经登记过的不会再登记。",
}
WAYS = {way.label: way for way in AnswerWay}


class Unfound(ValueError):
    """A cell names nothing that is there; the message is for the one who brought the sheet."""


def refuse_columns(row: Row) -> None:
    """Raise `BadTable` for a sheet without the columns it needs, or with a column nobody reads."""
    missing = [name for name in (CATEGORY, WORDS) if name not in row.cells]
    if missing:
        raise BadTable(f"表头里没有“{missing[0]}”这一列，请下载模板，照它的表头填写。")
    if CODE not in row.cells and BUILDING not in row.cells:
        raise BadTable(f"表头里要有“{CODE}”或“{BUILDING}”一列，请下载模板，照它的表头填写。")
    unknown = [name for name in row.cells if name not in COLUMNS]
    if unknown:
        raise BadTable(f"不认识“{unknown[0][:30]}”这一列，请下载模板，照它的表头填写。")


def own_areas(actor: Actor) -> list[Area]:
    """The areas that the actor's offices answer for, in the order of the tree."""
    homes = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    return list(Area.objects.current().under_paths(homes).select_related("level", "estate").defer("outline"))


class Finder:
    """Finds categories and places by what people type; everything is read once.

    Complaints name somebody and are typed on the page.
    """

    def __init__(self, actor: Actor) -> None:
        self._categories = _by_names(offered_categories(with_complaints=False))
        self._areas = own_areas(actor)
        self._codes = {area.code: area for area in self._areas}
        self._buildings: dict[str, list[Area]] = defaultdict(list)
        for area in self._areas:
            if RANKS[area.level.kind] == RANKS[LevelKind.BUILDING]:
                for name in _building_names(area):
                    self._buildings[name].append(area)

    def category(self, typed: str) -> Category:
        """The category of a name, code or two letters; raises `Unfound`."""
        if not typed:
            raise Unfound("请填写类别。")
        found = self._categories.get(typed.casefold(), [])
        if len(found) > 1:
            raise Unfound(f"有 {len(found)} 个类别叫“{typed[:30]}”，请改填代号。")
        if not found:
            raise Unfound(f"没有“{typed[:30]}”这个类别，或它不能批量登记。请对照模板里的“类别”表填写。")
        return found[0]

    def area(self, cells: Mapping[str, str]) -> Area:
        """The place a row names, by code or by building and stairwell; raises `Unfound`."""
        code, building = cells.get(CODE, ""), cells.get(BUILDING, "")
        if code:
            return self._coded(code)
        if not building:
            raise Unfound("请填写地点编码或楼栋。")
        found = self._buildings.get(_plain(building), [])
        if not found:
            raise Unfound(f"您的辖区里没有“{building[:30]}”这栋楼。")
        if len(found) > 1:
            raise Unfound(f"您的辖区里有 {len(found)} 栋“{building[:30]}”，请改填地点编码。")
        stairwell = cells.get(STAIRWELL, "")
        return self._below(found[0], stairwell) if stairwell else found[0]

    def _coded(self, code: str) -> Area:
        if code not in self._codes:
            raise Unfound(f"您的辖区里没有编码为“{code[:30]}”的地点。")
        return self._codes[code]

    def _below(self, building: Area, stairwell: str) -> Area:
        for area in self._areas:
            if (
                area.path.startswith(building.path)
                and area.pk != building.pk
                and _plain(area.name) == _plain(stairwell)
            ):
                return area
        raise Unfound(f"{building.name}没有“{stairwell[:30]}”。")


def _by_names(categories: list[Category]) -> dict[str, list[Category]]:
    found: dict[str, list[Category]] = defaultdict(list)
    for category in categories:
        for name in {category.name.casefold(), category.code.casefold(), category.letters.casefold()} - {""}:
            found[name].append(category)
    return found


def _building_names(area: Area) -> set[str]:
    estate = area.estate.name if area.estate else ""
    return {_plain(area.name), _plain(f"{estate}{area.name}")}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def empty_sheet(actor: Actor) -> bytes:
    """The workbook to fill in: headings, what each column takes, categories and own places."""
    leaves = [
        [leaf.parent.name if leaf.parent else "", leaf.name, leaf.letters, leaf.code]
        for leaf in offered_categories(with_complaints=False)
    ]
    places = [[area.code, area.name, area.level.name] for area in own_areas(actor)]
    return book_of(
        {
            "登记": [list(COLUMNS)],
            "填写说明": [["列", "怎么填"], *([name, how] for name, how in COLUMNS.items())],
            "类别": [["大类", "类别", "两字母", "代号"], *leaves],
            "地点": [["地点编码", "名称", "层级"], *places],
        }
    )
