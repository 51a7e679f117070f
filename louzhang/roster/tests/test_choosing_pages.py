"""The pages of choosing: who opens which, what stands on them, how many statements each takes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.areas.models import Post
from louzhang.areas.queries import actor_for
from louzhang.kit import clock
from louzhang.kit.workbooks import Workbook
from louzhang.register.actions.cards import make_card
from louzhang.roster.actions.choosing import (
    ObjectionDraft,
    appoint_round,
    ask_replacement,
    object_to_notice,
)
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.models.notice_objections import NoticeObjection
from louzhang.roster.queries.choosing import count_vacancies
from louzhang.roster.tests.choosing_stage import SAID, set_stage
from tests.cast import browser_as, make_cast

AT_MOST = 12


def found(pattern, page):
    """The first thing a page says in this form."""
    return re.findall(pattern, page)[0]


OFFICES = {"desk", "secretary", "street", "commander"}


@pytest.fixture
def stage(db):
    return set_stage(make_cast(), clock.now())


@pytest.fixture
def pages(stage):
    """A round with somebody named, standing and reviewed, one on notice with an objection, one appointed."""
    areas = stage.cast.areas
    naming = stage.start(extra=())
    stage.name(naming, stage.resident, "resident", name="演示李哥", phone="")
    named = stage.agree(stage.name(naming))
    noticed = stage.to_notice(areas["next_building"])
    draft = ObjectionDraft(words="他不住在这里。", name="演示甲", phone="13911117777")
    objection, _ = object_to_notice(round_uid=noticed.uid, draft=draft, actor=stage.cast.device, at=stage.at)
    done = stage.to_notice(areas["stairwell"], role="stairwell_head")
    stage.after_notice(done)
    day = clock.local_date(done.notice_until)
    appoint_round(uid=done.uid, starts_on=day, ends_on=None, actor=stage.desk, at=done.notice_until)
    return {
        "naming": naming.uid, "named": named.uid, "noticed": noticed.uid, "objection": objection.uid, "done": done.uid,
        "vacancy": done.vacancies.get().uid,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "name", "of"),
    [
        ("desk", "choosing:gaps", ""),
        ("desk", "choosing:start", ""),
        ("desk", "choosing:rounds", ""),
        ("desk", "choosing:round", "naming"),
        ("desk", "choosing:round", "noticed"),
        ("street", "choosing:round", "done"),
        ("desk", "choosing:desk_nominee", "named"),
        ("desk", "choosing:objection", "objection"),
        ("desk", "choosing:requests", ""),
        ("desk", "choosing:certificates", "done"),
        ("grid_worker", "choosing:reviews", ""),
        ("resident", "choosing:home", ""),
        ("resident", "choosing:resident_round", "naming"),
        ("resident", "choosing:resident_name", "naming"),
        ("resident", "choosing:offer", "naming"),
        ("resident", "choosing:own", ""),
        ("resident", "choosing:replace", ""),
        ("", "choosing:home", ""),
        ("", "choosing:notice", "noticed"),
        ("", "choosing:notice_sheet", "noticed"),
        ("", "choosing:object", "noticed"),
        ("", "choosing:open", ""),
        ("", "choosing:objection_code", ""),
        ("", "choosing:check", "vacancy"),
    ],
)
def test_a_page_takes_few_statements(stage, pages, person, name, of):
    client = browser_as(stage.cast, person)
    address = reverse(name, args=[pages[of]] if of else [])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(queries) <= AT_MOST, [str(query["sql"])[:150] for query in queries]


def opened(stage, name, uid):
    address = reverse(name, args=[uid])
    return {key for key in stage.cast.people if browser_as(stage.cast, key).get(address).status_code == 200}


def test_who_opens_which_page_of_a_round(stage, pages):
    assert opened(stage, "choosing:round", pages["naming"]) == OFFICES
    assert opened(stage, "choosing:desk_nominee", pages["named"]) == {"desk", "secretary"}
    assert opened(stage, "choosing:objection", pages["objection"]) == {"desk", "secretary"}
    assert opened(stage, "choosing:certificates", pages["done"]) == OFFICES
    assert opened(stage, "choosing:resident_round", pages["naming"]) == {"resident"}
    assert opened(stage, "choosing:own_objection", pages["objection"]) == set()


def test_a_page_out_of_scope_looks_like_one_that_never_was(stage, pages):
    client = browser_as(stage.cast, "stranger_desk")
    for name, of in (
        ("choosing:round", "naming"),
        ("choosing:desk_nominee", "named"),
        ("choosing:objection", "objection"),
    ):
        assert client.get(reverse(name, args=[pages[of]])).status_code == 404
    assert (
        browser_as(stage.cast, "nobody").get(reverse("choosing:resident_round", args=[pages["naming"]])).status_code
        == 404
    )


def test_residents_read_who_stands_and_not_who_has_not_answered(stage, pages):
    page = (
        browser_as(stage.cast, "resident")
        .get(reverse("choosing:resident_round", args=[pages["naming"]]))
        .content.decode()
    )
    assert "演示王姐" in page
    assert "愿意为大家跑腿。" in page
    assert "演示李哥" not in page
    assert "这次没有" in page


def test_a_notice_is_gone_when_it_is_over(stage, pages):
    address = reverse("choosing:notice", args=[pages["noticed"]])
    assert "演示王姐" in Client().get(address).content.decode()
    assert Client().get(reverse("choosing:notice", args=[pages["done"]])).status_code == 404


def test_somebody_without_an_account_objects_and_reads_the_answer_with_the_code(stage, pages):
    client = Client()
    address = reverse("choosing:object", args=[pages["noticed"]])
    assert client.post(address, {"words": ""}).status_code == 400
    page = client.post(address, {"words": "有事实要说。"}, follow=True).content.decode()
    code = found(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    other = Client()
    objection = NoticeObjection.objects.exclude(uid=pages["objection"]).get()
    assert other.get(reverse("choosing:own_objection", args=[objection.uid])).status_code == 404
    assert other.post(reverse("choosing:objection_code"), {"code": "AAAAAAAAAA"}).status_code == 404
    read = other.post(reverse("choosing:objection_code"), {"code": code.lower()}).content.decode()
    assert "有事实要说。" in read
    desk = browser_as(stage.cast, "desk")
    one = reverse("choosing:objection", args=[objection.uid])
    assert desk.post(one, {"finding": "", "answer": "查过了"}).status_code == 400
    assert desk.post(one, {"finding": "not_upheld", "answer": "核实过，没有这回事。"}).status_code == 302
    read = other.post(reverse("choosing:objection_code"), {"code": code}).content.decode()
    assert "核实过，没有这回事。" in read


def test_the_office_reads_who_objected_only_by_a_logged_look(stage, pages):
    desk = browser_as(stage.cast, "desk")
    assert "13911117777" not in desk.get(reverse("choosing:objection", args=[pages["objection"]])).content.decode()
    seen = desk.post(reverse("choosing:reveal_objection", args=[pages["objection"]]), {"reason": "向本人核实"})
    assert "13911117777" in seen.content.decode()


def test_the_nominee_opens_the_code_on_the_phone_and_stands(stage):
    row = stage.start()
    nominee = stage.name(row)
    page = browser_as(stage.cast, "desk").get(reverse("choosing:desk_nominee", args=[nominee.uid])).content.decode()
    code = found(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    phone = Client()
    assert phone.post(reverse("choosing:open"), {"code": "123"}).status_code == 400
    assert phone.post(reverse("choosing:open"), {"code": "AAAAAAAAAA"}).status_code == 409
    opened_page = phone.post(reverse("choosing:open"), {"code": code}, follow=True).content.decode()
    assert "同意参加" in opened_page
    answer = phone.post(reverse("choosing:own_move", args=[nominee.uid, "consent"]), {"statement": "我来试试。"})
    assert answer.status_code == 302
    assert Nominee.objects.get().status == "standing"
    assert phone.get(reverse("choosing:own_move", args=[nominee.uid, "consent"])).status_code == 409


def test_the_desk_walks_a_round_by_its_forms(stage):
    desk = browser_as(stage.cast, "desk")
    post = Post.objects.get(pk=stage.cast.posts["chief"].pk)
    Post.objects.filter(pk=post.pk).update(ends_on=clock.local_date(stage.at) + timedelta(days=20))
    building = stage.cast.areas["building"]
    assert building.name in desk.get(reverse("choosing:gaps")).content.decode()
    until = (clock.local_date(stage.at) + timedelta(days=7)).isoformat()
    said = {
        "role": "chief",
        "area": [building.pk],
        "words": "任期快满。",
        "until": until,
        "notice_days": 5,
        "kind": "volunteer",
    }
    assert desk.post(reverse("choosing:start"), {**said, "words": ""}).status_code == 400
    made = desk.post(reverse("choosing:start"), said)
    row = Round.objects.get()
    assert made["Location"] == reverse("choosing:round", args=[row.uid])
    place = row.vacancies.get()
    named = {"vacancy": place.uid, "name": "演示王姐", "phone": "13911118888", "words": "热心。", "way": "paper"}
    assert desk.post(reverse("choosing:desk_name", args=[row.uid]), named).status_code == 302
    nominee = Nominee.objects.get()
    step = {"words": "本人签了字。", "statement": "愿意。"}
    assert desk.post(reverse("choosing:desk_move", args=[nominee.uid, "consent"]), step).status_code == 302
    assert desk.post(reverse("choosing:move", args=[row.uid, "close"]), {}).status_code == 302
    assert desk.post(reverse("choosing:move", args=[row.uid, "go_on"]), {}).status_code == 302
    assert desk.post(reverse("choosing:review", args=[nominee.uid]), {**SAID, "work": ""}).status_code == 400
    for key in ("desk", "grid_worker"):
        client = browser_as(stage.cast, key)
        assert client.get(reverse("choosing:reviews")).content.decode().count("演示王姐") == 1
        assert client.post(reverse("choosing:review", args=[nominee.uid]), SAID).status_code == 302
    assert desk.post(reverse("choosing:desk_move", args=[nominee.uid, "pass"]), {"words": "可以。"}).status_code == 302
    assert desk.post(reverse("choosing:move", args=[row.uid, "go_on"]), {}).status_code == 302
    row.refresh_from_db()
    assert row.status == "noticing"
    early = desk.post(reverse("choosing:move", args=[row.uid, "end_notice"]), {})
    assert (early.status_code, "还没有期满" in early.content.decode()) == (409, True)
    Round.objects.filter(pk=row.pk).update(notice_until=clock.now())
    assert desk.post(reverse("choosing:move", args=[row.uid, "end_notice"]), {}).status_code == 302
    form = desk.get(reverse("choosing:move", args=[row.uid, "appoint"])).content.decode()
    assert 'value="20' in form
    today = clock.local_date(clock.now()).isoformat()
    assert desk.post(reverse("choosing:move", args=[row.uid, "appoint"]), {"starts_on": today}).status_code == 302
    paper = desk.get(reverse("choosing:certificates", args=[row.uid])).content.decode()
    assert "聘任您为" in paper
    assert "聘字〔" in paper


def test_the_code_of_a_certificate_leads_to_the_contact_card_once_there_is_one(stage, pages):
    address = reverse("choosing:check", args=[pages["vacancy"]])
    assert "演示王姐" not in Client().get(address).content.decode()
    post = Post.objects.get(chosen_by__uid=pages["vacancy"])
    today = clock.local_date(stage.at)
    Post.objects.filter(pk=stage.cast.posts["stairwell_head"].pk).update(ends_on=today)
    Post.objects.filter(pk=post.pk).update(starts_on=today)
    card = make_card(post_id=post.pk, actor=actor_for(post.user, clock.now()), at=clock.now())
    assert Client().get(address)["Location"] == reverse("cards:card", args=[card.uid])


def test_the_list_of_vacancies_is_a_workbook(stage, tmp_path):
    Post.objects.filter(pk=stage.cast.posts["chief"].pk).update(ends_on=clock.local_date(stage.at))
    answer = browser_as(stage.cast, "desk").get(reverse("choosing:gaps_file"))
    path = tmp_path / "list.xlsx"
    path.write_bytes(answer.content)
    book = Workbook(path)
    rows = [cells for _, cells in book.rows(book.sheets[0])]
    assert rows[0][:3] == ["位置", "职务", "为什么空"]
    assert rows[1][:3] == ["彩虹社区 12号楼", "楼长", "没有人"]


def test_the_list_of_rounds_is_a_workbook_that_names_nobody(stage, pages, tmp_path):
    desk = browser_as(stage.cast, "desk")
    assert reverse("choosing:rounds_file") in desk.get(reverse("choosing:rounds")).content.decode()
    book = tmp_path / "rounds.xlsx"
    for which, count in (("open", 2), ("over", 1)):
        book.write_bytes(desk.get(reverse("choosing:rounds_file"), {"which": which}).content)
        opened = Workbook(book)
        head, *rows = (cells for _, cells in opened.rows(opened.sheets[0]))
        assert (head[0], len(rows)) == ("走到哪步", count)
        assert not [cell for row in rows for cell in row if "王姐" in str(cell)]
    assert browser_as(stage.cast, "stranger_desk").get(reverse("choosing:rounds_file")).status_code == 200


def test_a_grid_is_counted_once_for_its_worker_and_once_for_its_lead(stage):
    counts = count_vacancies(stage.desk, stage.at)
    leads = Post.objects.filter(role="grid_lead", area=stage.cast.areas["grid"])
    leads.update(ends_on=clock.local_date(stage.at))
    again = count_vacancies(stage.desk, stage.at)
    assert again == counts | {"grid_lead": counts["grid_lead"] + 1}


def test_a_step_that_is_not_open_answers_with_its_sentence(stage, pages):
    desk = browser_as(stage.cast, "desk")
    refused = desk.get(reverse("choosing:move", args=[pages["naming"], "appoint"]))
    assert (refused.status_code, "现在是“推荐中”" in refused.content.decode()) == (409, True)
    assert desk.get(reverse("choosing:move", args=[pages["naming"], "fly"])).status_code == 404
    assert (
        browser_as(stage.cast, "street").post(reverse("choosing:move", args=[pages["naming"], "close"]), {}).status_code
        == 403
    )


def test_the_first_page_of_a_resident_tells_of_a_round_and_of_an_answer_owed(stage):
    row = stage.start()
    client = browser_as(stage.cast, "resident")
    assert "您住的地方正在选任" in client.get(reverse("phone:home")).content.decode()
    stage.name(row, phone=stage.cast.people["resident"].open_phone())
    assert "有人推荐您" in client.get(reverse("phone:home")).content.decode()


def test_a_resident_asks_for_another_chief_and_takes_it_back(stage):
    client = browser_as(stage.cast, "resident")
    address = reverse("choosing:replace")
    assert "演*长" in client.get(address).content.decode() or "12号楼" in client.get(address).content.decode()
    said = {"post_id": stage.cast.posts["chief"].pk, "words": "半年没见过他。"}
    assert client.post(address, said).status_code == 302
    assert "半年没见过他" not in browser_as(stage.cast, "desk").get(reverse("choosing:requests")).content.decode()
    page = client.get(address).content.decode()
    back = found(r'action="(/choosing/replace/[^"]+/back/)"', page)
    assert client.post(back).status_code == 302
    ask_replacement(post_id=stage.cast.posts["chief"].pk, words="再说一次。", actor=stage.resident, at=clock.now())
