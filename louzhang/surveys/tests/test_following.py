"""Answers that need somebody: made once by rule, seen by who handles them, never by declining."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from louzhang.accounts.limits import LIMITS
from louzhang.areas.actions import end_post
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.models import DayItem
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Reveal, Stuck
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TooOften, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.notices.queries import inbox
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.models import Need, Stay
from louzhang.surveys.actions.answering import Said, answer_target, take_answers
from louzhang.surveys.actions.following_up import RuleDraft, add_follow_up_rule, drop, end_follow_up_rule, follow
from louzhang.surveys.actions.opening import open_words
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.follow_up_notices import FOLLOW_UPS
from louzhang.surveys.following import is_met
from louzhang.surveys.models import Course, FollowUp, Question
from louzhang.surveys.queries.follow_ups import count_follow_ups, follow_ups_of
from louzhang.surveys.tests.ground import GOOD, target_of
from louzhang.workorders.models import WorkOrder
from tests.cast import browser_as


def rule_of(cast, survey, key="heads", actor="desk", **more):
    question = Question.objects.get(survey=survey, key=key)
    given = {"course": Course.VISIT, "words": "上门看看住得下吗", "condition": {"least": 3}, "role": "chief", "days": 3}
    return add_follow_up_rule(
        survey_id=survey.pk, draft=RuleDraft(question.pk, **{**given, **more}), actor=cast.actor(actor), at=cast.at
    )


def say(cast, survey, uid=1, door="301", fields=GOOD, later=0, key="chief", outcome="answered"):
    taken = answer_target(
        target_uid=target_of(survey, door).uid, uid=UUID(int=uid), fields=fields, outcome=outcome, voice="door",
        actor=cast.actor(key), at=cast.at + timedelta(minutes=later),
    )  # fmt: skip
    assert taken.is_taken, taken.message
    while read_new_events(at=cast.at):
        pass
    assert not Stuck.objects.exists()


def test_an_answer_that_needs_somebody_becomes_a_call_by_its_day(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    call = FollowUp.objects.get()
    assert call.due_on == clock.local_date(call.made_at) + timedelta(days=3)
    assert (call.area, call.role, call.number) == (cast.areas["stairwell"], "chief", 1)


def test_it_becomes_an_order_that_says_what_to_do_and_nothing_of_the_answer(cast, survey):
    rule_of(cast, survey, course=Course.ORDER, category=cast.categories["leak"], role="", days=None, words="请修漏水")
    say(cast, survey)
    order = WorkOrder.objects.get()
    assert FollowUp.objects.get().order == order
    assert (order.summary, order.area) == ("请修漏水", cast.areas["stairwell"])
    assert "301" not in order.summary
    assert order.reports.get().open_field("door") == "301"


def test_it_becomes_a_need_of_the_household(cast, survey):
    rule_of(
        cast,
        survey,
        key="wants",
        course=Course.NEED,
        condition={"answers": ["a"]},
        role="",
        days=None,
        words="想装电梯",
    )
    say(cast, survey)
    need = Need.objects.get()
    assert (need.summary, need.household) == ("想装电梯", target_of(survey, "301").household)


def test_once_a_household_however_often_it_answers_or_the_event_is_read(cast, survey):
    rule_of(cast, survey, course=Course.ORDER, category=cast.categories["leak"], role="", days=None)
    say(cast, survey)
    say(cast, survey, uid=2, later=5)
    say(cast, survey, uid=2, later=5)
    assert WorkOrder.objects.count() == FollowUp.objects.count() == 1


def test_a_call_stands_in_the_day_of_whoever_is_to_make_it(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    day = clock.local_date(cast.at)
    make_days(day=day, at=cast.at)
    holders = set(
        DayItem.objects.filter(source__startswith="follow_up:").values_list("day_list__post__user", flat=True)
    )
    assert holders == {cast.people["chief"].pk}
    follow(follow_up_id=FollowUp.objects.get().pk, actor=cast.actor("chief"), at=cast.at)
    assert not list(follow_ups_of(cast.actor("chief")))


def test_an_answer_that_does_not_hold_sets_nothing_going(cast, survey):
    rule_of(cast, survey)
    say(cast, survey, fields={**GOOD, "q_heads": "1"}, later=10)
    old = Said(uid=UUID(int=7), target=target_of(survey, "301").uid, fields=GOOD, happened_at=cast.at)
    take_answers([old], voice="door", actor=cast.actor("chief"), at=cast.at + timedelta(minutes=20))
    read_new_events(at=cast.at)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "fields"), [("declined", {}), ("answered", {"q_lives": "yes", "q_heads": "-"}), ("absent", {})]
)
def test_who_would_rather_not_answer_is_left_in_peace(cast, survey, outcome, fields):
    rule_of(cast, survey, condition={"least": 0})
    rule_of(cast, survey, key="wants", condition={"answers": ["a", "b"]})
    say(cast, survey, outcome=outcome, fields=fields)
    assert not FollowUp.objects.exists()


def test_conditions_hold_for_what_was_said_alone():
    assert is_met({"answers": ["yes"]}, "yes")
    assert is_met({"answers": ["a"]}, ["b", "a"])
    assert is_met({"least": 3}, 3)
    assert not is_met({"least": 3}, 2)
    assert not is_met({"answers": ["yes", "-"]}, "-")
    assert not is_met({"least": 0}, "-")
    assert not is_met({}, 5)
    assert not is_met({"least": 0}, None)


# Who reads the follow-up of 301 in the chief's building: nobody but those who handle it.
SEERS = {
    Course.VISIT: {"chief", "desk", "secretary"},
    Course.ORDER: {"desk", "secretary"},
    Course.NEED: {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary"},
}


@pytest.mark.parametrize("course", SEERS)
def test_who_sees_it(cast, survey, course):
    ways = {
        Course.VISIT: {"role": "chief", "days": 3},
        Course.ORDER: {"category": cast.categories["leak"], "role": "", "days": None},
        Course.NEED: {"role": "", "days": None},
    }
    rule_of(cast, survey, course=course, **ways[course])
    say(cast, survey)
    seen = {key for key, actor in cast.everyone().items() if FollowUp.objects.visible_to(actor).exists()}
    assert seen == SEERS[course] | {"system"}
    assert follow_ups_of(cast.actor("street")) == []
    assert count_follow_ups(survey, cast.areas["street"]) == 1, "offices above are told how many"
    assert count_follow_ups(survey, cast.areas["next_building"]) == 0


def test_a_call_is_ticked_off_by_who_made_it_and_by_nobody_else(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    call = FollowUp.objects.get()
    for key in ("next_chief", "street", "grid_worker"):
        with pytest.raises(NotThere):
            follow(follow_up_id=call.pk, actor=cast.actor(key), at=cast.at)
    follow(follow_up_id=call.pk, actor=cast.actor("chief"), at=cast.at, words="已经看过")
    with pytest.raises(TransitionRefused):
        drop(follow_up_id=call.pk, reason="重复", actor=cast.actor("desk"), at=cast.at)
    assert not FollowUp.objects.open().exists()
    assert prove_journal().events > 0


def test_only_the_office_that_asks_sets_rules_and_not_of_sealed_answers(cast, survey):
    with pytest.raises(NotYours):
        rule_of(cast, survey, actor="street")
    with pytest.raises(InputRefused, match="密存"):
        rule_of(cast, survey, key="words", condition={"answers": ["*"]})
    with pytest.raises(InputRefused, match="不愿回答"):
        rule_of(cast, survey, key="lives", condition={"answers": ["-"]})
    with pytest.raises(InputRefused, match="几天"):
        rule_of(cast, survey, days=0)
    rule = rule_of(cast, survey)
    end_follow_up_rule(rule_uid=rule.uid, actor=cast.actor("desk"), at=cast.at)
    say(cast, survey)
    assert not FollowUp.objects.exists()
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at)
    with pytest.raises(TransitionRefused):
        rule_of(cast, survey)


def told_of_follow_ups(cast, key):
    return [notice.title for notice in inbox(cast.actor(key))]


def test_whoever_is_to_call_hears_of_it_and_nobody_else(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    FOLLOW_UPS.read(list(Event.objects.filter(subject_kind="follow_up")), news=timedelta(days=9999))
    assert told_of_follow_ups(cast, "chief") == ["排查里有一户请您上门：上门看看住得下吗"]
    for key in ("stairwell_head", "next_chief", "grid_worker", "desk", "stranger_chief"):
        assert told_of_follow_ups(cast, key) == []


def test_a_call_that_nobody_in_the_field_can_make_is_told_to_the_office(cast, survey):
    rule_of(cast, survey)
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=cast.at)
    say(cast, survey, key="grid_worker")
    FOLLOW_UPS.read(list(Event.objects.filter(subject_kind="follow_up")), news=timedelta(days=9999))
    assert told_of_follow_ups(cast, "desk") == ["排查里有一户请您上门：上门看看住得下吗"]


def test_a_call_at_a_shielded_home_is_told_to_the_secretary_alone(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    for stay in Stay.objects.filter(household=target_of(survey, "301").household, ends_on=None):
        shelter_resident(
            resident_id=stay.resident_id, document="人身安全保护令 1 号", actor=cast.actor("secretary"), at=cast.at,
            ends_on=clock.local_date(cast.at) + timedelta(days=90),
        )  # fmt: skip
    FOLLOW_UPS.read(list(Event.objects.filter(subject_kind="follow_up")), news=timedelta(days=9999))
    assert told_of_follow_ups(cast, "secretary") == ["排查里有一户请您上门：上门看看住得下吗"]
    assert told_of_follow_ups(cast, "chief") == told_of_follow_ups(cast, "desk") == []


def open_as(cast, key, reason="上门前想知道缺什么", at=None):
    return open_words(follow_up_uid=FollowUp.objects.get().uid, reason=reason, actor=cast.actor(key), at=at or cast.at)


def test_whoever_handles_it_opens_what_the_household_wrote_for_a_reason_that_is_kept(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    (written,) = open_as(cast, "chief")
    assert (written.asked.key, written.lines) == ("words", ("楼道灯不亮",))
    look = Reveal.objects.get(what="survey_follow_up")
    assert (look.user_id, look.subject_id) == (cast.people["chief"].pk, target_of(survey, "301").pk)
    assert look.reason == "住户摸底：上门前想知道缺什么"


def test_nobody_else_opens_it_and_nobody_without_a_reason_or_too_often(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    for key in ("stairwell_head", "next_chief", "street", "stranger_chief", "resident"):
        with pytest.raises(NotThere):
            open_as(cast, key)
    with pytest.raises(InputRefused):
        open_as(cast, "chief", reason=" ")
    for _ in range(LIMITS["reveal.person"][0].most):
        open_as(cast, "chief")
    with pytest.raises(TooOften):
        open_as(cast, "chief")


def test_once_it_is_done_the_words_stay_closed(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    follow(follow_up_id=FollowUp.objects.get().pk, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(NotThere):
        open_as(cast, "chief")


def test_the_page_opens_the_words_by_a_reason_and_not_before(cast, survey):
    rule_of(cast, survey)
    say(cast, survey)
    url = reverse("follow_ups:one", args=[FollowUp.objects.get().uid])
    browser = browser_as(cast, "chief")
    page = browser.get(url).content.decode()
    assert "看这一户写的话" in page
    assert "楼道灯不亮" not in page
    refused = browser.post(f"{url}words/", {"purpose": ""})
    assert refused.status_code == 400
    assert "楼道灯不亮" not in refused.content.decode()
    opened = browser.post(f"{url}words/", {"purpose": "上门前了解情况"})
    assert "楼道灯不亮" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert browser_as(cast, "next_chief").post(f"{url}words/", {"purpose": "上门前了解"}).status_code == 404
