"""A sheet of reports comes in at the desk: previewed first, then all of it or nothing."""

import csv
import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from louzhang.areas.sheets.sealing import seal_rows, unseal_rows
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit.tables import BadTable, Row
from louzhang.workorders.actions import Draft
from louzhang.workorders.actions.filing import file_reports
from louzhang.workorders.imports.reports import PURPOSE, check_rows, file_sheet, read_sheet
from louzhang.workorders.imports.sheets import COLUMNS, empty_sheet
from louzhang.workorders.models import AnswerWay, Category, Channel, Report, WorkOrder
from tests.cast import MORNING, Cast, browser_as

ENTRY = uuid.UUID("11111111-2222-4333-8444-555555555555")
URL = "/desk/reports/upload/"
USUAL = {
    "类别": "漏水",
    "地点编码": "",
    "楼栋": "12号楼",
    "单元": "2单元",
    "门牌号": "301",
    "内容": "水管漏水，流到楼下。",
    "姓名": "演示住户",
    "电话": "139 0000 8888",
    "答复方式": "电话",
}


@pytest.fixture(autouse=True)
def clock_of_the_test() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def line(number: int = 2, **changes: str) -> Row:
    return Row(number, USUAL | changes)


def sheet_of(*rows: dict[str, str], header: tuple[str, ...] = tuple(COLUMNS)) -> bytes:
    kept = io.StringIO()
    writer = csv.DictWriter(kept, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(USUAL | row for row in rows)
    return kept.getvalue().encode("gb18030")


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    return lambda key: browser_as(cast, key, label="办公电脑", at=MORNING)


def send(client: Client, content: bytes, name: str = "登记.csv") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, content)})


def test_every_report_of_a_sheet_becomes_an_order_of_its_own(cast: Cast) -> None:
    actor = cast.actor("desk")
    numbers = file_sheet([line(2), line(3, 类别="ld", 楼栋="", 地点编码="B2")], actor=actor, at=cast.at, entry_id=ENTRY)
    orders = list(WorkOrder.objects.order_by("pk"))
    assert numbers == [order.number for order in orders]
    assert [order.area for order in orders] == [cast.areas["stairwell"], cast.areas["next_building"]]
    assert [order.category for order in orders] == [cast.categories["leak"], cast.categories["lamp"]]
    voice = Report.objects.order_by("pk")[0]
    assert (voice.channel, voice.entered_by, voice.reporter) == (Channel.FILE, cast.people["desk"], None)
    assert (voice.open_field("name"), voice.open_field("phone"), voice.open_field("door")) == (
        "演示住户",
        "13900008888",
        "301",
    )
    assert voice.answer_way == AnswerWay.PHONE


def test_the_same_sheet_sent_twice_is_filed_once(cast: Cast) -> None:
    actor = cast.actor("desk")
    first = file_sheet([line(2), line(3)], actor=actor, at=cast.at, entry_id=ENTRY)
    assert file_sheet([line(2), line(3)], actor=actor, at=cast.at, entry_id=ENTRY) == first
    assert WorkOrder.objects.count() == 2


def test_one_wrong_row_keeps_the_whole_sheet_out(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="第 3 行"):
        file_sheet([line(2), line(3, 电话="123")], actor=cast.actor("desk"), at=cast.at, entry_id=ENTRY)
    assert not WorkOrder.objects.exists()
    assert not Event.objects.filter(subject_kind="workorder").exists()


def test_a_refusal_at_the_last_report_takes_back_the_first(cast: Cast) -> None:
    actor = cast.actor("desk")
    drafts = check_rows([line(2)], actor).drafts
    stopped = Draft(
        channel=Channel.FILE, category=drafts[0].category, area=drafts[0].area, words=" ", is_for_another=True
    )
    with pytest.raises(InputRefused):
        file_reports(drafts=[*drafts, stopped], actor=actor, at=cast.at, entry_id=ENTRY)
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"类别": ""}, "请填写类别。"),
        ({"类别": "飞碟"}, "没有“飞碟”这个类别，或它不能批量登记。请对照模板里的“类别”表填写。"),
        ({"类别": "投诉人员或单位"}, "没有“投诉人员或单位”这个类别，或它不能批量登记。请对照模板里的“类别”表填写。"),
        ({"楼栋": ""}, "请填写地点编码或楼栋。"),
        ({"楼栋": "99号楼"}, "您的辖区里没有“99号楼”这栋楼。"),
        ({"单元": "9单元"}, "12号楼没有“9单元”。"),
        ({"地点编码": "B3"}, "您的辖区里没有编码为“B3”的地点。"),
        ({"内容": ""}, "请写一句发生了什么，或者拍一张照片。"),
        ({"电话": ""}, "选了电话或短信答复，请留下电话号码。"),
        ({"电话": "1390000"}, "手机号码应为 11 位数字，请检查后重新填写。"),
        ({"答复方式": "飞鸽"}, "答复方式“飞鸽”不认识，请填：在这里看、电话、上门、短信。"),
        ({"答复方式": "上门", "门牌号": ""}, "选了上门答复，请留下门牌号，方便楼长找到您。"),
        ({"内容": "长" * 5001}, "文字太长了，请缩短到 5000 字以内再提交。"),
    ],
)
def test_a_wrong_row_is_named_with_line_and_reason(cast: Cast, changes: dict[str, str], reason: str) -> None:
    checked = check_rows([line(2), line(7, **changes)], cast.actor("desk"))
    assert [(error.line, error.reason) for error in checked.errors] == [(7, reason)]
    assert len(checked.drafts) == 1


def test_cells_beyond_the_heading_are_a_sign_of_a_shifted_row(cast: Cast) -> None:
    checked = check_rows([Row(4, USUAL, ("x",))], cast.actor("desk"))
    assert [error.line for error in checked.errors] == [4]


def test_an_empty_way_of_answering_follows_the_phone(cast: Cast) -> None:
    checked = check_rows([line(2, 答复方式=""), line(3, 答复方式="", 电话="")], cast.actor("desk"))
    assert [draft.answer_way for draft in checked.drafts] == [AnswerWay.PHONE, AnswerWay.HERE]


def test_two_categories_of_one_name_ask_for_the_code(cast: Cast) -> None:
    Category.objects.create(parent=cast.categories["leak"].parent, code="leak2", name="漏水")
    checked = check_rows([line(2), line(3, 类别="leak2")], cast.actor("desk"))
    assert [error.reason for error in checked.errors] == ["有 2 个类别叫“漏水”，请改填代号。"]


def test_an_office_files_only_for_its_own_area(cast: Cast) -> None:
    own = check_rows([line(2)], cast.actor("desk")).drafts
    for stranger in ("stranger_desk", "stranger_street", "stranger_chief"):
        with pytest.raises(NotYours):
            file_reports(drafts=own, actor=cast.actor(stranger), at=cast.at, entry_id=ENTRY)
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize("key", ["chief", "department", "resident", "nobody", "system_admin"])
def test_only_an_office_files_a_sheet(cast: Cast, key: str) -> None:
    own = check_rows([line(2)], cast.actor("desk")).drafts
    with pytest.raises(NotYours):
        file_reports(drafts=own, actor=cast.actor(key), at=cast.at, entry_id=ENTRY)


def test_the_sealed_rows_open_for_the_same_person_and_sheet_only(cast: Cast) -> None:
    rows = [line(2)]
    sealed = seal_rows(rows, purpose=PURPOSE, actor=cast.actor("desk"), entry_id=ENTRY)
    assert "演示住户" not in sealed
    assert unseal_rows(sealed, purpose=PURPOSE, actor=cast.actor("desk"), entry_id=ENTRY) == rows
    for actor, entry in ((cast.actor("street"), ENTRY), (cast.actor("desk"), uuid.UUID(int=5))):
        with pytest.raises(Conflict):
            unseal_rows(sealed, purpose=PURPOSE, actor=actor, entry_id=entry)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 99, "密码"),
        (b"PK\x03\x04 broken", "打不开"),
        (sheet_of(), "没有要登记的内容"),
        (sheet_of({}, header=("类别", "楼栋")), "“内容”"),
        (sheet_of({}, header=("类别", "内容")), "“地点编码”或“楼栋”"),
        ("类别,楼栋,内容,备注\n漏水,12号楼,漏,x\n".encode(), "“备注”"),
        (sheet_of(*[{} for _ in range(301)]), "最多登记 300 件"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "sheet"
    path.write_bytes(content)
    with pytest.raises(BadTable, match=sentence):
        read_sheet(path)


def test_the_template_holds_headings_categories_and_own_places(cast: Cast, tmp_path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(empty_sheet(cast.actor("desk"))))
    assert book.sheet_names == ["登记", "填写说明", "类别", "地点"]
    assert book.get_sheet_by_name("登记").to_python() == [list(COLUMNS)]
    places = [cells[0] for cells in book.get_sheet_by_name("地点").to_python()]
    assert "B1" in places
    assert "B3" not in places
    names = [cells[1] for cells in book.get_sheet_by_name("类别").to_python()]
    assert "漏水" in names
    assert "投诉人员或单位" not in names


def test_the_page_shows_counts_first_and_stores_on_the_second_step(
    cast: Cast, browser_of: Callable[[str], Client]
) -> None:
    client = browser_of("desk")
    page = send(client, sheet_of({}, {}, {"类别": "楼道灯"}))
    assert page.status_code == 200
    assert "可以登记 3 件" in page.content.decode()
    assert "演示住户" not in page.content.decode()
    assert not WorkOrder.objects.exists()
    form = page.context["store_form"]
    body = {name: form[name].value() for name in ("entry_id", "rows")}
    for _ in range(2):
        answer = client.post(f"{URL}store/", body)
        assert (answer.status_code, answer["Location"]) == (302, URL)
    assert WorkOrder.objects.count() == 3
    assert "已登记 3 件" in client.get(URL).content.decode()


def test_the_page_lists_wrong_rows_and_stores_nothing(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    page = send(browser_of("desk"), sheet_of({}, {"楼栋": "99号楼"}))
    words = page.content.decode()
    assert page.status_code == 400
    assert "2 行里有 1 行要改" in words
    assert "没有“99号楼”这栋楼" in words
    assert "store_form" not in page.context
    assert not WorkOrder.objects.exists()


def test_the_page_says_what_is_wrong_with_a_file(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    client = browser_of("desk")
    for content, sentence in (
        (b"PK\x03\x04 broken", "打不开"),
        (b"", "这个文件是空的"),
        (b"x" * (2 * 1024 * 1024 + 1), "文件超过 2 MB"),
    ):
        page = send(client, content)
        assert page.status_code == 400
        assert sentence in page.content.decode()
    assert client.post(URL, {}).status_code == 400


def test_a_changed_second_step_is_refused(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    client = browser_of("desk")
    answer = client.post(f"{URL}store/", {"entry_id": str(ENTRY), "rows": "k1.AAAA"})
    assert answer.status_code == 409
    assert "重新上传" in answer.content.decode()
    assert client.post(f"{URL}store/", {}).status_code == 409
    assert client.get(f"{URL}store/").status_code == 405


def test_the_pages_open_for_offices_only(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    opened = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
    for key in cast.people:
        client = browser_of(key)
        for url in (URL, f"{URL}template.xlsx"):
            assert client.get(url).status_code == (200 if key in opened else 403), (key, url)
    assert Client().get(URL).status_code == 302
