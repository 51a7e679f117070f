"""Posts by file: people by name and phone, every rule of the appoint page line by line, out and in again."""

import pytest

from louzhang.accounts.models import User
from louzhang.areas.actions import add_title, end_post
from louzhang.areas.models import Post
from louzhang.areas.tests.list_files import counts, lines_of, send, sheet_of, stored, taken, text
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from tests.cast import PEOPLE, phone_of

pytestmark = pytest.mark.django_db

POSTS = "/desk/settings/posts/"
URL = f"{POSTS}import/"
NUMBERS = {key: phone_of(place) for place, (key, *_) in enumerate(PEOPLE)}
NEW = {"姓名": "王小芳", "手机号": "138 0000 0001", "职务": "网格员", "地点编码": "G2", "从": "2026/3/1", "到": ""}


def of(key, cast, **more):
    return {"姓名": cast.people[key].name, "手机号": NUMBERS[key]} | more


def test_a_newcomer_and_somebody_known_are_appointed_together(cast, browser_of):
    desk = browser_of("desk")
    known = of("resident", cast, 职务="网格长", 地点编码="G2", 到="2027年3月1日", 性质="下派")
    assert stored(desk, URL, sheet_of(NEW, known)).status_code == 302
    newcomer = Post.objects.get(user__name="王小芳")
    assert (newcomer.role, newcomer.area, newcomer.kind) == ("grid_worker", cast.areas["next_grid"], "paid")
    assert (str(newcomer.starts_on), newcomer.ends_on) == ("2026-03-01", None)
    assert newcomer.user.open_phone() == "13800000001"
    lead = Post.objects.get(user=cast.people["resident"])
    assert (lead.role, lead.kind, str(lead.starts_on), str(lead.ends_on)) == (
        "grid_lead", "posted", "2026-03-02", "2027-03-01",
    )  # fmt: skip
    taken_up = Event.objects.get(subject_kind="user", subject_id=lead.user_id, verb="take_up")
    assert taken_up.user_id == cast.people["desk"].pk
    prove_journal()


def test_the_same_file_again_adds_nothing_also_on_another_day(cast, browser_of, in_the_morning):
    file = sheet_of(NEW, of("resident", cast, 职务="网格长", 地点编码="G2"))
    stored(browser_of("desk"), URL, file)
    in_the_morning.shift(3 * 86400)
    client, before = browser_of("desk"), None
    before = counts()
    assert "没有要新增的，已有的 2 行不改动" in text(send(client, URL, file))
    assert counts() == before


def test_a_preview_stores_nobody(cast, browser_of):
    client = browser_of("desk")
    before = counts()
    assert "可以新增 1 行" in text(send(client, URL, sheet_of(NEW)))
    assert counts() == before


def test_every_rule_of_the_appoint_page_holds_line_by_line(cast, browser_of):
    client = browser_of("desk")
    before = counts()
    page = send(
        client,
        URL,
        sheet_of(
            NEW,  # line 2
            NEW | {"手机号": "123"},
            NEW | {"职务": "班长"},
            NEW | {"地点编码": "G3"},  # the other street
            NEW | {"地点编码": "B1"},  # no seat of a grid worker
            of("resident", cast, 职务="楼长", 地点编码="B1"),  # held by somebody
            of("stranger_chief", cast, 职务="楼长", 地点编码="B2"),
            of("resident", cast, 职务="网格员", 地点编码="G2") | {"姓名": "别的姓名"},
            NEW | {"从": "去年"},
            NEW | {"从": "2026-03-02", "到": "2026-03-02"},
            NEW | {"地点编码": "", "单位": ""},
            of("resident", cast, 职务="工作人员", 地点编码="C1"),  # filled by the level above
            NEW | {"性质": "临时"},
            of("resident", cast, 职务="网格员", 地点编码="G2", 替岗人="演示居民", 替岗人手机号=NUMBERS["resident"]),
        ),
    )
    assert page.status_code == 400
    assert [(problem.line, problem.sentence) for problem in page.context["problems"]] == [
        (3, page.context["problems"][0].sentence),
        (4, page.context["problems"][1].sentence),
        (5, "没有编码为“G3”的地点，或它不在您的范围内。"),
        (6, "“网格员”要选一个网格。"),
        (7, "这个时间段里，这个位置已经有人，或这个人在这里已有任职。请先结束原任职。"),
        (8, "这个号码已经有账号并且有任职，不在您的范围内，请联系上一级办公室。"),
        (9, "这个号码登记的是另一个姓名，请核对姓名和号码。"),
        (10, "从“去年”不是日期，请写成 2026-03-02 这样。"),
        (11, "结束的日期要在开始的日期以后。"),
        (12, "地点编码和单位要填一样，只填一样。"),
        (13, "办公室和单位的职务由上一级办公室或系统管理员任命和结束。"),
        (14, "性质“临时”不认识，可以填：志愿、在编在岗、下派。"),
        (15, "替岗人要是另一个人。"),
    ]
    assert "手机号" in page.context["problems"][0].sentence
    assert "“班长”不认识" in page.context["problems"][1].sentence
    assert counts() == before


def test_one_person_may_not_stand_in_the_file_under_two_names(cast, browser_of):
    page = send(browser_of("desk"), URL, sheet_of(NEW, NEW | {"姓名": "王大芳", "职务": "网格长"}))
    assert [problem.line for problem in page.context["problems"]] == [3]
    assert not User.objects.filter(name="王小芳").exists()


def test_a_stand_in_and_a_title_come_along(cast, browser_of):
    add_title(name="网格先锋", role="grid_worker", actor=SYSTEM, at=cast.at)
    beside = {"替岗人": "演示网格长", "替岗人手机号": NUMBERS["grid_lead"]}
    stored(browser_of("desk"), URL, sheet_of(NEW | {"职务": "网格先锋"} | beside))
    post = Post.objects.get(user__name="王小芳")
    assert (post.title and post.title.name, post.stand_in) == ("网格先锋", cast.people["grid_lead"])


def test_a_member_of_a_unit_is_appointed_by_the_administrator(cast, browser_of):
    row = {"姓名": "王小芳", "手机号": "13800000001", "职务": "承办人", "单位": "演示住建局"}
    stored(browser_of("system_admin"), URL, sheet_of(row))
    assert Post.objects.get(user__name="王小芳").unit == cast.units["department_unit"]
    page = send(browser_of("stranger_desk"), URL, sheet_of(row | {"单位": "演示安居物业"}))
    assert "不在您的范围内" in page.context["problems"][0].sentence


def test_an_administrator_is_not_made_an_official_beside_somebody(cast, browser_of):
    row = {"姓名": "王小芳", "手机号": "13800000001", "职务": "承办人", "单位": "演示住建局"}
    beside = {"替岗人": "演示审计管理", "替岗人手机号": NUMBERS["audit_admin"]}
    page = send(browser_of("system_admin"), URL, sheet_of(row | beside))
    assert "不兼办事的职务" in page.context["problems"][0].sentence


@pytest.mark.parametrize("form", ["", "?format=xlsx"])
def test_posts_that_were_exported_come_in_again_as_they_were(cast, browser_of, form):
    beside = {"替岗人": "演示网格长", "替岗人手机号": NUMBERS["grid_lead"]}
    add_title(name="网格先锋", role="grid_worker", actor=SYSTEM, at=cast.at)
    desk = browser_of("desk")
    stored(desk, URL, sheet_of(NEW | {"职务": "网格先锋", "到": "2028-01-01"} | beside))
    address = f"{POSTS}csv/{form or '?'}&area={cast.areas['grid'].pk}".replace("?&", "?")
    exported, was = taken(desk, address), lines_of(taken(desk, f"{POSTS}csv/?area={cast.areas['grid'].pk}"))
    more = lines_of(taken(desk, f"{POSTS}csv/?area={cast.areas['next_grid'].pk}"))
    before = counts()
    assert "没有要新增的" in text(send(desk, URL, exported))
    assert "没有要新增的" in text(send(desk, URL, sheet_of(*more)))
    assert counts() == before
    grids = [cast.areas[key].pk for key in ("grid", "next_grid", "building", "next_building", "stairwell")]
    Post.objects.filter(area_id__in=grids).delete()
    assert stored(desk, URL, exported).status_code == 302
    assert stored(desk, URL, sheet_of(*more)).status_code == 302
    again = lines_of(taken(desk, f"{POSTS}csv/?area={cast.areas['grid'].pk}"))
    assert sorted(again, key=str) == sorted(was, key=str)
    assert lines_of(taken(desk, f"{POSTS}csv/?area={cast.areas['next_grid'].pk}")) == more
    assert len(was) == 5
    assert more[0]["替岗人"] == "演示网格长"


def test_what_leaves_names_nobody_by_phone(cast, browser_of):
    exported = taken(browser_of("desk"), f"{POSTS}csv/").decode()
    assert str(cast.people["chief"].uid) in exported
    assert [number for number in NUMBERS.values() if number in exported] == []


def test_a_number_of_an_export_and_a_phone_must_be_one_person(cast, browser_of):
    row = of("resident", cast, 职务="网格员", 地点编码="G2")
    client = browser_of("desk")
    for number, sentence in (
        (str(cast.people["nobody"].uid), "不是同一个人"),
        ("12345", "请照导出的文件填"),
        ("11111111-2222-4333-8444-555555555555", "没有这个人员编号的人"),
    ):
        page = send(client, URL, sheet_of(row | {"人员编号": number}))
        assert sentence in page.context["problems"][0].sentence


def test_a_post_that_ended_is_not_held_again_by_its_old_line(cast, browser_of):
    desk = browser_of("desk")
    exported = taken(desk, f"{POSTS}csv/?role=chief")
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=cast.at)
    page = send(desk, URL, exported)
    assert "不同的列：到" in text(page)
    assert "没有要新增的" in text(page)


def test_the_audit_administrator_changes_nothing_by_file(cast, browser_of):
    page = send(browser_of("audit_admin"), URL, sheet_of(NEW))
    assert page.status_code == 400
    assert "由所在社区或上级办公室任命" in page.context["problems"][0].sentence


def test_a_stand_in_is_named_while_appointing(cast, browser_of):
    desk, url = browser_of("desk"), f"{POSTS}new/?area={cast.areas['next_grid'].pk}"
    looked = desk.post(url, {"seat": "grid_worker:", "stand_in-words": "网格长", "look_stand_in": "1"})
    assert 'name="stand_in-person"' in text(looked)
    said = {"seat": "grid_worker:", "name": "王小芳", "phone": "13800000001", "kind": "paid", "starts_on": "2026-03-02"}
    lead = str(cast.people["grid_lead"].uid)
    half = desk.post(url, said | {"stand_in-words": "网格长"})
    assert half.status_code == 400
    assert "请先查找并选一个替岗人" in text(half)
    assert not Post.objects.filter(user__name="王小芳").exists()
    forged = desk.post(url, said | {"stand_in-person": str(cast.people["stranger_chief"].uid)})
    assert forged.status_code == 400
    assert "不在您的范围内" in text(forged)
    assert desk.post(url, said | {"stand_in-words": "网格长", "stand_in-person": lead}).status_code == 302
    assert Post.objects.get(user__name="王小芳").stand_in == cast.people["grid_lead"]
