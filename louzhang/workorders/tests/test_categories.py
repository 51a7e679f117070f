"""Keeping the district's categories: add, change, end, the rows of questions, and who may."""

import pytest

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.journal.models import Event
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.workorders.actions import change_category, end_category
from louzhang.workorders.models import Category
from tests.cast import MORNING, PEOPLE

HOME = "/desk/settings/categories/"


@pytest.fixture
def browser_of(cast, client):
    def sign_in(key):
        signed = sign_in_device(user=cast.people[key], way="code", label="测试", at=clock.now())
        client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
        return client

    return sign_in


@pytest.fixture
def keeper(browser_of):
    return browser_of("system_admin")


def text(answer):
    return answer.content.decode()


def typed(**more):
    said = {
        "name": "井盖松动", "letters": "jg", "promised_hours": "24", "handling": "plain", "keywords": "井盖 松动",
        "photo_reason": "", "keep_days": "730", "position": "3", "q-TOTAL_FORMS": "2", "q-INITIAL_FORMS": "0",
        "q-0-kind": "text", "q-1-kind": "text",
    }  # fmt: skip
    return said | more


def group():
    return Category.objects.get(code="ss")


def new(**more):
    return typed(parent=group().pk, code="manhole", **more)


def test_a_category_is_added_with_its_questions_and_shows_in_the_list(keeper, cast):
    rows = {"q-0-label": "会不会绊倒人", "q-0-kind": "choice", "q-0-choices": "会，不会,说不清", "q-0-required": "on"}
    assert keeper.post(f"{HOME}add/", new(**rows, is_urgent="on")).status_code == 302
    row = Category.objects.get(code="manhole")
    assert row.is_urgent
    assert row.questions == [
        {"key": "q1", "label": "会不会绊倒人", "kind": "choice", "required": True, "choices": ["会", "不会", "说不清"]}
    ]
    shown = text(keeper.get(HOME))
    assert "井盖松动" in shown
    assert "演示系统管理" in shown
    assert "井盖松动" in text(keeper.get(f"{HOME}?q=井盖"))
    assert "外墙脱落" not in text(keeper.get(f"{HOME}?q=井盖"))


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({"letters": "ls"}, 409, "已经给了别的类别"),
        ({"letters": "x1"}, 400, "两个小写英文字母"),
        ({"code": "leak"}, 409, "代号 leak 已经在用"),
        ({"code": "中文"}, 400, "代号只能用英文字母"),
        ({"name": ""}, 400, "请填写名称"),
        ({"promised_hours": "0"}, 400, "承诺时限"),
        ({"keep_days": "1"}, 400, "个人信息保留天数"),
        ({"q-0-label": "选哪个", "q-0-kind": "choice", "q-0-choices": "一个"}, 400, "请写两个以上选项"),
        ({"q-TOTAL_FORMS": "x"}, 400, "补充问题"),
        ({"parent": "999"}, 400, "大类"),
    ],
)
def test_wrong_input_gets_its_sentence_and_keeps_what_was_typed(keeper, cast, more, status, sentence):
    answer = keeper.post(f"{HOME}add/", new() | {"keywords": "我打的词"} | more)
    assert answer.status_code == status
    assert sentence in text(answer)
    assert "我打的词" in text(answer)
    assert not Category.objects.filter(code="manhole").exists()


def test_a_change_is_in_the_history_with_what_was_changed(keeper, cast):
    row = cast.categories["lamp"]
    url = f"{HOME}{row.pk}/"
    assert keeper.post(url, typed(name="楼道灯不亮", letters="ld")).status_code == 302
    shown = text(keeper.get(url))
    assert "承诺时限" in shown
    assert "演示系统管理" in shown
    event = Event.objects.get(subject_kind="category", subject_id=row.pk, verb="change")
    assert "名称" in event.payload["changed"]
    assert "两字母" not in event.payload["changed"]


def test_a_question_keeps_its_key_and_an_emptied_one_goes(keeper, cast):
    row = cast.categories["lamp"]
    asked = {"q-0-label": "几楼", "q-1-label": "几盏"}
    keeper.post(f"{HOME}{row.pk}/", typed(letters="ld", **asked))
    row.refresh_from_db()
    assert [question["key"] for question in row.questions] == ["q1", "q2"]
    kept = {"q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "2", "q-0-key": "q1", "q-0-label": "", "q-1-key": "q2"}
    keeper.post(f"{HOME}{row.pk}/", typed(letters="ld", **kept, **{"q-1-label": "一共几盏", "q-2-kind": "text"}))
    row.refresh_from_db()
    assert [(question["key"], question["label"]) for question in row.questions] == [("q2", "一共几盏")]


def test_a_question_may_not_take_the_place_of_how_to_be_answered(keeper, cast):
    row = cast.categories["lamp"]
    asked = {"q-0-key": "way", "q-0-label": "怎么去", "q-1-label": "几盏"}
    answer = keeper.post(f"{HOME}{row.pk}/", typed(letters="ld", **asked))
    assert answer.status_code == 400
    assert "第 1 个补充问题的代号 way 已有别的用处，请删掉这一行，再新写一行。" in text(answer)
    assert "怎么去" in text(answer)
    row.refresh_from_db()
    assert row.questions == []


def test_how_a_category_is_handled_does_not_change_under_orders_that_have_it(cast, report, keeper):
    order = report().order
    row = Category.objects.get(pk=order.category_id)
    answer = keeper.post(f"{HOME}{row.pk}/", typed(letters=row.letters, handling="complaint"))
    assert answer.status_code == 409
    assert "办理方式不能再改" in text(answer)
    assert "1 件" in text(keeper.get(HOME))


def test_a_group_ends_after_its_categories_and_a_category_keeps_its_orders(keeper, cast):
    refused = keeper.post(f"{HOME}{group().pk}/end/", {"reason": "不用了"})
    assert refused.status_code == 409
    assert "下面还有在用的类别" in text(refused)
    row = cast.categories["lamp"]
    assert keeper.post(f"{HOME}{row.pk}/end/", {"reason": ""}).status_code == 400
    assert keeper.post(f"{HOME}{row.pk}/end/", {"reason": "并入设施"}).status_code == 302
    assert keeper.post(f"{HOME}{row.pk}/end/", {"reason": "再来"}).status_code == 409
    assert "楼道灯" not in text(keeper.get(HOME))
    assert "楼道灯" in text(keeper.get(f"{HOME}?ended=1"))
    assert keeper.post(f"{HOME}{row.pk}/", typed(letters="ld")).status_code == 409


def test_a_group_is_added_and_renamed(keeper, cast):
    assert keeper.post(f"{HOME}groups/add/", {"name": "环境", "code": "env", "position": "2"}).status_code == 302
    row = Category.objects.get(code="env")
    assert keeper.post(f"{HOME}{row.pk}/", {"name": "环境卫生", "position": "2"}).status_code == 302
    assert "环境卫生" in text(keeper.get(HOME))


OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
READERS = OFFICES | {"system_admin", "security_admin", "audit_admin"}


def test_offices_and_administrators_read_and_only_one_changes(cast, browser_of):
    row = cast.categories["lamp"]
    for key, *_ in PEOPLE:
        client = browser_of(key)
        for url in (HOME, f"{HOME}{row.pk}/", f"{HOME}csv/"):
            assert client.get(url).status_code == (200 if key in READERS else 403), (key, url)
        if key == "system_admin":
            continue
        for url in (f"{HOME}add/", f"{HOME}groups/add/", f"{HOME}{row.pk}/", f"{HOME}{row.pk}/end/"):
            assert client.post(url, typed(reason="x")).status_code == 403, (key, url)
    assert not Event.objects.filter(subject_kind="category").exists()


@pytest.mark.parametrize("key", ["desk", "audit_admin", "chief"])
def test_the_actions_themselves_refuse_everybody_else(cast, key):
    row = cast.categories["lamp"]
    with pytest.raises(NotYours):
        change_category(category=row, name="x", actor=cast.actor(key), at=MORNING)
    with pytest.raises(NotYours):
        end_category(category=row, reason="x", actor=cast.actor(key), at=MORNING)


def test_the_pages_cost_at_most_twelve_queries(cast, keeper, django_assert_max_num_queries):
    for url in (HOME, f"{HOME}{cast.categories['lamp'].pk}/", f"{HOME}add/"):
        with django_assert_max_num_queries(12):
            assert keeper.get(url).status_code == 200


def test_the_file_holds_every_category(cast, keeper):
    rows = b"".join(keeper.get(f"{HOME}csv/").streaming_content).decode("utf-8-sig")
    assert "代号" in rows
    assert "家庭暴力" in rows
    assert keeper.get(f"{HOME}99999/").status_code == 404
