"""What cannot be imported: rows come back with line and reason, wrong files and maps change nothing."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from louzhang.areas.models import Unit
from louzhang.journal.models import Event
from louzhang.workorders.imports.maps import BadMap, parse_map, read_map
from louzhang.workorders.models import Category, WorkOrder
from louzhang.workorders.tests.history_files import HEADER, MAP, row, write_csv, write_map, write_xlsx
from tests.cast import Cast

Refused = list[tuple[str, str, str]]


@pytest.fixture
def refused_of(cast: Cast, tmp_path: Path) -> Callable[..., Refused]:
    """Import rows and give line, reason and number of those that came back."""

    def run(rows: list[dict[str, str]], map_text: str = MAP) -> Refused:
        errors = tmp_path / "errors.csv"
        plan = write_map(tmp_path / "map.toml", map_text)
        call_command("import_workorders", write_csv(tmp_path / "old.csv", rows), map=plan, errors=errors)
        if not errors.exists():
            return []
        assert errors.stat().st_mode & 0o077 == 0
        with errors.open(encoding="utf-8-sig", newline="") as file:
            return [(line["行号"], line["原因"], line["SRNumber"]) for line in csv.DictReader(file)]

    return run


def test_a_refused_row_comes_back_with_its_line_and_reason(refused_of: Callable[..., Refused]) -> None:
    rows = [row(1), row(2, ClosedDate="12/31/2017 12:00:00 AM"), row(3), row(4, CreatedDate="")]
    assert refused_of(rows) == [
        ("3", "办结时间早于受理时间。", "1-870000002"),
        ("5", "没有受理时间。", "1-870000004"),
    ]
    assert WorkOrder.objects.count() == 2


def test_no_error_file_is_left_when_nothing_was_refused(refused_of: Callable[..., Refused]) -> None:
    assert refused_of([row(1)]) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SRNumber": ""}, "没有单号。"),
        ({"SRNumber": "9" * 61}, "单号超过 60 个字符。"),
        ({"CreatedDate": "昨天"}, "受理时间“昨天”看不懂。"),
        ({"CreatedDate": "13/31/2017 11:59:58 PM"}, "受理时间“13/31/2017 11:59:58 PM”看不懂。"),
        ({"CreatedDate": "0001-01-01"}, "受理时间“0001-01-01”看不懂。"),
        ({"CreatedDate": "9999-12-31 23:59:59"}, "受理时间“9999-12-31 23:59:59”看不懂。"),
        ({"ClosedDate": ""}, "状态是已结束，但没有办结时间。"),
        ({"ClosedDate": "x"}, "办结时间“x”看不懂。"),
        ({"Status": "Lost"}, "不认识状态“Lost”。"),
        ({"Status": ""}, "没有状态。"),
        ({"RequestType": ""}, "没有类别。"),
        ({"Latitude": "95"}, "经纬度超出范围（经度 ±180，纬度 ±90），可能写反了。"),
        ({"Latitude": "nan"}, "经纬度超出范围（经度 ±180，纬度 ±90），可能写反了。"),
        ({"Longitude": ""}, "经纬度不完整或不是数字。"),
        ({"Longitude": "west"}, "经纬度不完整或不是数字。"),
        ({"Place": "nowhere"}, "没有编码为“nowhere”的地点。"),
        ({"Address": "长" * 5001}, "地址超过 5000 个字符。"),
        ({"NCName": "长" * 5000}, "文字超过 5000 字。"),
    ],
)
def test_a_row_is_refused_with_a_reason(
    refused_of: Callable[..., Refused], changes: dict[str, str], reason: str
) -> None:
    assert [(line, why) for line, why, _ in refused_of([row(1), row(2, **changes)])] == [("3", reason)]
    assert WorkOrder.objects.get().source_number == "1-870000001"


def test_a_time_after_now_is_refused(refused_of: Callable[..., Refused]) -> None:
    year = Event.objects.latest("recorded_at").recorded_at.year
    late = row(1, CreatedDate=f"{year + 1}-12-31 10:00:00", Status="Open", ClosedDate="")
    assert refused_of([late]) == [("2", "受理时间晚于现在。", "1-870000001")]


def test_a_number_twice_in_the_file_is_refused_the_second_time(refused_of: Callable[..., Refused]) -> None:
    twice = [row(1), row(2), row(1, Address="another")]
    assert refused_of(twice) == [("4", "单号与第 2 行重复。", "1-870000001")]
    assert WorkOrder.objects.get(source_number="1-870000001").place_note != "another"


def test_a_refused_row_does_not_take_its_number_away(refused_of: Callable[..., Refused]) -> None:
    assert [line for line, _, _ in refused_of([row(1, CreatedDate=""), row(1)])] == ["2"]
    assert WorkOrder.objects.count() == 1


def test_a_row_in_hand_without_any_unit_is_refused(refused_of: Callable[..., Refused]) -> None:
    text = MAP.replace('default_unit = "历史其他部门"', "")
    rows = [row(1, Status="Sent", ClosedDate="", Owner="")]
    assert refused_of(rows, text) == [("2", "状态是已交办，但没有承办单位。", "1-870000001")]


def test_a_corrected_error_file_can_be_brought_in_again(refused_of: Callable[..., Refused], tmp_path: Path) -> None:
    refused_of([row(1, CreatedDate=""), row(2)])
    errors = tmp_path / "errors.csv"
    with errors.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    corrected = write_csv(tmp_path / "again.csv", [{name: lines[0][name] for name in HEADER} | row(1)])
    call_command("import_workorders", corrected, map=tmp_path / "map.toml", errors=errors)
    assert WorkOrder.objects.count() == 2


@pytest.fixture
def refusal_of(cast: Cast, tmp_path: Path) -> Callable[..., str]:
    """Try an import that must fail as a whole and give the sentence; nothing may have changed."""

    def run(file: Path, map_text: str = MAP, **options: Any) -> str:
        plan = write_map(tmp_path / "map.toml", map_text)
        before = (Event.objects.count(), Category.objects.count(), Unit.objects.count())
        with pytest.raises(CommandError) as refusal:
            call_command("import_workorders", file, map=options.pop("map", plan), **options)
        assert (Event.objects.count(), Category.objects.count(), Unit.objects.count()) == before
        assert not WorkOrder.objects.exists()
        sentence = str(refusal.value)
        assert sentence.endswith("。")
        assert "\n" not in sentence
        return sentence

    return run


def test_a_file_that_is_not_there(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    assert "找不到这个文件" in refusal_of(tmp_path / "none.csv")


def test_a_broken_workbook(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "old.xlsx", [row(1)])
    book.write_bytes(book.read_bytes()[:-400])
    assert "打不开" in refusal_of(book)


def test_a_locked_workbook(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    book = tmp_path / "old.xlsx"
    book.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 2000)
    assert "密码" in refusal_of(book)


def test_a_file_that_breaks_off_inside_a_quote_changes_nothing_before_it(
    refusal_of: Callable[..., str], tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "old.csv", [row(n) for n in range(50)])
    with file.open("a", encoding="utf-8") as tail:
        tail.write('1-8,"half')
    assert "引号" in refusal_of(file)


def test_a_missing_column_is_named(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "old.xlsx", [row(1)], tuple(name for name in HEADER if name != "ClosedDate"))
    assert "“ClosedDate”" in refusal_of(book)


def test_a_file_without_rows(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    assert "没有数据行" in refusal_of(write_csv(tmp_path / "old.csv", []))


def test_a_map_that_is_not_there(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    file = write_csv(tmp_path / "old.csv", [row(1)])
    assert "none.toml" in refusal_of(file, map=tmp_path / "none.toml")


def test_a_person_who_is_not_there(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    assert "999999" in refusal_of(write_csv(tmp_path / "old.csv", [row(1)]), person=999999)


def test_an_error_file_that_cannot_be_written(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    file = write_csv(tmp_path / "old.csv", [row(1)])
    assert "写不进去" in refusal_of(file, errors=file / "below.csv")


def test_the_error_file_may_not_be_the_file_itself(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    file = write_csv(tmp_path / "old.csv", [row(1)])
    assert "同一个文件" in refusal_of(file, errors=file)
    assert "SRNumber" in file.read_text(encoding="utf-8")


def test_an_area_of_the_map_that_does_not_exist(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    file = write_csv(tmp_path / "old.csv", [row(1)])
    assert "“C99”" in refusal_of(file, MAP.replace('"C1"', '"C99"'))


def test_a_category_code_that_does_not_exist(refusal_of: Callable[..., str], tmp_path: Path) -> None:
    file = write_csv(tmp_path / "old.csv", [row(1)])
    assert "“gone”" in refusal_of(file, MAP + '\n[category_codes]\n"Bulky Items" = "gone"\n')


def test_an_import_before_the_district_is_founded(db: None, tmp_path: Path) -> None:
    plan = write_map(tmp_path / "map.toml", MAP.replace('"C1"', '""'))
    with pytest.raises(CommandError, match="found_district"):
        call_command("import_workorders", write_csv(tmp_path / "old.csv", [row(1)]), map=plan)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('source = "LA311"', "", "source 没有写"),
        ('source = "LA311"', "source = 7", "带引号的文字"),
        ('source = "LA311"', f'source = "{"长" * 41}"', "太长"),
        ('"America/Los_Angeles"', '"Mars/Base"', "“Mars/Base”这个时区"),
        ('"America/Los_Angeles"', '"America"', "“America”这个时区"),
        ('"America/Los_Angeles"', '"/etc/passwd"', "这个时区"),
        ('area = "C1"', "", "缺少 area"),
        ('area = "C1"', 'aera = "C1"', "不认识“aera”"),
        ("promised_hours = 100", "promised_hours = 0", "promised_hours 要写成"),
        ("promised_hours = 100", "promised_hours = true", "promised_hours 要写成"),
        ("promised_hours = 100", 'offer_categories = "yes"', "true 或 false"),
        ("promised_hours = 100", 'datum = "mars"', "wgs84"),
        ('time_formats = ["%m/%d/%Y %I:%M:%S %p"]', "time_formats = 5", "time_formats 要写成"),
        ('number = "SRNumber"', "", "number 没有写"),
        ('number = "SRNumber"', 'numbr = "SRNumber"', "不认识“numbr”"),
        ('latitude = "Latitude"', "", "latitude 和 longitude"),
        ('Closed = "closed"', 'Closed = "done"', "“done”不对"),
        ('Closed = "closed"', 'Closed = "settled"', "“settled”不对"),
        ("[states]", "[stages]", "不认识“stages”"),
        ("[columns]", "[columns", "不是有效的 TOML"),
    ],
)
def test_a_wrong_map_is_said_in_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in MAP
    with pytest.raises(BadMap) as refusal:
        read_map(write_map(tmp_path / "map.toml", MAP.replace(old, new)))
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_a_map_in_another_encoding_is_refused(tmp_path: Path) -> None:
    plan = tmp_path / "map.toml"
    plan.write_bytes(MAP.encode("gb18030"))
    with pytest.raises(BadMap, match="UTF-8"):
        read_map(plan)


def test_a_map_without_states_or_columns_is_refused() -> None:
    needed = {"source": "x", "time_zone": "Asia/Shanghai", "area": ""}
    with pytest.raises(BadMap, match=r"\[columns\]"):
        parse_map(needed)
    columns = {name: name for name in ("number", "reported_at", "status", "category")}
    with pytest.raises(BadMap, match=r"\[states\]"):
        parse_map({**needed, "columns": columns})


def test_the_example_map_reads() -> None:
    plan = read_map(Path(__file__).parents[3] / "docs" / "examples" / "la311.toml")
    assert plan.zone.key == "America/Los_Angeles"
    assert set(plan.states) == {"Closed", "Cancelled", "Referred Out", "Open"}
