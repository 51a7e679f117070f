"""One line of a community's table, understood: where, who, what is wrong; and how it waits between the steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from louzhang.kit.id_numbers import birth_date_of, is_female
from louzhang.kit.workbooks import Line
from louzhang.register.imports import cells
from louzhang.register.imports.cells import ADDRESS_LENGTH, DOOR_LENGTH, CellRefused
from louzhang.register.imports.columns import Column
from louzhang.register.imports.doors import Place, building_key, folded, split_place, stairwell_key
from louzhang.register.models import EARLIEST_YEAR, Sex, Tie

PLACES = (Column.ESTATE, Column.BUILDING, Column.STAIRWELL, Column.DOOR, Column.ADDRESS)
CARRIED = (*PLACES, Column.FLOOR, Column.KIND, Column.FAMILY)
_NO_DOOR = "没有门牌，不知道住在哪里，请填写门牌。"
_TWO_PLACES = "楼栋或单元和门牌里写的不一致，请核对。"


@dataclass(slots=True)
class Entry:
    """A line understood; `line` is its number in the file, `sheet` the place of its sheet."""

    sheet: int
    line: int
    estate: str = ""
    building: str = ""
    stairwell: str = ""
    door: str = ""
    floor: int | None = None
    kind: str = ""
    family: str = ""
    name: str = ""
    tie: str = ""
    sex: str = ""
    birth_year: int | None = None
    birth_date: str = ""
    id_number: str = ""
    phone: str = ""
    registered: str = ""
    since: str = ""

    def packed(self) -> list[Any]:
        """The fields in order, for the sealed piece."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def unpacked(cls, values: Sequence[Any]) -> Entry:
        """The entry of a sealed piece."""
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be carried in: its cells as they came, and why."""

    sheet: int
    line: int
    cells: tuple[str, ...]
    reason: str


def read_entries(
    lines: Iterable[Line], columns: Sequence[str], *, sheet: int, today: date
) -> Iterator[tuple[Line, Entry | Wrong]]:
    """The lines below a heading, each understood or wrong, with the place they belong to written into their cells.

    A person below an empty place (merged cells, or left out as people do) lives where the line above says.
    """
    where: list[str] = []
    for line, said in lines:
        given = _given(columns, said)
        if not given:
            continue
        whole = said
        if any(given.get(name) for name in PLACES):
            where = [cell if name in CARRIED else "" for name, cell in zip(columns, said, strict=False)]
        elif given.get(Column.NAME):
            whole = _carried(said, where)
            given = _given(columns, whole)
        try:
            yield (line, whole), _entry(given, sheet, line, today)
        except CellRefused as refused:
            yield (line, whole), Wrong(sheet, line, tuple(whole), str(refused))


def _given(columns: Sequence[str], said: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(columns, said, strict=False) if name and cell}


def _carried(said: Sequence[str], where: Sequence[str]) -> list[str]:
    """The cells of a line with the place of the line above where its own are empty."""
    width = max(len(said), len(where))
    own, above = ([*side, *[""] * (width - len(side))] for side in (said, where))
    return [cell or carried for cell, carried in zip(own, above, strict=True)]


def _entry(given: Mapping[str, str], sheet: int, line: int, today: date) -> Entry:
    place = _place(given)
    if not place.door:
        raise CellRefused(_NO_DOOR)
    if len(place.door) > DOOR_LENGTH:
        raise CellRefused(f"门牌最多 {DOOR_LENGTH} 个字，请只写门牌号。")
    entry = Entry(sheet, line, place.estate, place.building, place.stairwell, place.door)
    entry.floor = _floor(given.get(Column.FLOOR, ""))
    entry.kind = cells.plain(given.get(Column.KIND, ""))
    entry.family = cells.door_cell(given.get(Column.FAMILY, ""))
    _read_person(entry, given, today)
    return entry


def _place(given: Mapping[str, str]) -> Place:
    """The parts of a place from columns of their own and from whatever is written in one piece."""
    whole = split_place(cells.door_cell(given.get(Column.ADDRESS, "")))
    door = split_place(cells.door_cell(given.get(Column.DOOR, "")))
    building = building_key(cells.door_cell(given.get(Column.BUILDING, "")))
    stairwell = stairwell_key(cells.door_cell(given.get(Column.STAIRWELL, "")))
    return Place(
        folded(given.get(Column.ESTATE, "")) or whole.estate,
        _agreed(building, door.building, whole.building),
        _agreed(stairwell, door.stairwell, whole.stairwell),
        _agreed(door.door, whole.door),
    )


def _agreed(*said: str) -> str:
    known = {part for part in said if part}
    if len(known) > 1:
        raise CellRefused(_TWO_PLACES)
    return known.pop() if known else ""


def _floor(cell: str) -> int | None:
    text = folded(cells.door_cell(cell)).removesuffix("层").removesuffix("楼").replace("B", "-").replace("负", "-")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise CellRefused("楼层请填数字，地下写 -1。") from None


def _read_person(entry: Entry, given: Mapping[str, str], today: date) -> None:
    head = cells.name_of(given.get(Column.HEAD, ""))
    entry.name = cells.name_of(given.get(Column.NAME, "")) or head
    if not entry.name:
        _refuse_nameless(given)
        return
    entry.tie = cells.tie_of(given.get(Column.TIE, ""))
    if head == entry.name and not entry.tie:
        entry.tie = Tie.HEAD.value
    entry.family = entry.family or head
    entry.sex = cells.sex_of(given.get(Column.SEX, ""))
    entry.phone = cells.phone_of(given.get(Column.PHONE, ""))
    entry.id_number = cells.id_number_of(given.get(Column.ID_NUMBER, ""))
    entry.registered = cells.plain(given.get(Column.REGISTERED, ""))[:ADDRESS_LENGTH]
    _read_days(entry, given, today)
    _agree_with_number(entry, today)


def _refuse_nameless(given: Mapping[str, str]) -> None:
    if any(cells.plain(given.get(name, "")) for name in (Column.ID_NUMBER, Column.PHONE, Column.TIE)):
        raise CellRefused("没有姓名，请填写姓名；这一户没有人住就把这些格子都空着。")


def _read_days(entry: Entry, given: Mapping[str, str], today: date) -> None:
    entry.birth_year, born = cells.day_of(given.get(Column.BIRTH, ""))
    entry.birth_date = born.isoformat() if born else ""
    if entry.birth_year and not EARLIEST_YEAR <= entry.birth_year <= today.year:
        raise CellRefused("出生日期不可能，请核对。")
    year, since = cells.day_of(given.get(Column.SINCE, ""))
    if year is not None:
        since = since or date(year, 1, 1)
        if since > today:
            raise CellRefused("入住日期还没有到，请填今天或以前的日期。")
        entry.since = since.isoformat()


def _agree_with_number(entry: Entry, today: date) -> None:
    """What the ID number says of birth and sex fills what was left out and must not contradict the rest."""
    born = birth_date_of(entry.id_number) if entry.id_number else None
    if born is None:
        return
    if born > today or born.year < EARLIEST_YEAR:
        raise CellRefused("身份证号码里的出生日期不可能，请核对第 7 到 14 位。")
    if (entry.birth_date and entry.birth_date != born.isoformat()) or entry.birth_year not in (None, born.year):
        raise CellRefused("出生日期和身份证号码里的不一样，请核对。")
    sex = (Sex.FEMALE if is_female(entry.id_number) else Sex.MALE).value
    if entry.sex not in ("", sex):
        raise CellRefused("性别和身份证号码里的不一样，请核对。")
    entry.sex, entry.birth_year, entry.birth_date = sex, born.year, ""
