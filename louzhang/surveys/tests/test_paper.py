"""Paper: forms for every home of a building, lines typed in by digits, the last one taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import Conflict, NotThere
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.surveys.actions.answering import answer_target
from louzhang.surveys.actions.paper import take_back_last
from louzhang.surveys.models import Answer, Course, FollowUp, Share, Voice
from louzhang.surveys.paper_cells import hint_of, read_line
from louzhang.surveys.questions import Asked, Kind, Option
from louzhang.surveys.tests.ground import QUESTIONS, opened, target_of
from louzhang.surveys.tests.test_following import rule_of
from louzhang.workorders.actions import accept_workorder, dispatch_workorder, take_workorder
from louzhang.workorders.models import WorkOrder
from tests.cast import Cast, browser_as, cast_of_now

PEOPLE = Asked("who", "家里有谁", Kind.MEMBERS, columns=(Option("n", "称呼"), Option("y", "出生年")))
DAY = Asked("day", "哪天", Kind.DATE)
LONG = Asked("long", "选几个", Kind.MANY, options=tuple(Option(f"o{n}", f"第{n}项") for n in range(1, 12)))


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_of_now()


@pytest.fixture
def survey(cast, homes):
    return opened(cast)


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"lives": "1", "heads": "3", "wants": "12"}, {"q_lives": "yes", "q_heads": "3", "q_wants": "a,b"}),
        ({"lives": "０", "wants": "2"}, {"q_lives": "-", "q_wants": "b"}),
        ({"lives": "1", "heads": "-", "words": "-"}, {"q_lives": "yes", "n_heads": "1", "n_words": "1"}),
        ({"lives": "1", "heads": "0"}, {"q_lives": "yes", "q_heads": "0"}),
    ],
)
def test_digits_are_choices_and_a_dash_is_rather_not(cells, fields):
    typed = read_line(QUESTIONS, cells)
    assert not typed.problems
    assert {name: value for name, value in typed.fields.items() if value} == fields


def test_two_dashes_decline_the_whole_form():
    assert read_line(QUESTIONS, {"lives": "--", "heads": "3"}).is_declined


def test_days_people_and_more_than_nine_choices_are_typed_too():
    typed = read_line((PEOPLE, DAY, LONG), {"who": "母亲 1950；儿子 1980", "day": "20260301", "long": "1 11"})
    assert typed.fields == {
        "q_who_0_n": "母亲", "q_who_0_y": "1950", "q_who_1_n": "儿子", "q_who_1_y": "1980",
        "q_day": "2026-03-01", "q_long": "o1,o11",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["3", "9", "x"])
def test_a_digit_that_is_no_choice_says_what_to_type(text):
    assert "1 到 2" in read_line(QUESTIONS, {"lives": text}).problems["lives"]
    assert hint_of(QUESTIONS[0]) == "1 是　2 否　0 不愿回答"


def send(cast, survey, door="301", key="chief", entry=1, **cells):
    url = reverse("survey_paper:row", args=[target_of(survey, door).uid])
    body = {f"c_{name}": value for name, value in cells.items()} | {"entry_id": str(UUID(int=entry))}
    return browser_as(cast, key).post(url, body, headers={"X-Requested-With": "fetch"})


def test_a_line_is_the_same_answer_as_at_the_door(cast, survey):
    told = send(cast, survey, lives="1", heads="3", wants="1", words="楼道灯不亮")
    assert told.status_code == 200
    assert (told.json()["taken"], told.json()["done"], told.json()["total"]) == (True, 1, 2)
    answer = Answer.objects.get()
    assert (answer.voice, answer.chosen["heads"]) == (Voice.PAPER, 3)
    assert json.loads(answer.open_field("said")) == {"words": "楼道灯不亮"}
    assert send(cast, survey, lives="1", heads="3").json()["taken"], "sent twice, once an answer"
    assert Answer.objects.count() == 1


def test_what_is_wrong_says_so_in_its_field_and_nothing_is_saved(cast, survey):
    told = send(cast, survey, lives="1")
    assert told.status_code == 400
    assert set(told.json()["problems"]) == {"heads"}
    assert not Answer.objects.exists()


def test_a_browser_without_scripts_saves_a_line_and_comes_back_to_it(cast, survey):
    target = target_of(survey, "301")
    answer = browser_as(cast, "chief").post(
        reverse("survey_paper:row", args=[target.uid]), {"c_lives": "2", "entry_id": str(UUID(int=5))}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#row-{target.uid}")
    assert Answer.objects.get().chosen["lives"] == "no"


def test_the_last_line_is_taken_back_and_what_it_said_is_forgotten(cast, survey):
    later = cast.at + timedelta(minutes=5)
    send(cast, survey, lives="1", heads="3", words="写错了行")
    target = take_back_last(survey=survey, actor=cast.actor("chief"), at=later).target
    answer = Answer.objects.get()
    assert (target.state, target.current, answer.chosen, answer.said_sealed) == ("waiting", 0, {}, "")
    share = Share.objects.get(survey=survey, area=cast.areas["stairwell"])
    assert (share.answered, share.absent) == (0, 0)
    with pytest.raises(NotThere):
        take_back_last(survey=survey, actor=cast.actor("chief"), at=later)
    assert prove_journal().events > 0


def test_what_held_before_holds_again_and_nobody_takes_back_what_another_typed(cast, survey):
    answer_target(
        target_uid=target_of(survey, "301").uid, uid=UUID(int=50), fields={"q_lives": "no"}, outcome="answered",
        voice="door", actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip
    send(cast, survey, lives="1", heads="3")
    with pytest.raises(NotThere):
        take_back_last(survey=survey, actor=cast.actor("grid_worker"), at=clock.now())
    target = take_back_last(survey=survey, actor=cast.actor("chief"), at=clock.now()).target
    assert (target.state, target.current) == ("answered", 1)
    send(cast, survey, entry=60, lives="1", heads="4")
    answer_target(
        target_uid=target.uid, uid=UUID(int=61), fields={"q_lives": "no"}, outcome="answered", voice="self",
        actor=cast.actor("chief"), at=clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    with pytest.raises(Conflict):
        take_back_last(survey=survey, actor=cast.actor("chief"), at=clock.now() + timedelta(minutes=2))


def test_blank_forms_say_that_rather_not_is_an_answer_who_asks_and_until_when(cast, survey):
    page = browser_as(cast, "desk").get(reverse("survey_paper:print", args=[survey.uid, cast.areas["building"].pk]))
    text = page.content.decode()
    assert text.count("<article") == 2
    for words in ("不愿回答", "彩虹社区", "居民自愿回答", f"{survey.purge_on:%Y}年", "户码", "核对哪些房屋有人住"):
        assert words in text
    assert "演示父亲" not in text, "no name on paper that lies at doors"


def test_filled_forms_are_printed_for_a_purpose_that_is_kept(cast, survey):
    send(cast, survey, lives="1", heads="3", words="楼道灯不亮")
    url = reverse("survey_paper:print", args=[survey.uid, cast.areas["building"].pk])
    assert "楼道灯" not in browser_as(cast, "desk").get(f"{url}?which=filled").content.decode()
    text = browser_as(cast, "desk").post(url, {"purpose": "住户要一份底稿"}).content.decode()
    assert "楼道灯不亮" in text
    assert text.count("<article") == 1
    assert Reveal.objects.get(what="survey_paper").subject_id == target_of(survey, "301").pk


# Who opens paper and picture of the chief's building.
OPENS = {"stairwell_head": 200, "chief": 200, "grid_worker": 200, "desk": 200, "secretary": 200, "street": 404,
         "commander": 404, "next_chief": 404, "stranger_chief": 404, "stranger_desk": 404, "property": 403,
         "resident": 403, "system_admin": 403}  # fmt: skip


@pytest.mark.parametrize("key", OPENS)
def test_who_opens_paper_and_picture(cast, survey, key, django_assert_max_num_queries):
    place = [survey.uid, cast.areas["stairwell"].pk]
    browser = browser_as(cast, key)
    for name in ("typing", "print", "picture"):
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(f"survey_paper:{name}", args=place)).status_code == OPENS[key], name
    status = send(cast, survey, key=key, entry=900, lives="2").status_code
    assert status == OPENS[key]


def test_the_picture_shows_who_would_rather_not_like_everybody_who_is_done(cast, survey):
    for number, (door, outcome) in enumerate((("301", "answered"), ("302", "declined"))):
        answer_target(
            target_uid=target_of(survey, door).uid, uid=UUID(int=70 + number), fields={"q_lives": "no"},
            outcome=outcome, voice="door", actor=cast.actor("chief"), at=cast.at,
        )  # fmt: skip
    url = reverse("survey_paper:picture", args=[survey.uid, cast.areas["building"].pk])
    for view in ("", "?view=table"):
        text = browser_as(cast, "chief").get(url + view).content.decode()
        assert "不愿" not in text.split('id="live"')[1].split("lz-house-legend")[0]
        assert text.count("sv-home-done") in (0, 3)


@pytest.fixture
def becomes_order(cast, survey):
    """Three or more people at home become a matter of the office."""
    return rule_of(
        cast, survey, course=Course.ORDER, category=cast.categories["leak"], role="", days=None, words="请看一下"
    )


def type_and_follow(cast, survey, entry=1):
    send(cast, survey, entry=entry, lives="1", heads="3")
    while read_new_events(at=clock.now()):
        pass


def take_back(cast, survey, **more):
    return browser_as(cast, "chief").post(reverse("survey_paper:back", args=[survey.uid]), **more)


def test_an_order_that_nobody_has_taken_is_withdrawn_with_the_line(cast, survey, becomes_order):
    type_and_follow(cast, survey)
    order = WorkOrder.objects.get()
    told = take_back(cast, survey, headers={"X-Requested-With": "fetch"}).json()
    order.refresh_from_db()
    assert (order.status, told["left"]) == ("withdrawn", [])
    assert FollowUp.objects.get().undone_at is not None
    assert prove_journal().events > 0


def test_the_right_answer_of_the_household_sets_it_going_again(cast, survey, becomes_order):
    type_and_follow(cast, survey)
    take_back(cast, survey)
    type_and_follow(cast, survey, entry=2)
    assert list(WorkOrder.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "reported"]
    assert FollowUp.objects.filter(undone_at=None).count() == 1


def test_an_order_somebody_is_at_work_on_stays_and_the_page_says_so_with_a_link(cast, survey, becomes_order):
    type_and_follow(cast, survey)
    order, desk, at = WorkOrder.objects.get(), cast.actor("desk"), clock.now()
    accept_workorder(order_id=order.pk, actor=desk, at=at)
    dispatch_workorder(
        order_id=order.pk, unit=cast.units["community_office"], seat=cast.posts["chief"], actor=desk, at=at
    )
    take_workorder(order_id=order.pk, actor=cast.actor("chief"), at=at)
    told = take_back(cast, survey, headers={"X-Requested-With": "fetch"}).json()
    order.refresh_from_db()
    assert (told["taken"], order.status) == (True, "taken")
    (left,) = told["left"]
    assert f"工单 {order.number} 已经有人在办" in left["words"]
    assert browser_as(cast, "chief").get(left["url"]).status_code == 200
    assert FollowUp.objects.get().undone_at is None


def test_without_scripts_the_page_it_leads_to_says_what_stays(cast, survey):
    rule_of(cast, survey, course=Course.NEED, role="", days=None, words="想装扶手")
    type_and_follow(cast, survey)
    browser = browser_as(cast, "chief")
    page = browser.get(browser.post(reverse("survey_paper:back", args=[survey.uid]))["Location"]).content.decode()
    assert "需求清单里的“想装扶手”还在" in page
    other = browser_as(cast, "next_chief").get(
        reverse("survey_paper:typing", args=[survey.uid, cast.areas["next_building"].pk])
        + f"?left={FollowUp.objects.get().uid}&left=nonsense"
    )
    assert "想装扶手" not in other.content.decode()
