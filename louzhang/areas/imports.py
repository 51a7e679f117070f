"""Reading a list of areas (code, name, parent_code, level) and planning its import.

Everything that is wrong in the file is found before anything is written, each with its line and
a sentence that says what to do. What the database has already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from louzhang.areas.models import RANKS, LevelKind
from louzhang.kit.tables import Row

COLUMNS = ("code", "name", "parent_code", "level")
CODE_LENGTH = 30
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on one line of the file (the header is line 1)."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.sentence}"


class FileRefused(Exception):
    """The file cannot be imported; all its problems in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__(f"{len(self.problems)} problems")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One line of the file, read."""

    line: int
    code: str
    name: str
    parent_code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database has under a code."""

    name: str
    kind: str
    parent_code: str


@dataclass
class Plan:
    """What an import does: the root to found, if any, then areas in an order parents come first."""

    root: AreaRow | None = None
    new: list[AreaRow] = field(default_factory=list)
    skipped: int = 0
    changed: list[Problem] = field(default_factory=list)


@dataclass
class Listing:
    """The lines of a file, and what is wrong with each taken by itself."""

    rows: list[AreaRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_listing(rows: Iterable[Row], level_names: Mapping[str, str]) -> Listing:
    """Read the lines of a table; `level_names` maps the district's own names to kinds of level.

    Raises `FileRefused` at once only for a missing column.
    """
    listing = Listing()
    first_line: dict[str, int] = {}
    for row in rows:
        if missing := [name for name in COLUMNS if name not in row.cells]:
            raise FileRefused([Problem(1, f"表头缺少“{'、'.join(missing)}”列，请补上后再导入。")])
        area = _area_row(row, level_names)
        listing.problems += _problems_of(area, row.cells["level"].strip(), first_line)
        first_line.setdefault(area.code, area.line)
        listing.rows.append(area)
    if not listing.rows:
        listing.problems.append(Problem(1, "表头下面没有内容，请检查文件。"))
    return listing


def _area_row(row: Row, level_names: Mapping[str, str]) -> AreaRow:
    code, name, parent_code, level = (row.cells[column].strip() for column in COLUMNS)
    kind = level if level in RANKS else level_names.get(level, "")
    return AreaRow(line=row.line, code=code, name=name, parent_code=parent_code, kind=kind)


def _problems_of(area: AreaRow, level: str, first_line: Mapping[str, int]) -> list[Problem]:
    sentences = []
    if not area.code:
        sentences.append("没有编码（code），请填写。")
    elif area.code in first_line:
        sentences.append(f"编码 {area.code} 和第 {first_line[area.code]} 行重复，请只留一行。")
    if not area.name:
        sentences.append("没有名称（name），请填写。")
    if not area.kind:
        known = "、".join(LevelKind.values)
        sentences.append(f"不认识层级“{level[:20]}”（level），可以填：{known}。")
    if len(area.code) > CODE_LENGTH or len(area.name) > NAME_LENGTH:
        sentences.append(f"编码最多 {CODE_LENGTH} 字、名称最多 {NAME_LENGTH} 字，请缩短。")
    if not (area.code + area.name + area.parent_code).isprintable():
        sentences.append("编码或名称里有看不见的字符，请重新输入这一行。")
    return [Problem(area.line, sentence) for sentence in sentences]


def plan_import(listing: Listing, *, root_code: str, standing: Mapping[str, Standing]) -> Plan:
    """Plan the import of the subtree under a root; lines outside it are read but left alone.

    `standing` is what the district has now, by code; empty before it is founded. Raises
    `FileRefused` with the problems of the lines, and with unknown parents, levels in the wrong
    order, rings, and a root that is nowhere or does not fit the district that stands.
    """
    rows = [row for row in listing.rows if row.code]
    by_code: dict[str, AreaRow] = {}
    for row in rows:
        by_code.setdefault(row.code, row)
    problems = [
        *listing.problems,
        *_lost(rows, by_code, standing),
        *_misplaced(rows, by_code, standing),
        *_rings(rows, by_code),
    ]
    problems += _wrong_root(by_code.get(root_code), root_code, standing)
    if problems:
        raise FileRefused(problems)
    return _plan(_subtree(by_code, root_code, standing), root_code, standing)


def _lost(
    rows: Iterable[AreaRow], by_code: Mapping[str, AreaRow], standing: Mapping[str, Standing]
) -> Iterable[Problem]:
    for row in rows:
        if not row.parent_code and row.kind not in ("", LevelKind.DISTRICT):
            yield Problem(row.line, f"“{row.name}”没有上级编码（parent_code），请填写。")
        elif row.parent_code and row.parent_code not in by_code and row.parent_code not in standing:
            yield Problem(row.line, f"上级编码 {row.parent_code} 在文件和本区里都没有，请核对。")


def _misplaced(
    rows: Iterable[AreaRow], by_code: Mapping[str, AreaRow], standing: Mapping[str, Standing]
) -> Iterable[Problem]:
    for row in rows:
        above = by_code.get(row.parent_code) or standing.get(row.parent_code)
        if above is None or above is row or not (row.kind and above.kind):
            continue
        if RANKS[row.kind] <= RANKS[above.kind]:
            here, there = LevelKind(row.kind).label, LevelKind(above.kind).label
            yield Problem(row.line, f"“{row.name}”是{here}，不能放在{there}“{above.name}”下面，请核对层级。")


def _rings(rows: Iterable[AreaRow], by_code: Mapping[str, AreaRow]) -> Iterable[Problem]:
    cleared: set[str] = set()
    for row in rows:
        trail: list[str] = []
        code = row.code
        while code in by_code and code not in cleared and code not in trail:
            trail.append(code)
            code = by_code[code].parent_code
        if code in trail:
            ring = [*trail[trail.index(code) :], code]
            yield Problem(by_code[code].line, f"上级编码绕成了一圈：{' → '.join(ring)}，请改正其中一行。")
        cleared.update(trail)


def _wrong_root(root: AreaRow | None, root_code: str, standing: Mapping[str, Standing]) -> list[Problem]:
    if root_code in standing:
        return []
    line = root.line if root else 1
    if root is None:
        return [Problem(line, f"文件和本区里都没有编码为 {root_code} 的地点，请核对 --root。")]
    if not standing and root.kind not in ("", LevelKind.DISTRICT):
        return [Problem(line, f"本区还没有建立，--root 要是一个区县（district），而 {root_code} 不是。")]
    if standing and root.parent_code not in standing:
        return [Problem(line, f"数据库里已经有另一个区县，一套系统只服务一个区县，不能再导入 {root_code}。")]
    return []


def _subtree(by_code: Mapping[str, AreaRow], root_code: str, standing: Mapping[str, Standing]) -> list[AreaRow]:
    """The rows at and below the root, parents first, otherwise in the order of the file."""
    below: dict[str, list[str]] = {}
    for code, there in standing.items():
        below.setdefault(there.parent_code, []).append(code)
    for row in by_code.values():
        if row.code not in standing:
            below.setdefault(row.parent_code, []).append(row.code)
    waiting = [root_code]
    for code in waiting:
        waiting += below.get(code, [])
    return [by_code[code] for code in waiting if code in by_code]


def _plan(rows: Iterable[AreaRow], root_code: str, standing: Mapping[str, Standing]) -> Plan:
    plan = Plan()
    for row in rows:
        there = standing.get(row.code)
        if there is not None:
            plan.skipped += 1
            plan.changed += _differences(row, there)
        elif row.code == root_code and not standing:
            plan.root = row
        else:
            plan.new.append(row)
    return plan


def _differences(row: AreaRow, there: Standing) -> Iterable[Problem]:
    if row.name != there.name:
        yield Problem(row.line, f"{row.code} 在本区叫“{there.name}”，文件里叫“{row.name}”，没有改动。")
    if row.parent_code != there.parent_code and there.parent_code:
        yield Problem(row.line, f"{row.code} 在本区属于 {there.parent_code}，文件里属于 {row.parent_code}，没有移动。")
    if row.kind != there.kind:
        yield Problem(row.line, f"{row.code} 的层级和本区的不同，没有改动。")
