"""Pages of the day: what stands on them, who changes what, how few queries they take."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.fieldwork.actions.company import ask_company, join_company
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.models import Admission, DayItem, DayList, Rhythm, Span, Visit, VisitDue, Whom
from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from tests.cast import browser_as, cast_of_now, make_cast

# What the sign-in, the menus and the marks of a page take besides.
PAGE_AT_MOST = 12


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def day(cast, homes):
    """Everybody's day, with every home due today."""
    today = clock.local_date(cast.at)
    draft = RhythmDraft("每周走访", Whom.EACH, "chief", Span.WEEK)
    set_rhythm(draft=draft, area=cast.areas["community"], starts_on=today, actor=SYSTEM, at=cast.at)
    keep_dues(day=today)
    VisitDue.objects.update(due_on=today)
    make_days(day=today, at=cast.at)
    return DayList.objects.get(post=cast.posts["chief"])


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


def test_the_day_is_a_round_with_reasons(day, sign_in):
    said = words_of(sign_in("chief").get(reverse("fieldwork_field:today")))
    assert "还有 2 件，大约 30 分钟" in said
    assert "12号楼 2单元" in said
    assert "301 走访" in said
    assert "每周走访一次，还没有人去过。约 15 分钟。" in said
    assert "演示父亲" not in said


def test_what_does_not_fit_is_shown_to_the_community_and_not_to_the_holder(day, sign_in):
    DayItem.objects.filter(dwelling__door="302").update(fits=False)
    assert "302" not in words_of(sign_in("chief").get(reverse("fieldwork_field:today")))
    desk = sign_in("secretary")
    assert "1 件排不下" in words_of(desk.get(reverse("fieldwork_desk:work")))
    assert "排不下 1 件" in words_of(desk.get(reverse("fieldwork_desk:day", args=[day.uid])))


def test_a_line_is_refused_and_taken_up_again_on_the_phone(day, sign_in):
    line = DayItem.objects.filter(day_list=day).earliest("pk")
    chief = sign_in("chief")
    url = reverse("fieldwork_field:refuse", args=[line.uid])
    assert "这不算您的不足" in words_of(chief.get(url))
    assert chief.post(url, {"why": "", "entry_id": str(uuid4())}).status_code == 400
    body = {"why": "arranged", "words": "约了周五", "entry_id": str(uuid4())}
    for _ in range(2):
        assert chief.post(url, body).status_code == 302
    assert "约了周五" in words_of(sign_in("desk").get(reverse("fieldwork_desk:day", args=[day.uid])))
    chief.post(reverse("fieldwork_field:reopen", args=[line.uid]), {"entry_id": str(uuid4())})
    line.refresh_from_db()
    assert line.ended == ""


def test_a_line_is_given_to_whoever_looks_after_its_place(day, cast, sign_in):
    line = DayItem.objects.filter(day_list=day).earliest("pk")
    desk, url = sign_in("desk"), reverse("fieldwork_desk:move", args=[line.uid])
    page = words_of(desk.get(url))
    assert "演示单元长" in page
    assert "演示邻楼长" not in page
    strange = DayList.objects.get(post=cast.posts["next_chief"])
    assert desk.post(url, {"to": str(strange.uid), "entry_id": str(uuid4())}).status_code == 400


def test_the_community_adds_something_and_gives_a_line_away(day, cast, sign_in):
    desk = sign_in("desk")
    url = reverse("fieldwork_desk:add", args=[day.uid])
    assert desk.get(url).status_code == 200
    body = {"title": "贴通知", "area": str(cast.areas["building"].pk), "minutes": "10", "entry_id": str(uuid4())}
    for _ in range(2):
        assert desk.post(url, body).status_code == 302
    line = DayItem.objects.get(kind="added")
    move = reverse("fieldwork_desk:move", args=[line.uid])
    lead = DayList.objects.get(post=cast.posts["stairwell_head"])
    assert "演示单元长" in words_of(desk.get(move))
    assert desk.post(move, {"to": str(lead.uid), "entry_id": str(uuid4())}).status_code == 302
    assert DayItem.objects.get(came_from=line).day_list == lead


@pytest.mark.parametrize("person", ["next_chief", "stranger_chief", "property", "resident", "street", "stranger_desk"])
def test_the_day_of_somebody_else_is_refused_or_not_there(day, sign_in, person):
    line = DayItem.objects.filter(day_list=day).earliest("pk")
    client = sign_in(person)
    pages = [
        ("fieldwork_field:refuse", line.uid), ("fieldwork_desk:day", day.uid), ("fieldwork_desk:add", day.uid),
        ("fieldwork_desk:move", line.uid),
    ]  # fmt: skip
    assert {client.get(reverse(name, args=[uid])).status_code for name, uid in pages} <= {403, 404}
    assert client.post(reverse("fieldwork_field:tick", args=[line.uid])).status_code in {403, 404}


def test_a_visit_is_written_without_a_script(day, homes, sign_in):
    chief = sign_in("chief")
    url = reverse("fieldwork_field:visit", args=["household", homes.households["own"].uid])
    page = words_of(chief.get(url))
    assert "演示父亲家" in page
    assert "想有人一起去" in page
    body = {"kind": "visit.write", "row": str(homes.households["own"].uid), "entry_id": str(uuid4()), "outcome": ""}
    refused = chief.post(url, body)
    assert refused.status_code == 400
    assert "请选走访的结果。" in words_of(refused)
    for _ in range(2):
        assert chief.post(url, body | {"outcome": "met", "words": "都好"}).status_code == 302
    assert Visit.objects.count() == 1
    assert DayItem.objects.get(source=f"home:{homes.households['own'].pk}", day_list=day).ended == "done"
    assert "都好" in words_of(chief.get(reverse("fieldwork_field:visits")))
    assert "都好" not in words_of(sign_in("grid_worker").get(reverse("fieldwork_field:visits")))


def test_pages_a_phone_keeps_name_no_door_and_the_pocket_nobody(day, sign_in):
    chief = sign_in("chief")
    for name in ("unplanned", "today"):
        page = words_of(chief.get(reverse(f"fieldwork_field:{name}") + "?blank=1"))
        assert [word for word in ("301", "12号楼 2单元", "演示父亲") if word in page.split("个人信息")[0]] == []
    parts = chief.get(reverse("shell:pocket"), headers={"accept": "application/json"}).json()["parts"]
    assert [row["place"] for row in parts["today"]] == ["12号楼 2单元"]
    assert parts["today"][0]["items"][0]["title"] == "301 走访"
    carried = str(parts)
    assert [name for name in ("演示父亲", "演示母亲", "1390000", "1391111", "空置", "关") if name in carried] == []


def test_visits_stand_beside_the_home_and_homes_that_are_due_carry_a_dot(day, homes, cast, sign_in):
    chief = sign_in("chief")
    assert "记一次走访" in words_of(chief.get(reverse("register:household", args=[homes.households["own"].uid])))
    assert "有事要办" in words_of(chief.get(reverse("register:house", args=[cast.areas["building"].pk])))
    assert "今天的清单" in words_of(chief.get(reverse("register:notebook")))


def test_company_is_asked_and_somebody_comes_along(day, homes, sign_in):
    url = reverse("fieldwork_field:visit", args=["dwelling", homes.dwellings["own"].uid])
    chief, worker = sign_in("chief"), sign_in("grid_worker")
    ask = {"kind": "visit.company", "row": str(homes.dwellings["own"].uid), "entry_id": str(uuid4())}
    assert chief.post(url, ask).status_code == 302
    assert "想有人一起去" in words_of(sign_in("desk").get(reverse("fieldwork_desk:work")))
    page = worker.get(reverse("fieldwork_field:today")).content.decode()
    found = re.search(r"/field/today/company/[0-9a-f-]+/join/", page)
    assert found is not None
    worker.post(found.group())
    assert "演示网格员 和您一起去" in words_of(chief.get(url))


def test_rhythms_are_set_and_ended_on_pages(cast, sign_in):
    desk = sign_in("secretary")
    url = reverse("fieldwork_desk:rhythm_add")
    today = clock.local_date(clock.now())
    body = {
        "name": "每月走访", "area": str(cast.areas["community"].pk), "whom": "each", "role": "chief", "every": "1",
        "span": "month", "often": "1", "care_code": "", "starts_on": today.isoformat(), "entry_id": str(uuid4()),
    }  # fmt: skip
    assert desk.post(url, body | {"every": "0"}).status_code == 400
    for _ in range(2):
        assert desk.post(url, body).status_code == 302
    rhythm = Rhythm.objects.get()
    assert "每月一次" in words_of(desk.get(reverse("fieldwork_desk:rhythms")))
    assert desk.post(reverse("fieldwork_desk:rhythm_end", args=[rhythm.uid])).status_code == 302
    assert sign_in("system_admin").post(reverse("fieldwork_desk:preset")).status_code == 302
    assert [rhythm.name for rhythm in Rhythm.objects.current()] == ["第一书记到社区"]
    assert Admission.objects.exists()  # calls at homes wait for the streets


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("chief", "today"), ("chief", "visits"), ("chief", "unplanned"), ("chief", "visit"), ("secretary", "work"),
        ("secretary", "day"), ("secretary", "move"), ("secretary", "rhythms"),
    ],
)  # fmt: skip
def test_pages_take_few_queries(day, homes, sign_in, person, name):
    line = DayItem.objects.filter(day_list=day).earliest("pk")
    urls = {
        "visit": reverse("fieldwork_field:visit", args=["household", homes.households["own"].uid]),
        "day": reverse("fieldwork_desk:day", args=[day.uid]),
        "move": reverse("fieldwork_desk:move", args=[line.uid]),
    }
    face = "field" if person == "chief" else "desk"
    url = urls.get(name) or reverse(f"fieldwork_{face}:{name}")
    assert queries_of(sign_in(person), url) <= PAGE_AT_MOST


def test_company_is_told_to_the_grid_worker_and_the_community(cast, homes):
    asked = ask_company(dwelling_id=homes.dwellings["own"].pk, actor=cast.actor("chief"), at=cast.at)
    read_new_events(at=cast.at)
    told = set(Notice.objects.filter(kind="company").values_list("user__name", flat=True))
    assert told == {"演示网格员", "演示网格长", "演示社区受理", "演示书记"}
    join_company(uid=asked.uid, actor=cast.actor("grid_worker"), at=cast.at)
    read_new_events(at=cast.at)
    assert Notice.objects.filter(kind="company", user=cast.people["chief"]).exists()


SUNDAY, HOLIDAY = datetime(2026, 7, 26, 2, tzinfo=UTC), datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(("at", "next_day"), [(SUNDAY, "7月27日 星期一"), (HOLIDAY, "10月8日 星期四")])
def test_a_day_of_rest_says_so_and_offers_the_next_list(db, at, next_day):
    with time_machine.travel(at, tick=False):
        cast = make_cast(at - timedelta(days=2))
        lay_down_kinds(actor=SYSTEM, at=cast.at)
        settle_in(cast)
        draft = RhythmDraft("每周走访", Whom.EACH, "grid_worker", Span.WEEK)
        area, day = cast.areas["community"], clock.local_date(cast.at)
        set_rhythm(draft=draft, area=area, starts_on=day, actor=SYSTEM, at=cast.at)
        keep_dues(day=day)
        VisitDue.objects.update(due_on=day)
        make_days(day=clock.local_date(at), at=at)
        worker, chief = browser_as(cast, "grid_worker"), browser_as(cast, "chief")
        url = reverse("fieldwork_field:today")
        said = words_of(worker.get(url))
        assert "今天休息，不排清单" in said
        assert next_day in said
        assert "今天休息" not in words_of(chief.get(url))  # a volunteer gives a little every day
        kept = DayItem.objects.count()
        ahead = words_of(worker.get(url, {"ahead": "1"}))
        assert f"{next_day}大概是这些" in ahead
        assert "12号楼 2单元 301 走访" in ahead
        assert DayItem.objects.count() == kept
        assert queries_of(worker, url) <= PAGE_AT_MOST + 3


def test_before_the_morning_a_working_day_says_when_its_list_comes(db):
    with time_machine.travel(datetime(2026, 7, 26, 17, tzinfo=UTC), tick=False):
        worker = browser_as(make_cast(clock.now()), "grid_worker")
        url = reverse("fieldwork_field:today")
        assert "今天的清单还没有排" in words_of(worker.get(url))
        assert "还没有要办的" in words_of(worker.get(url, {"ahead": "1"}))
