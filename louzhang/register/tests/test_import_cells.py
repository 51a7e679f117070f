"""However a place, day or number is written, it is read as one thing, or refused with a sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit.id_numbers import check_digit
from louzhang.kit.workbooks import Day, Number
from louzhang.register.imports import cells
from louzhang.register.imports.cells import CellRefused, day_of, id_number_of, phone_of, tie_of
from louzhang.register.imports.columns import find_headings, proposed
from louzhang.register.imports.doors import (
    Place,
    building_key,
    door_key,
    floor_of,
    position_of,
    split_place,
    stairwell_key,
)

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FIGURES = "零一二三四五六七八九"
numbers = st.integers(min_value=1, max_value=99)
days = st.dates(min_value=date(1900, 3, 1), max_value=date(2099, 12, 31))


def in_words(number: int) -> str:
    """12 → 十二, 30 → 三十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return FIGURES[ones]
    return f"{FIGURES[tens] if tens > 1 else ''}十{FIGURES[ones] if ones else ''}"


@given(numbers)
def test_all_ways_to_write_a_stairwell_are_one(number: int) -> None:
    ways = (f"第{number}单元", f"{number}单元", f"{number}", f"{in_words(number)}单元", f"第{in_words(number)}单元",
            f"{number:02}单元", f" {number} 单元 ".translate(WIDE))  # fmt: skip
    assert {stairwell_key(way) for way in ways} == {str(number)}


@given(numbers)
def test_all_ways_to_write_a_building_are_one(number: int) -> None:
    ways = (f"{number}号楼", f"第{number}栋", f"{number}幢", f"{number}#", f"{in_words(number)}号楼", f"{number:03}")
    assert {building_key(way) for way in ways} == {str(number)}


@given(numbers, numbers, st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=12))
def test_a_door_written_in_one_piece_or_in_parts_is_the_same_place(
    building: int, stairwell: int, storey: int, position: int
) -> None:
    door = f"{storey}{position:02}"
    ways = (
        f"{building}-{stairwell}-{door}",
        f"{building}号楼{stairwell}单元{door}",
        f"第{in_words(building)}栋{in_words(stairwell)}单元{door}室",
        f"{building}#{stairwell}-{door}".translate(WIDE),
        f"{building}幢 {stairwell}单元 {storey}层 {door}号",
    )
    assert {split_place(way) for way in ways} == {Place("", str(building), str(stairwell), door)}
    assert (floor_of(door), position_of(door)) == (storey, position)
    assert split_place(f"{stairwell}-{door}") == Place("", "", str(stairwell), door)
    assert split_place(f"演示小区{building}号楼{stairwell}单元{door}").estate == "演示小区"


@given(st.text(max_size=30))
def test_no_text_makes_reading_a_place_fail(text: str) -> None:
    for read in (split_place, building_key, stairwell_key, door_key, floor_of, position_of):
        read(text)


@given(days)
def test_a_day_in_five_forms_and_as_excel_keeps_it_is_that_day(day: date) -> None:
    ways = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.isoformat()} 00:00:00",
        f"{day:%Y-%m-%d}".translate(WIDE),
        Day(day.isoformat()),
        Number(str((day - date(1899, 12, 30)).days)),
    )
    read = {day_of(way) for way in ways[:-1]}
    assert read == {(day.year, day)}
    serial = int(ways[-1])
    if not 1890 <= serial <= 2100:
        assert day_of(ways[-1]) == (day.year, day)


@given(st.text(max_size=20))
def test_any_other_text_is_a_day_or_refused(text: str) -> None:
    year, day = None, None
    with suppress(CellRefused):
        year, day = day_of(text)
    assert day is None or day.year == year


@pytest.mark.parametrize(("cell", "year"), [("1985", 1985), ("1985年", 1985), ("1985.03", 1985), ("198503", 1985)])
def test_a_year_or_month_alone_gives_the_year(cell: str, year: int) -> None:
    assert day_of(cell) == (year, None)


@given(days, st.integers(min_value=0, max_value=999))
def test_an_id_number_is_read_from_text_and_from_a_number_that_kept_its_digits(day: date, order: int) -> None:
    first = f"440524{day:%Y%m%d}{order:03}"
    number = first + check_digit(first)
    assert id_number_of(number.lower()) == number
    assert id_number_of(f"{number[:6]} {number[6:14]} {number[14:]}".translate(WIDE)) == number
    if number.isdigit() and not number.endswith("000"):
        assert id_number_of(Number(number)) == number
        assert id_number_of(Number(f"{number[0]}.{number[1:]}E+17")) == number if number[-1] != "0" else True
    spoilt = f"{float(first + '1'):.14E}"
    with pytest.raises(CellRefused, match="丢失"):
        id_number_of(Number(spoilt))


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (Number("440524198001010000"), "丢失"),
        ("4.40524198001010E+17", "丢失"),
        ("440524198001010015", "校验"),
        ("44052419800101", "18 位"),
        ("440524198013010015", "出生日期"),
    ],
)
def test_a_wrong_id_number_is_refused_and_not_repeated(cell: str, sentence: str) -> None:
    with pytest.raises(CellRefused, match=sentence) as refused:
        id_number_of(cell)
    assert "4405" not in str(refused.value)


def test_phones_are_read_as_text_number_or_the_first_of_several() -> None:
    assert phone_of(Number("13912345678")) == "13912345678"
    assert phone_of(Number("1.3912345678E10")) == "13912345678"
    assert phone_of("139-1234-5678、010-12345678") == "13912345678"
    assert phone_of("无") == ""


def test_a_door_that_excel_made_a_day_of_is_refused() -> None:
    with pytest.raises(CellRefused, match="变成了日期"):
        cells.door_cell(Day("2026-03-12"))


def test_ties_are_read_in_the_words_of_the_household_book() -> None:
    said = ("户主", "妻", "长子", "岳母", "外孙女", "之女", "租客", "")
    assert [tie_of(word) for word in said] == ["head", "spouse", "child", "parent", "grandchild", "child", "other", ""]
    with pytest.raises(CellRefused, match="配偶"):
        tie_of("邻居")


def test_headings_are_found_below_a_title_in_one_row_or_two() -> None:
    title, upper, lower = ["某社区登记表"] * 4, ["楼栋", "房号", "人员", "人员"], ["楼栋", "房号", "姓名", "身份证号"]
    two = find_headings([(1, title), (2, upper), (3, lower), (4, ["1号楼", "101", "演示甲", ""])])
    assert two is not None
    assert (two.line, proposed(two.texts)) == (3, ["building", "door", "name", "id_number"])
    one = find_headings([(1, ["序号", "姓 名*", "住址（详细）"]), (2, ["1", "演示甲", "1-1-101"])])
    assert one is not None
    assert (one.line, proposed(one.texts)) == (1, ["", "name", "address"])
    assert find_headings([(1, ["1号楼", "101", "演示甲"])]) is None


def test_a_column_is_proposed_once() -> None:
    assert proposed(["姓名", "电话", "联系电话"]) == ["name", "phone", ""]


def test_the_year_2100_and_the_epoch_lie_inside_what_excel_counts() -> None:
    assert date(1899, 12, 30) + timedelta(days=cells._LATEST_SERIAL) == date(2100, 12, 31)
