"""Who lacks what by when, reminders, and that nothing of training can be added up into an appraisal."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.roster.actions.training.courses import end_rule, set_rule
from louzhang.roster.actions.training.enrolling import attend_by_code
from louzhang.roster.actions.training.reminding import remind_of_training
from louzhang.roster.models import training
from louzhang.roster.models.training import Reminder
from louzhang.roster.queries.training import due_for, due_list
from louzhang.roster.queries.training.lessons import code_at
from louzhang.roster.tests.training_scene import later, make_course, make_lesson
from louzhang.roster.training_dates import due_on, months_later
from tests.cast import cast_of_now, make_cast

ROSTER = Path(training.__file__).resolve().parents[2]
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.fixture
def cast(db):
    return make_cast()


def rule(cast, course, *, role="chief", key="desk", where="community", **span):
    span = span or {"within_days": 30}
    return set_rule(area=cast.areas[where], role=role, course_uid=course.uid, actor=cast.actor(key), at=cast.at, **span)


def test_a_course_before_the_post_is_due_so_many_days_on_and_done_by_being_there(cast):
    course = make_course(cast)
    rule(cast, course)
    chief, today = cast.people["chief"], clock.local_date(cast.at)
    (due,) = due_for(chief, cast.at)
    assert (due.due_on, due.is_late(today), due.lesson) == (today + timedelta(days=30), False, None)
    lesson = make_lesson(cast, course)
    assert due_for(chief, cast.at)[0].lesson == lesson
    at = later(cast, 24.2)
    attend_by_code(uid=lesson.uid, code=code_at(lesson, at), actor=cast.actor("chief"), at=at)
    assert due_for(chief, at) == []
    assert due_for(cast.people["grid_worker"], at) == []


def test_a_course_in_turn_comes_back_after_so_many_months(cast):
    course = make_course(cast, kind="in_turn")
    rule(cast, course, every_months=3)
    assert [due.due_on for due in due_for(cast.people["chief"], later(cast, 24 * 40))] == [date(2026, 6, 2)]
    lesson = make_lesson(cast, course)
    at = later(cast, 24.2)
    attend_by_code(uid=lesson.uid, code=code_at(lesson, at), actor=cast.actor("chief"), at=at)
    assert due_for(cast.people["chief"], at) == []
    assert [due.due_on for due in due_for(cast.people["chief"], later(cast, 24 * 60))] == [date(2026, 6, 3)]


def test_the_desk_reads_the_same_list_for_its_own_place_alone(cast):
    rule(cast, make_course(cast))
    listed = {key: {due.post.user_id for due in due_list(cast.actor(key), cast.at)} for key in cast.people}
    chiefs = {cast.people["chief"].pk, cast.people["next_chief"].pk}
    assert {key for key, people in listed.items() if people} == {"desk", "secretary", "street", "commander"}
    assert all(people in (set(), chiefs) for people in listed.values())


def test_a_rule_is_made_by_the_office_for_roles_the_course_is_for(cast):
    course = make_course(cast)
    with pytest.raises(NotYours):
        rule(cast, course, key="chief")
    with pytest.raises(NotThere):
        rule(cast, course, key="stranger_desk", where="other_community")
    with pytest.raises(InputRefused, match="不是给这个职务"):
        rule(cast, course, role="grid_lead")
    with pytest.raises(InputRefused, match="两样填一样"):
        rule(cast, course, within_days=3, every_months=2)
    made = rule(cast, course)
    with pytest.raises(Conflict):
        rule(cast, course)
    end_rule(uid=made.uid, actor=cast.actor("secretary"), at=cast.at)
    assert due_for(cast.people["chief"], cast.at) == []


def test_a_person_is_reminded_once_before_and_once_after_and_nobody_else_is(db):
    cast = cast_of_now()
    rule(cast, make_course(cast), within_days=20)
    assert remind_of_training(at=cast.at) == 0
    near, past = later(cast, 24 * 7), later(cast, 24 * 21)
    assert remind_of_training(at=near) == 2
    assert remind_of_training(at=near) == 0
    assert remind_of_training(at=past) == 2
    assert remind_of_training(at=past) == 0
    assert Reminder.objects.count() == 2
    read_new_events(at=past)
    told = set(Notice.objects.filter(kind="training_due").values_list("user_id", flat=True))
    assert told <= {cast.people["chief"].pk, cast.people["next_chief"].pk}
    assert told


@given(day=DAYS, months=st.integers(min_value=1, max_value=60))
def test_so_many_months_later_is_never_in_another_month(day, months):
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or found.day < day.day


@given(since=DAYS, post=DAYS, days=st.integers(min_value=1, max_value=365))
def test_nobody_is_late_on_the_day_a_rule_is_made(since, post, days):
    once = due_on(within_days=days, every_months=None, since=since, in_post_since=post, last=None)
    again = due_on(within_days=None, every_months=6, since=since, in_post_since=post, last=None)
    assert once is not None
    assert again is not None
    assert once > since
    assert again > since


def test_no_table_of_training_has_hours_points_or_scores_that_could_be_added_up():
    tables = [table for table in vars(training).values() if isinstance(table, type) and issubclass(table, models.Model)]
    assert len(tables) >= 11
    words = ("hour", "minute", "duration", "point", "score", "credit", "grade", "length")
    found = [
        (table.__name__, field.name)
        for table in tables
        for field in table._meta.get_fields()
        for word in words
        if word in field.name
    ]
    assert found == []
    kinds = {models.DurationField, models.FloatField, models.DecimalField}
    assert not [field for table in tables for field in table._meta.get_fields() if type(field) in kinds]


def test_what_appraises_reads_nothing_of_training():
    places = [
        path
        for path in ROSTER.rglob("*.py")
        if "apprais" in str(path) or path.name in {"reckoning.py", "indicators.py", "chance.py"}
    ]
    assert places, "the test no longer finds what appraises"
    kinds = {table.subject_kind for table in vars(training).values() if hasattr(table, "subject_kind")}
    assert "training_enrolment" in kinds
    found = []
    for path in places:
        if "/tests/" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            found += [
                (path.name, name)
                for name in names
                if name in kinds or "roster.models.training" in name or "queries.training" in name
            ]
    assert found == []
