"""An office drafts a poll of its own: what it types, what it reads, what becomes of the draft."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.ballots.forms.desk import moment_words
from louzhang.ballots.models import Poll
from louzhang.kit import clock
from tests.cast import browser_as

pytestmark = pytest.mark.django_db
NEW = "ballots:draft"


def typed(cast, **more):
    now = clock.now()
    return {
        "entry_id": str(uuid4()), "title": "12号楼楼长推选", "note": "一户一票。", "kind": "choice",
        "options": "王芳 住2单元，愿意跑腿\n\n李强", "questions": "", "phones": "",
        "areas": [cast.areas["building"].pk],
        "electorate": "household", "opens_at": moment_words(now + timedelta(minutes=5)),
        "closes_at": moment_words(now + timedelta(days=2)), "objection_days": "0", "seats": "1", "picks": "1",
        "quorum_percent": "50", "least_percent": "0", "tie_rule": "lot", "proxies_at_most": "1", "has_paper": "on",
        "counters": [cast.people["desk"].pk, cast.people["secretary"].pk], **more,
    }  # fmt: skip


def test_an_office_drafts_a_poll_looks_at_it_and_shows_the_roll(cast, homes):
    desk = browser_as(cast, "desk")
    page = desk.get(reverse(NEW)).content.decode()
    assert "法律另有程序" in page
    assert "彩虹社区（全部）" in page
    made = desk.post(reverse(NEW), typed(cast))
    poll = Poll.objects.get()
    assert (made.status_code, made["Location"]) == (302, reverse("ballots:one", args=[poll.uid]))
    lines = list(poll.items.order_by("position").values_list("label", "note", "precedence"))
    assert lines == [("王芳", "住2单元，愿意跑腿", 1), ("李强", "", 2)]
    assert (poll.status, poll.rules.tie_rule, poll.rules.proxies_at_most, poll.served_kind) == ("draft", "lot", 1, "")
    shown = desk.get(made["Location"]).content.decode()
    for words in ("王芳", "公示名册", "撤销", "改时间", "照这份再起草"):
        assert words in shown
    show = reverse("ballots:move", args=[poll.uid, "show_roll"])
    assert desk.post(show, {"entry_id": str(uuid4())}).status_code == 302
    poll.refresh_from_db()
    assert (poll.status, poll.entitled) == ("roll", 2)


def test_a_star_sheet_without_paper_needs_nobody_to_count(cast, homes):
    sent = typed(cast, kind="stars", options="", questions="有事找得到人吗\n办事公道吗", counters=[], has_paper="")
    assert browser_as(cast, "desk").post(reverse(NEW), sent).status_code == 302
    assert list(Poll.objects.get().items.values_list("label", flat=True)) == ["有事找得到人吗", "办事公道吗"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"options": " "}, "请至少写一行"),
        ({"options": "王芳\n王芳"}, "写得一样"),
        ({"picks": "3"}, "不能比选项多"),
        ({"counters": []}, "两位不同的计票人"),
        ({"areas": []}, "请选择哪些地方的人来投"),
        ({"phones": "19999999999"}, "没有账号"),
        ({"phones": "123"}, "第 1 行"),
        ({"opens_at": ""}, "请选择日期和时间"),
        ({"quorum_percent": "200"}, "最多 100"),
    ],
)  # fmt: skip
def test_bad_input_is_said_by_its_field_and_everything_typed_stays(cast, homes, wrong, said):
    answer = browser_as(cast, "desk").post(reverse(NEW), typed(cast, **wrong))
    page = answer.content.decode()
    assert answer.status_code in (400, 422)
    assert said in page
    assert "一户一票。" in page
    assert (cast.people["secretary"].name in page, Poll.objects.count()) == (True, 0)
    if "options" not in wrong:
        assert "住2单元，愿意跑腿" in page


def test_whoever_is_named_by_number_is_kept_away_and_does_not_count(cast, homes):
    person = cast.people["secretary"]
    sent = typed(cast, phones=person.open_field("phone"))
    page = browser_as(cast, "desk").post(reverse(NEW), sent).content.decode()
    assert "候选人和在这里任职的人不能计票" in page
    other = cast.people["commander"]
    assert browser_as(cast, "desk").post(reverse(NEW), typed(cast, phones=other.open_field("phone"))).status_code == 302
    assert Poll.objects.get().barred == [other.pk]


def test_no_office_asks_the_people_of_another(cast, homes):
    sent = typed(cast, areas=[cast.areas["building"].pk])
    assert browser_as(cast, "stranger_desk").post(reverse(NEW), sent).status_code in (400, 422)
    assert browser_as(cast, "chief").get(reverse(NEW)).status_code == 403
    assert browser_as(cast, "resident").get(reverse(NEW)).status_code == 403
    assert Poll.objects.count() == 0


def test_a_draft_whose_hours_have_passed_gets_others_and_is_withdrawn_with_a_reason(cast, homes):
    desk = browser_as(cast, "desk")
    desk.post(reverse(NEW), typed(cast, objection_days="3"))
    poll = Poll.objects.get()
    show = reverse("ballots:move", args=[poll.uid, "show_roll"])
    assert "往后改" in desk.post(show, {"entry_id": str(uuid4())}).content.decode()
    hours = reverse("ballots:move", args=[poll.uid, "set_hours"])
    assert moment_words(poll.opens_at) in desk.get(hours).content.decode()
    later = {name: moment_words(getattr(poll, name) + timedelta(days=5)) for name in ("opens_at", "closes_at")}
    assert desk.post(hours, {"entry_id": str(uuid4()), **later}).status_code == 302
    assert desk.post(show, {"entry_id": str(uuid4())}).status_code == 302
    end = reverse("ballots:move", args=[poll.uid, "withdraw"])
    assert desk.post(end, {"entry_id": str(uuid4()), "reason": "候选人退出了"}).status_code == 302
    poll.refresh_from_db()
    assert poll.status == "withdrawn"
    again = desk.get(f"{reverse(NEW)}?like={poll.uid}").content.decode()
    assert "王芳 住2单元，愿意跑腿" in again


def test_another_like_it_is_drafted_by_the_office_alone(cast, homes):
    browser_as(cast, "desk").post(reverse(NEW), typed(cast))
    url = f"{reverse(NEW)}?like={Poll.objects.get().uid}"
    assert browser_as(cast, "stranger_desk").get(url).status_code == 404
