"""Units and titles by file: looked at first, stored whole or not at all, twice is once, out and in again."""

import io
import uuid

import pytest
import python_calamine

from louzhang.areas.models import ServedArea, Title, Unit
from louzhang.areas.tests.list_files import body_of, counts, lines_of, send, sheet_of, stored, taken, text
from louzhang.journal.models import Event

pytestmark = pytest.mark.django_db

HOME = "/desk/settings/"
UNITS = f"{HOME}units/import/"
TITLES = f"{HOME}titles/import/"
SCHOOL = {
    "名称": "演示第一小学",
    "类型": "共建单位",
    "公开电话": "024-12345678",
    "职责": "助学",
    "服务范围编码": "C1、C2",
}


@pytest.fixture
def keeper(browser_of):
    return browser_of("system_admin")


def test_a_preview_says_what_each_line_would_do_and_stores_nothing(cast, keeper):
    before = counts()
    page = send(keeper, UNITS, sheet_of(SCHOOL, {"名称": "演示住建局", "类型": "部门"}))
    assert page.status_code == 200
    assert "可以新增 1 行，已有的 1 行不改动" in text(page)
    assert "彩虹社区、春柳社区" in text(page)
    assert counts() == before


def test_a_unit_comes_in_with_what_it_serves_and_its_history(cast, keeper):
    answer = stored(keeper, UNITS, sheet_of(SCHOOL))
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}units/")
    unit = Unit.objects.get(name="演示第一小学")
    assert (unit.kind, unit.phone, unit.duties) == ("partner", "024-12345678", "助学")
    assert set(unit.served_areas.values_list("area__code", flat=True)) == {"C1", "C2"}
    events = Event.objects.filter(subject_kind="unit", subject_id=unit.pk)
    assert list(events.order_by("seq").values_list("verb", flat=True)) == ["add", "serve", "serve"]
    assert set(events.values_list("user_id", flat=True)) == {cast.people["system_admin"].pk}
    assert "新增 1 行" in text(keeper.get(f"{HOME}units/"))


def test_the_same_file_again_adds_nothing(cast, keeper):
    stored(keeper, UNITS, sheet_of(SCHOOL))
    before = counts()
    page = send(keeper, UNITS, sheet_of(SCHOOL))
    assert "没有要新增的，已有的 1 行不改动" in text(page)
    assert "全部导入" not in text(page)
    assert counts() == before


def test_the_button_pressed_twice_stores_once(cast, keeper):
    body = body_of(send(keeper, UNITS, sheet_of(SCHOOL)))
    for _ in range(2):
        assert keeper.post(f"{UNITS}store/", body).status_code == 302
    assert Unit.objects.filter(name="演示第一小学").count() == 1
    assert ServedArea.objects.filter(unit__name="演示第一小学").count() == 2


def test_what_stands_with_other_words_is_told_and_left(cast, keeper):
    page = send(keeper, UNITS, sheet_of({"名称": "演示住建局", "类型": "部门", "职责": "全都管"}))
    assert "内容不同，没有改动" in text(page)
    assert "不同的列：职责" in text(page)
    assert Unit.objects.get(name="演示住建局").duties == ""


def test_every_wrong_line_is_told_with_its_number_and_nothing_is_stored(cast, keeper):
    before = counts()
    page = send(
        keeper,
        UNITS,
        sheet_of(
            SCHOOL,  # line 2
            SCHOOL | {"名称": "甲", "类型": "学校"},
            SCHOOL | {"名称": "乙", "服务范围编码": "C1、X9"},
            SCHOOL | {"名称": "丙", "公开电话": "打我电话"},
            SCHOOL | {"名称": ""},
            SCHOOL | {"名称": "丁社区办公室", "类型": "社区/街道/区级办公室"},
            SCHOOL | {"名称": "长" * 61},
        ),
    )
    said = text(page)
    assert page.status_code == 400
    assert "7 行里有 6 行要改" in said
    assert [(problem.line, problem.sentence) for problem in page.context["problems"]] == [
        (3, "类型“学校”不认识，可以填：社区/街道/区级办公室、部门、综合执法队、物业公司、业委会、共建单位。"),
        (4, "没有编码为“X9”的地点，请对照样表里的“地点”填写。"),
        (5, "公开电话：电话只能有数字和短横线，比如 024-12345678。"),
        (6, "请填写单位名称。"),
        (7, "没有“丁社区办公室”这个办公室。办公室随区县、街镇、社区一起建立，请先导入区划。"),
        (8, page.context["problems"][5].sentence),
    ]
    assert "名称" in page.context["problems"][5].sentence
    assert "store_form" not in page.context
    assert counts() == before


def test_a_line_that_became_wrong_since_the_preview_keeps_everything_out(cast, keeper):
    body = body_of(send(keeper, UNITS, sheet_of(SCHOOL, SCHOOL | {"名称": "演示第二小学", "服务范围编码": "C3"})))
    area = cast.areas["other_community"]
    area.code = "C9"
    area.save(update_fields=["code"])
    before = counts()
    answer = keeper.post(f"{UNITS}store/", body)
    assert answer.status_code == 400
    assert "没有编码为“C3”的地点" in text(answer)
    assert counts() == before


def test_the_rows_of_a_preview_are_good_for_one_person_and_one_list(cast, keeper, browser_of):
    body = body_of(send(keeper, UNITS, sheet_of(SCHOOL)))
    assert keeper.post(f"{TITLES}store/", body).status_code == 409
    assert keeper.post(f"{UNITS}store/", body | {"entry_id": str(uuid.UUID(int=9))}).status_code == 409
    assert keeper.post(f"{UNITS}store/", body | {"rows": "k1.AAAA"}).status_code == 409
    assert keeper.post(f"{UNITS}store/", {}).status_code == 409
    assert browser_of("desk").post(f"{UNITS}store/", body).status_code == 403
    assert not Unit.objects.filter(name="演示第一小学").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这个文件是空的"),
        (b"PK\x03\x04 broken", "打不开"),
        (b"x" * (2 * 1024 * 1024 + 1), "文件超过 2 MB"),
        ("名称\n甲\n".encode(), "表头里没有“类型”这一列"),
        ("名称,类型,星座\n甲,部门,双鱼\n".encode(), "不认识“星座”这一列"),
        ("名称,类型\n".encode(), "只有表头"),
        ("名称,类型\n".encode() + "甲,部门\n".encode() * 2001, "一次最多导入 2000 行"),
    ],
)
def test_a_file_that_is_no_list_gets_its_sentence(cast, keeper, content, sentence):
    page = send(keeper, UNITS, content)
    assert page.status_code == 400
    assert sentence in text(page)


def test_a_cell_beyond_the_headings_is_told(cast, keeper):
    page = send(keeper, UNITS, "名称,类型\n甲,部门,多的\n".encode())
    assert page.status_code == 400
    assert "表头右边还有内容" in text(page)


@pytest.mark.parametrize("form", ["", "?format=xlsx"])
def test_units_that_were_exported_come_in_again_as_they_were(cast, keeper, form):
    stored(keeper, UNITS, sheet_of(SCHOOL, {"名称": "=1+1", "类型": "部门", "职责": "-3 和 @ 也管"}))
    exported = taken(keeper, f"{HOME}units/csv/{form}")
    before = counts()
    assert "没有要新增的" in text(send(keeper, UNITS, exported))
    assert counts() == before
    was = lines_of(taken(keeper, f"{HOME}units/csv/"))
    ServedArea.objects.update(ends_on=cast.at.date())
    for unit in Unit.objects.filter(office_area=None):
        Unit.objects.filter(pk=unit.pk).update(ended_at=cast.at)
    assert stored(keeper, UNITS, exported).status_code == 302
    again = lines_of(taken(keeper, f"{HOME}units/csv/"))
    uncounted = [{name: cell for name, cell in row.items() if name != "任职人数"} for row in (*was, *again)]
    assert uncounted[: len(was)] == uncounted[len(was) :]
    assert len(was) == len(again)


def test_ended_units_leave_with_their_day_and_are_not_brought_in(cast, keeper):
    Unit.objects.filter(name="演示远山物业").update(ended_at=cast.at)
    exported = taken(keeper, f"{HOME}units/csv/?ended=1")
    assert [row["停用时间"] for row in lines_of(exported)] == ["2026-03-02"]
    assert "已停用的，不导入" in text(send(keeper, UNITS, exported))


@pytest.mark.parametrize("folder", ["units", "titles", "posts"])
def test_the_example_sheet_holds_the_headings_and_says_how_to_fill_them(cast, keeper, folder):
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(taken(keeper, f"{HOME}{folder}/import/example.xlsx"))
    )
    head, *rows = book.get_sheet_by_index(0).to_python()
    how = {row[0]: row[1] for row in book.get_sheet_by_name("填写说明").to_python()[1:]}
    assert list(how) == head
    assert rows == []
    page = text(keeper.get(f"{HOME}{folder}/import/"))
    assert [name for name in head if str(name) not in page] == []


def test_a_title_comes_in_once_goes_out_and_comes_in_again(cast, keeper):
    file = sheet_of({"名称": "楼栋长", "角色": "楼长"}, {"名称": "片区主任", "角色": "网格长"})
    assert stored(keeper, TITLES, file).status_code == 302
    assert set(Title.objects.values_list("name", "role")) == {("楼栋长", "chief"), ("片区主任", "grid_lead")}
    exported = taken(keeper, f"{HOME}titles/csv/")
    assert "没有要新增的" in text(send(keeper, TITLES, exported))
    Title.objects.all().delete()
    stored(keeper, TITLES, exported)
    assert Title.objects.count() == 2
    wrong = send(keeper, TITLES, sheet_of({"名称": "栋长", "角色": "队长"}, {"名称": "", "角色": "楼长"}))
    assert [problem.line for problem in wrong.context["problems"]] == [2, 3]


def test_titles_and_settings_are_searched_and_leave_as_searched(cast, keeper):
    stored(keeper, TITLES, sheet_of({"名称": "楼栋长", "角色": "楼长"}, {"名称": "片区主任", "角色": "网格长"}))
    page = text(keeper.get(f"{HOME}titles/?q=楼栋"))
    assert "楼栋长" in page
    assert "片区主任" not in page.split("变更记录")[0]
    assert "没有找到" in text(keeper.get(f"{HOME}titles/?q=没有的"))
    assert [row["名称"] for row in lines_of(taken(keeper, f"{HOME}titles/csv/?q=片区"))] == ["片区主任"]
    everything = lines_of(taken(keeper, f"{HOME}registry/csv/"))
    found = lines_of(taken(keeper, f"{HOME}registry/csv/?q=名称"))
    assert 0 < len(found) < len(everything)
    assert all("名称" in row["名称"] + row["说明"] for row in found)
    assert "没有找到" in text(keeper.get(f"{HOME}registry/?q=没有的"))
    assert taken(keeper, f"{HOME}registry/csv/?format=xlsx").startswith(b"PK")


@pytest.mark.parametrize("key", ["desk", "street", "security_admin", "audit_admin", "chief", "property"])
def test_nobody_but_the_system_administrator_brings_in_units_or_titles(cast, browser_of, key):
    client = browser_of(key)
    for url in (UNITS, TITLES):
        assert client.get(url).status_code == 403
        assert send(client, url, sheet_of(SCHOOL)).status_code == 403
        assert client.get(f"{url}example.xlsx").status_code == 403
