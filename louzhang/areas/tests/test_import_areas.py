"""Importing a list of areas: what is stored, what is refused with its line, and that twice is once."""

import io

import pytest
from django.core.management import CommandError, call_command

from louzhang.areas.models import Area, LevelKind, Unit
from louzhang.journal.models import Event

pytestmark = pytest.mark.django_db

LIST = """code,name,parent_code,level
900001,东岭区,,district
900002,别处区,,district
900001001,北坡街道,900001,street
900002001,外区街道,900002,street
900001001001,青松社区,900001001,community
900001002,南坡街道,900001,street
"""


@pytest.fixture
def run(tmp_path):
    def run_command(text, root="900001", encoding="utf-8"):
        path = tmp_path / "areas.csv"
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        said = io.StringIO()
        call_command("import_areas", str(path), "--root", root, stdout=said)
        return said.getvalue()

    return run_command


def refused(run, text, **options):
    """Return what the command says while nothing at all is stored."""
    before = Area.objects.count(), Unit.objects.count(), Event.objects.count()
    with pytest.raises(CommandError) as error:
        run(text, **options)
    assert (Area.objects.count(), Unit.objects.count(), Event.objects.count()) == before
    assert error.value.returncode == 1
    return str(error.value)


def test_an_empty_database_gets_the_root_and_everything_below_it_and_nothing_of_the_stranger(run):
    said = run(LIST)
    assert list(Area.objects.values_list("code", "depth")) == [
        ("900001", 1),
        ("900001001", 2),
        ("900001001001", 3),
        ("900001002", 2),
    ]
    assert "导入了 4 个地点（区县 1，街镇 2，社区（村） 1）。" in said
    assert Unit.objects.filter(office_area__isnull=False).count() == 4
    assert [found for found in Area.objects.find_problems() if found] == []


def test_parents_may_come_after_their_children(run):
    lines = LIST.splitlines()
    run("\n".join([lines[0], *reversed(lines[1:])]))
    assert Area.objects.get(code="900001001001").depth == 3


def test_running_twice_adds_nothing_and_says_how_many_were_there(run):
    run(LIST)
    events = Event.objects.count()
    said = run(LIST)
    assert "导入了 0 个地点" in said
    assert "已经有的 4 个跳过了" in said
    assert (Area.objects.count(), Event.objects.count()) == (4, events)


def test_another_name_in_the_file_is_told_and_changes_nothing(run):
    run(LIST)
    said = run(LIST.replace("北坡街道", "新名街道"))
    assert "第 4 行：900001001 在本区叫“北坡街道”，文件里叫“新名街道”，没有改动。" in said
    assert Area.objects.get(code="900001001").name == "北坡街道"


def test_a_second_list_adds_below_what_stands(run):
    run(LIST)
    run("code,name,parent_code,level\nG1,1号网格,900001001001,grid\nG2,2号网格,900001001001,网格\n")
    assert Area.objects.of_kind(LevelKind.GRID).count() == 2


def test_only_the_chosen_subtree_is_added_to_a_district_that_stands(run):
    run(LIST)
    more = LIST + "900001002001,红叶社区,900001002,community\n900001001002,白桦社区,900001001,community\n"
    run(more, root="900001002")
    assert Area.objects.filter(code="900001002001").exists()
    assert not Area.objects.filter(code="900001001002").exists()


def test_a_second_district_is_refused(run):
    run(LIST)
    assert "一套系统只服务一个区县" in refused(run, LIST, root="900002")


def test_every_wrong_line_is_named_with_what_to_do(run):
    said = refused(
        run,
        LIST
        + "900001003,,900001,street\n"  # line 8
        + "900001004,西坡街道,900001,town\n"
        + "900001001,重来街道,900001,street\n"
        + ",无号街道,900001,street\n"
        + "900001005,孤儿街道,777,street\n"
        + "900001006,没头街道,,street\n"
        + "900001001002,倒挂区,900001001,district\n"
        + "A,甲社区,B,community\n"
        + "B,乙社区,A,community\n",
    )
    for sentence in (
        "第 8 行：没有名称（name），请填写。",
        "第 9 行：不认识层级“town”（level），可以填：district、street、community、grid、building、group、stairwell。",
        "第 10 行：编码 900001001 和第 4 行重复，请只留一行。",
        "第 11 行：没有编码（code），请填写。",
        "第 12 行：上级编码 777 在文件和本区里都没有，请核对。",
        "第 13 行：“没头街道”没有上级编码（parent_code），请填写。",
        "第 14 行：“倒挂区”是区县，不能放在街镇“北坡街道”下面，请核对层级。",
        "第 15 行：上级编码绕成了一圈：A → B → A，请改正其中一行。",
    ):
        assert sentence in said


def test_a_long_list_of_problems_is_capped_and_counted(run):
    bad = "".join(f"X{n},第{n}街道,777,street\n" for n in range(60))
    said = refused(run, LIST + bad)
    assert said.count("第 ") >= 50
    assert "还有 10 处没有列出" in said


def test_a_missing_column_is_named(run):
    assert "第 1 行：表头缺少“parent_code、level”列" in refused(run, "code,name\n900001,东岭区\n")


def test_a_broken_encoding_an_empty_file_and_a_missing_file_are_sentences(run, tmp_path):
    assert "文字编码" in refused(run, LIST.encode() + b"\xff\xfe\xff\n")
    assert "没有内容" in refused(run, LIST.splitlines()[0] + "\n")
    assert "空的" in refused(run, "\n")
    with pytest.raises(CommandError, match="找不到这个文件"):
        call_command("import_areas", str(tmp_path / "none.csv"), "--root", "1")


def test_an_unknown_root_and_a_root_that_is_no_district_are_refused(run):
    assert "没有编码为 123 的地点" in refused(run, LIST, root="123")
    assert "--root 要是一个区县" in refused(run, LIST, root="900001001")


def test_a_list_saved_by_excel_in_chinese_encoding_is_read(run):
    run(LIST, encoding="gb18030")
    assert Area.objects.get(code="900001").name == "东岭区"
