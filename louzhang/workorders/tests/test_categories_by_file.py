"""Categories by file: groups with what lies below them, extra questions in one cell, out and in again."""

import pytest

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.areas.tests.list_files import lines_of, send, sheet_of, stored, taken, text
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.workorders.actions.starting import load_starter_categories
from louzhang.workorders.imports.categories import CATEGORIES, HEAD
from louzhang.workorders.models import Category

pytestmark = pytest.mark.django_db

HOME = "/desk/settings/categories/"
URL = f"{HOME}import/"
GROUP = {"代号": "trees", "名称": "绿化"}
LEAF = {
    "代号": "dead-tree",
    "大类": "绿化",
    "名称": "枯树",
    "两字母": "KS",
    "承诺时限（小时）": "48",
    "紧急": "是",
    "办理方式": "",
    "联想词": "枯树 树枝",
    "补充问题": "几棵|必答；哪种树|杨树，柳树",
    "国标代码": "0301",
}


@pytest.fixture
def keeper(sign_in):
    return sign_in("system_admin")


def forget():
    Category.objects.exclude(parent=None).delete()
    Category.objects.all().delete()


def counts():
    return Category.objects.count(), Event.objects.count()


def test_a_group_and_a_category_come_in_whatever_their_order(cast, keeper):
    assert stored(keeper, URL, sheet_of(LEAF, GROUP)).status_code == 302
    leaf = Category.objects.get(code="dead-tree")
    assert leaf.parent == Category.objects.get(code="trees")
    assert (leaf.letters, leaf.promised_hours, leaf.is_urgent, leaf.handling) == ("ks", 48, True, "plain")
    assert (leaf.keep_days, leaf.official_code) == (1095, "0301")
    assert leaf.questions == [
        {"key": "q1", "label": "几棵", "kind": "text", "required": True},
        {"key": "q2", "label": "哪种树", "kind": "choice", "required": False, "choices": ["杨树", "柳树"]},
    ]
    assert set(Event.objects.filter(subject_kind="category", verb="add").values_list("subject_id", flat=True)) == {
        leaf.pk,
        leaf.parent_id,
    }


def test_the_same_file_again_adds_nothing_and_tells_what_differs(cast, keeper):
    stored(keeper, URL, sheet_of(GROUP, LEAF))
    before = counts()
    assert "没有要新增的，已有的 2 行不改动" in text(send(keeper, URL, sheet_of(GROUP, LEAF)))
    page = text(send(keeper, URL, sheet_of(GROUP, LEAF | {"承诺时限（小时）": "24", "补充问题": ""})))
    assert "不同的列：承诺时限（小时）、补充问题" in page
    assert counts() == before


def test_every_wrong_line_is_told_and_nothing_is_stored(cast, keeper):
    before = counts()
    page = send(
        keeper,
        URL,
        sheet_of(
            GROUP,  # line 2
            LEAF,
            LEAF | {"代号": "a", "大类": "没有的"},
            LEAF | {"代号": "枯 树"},
            LEAF | {"代号": "b", "两字母": "ls"},  # taken by 漏水
            LEAF | {"代号": "c", "两字母": "", "承诺时限（小时）": "两天"},
            LEAF | {"代号": "d", "两字母": "", "紧急": "很"},
            LEAF | {"代号": "e", "两字母": "", "补充问题": "哪种|一种"},
            LEAF | {"代号": "f", "两字母": "", "补充问题": "一|二，三|四，五"},
            LEAF | {"代号": "g", "两字母": "", "大类": "漏水"},  # no group
            LEAF | {"代号": "h", "两字母": "", "国标代码": "9" * 21},
        ),
    )
    assert page.status_code == 400
    said = {problem.line: problem.sentence for problem in page.context["problems"]}
    assert list(said) == [4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert said[4] == "没有“没有的”这个大类，请先新增它，或在文件里也写上它这一行。"
    assert "代号只能用英文字母、数字和短横线。" in said[5]
    assert said[6] == "两字母 ls 已经给了别的类别，请换两个。"
    assert "承诺时限" in said[7]
    assert said[8] == "紧急“很”不认识，可以填：是、否。"
    assert "请写两个以上选项" in said[9]
    assert "竖线多了" in said[10]
    assert "没有“漏水”这个大类" in said[11]
    assert counts() == before


@pytest.mark.parametrize("form", ["", "?format=xlsx"])
def test_a_whole_districts_categories_leave_and_come_in_again_as_they_were(cast, keeper, form):
    forget()
    load_starter_categories(actor=SYSTEM, at=cast.at)
    stored(keeper, URL, sheet_of(GROUP, LEAF, LEAF | {"代号": "odd", "两字母": "", "名称": "=树", "联想词": "-枝"}))
    Category.objects.filter(code="odd").update(ended_at=cast.at)
    exported = taken(keeper, f"{HOME}csv/{form}")
    was = lines_of(taken(keeper, f"{HOME}csv/"))
    before = counts()
    assert "没有要新增的" in text(send(keeper, URL, exported))
    assert counts() == before
    forget()
    assert stored(keeper, URL, exported).status_code == 302
    again = lines_of(taken(keeper, f"{HOME}csv/"))
    assert again == [row for row in was if not row["停用时间"]]
    assert len(again) > 70
    assert tuple(again[0]) == HEAD


def test_two_groups_of_one_name_are_told_apart_by_their_code(cast, keeper):
    stored(keeper, URL, sheet_of(GROUP, GROUP | {"代号": "trees-2"}, LEAF | {"大类": "trees-2"}))
    page = send(keeper, URL, sheet_of(LEAF | {"代号": "more", "两字母": ""}))
    assert page.context["problems"][0].sentence == "有 2 个大类叫“绿化”，请改填代号。"
    exported = lines_of(taken(keeper, f"{HOME}csv/"))
    assert [row["大类"] for row in exported if row["代号"] == "dead-tree"] == ["trees-2"]
    assert "没有要新增的" in text(send(keeper, URL, sheet_of(*exported)))


def test_the_examples_of_the_sheet_are_themselves_accepted(cast, keeper):
    example = {column.name: column.example for column in CATEGORIES.columns} | {"两字母": "zz"}
    stored(keeper, URL, sheet_of(example))
    row = Category.objects.get(code="pipe-leak")
    assert row.parent == cast.categories["leak"].parent
    assert row.questions == [{"key": "q1", "label": "几楼漏水", "kind": "text", "required": True}]


@pytest.mark.parametrize("key", ["desk", "street", "security_admin", "chief"])
def test_nobody_but_the_system_administrator_brings_in_categories(cast, sign_in, key):
    client = sign_in(key)
    assert client.get(URL).status_code == 403
    assert send(client, URL, sheet_of(GROUP)).status_code == 403
    assert client.post(f"{URL}store/", {}).status_code == 403


def test_taking_the_list_away_costs_few_queries(cast, django_assert_max_num_queries, client):
    load_starter_categories(actor=SYSTEM, at=cast.at)
    signed = sign_in_device(user=cast.people["desk"], way="code", label="测试", at=clock.now())
    client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    with django_assert_max_num_queries(12):
        taken(client, f"{HOME}csv/")
