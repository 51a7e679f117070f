"""The pages of appraisals, person by person: a chief sees the own place alone, a resident the commended names."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.kit import clock
from louzhang.roster.actions.appraisal import name_appraisers, object_to_figure, open_review
from louzhang.roster.models.appraisal import AppraisalMonth, Scheme, Score
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.spans import Span, last_month
from louzhang.roster.tests.appraisal_course import Course, begun
from tests.cast import Cast, browser_as, make_cast

DRAFT = SchemeDraft(
    "楼长月度考核", "chief", (Weighed("orders_in_time", 60), Weighed("scores", 40)), 1, criteria=("门前卫生", "走访")
)


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast since two months ago, so that last month is over now."""
    return make_cast(Span(last_month(clock.now())).begin - timedelta(days=20, hours=-10))


@pytest.fixture
def course(cast) -> Course:
    """Last month: the chief settled three, computed."""
    month = last_month(clock.now())
    made = begun_at(cast, month)
    into = (Span(month).begin - cast.at).total_seconds() / 3600
    for hours in (30, 31, 32):
        made.on_spot("chief", into + hours)
    made.compute(at=clock.now())
    return made


def begun_at(cast: Cast, month: date) -> Course:
    start = Span(month).begin + timedelta(hours=12)
    moved = Cast(at=start, people=cast.people, posts=cast.posts, areas=cast.areas, units=cast.units)
    made: Course = begun(moved, DRAFT, month)
    return Course(cast, made.scheme, made.month)


def published(course: Course) -> None:
    desk = browser_as(course.cast, "desk")
    url = reverse("appraisal:publish", args=[course.month.uid])
    page = desk.get(url).content.decode()
    assert "只公布选中的名字" in page
    sent = {"commended": [course.cast.people["chief"].pk], "entry_id": str(uuid4()),
            "seen_digest": course.month.figures_digest}  # fmt: skip
    assert desk.post(url, sent).status_code == 302
    assert AppraisalMonth.objects.get().status == "published"


def test_a_chief_sees_the_own_place_and_another_chief_gets_404(course, cast):
    row = course.rows()["chief"]
    url = reverse("appraisal:own", args=[row.uid])
    before = browser_as(cast, "chief").get(url).content.decode()
    assert "公布以后才看得到" in before
    published(course)
    page = browser_as(cast, "chief").get(url).content.decode()
    assert "您在第 1 档" in page
    assert "演示邻楼长" not in page
    for key in ("next_chief", "stranger_chief", "stranger_desk", "street", "grid_worker"):
        for name, args in (("own", []), ("rows", ["orders_in_time"])):
            assert browser_as(cast, key).get(reverse(f"appraisal:{name}", args=[row.uid, *args])).status_code == 404
    assert browser_as(cast, "resident").get(url).status_code == 403


def test_a_resident_reads_commended_names_and_nothing_else(course, cast):
    nobody = browser_as(cast)
    assert "演示楼长" not in nobody.get(reverse("appraisal:commended")).content.decode()
    published(course)
    page = nobody.get(reverse("appraisal:commended")).content.decode()
    assert "演示楼长" in page
    assert "演示邻楼长" not in page
    assert "档" not in page


def test_every_figure_opens_its_rows(course, cast):
    row = course.rows()["chief"]
    page = browser_as(cast, "chief").get(reverse("appraisal:rows", args=[row.uid, "orders_in_time"])).content.decode()
    assert page.count("做到</span>") == 3
    assert browser_as(cast, "chief").get(reverse("appraisal:rows", args=[row.uid, "stars"])).status_code == 404


def test_the_desk_previews_by_group_and_says_what_is_missing(course, cast):
    desk = browser_as(cast, "desk")
    now = clock.now()
    name_appraisers(
        month_id=course.month.pk, user_ids=[cast.people["grid_worker"].pk], actor=cast.actor("desk", now), at=now
    )
    page = desk.get(reverse("appraisal:month", args=[course.month.uid])).content.decode()
    for words in ("第 1 档", "不分先后", "演示网格员还有 2 人没打分", "公布…", "区间"):
        assert words in page
    for key in ("stranger_desk", "street", "commander"):
        assert browser_as(cast, key).get(reverse("appraisal:month", args=[course.month.uid])).status_code == 404
    assert desk.get(reverse("appraisal:months")).status_code == 200
    for name in ("month_print", "sheet_print", "criteria", "appraisers"):
        assert desk.get(reverse(f"appraisal:{name}", args=[course.month.uid])).status_code == 200, name


def test_the_file_of_a_month_names_groups_and_no_ranks(course, cast):
    desk = browser_as(cast, "desk")
    url = reverse("appraisal:month_file", args=[course.month.uid])
    text = b"".join(desk.get(url)).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("地方,职务,姓名,档,总分,区间,表扬")
    book = desk.get(f"{url}?format=xlsx")
    assert book.content.startswith(b"PK")


def test_an_appraiser_fills_in_the_own_sheet_and_sees_no_other(course, cast):
    now = clock.now()
    people = [cast.people[key].pk for key in ("grid_worker", "secretary")]
    name_appraisers(month_id=course.month.pk, user_ids=people, actor=cast.actor("desk", now), at=now)
    url = reverse("appraisal:sheet", args=[course.month.uid])
    phone = browser_as(cast, "grid_worker")
    assert "请您打分" in phone.get(reverse("me:mine")).content.decode()
    assert phone.get(url).status_code == 200
    chief = cast.people["chief"].pk
    sent = {f"p{chief}_0": "5", f"p{chief}_1": "4", "entry_id": str(uuid4())}
    assert phone.post(url, sent).status_code == 302
    assert Score.objects.get().points == [5, 4]
    other = browser_as(cast, "secretary").get(url).content.decode()
    assert 'value="5" selected' not in other
    assert 'value="4" selected' not in other
    for key in ("chief", "desk", "stranger_desk"):
        assert browser_as(cast, key).get(url).status_code == 404


def test_an_objection_goes_from_my_page_to_the_desk_and_back(course, cast):
    row = course.rows()["chief"]
    own = browser_as(cast, "chief")
    url = reverse("appraisal:object", args=[row.uid])
    assert own.get(url).status_code == 200
    sent = {"kind": "orders_in_time", "words": "少算了一件", "entry_id": str(uuid4())}
    answer = own.post(url, sent)
    raised = FigureObjection.objects.get()
    assert answer["Location"] == reverse("appraisal:objection", args=[raised.uid])
    assert own.post(url, sent)["Location"] == answer["Location"], "a second tap is the same act"
    desk = browser_as(cast, "desk")
    assert "演示楼长" in desk.get(reverse("appraisal:objections")).content.decode()
    assert browser_as(cast, "next_chief").get(answer["Location"]).status_code == 404
    reply = reverse("appraisal:answer", args=[raised.uid])
    assert desk.get(reply).status_code == 200
    blank = desk.post(reply, {"reason": "", "entry_id": str(uuid4())})
    assert blank.status_code == 400
    assert desk.post(reply, {"reason": "补上", "cases": "1", "good": "1", "entry_id": str(uuid4())}).status_code == 302
    page = own.get(answer["Location"]).content.decode()
    assert "补上" in page
    assert "已经重新算过" in page
    assert course.rows()["chief"].figures["orders_in_time"]["cases"] == 4


def test_an_objection_can_be_taken_back_by_tap(course, cast):
    now = clock.now()
    raised = object_to_figure(
        standing_uid=course.rows()["chief"].uid, kind="scores", words="不对", actor=cast.actor("chief", now), at=now
    )
    browser_as(cast, "chief").post(reverse("appraisal:take_back", args=[raised.uid]))
    assert FigureObjection.objects.get().status == "taken_back"


def test_a_review_is_heard_on_the_phone_and_decided_at_the_desk(course, cast):
    now = clock.now()
    review = open_review(post=cast.posts["chief"], ground="residents", actor=cast.actor("desk", now), at=now)
    own, desk = browser_as(cast, "chief"), browser_as(cast, "desk")
    here = reverse("appraisal:review", args=[review.uid])
    assert "请先说说您的看法" in own.get(reverse("appraisal:mine")).content.decode()
    assert "这一步跳不过去" in desk.get(here).content.decode()
    assert browser_as(cast, "next_chief").get(here).status_code == 404
    verdict = {"decision": "helped", "reason": "结对帮带", "entry_id": str(uuid4())}
    early = desk.post(reverse("appraisal:decide", args=[review.uid]), verdict)
    assert early.status_code == 409
    assert "不能再做“决定”" in early.content.decode()
    said = {"words": "上个月我住院了", "way": "own", "entry_id": str(uuid4())}
    assert own.post(reverse("appraisal:hear", args=[review.uid]), said).status_code == 302
    assert "我住院了" in desk.get(here).content.decode()
    verdict["entry_id"] = str(uuid4())
    assert desk.post(reverse("appraisal:decide", args=[review.uid]), verdict).status_code == 302
    assert Review.objects.get().status == "helped"
    assert "结对帮带" in own.get(here).content.decode()


def test_a_scheme_begins_from_a_preset_and_refuses_what_weighs_nothing(cast):
    desk = browser_as(cast, "desk")
    add = reverse("appraisal:scheme_add")
    page = desk.get(f"{add}?preset=tasks").content.decode()
    assert "驻村干部按当月任务打分" in page
    sent = {
        "name": "本社区的办法", "role": "chief", "area": cast.areas["community"].pk, "commend_most": 2,
        "pass_mark": 60, "criteria": "门前卫生", "entry_id": str(uuid4()),
    }  # fmt: skip
    empty = desk.post(add, sent)
    assert empty.status_code == 400
    assert "请至少选一项指标" in empty.content.decode()
    sent |= {"weight_scores": "60", "weight_answers_in_time": "40", "hours": "12", "entry_id": str(uuid4())}
    assert desk.post(add, sent).status_code == 302
    assert {each.kind: each.hours for each in Scheme.objects.get().indicators.all()} == {
        "scores": None,
        "answers_in_time": 12,
    }
    listed = desk.get(reverse("appraisal:schemes")).content.decode()
    assert "本社区的办法" in listed
    assert desk.post(reverse("appraisal:scheme_end", args=[Scheme.objects.get().uid])).status_code == 302
    assert Scheme.objects.get().ended_at is not None


def test_the_switch_for_staff_is_off_and_opened_by_its_keeper_alone(cast):
    url = reverse("appraisal:scenes")
    today = clock.local_date(clock.now())
    sent = {
        "kind": "emergency", "name": "防汛", "document": "区防指3号", "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=20)).isoformat(), "entry_id": str(uuid4()),
    }  # fmt: skip
    assert "现在是关着的" in browser_as(cast, "desk").get(url).content.decode()
    assert browser_as(cast, "desk").post(url, sent).status_code == 403
    keeper = browser_as(cast, "system_admin")
    assert keeper.post(url, sent | {"document": ""}).status_code == 400
    assert keeper.post(url, sent | {"entry_id": str(uuid4())}).status_code == 302
    assert "正在用" in keeper.get(url).content.decode()
