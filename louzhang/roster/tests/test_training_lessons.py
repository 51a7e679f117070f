"""Signing up, the waiting list, being there, the sheet: as people of the cast do it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.roster.actions.training.courses import end_course, set_rule
from louzhang.roster.actions.training.enrolling import attend_by_code, enrol, withdraw
from louzhang.roster.actions.training.lessons import (
    LessonDraft,
    call_off_lesson,
    change_lesson,
    correct_attendance,
    hold_lesson,
)
from louzhang.roster.models.training import Enrolment, Lesson
from louzhang.roster.queries.training import done_by
from louzhang.roster.queries.training.audience import audience_of
from louzhang.roster.queries.training.lessons import code_at, offers_for
from louzhang.roster.tests.training_scene import everybody, later, make_course, make_lesson
from tests.cast import cast_of_now


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def lesson(cast):
    return make_lesson(cast, make_course(cast))


def state(cast, key):
    return Enrolment.objects.filter(user=cast.people[key]).order_by("-pk").values_list("status", "seat").first()


def take(cast, lesson, *keys):
    for key in keys:
        enrol(uid=lesson.uid, actor=cast.actor(key), at=cast.at)


def draft_of(lesson, **changes):
    said = {"place": lesson.place, "starts_at": lesson.starts_at, "ends_at": lesson.ends_at, "seats": lesson.seats}
    return LessonDraft(**(said | changes))


def test_a_lesson_is_seen_by_whom_it_reaches_and_by_the_offices_above(cast, lesson):
    reached = {key for key, actor in everybody(cast).items() if Lesson.objects.visible_to(actor).exists()}
    assert reached == {
        "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "street", "commander",
    }  # fmt: skip
    assert not Lesson.objects.visible_to(SYSTEM).exists()
    with pytest.raises(TypeError):
        Lesson.objects.visible_to(None)  # type: ignore[arg-type]  # None is what is tried


def test_an_enrolment_is_seen_by_its_person_and_the_offices_and_by_nobody_else(cast, lesson):
    take(cast, lesson, "chief")
    seen = {key for key, actor in everybody(cast).items() if Enrolment.objects.visible_to(actor).exists()}
    assert seen == {"chief", "desk", "secretary", "street", "commander"}


def test_the_first_two_have_seats_the_third_waits_and_moves_up_by_itself(cast, lesson):
    take(cast, lesson, "chief", "next_chief", "grid_worker")
    assert [state(cast, key) for key in ("chief", "next_chief", "grid_worker")] == [
        ("seated", 1), ("seated", 2), ("waiting", None),
    ]  # fmt: skip
    withdraw(uid=lesson.uid, actor=cast.actor("chief"), at=cast.at)
    assert state(cast, "chief") == ("withdrawn", None)
    assert state(cast, "grid_worker") == ("seated", 1)
    read_new_events(at=cast.at)
    told = Notice.objects.filter(title__contains="您候补上了")
    assert {notice.user_id for notice in told} == {cast.people["grid_worker"].pk}
    assert prove_journal().chains


def test_nobody_is_in_a_lesson_twice_but_may_come_back(cast, lesson):
    take(cast, lesson, "chief")
    with pytest.raises(Conflict, match="已经报过"):
        take(cast, lesson, "chief")
    withdraw(uid=lesson.uid, actor=cast.actor("chief"), at=cast.at)
    take(cast, lesson, "chief")
    assert state(cast, "chief") == ("seated", 1)


def test_a_course_for_others_and_one_of_another_street_are_closed(cast, lesson):
    with pytest.raises(NotYours, match="不是给您的职务"):
        take(cast, lesson, "grid_lead")
    with pytest.raises(NotThere):
        take(cast, lesson, "stranger_chief")
    with pytest.raises(NotYours):
        take(cast, lesson, "nobody")


def test_once_it_has_begun_nobody_signs_up_or_gives_back(cast, lesson):
    take(cast, lesson, "chief")
    at = later(cast, 24.5)
    with pytest.raises(Conflict):
        enrol(uid=lesson.uid, actor=cast.actor("next_chief"), at=at)
    with pytest.raises(Conflict):
        withdraw(uid=lesson.uid, actor=cast.actor("chief"), at=at)


def test_more_seats_let_those_who_wait_in_and_fewer_than_taken_are_refused(cast, lesson):
    take(cast, lesson, "chief", "next_chief", "grid_worker")
    desk = cast.actor("desk")
    with pytest.raises(InputRefused, match="已经有 2 个人"):
        change_lesson(uid=lesson.uid, draft=draft_of(lesson, seats=1), actor=desk, at=cast.at)
    change_lesson(uid=lesson.uid, draft=draft_of(lesson, seats=3), actor=desk, at=cast.at)
    assert state(cast, "grid_worker") == ("seated", 3)
    withdraw(uid=lesson.uid, actor=cast.actor("chief"), at=cast.at)
    change_lesson(uid=lesson.uid, draft=draft_of(lesson, seats=2), actor=desk, at=cast.at)
    assert {state(cast, key) for key in ("next_chief", "grid_worker")} == {("seated", 2), ("seated", 1)}


def heard(cast, words=""):
    """Who has heard something of training with these words."""
    read_new_events(at=cast.at)
    rows = Notice.objects.filter(kind="training", title__contains=words).values_list("user_id", flat=True)
    return {key for key, person in cast.people.items() if person.pk in set(rows)}


def test_a_new_lesson_is_told_to_those_it_is_for_and_to_nobody_else(cast, lesson):
    assert heard(cast, "新排了一场培训：急救入门") == {"chief", "next_chief", "stairwell_head", "grid_worker"}
    assert "社区会议室" in Notice.objects.filter(user=cast.people["chief"]).get().title


def test_where_a_rule_asks_for_it_those_who_are_due_hear_of_it_and_those_who_have_been_there_do_not(cast):
    course = make_course(cast, kind="in_turn")
    for role, months in (("chief", 1), ("grid_worker", 6)):
        set_rule(area=cast.areas["community"], role=role, course_uid=course.uid, every_months=months,
                 actor=cast.actor("desk"), at=cast.at)  # fmt: skip
    make_lesson(cast, course)
    assert heard(cast, "您该学的") == {"chief", "next_chief"}, "the workers have half a year"
    assert heard(cast, "新排了") == {"stairwell_head"}, "of whom nothing is asked"


def test_who_has_been_there_is_not_called_again_unless_it_is_given_in_turn(cast):
    for name, kind, again in (("民法典", "before", False), ("案例会", "in_turn", True)):
        course = make_course(cast, name=name, kind=kind)
        first = make_lesson(cast, course)
        hold_lesson(uid=first.uid, came=[], others=[cast.people["chief"].pk], actor=cast.actor("desk"),
                    at=later(cast, 25))  # fmt: skip
        assert ("chief" in audience_keys(cast, make_lesson(cast, course, hours=48))) is again


def audience_keys(cast, lesson):
    told = audience_of(lesson, later(cast, 30))
    return {key for key, person in cast.people.items() if person.pk in told.due | told.free}


def test_who_enters_the_sheet_hears_of_it_and_whoever_takes_it_over(cast):
    lesson = make_lesson(cast, make_course(cast), trainer_account=cast.people["grid_lead"])
    assert heard(cast, "请您登记") == {"grid_lead"}
    desk, other = cast.actor("desk"), draft_of(lesson, trainer_account=cast.people["secretary"])
    change_lesson(uid=lesson.uid, draft=other, actor=desk, at=cast.at)
    assert heard(cast, "请您登记") == {"grid_lead", "secretary"}
    assert not heard(cast, "改了时间"), "nothing has moved"


def test_a_moved_or_called_off_lesson_is_told_to_who_is_in_it(cast, lesson):
    take(cast, lesson, "chief", "next_chief", "grid_worker")
    desk = cast.actor("desk")
    change_lesson(uid=lesson.uid, draft=draft_of(lesson, seats=3), actor=desk, at=cast.at)
    assert not heard(cast, "改了时间或地点"), "a further seat moves nobody"
    withdraw(uid=lesson.uid, actor=cast.actor("next_chief"), at=cast.at)
    change_lesson(uid=lesson.uid, draft=draft_of(lesson, place="街道礼堂"), actor=desk, at=cast.at)
    assert heard(cast, "街道礼堂") == {"chief", "grid_worker"}
    lesson.refresh_from_db()
    longer = draft_of(lesson, ends_at=lesson.ends_at + timedelta(hours=1))
    assert change_lesson(uid=lesson.uid, draft=longer, actor=desk, at=cast.at).ends_at == longer.ends_at
    assert Event.objects.filter(verb="change").latest("pk").payload["moved"] is True
    call_off_lesson(uid=lesson.uid, reason="老师生病", actor=desk, at=cast.at)
    assert heard(cast, "取消") == {"chief", "grid_worker"}
    with pytest.raises(Conflict):
        take(cast, lesson, "next_chief")


def test_the_code_of_the_room_says_who_was_there_and_nothing_of_where(cast, lesson):
    take(cast, lesson, "chief")
    at = later(cast, 24.2)
    code = code_at(lesson, at)
    wrong = "000000" if code != "000000" else "111111"
    for typed in (wrong, "１２３４５６", "", "x" * 6):
        with pytest.raises(InputRefused, match="数字不对"):
            attend_by_code(uid=lesson.uid, code=typed, actor=cast.actor("chief"), at=at)
    with pytest.raises(Conflict, match="开始前半小时"):
        attend_by_code(uid=lesson.uid, code=code_at(lesson, cast.at), actor=cast.actor("chief"), at=cast.at)
    attend_by_code(uid=lesson.uid, code=f"{code[:3]} {code[3:]}", actor=cast.actor("chief"), at=at)
    row = Enrolment.objects.get(user=cast.people["chief"])
    assert (row.status, row.way) == ("attended", "code")
    assert [done.course for done in done_by(cast.people["chief"])] == [lesson.course]
    with pytest.raises(TransitionRefused):
        attend_by_code(uid=lesson.uid, code=code, actor=cast.actor("chief"), at=at)
    columns = {field.name for field in Enrolment._meta.get_fields()}
    assert not columns & {"latitude", "longitude", "position", "place"}


def test_the_code_of_ten_minutes_ago_still_holds_and_an_older_one_does_not(cast, lesson):
    old = code_at(lesson, later(cast, 24))
    attend_by_code(uid=lesson.uid, code=old, actor=cast.actor("chief"), at=later(cast, 24 + 1 / 6))
    with pytest.raises(InputRefused):
        attend_by_code(uid=lesson.uid, code=old, actor=cast.actor("next_chief"), at=later(cast, 24.5))


def test_the_sheet_closes_a_lesson_those_missing_were_not_there_and_those_unasked_were(cast, lesson):
    take(cast, lesson, "chief", "next_chief", "grid_worker")
    desk, at = cast.actor("desk"), later(cast, 26)
    people = {key: cast.people[key].pk for key in ("chief", "stairwell_head", "stranger_chief")}
    with pytest.raises(InputRefused, match="还没有开始"):
        hold_lesson(uid=lesson.uid, came=[people["chief"]], actor=desk, at=cast.at)
    with pytest.raises(InputRefused, match="不在这场培训的范围"):
        hold_lesson(uid=lesson.uid, came=[], others=[people["stranger_chief"]], actor=desk, at=at)
    hold_lesson(uid=lesson.uid, came=[people["chief"]], others=[people["stairwell_head"]], actor=desk, at=at)
    states = {key: state(cast, key)[0] for key in ("chief", "next_chief", "grid_worker", "stairwell_head")}
    assert states == {
        "chief": "attended", "next_chief": "missed", "grid_worker": "withdrawn", "stairwell_head": "attended",
    }  # fmt: skip
    assert Lesson.objects.get().status == "held"
    assert prove_journal().chains


def test_a_mistake_on_the_sheet_is_put_right_by_who_runs_it_and_by_nobody_else(cast, lesson):
    take(cast, lesson, "chief")
    hold_lesson(uid=lesson.uid, came=[], actor=cast.actor("desk"), at=later(cast, 26))
    row = Enrolment.objects.get(user=cast.people["chief"])
    with pytest.raises(NotThere):
        correct_attendance(enrolment_id=row.pk, was_there=True, actor=cast.actor("stranger_desk"), at=later(cast, 27))
    with pytest.raises(NotThere):
        correct_attendance(enrolment_id=row.pk, was_there=True, actor=cast.actor("next_chief"), at=later(cast, 27))
    correct_attendance(enrolment_id=row.pk, was_there=True, actor=cast.actor("secretary"), at=later(cast, 27))
    assert state(cast, "chief") == ("attended", 1)
    correct_attendance(enrolment_id=row.pk, was_there=False, actor=cast.actor("desk"), at=later(cast, 28))
    assert state(cast, "chief") == ("missed", 1)


def test_a_trainer_with_an_account_runs_the_lesson_without_being_its_office(cast):
    lesson = make_lesson(cast, make_course(cast), trainer_account=cast.people["grid_lead"])
    take(cast, lesson, "chief")
    hold_lesson(uid=lesson.uid, came=[cast.people["chief"].pk], actor=cast.actor("grid_lead"), at=later(cast, 26))
    assert state(cast, "chief")[0] == "attended"
    other = make_lesson(cast, make_course(cast, name="民法典", subject="civil_code", kind="tiered", tier=1))
    with pytest.raises(NotYours):
        call_off_lesson(uid=other.uid, reason="不想去", actor=cast.actor("chief"), at=cast.at)


def test_only_the_office_plans_and_another_community_does_not_see_it(cast):
    with pytest.raises(NotYours):
        make_course(cast, key="chief")
    with pytest.raises(NotYours):
        make_course(cast, key="stranger_desk")
    course = make_course(cast)
    with pytest.raises(NotThere):
        make_lesson(cast, course, key="stranger_desk")
    with pytest.raises(NotYours):
        make_lesson(cast, course, key="chief")
    street = make_course(cast, name="街道轮训", where="street", key="street", kind="in_turn")
    make_lesson(cast, street, key="street")
    assert len(offers_for(cast.actor("chief"), cast.at)) == 1


def test_a_course_with_a_lesson_to_come_is_not_ended_over_the_heads_of_those_in_it(cast, lesson):
    take(cast, lesson, "chief")
    desk = cast.actor("desk")
    with pytest.raises(Conflict, match="没上的场次"):
        end_course(uid=lesson.course.uid, actor=desk, at=cast.at)
    call_off_lesson(uid=lesson.uid, reason="停办", actor=desk, at=cast.at)
    assert end_course(uid=lesson.course.uid, actor=desk, at=cast.at).ended_at == cast.at
