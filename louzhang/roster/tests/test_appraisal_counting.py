"""What counts for whom: rows of what happened, who held the post then, nothing of another month."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from louzhang.areas.actions import appoint_post, end_post, name_stand_in
from louzhang.areas.roles import Role
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, confirm_errand, hand_over, not_yet, take_errand
from louzhang.fieldwork.actions.handing import ask_leave
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.inquiries.actions import answer_inquiry, ask_inquiry
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from louzhang.roster.actions.appraisal import adopt_scheme, compute_month, compute_months, open_months
from louzhang.roster.indicators import KINDS, REFUSED
from louzhang.roster.models.appraisal import AppraisalMonth, Indicator, Standing
from louzhang.roster.presets.appraisal import PRESETS, SchemeDraft, Weighed
from louzhang.roster.tests.appraisal_course import AFTER, APRIL, MARCH, begun, monthly_rhythm
from louzhang.workorders.actions.alarming import alarm_due_orders
from louzhang.workorders.actions.answering import rate_workorder, report_back_workorder
from tests.cast import Cast, make_cast

DAY = 24.0
IN_APRIL = 31 * DAY


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def course(cast):
    return begun(cast)


# ---- Orders ---------------------------------------------------------------------------------------------------------


def test_what_somebody_settled_in_the_month_counts_for_them_alone(course):
    course.on_spot("chief")
    course.on_spot("chief", 5)
    course.on_spot("next_chief", area="next_building")
    course.on_spot("grid_worker", 3)
    assert course.counted() == {"chief": (2, 2), "next_chief": (1, 1)}


def test_a_chief_of_another_street_is_not_among_them(course):
    assert set(course.compute()) == {"chief", "next_chief"}


def test_an_order_of_another_month_never_counts(course):
    course.on_spot("chief")
    course.on_spot("chief", 31 * DAY)
    assert course.counted()["chief"] == (1, 1)


def test_what_ran_over_is_late_once_though_it_was_settled_a_month_later(course, cast):
    order = course.taken("chief", 1)
    at = course.at(21 * DAY)
    assert alarm_due_orders(at=at) == 1
    assert course.counted()["chief"] == (1, 0)
    course.settled(order, "chief", 33 * DAY)
    april = begun_in_april(course)
    assert april.counted()["chief"] == (0, 0)
    assert course.counted()["chief"] == (1, 0)


def begun_in_april(course):
    from louzhang.roster.actions.appraisal import open_month

    at = course.cast.at + AFTER
    month = open_month(
        scheme=course.scheme, area=course.cast.areas["community"], month=APRIL, actor=course.cast.actor("desk"), at=at
    )
    return type(course)(course.cast, course.scheme, month)


def test_an_order_settled_late_in_the_month_is_one_case_that_is_not_good(course):
    order = course.taken("chief", 1)
    alarm_due_orders(at=course.at(21 * DAY))
    course.settled(order, "chief", 22 * DAY)
    assert course.counted()["chief"] == (1, 0)


def test_who_held_the_post_then_is_counted_not_who_holds_it_today(course, cast):
    course.on_spot("chief")
    half = course.at(10 * DAY)
    end_post(post=cast.posts["chief"], actor=cast.actor("desk", half), at=half)
    appoint_post(
        user=cast.people["nobody"], role=Role.CHIEF, area=cast.areas["building"], actor=cast.actor("desk", half),
        at=half,
    )  # fmt: skip
    course.on_spot("nobody", 12 * DAY)
    course.on_spot("nobody", 13 * DAY)
    assert course.counted() == {"chief": (1, 1), "next_chief": (0, 0), "nobody": (2, 2)}


def test_what_a_stand_in_does_counts_for_who_did_it(course, cast):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["next_chief"], actor=cast.actor("desk"), at=cast.at)
    course.on_spot("next_chief", 2)
    assert course.counted() == {"chief": (0, 0), "next_chief": (1, 1)}


def test_what_a_stand_in_without_such_a_post_does_counts_for_nobody(course, cast):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["nobody"], actor=cast.actor("desk"), at=cast.at)
    course.on_spot("nobody", 2)
    assert course.counted() == {"chief": (0, 0), "next_chief": (0, 0)}


def test_what_somebody_does_standing_in_elsewhere_counts_for_nobody_here(course, cast):
    name_stand_in(
        post=cast.posts["stranger_chief"], stand_in=cast.people["chief"], actor=cast.actor("stranger_desk"), at=cast.at
    )
    course.on_spot("chief", 2, "other_building")
    assert course.counted() == {"chief": (0, 0), "next_chief": (0, 0)}
    alone = course.month.inputs_digest
    compute_months(at=cast.at + AFTER)
    course.month.refresh_from_db()
    assert course.month.inputs_digest == alone


def test_what_reporters_say_counts_for_who_settled_it(cast):
    course = begun(cast, SchemeDraft("评价", "chief", (Weighed("orders_solved", 1), Weighed("orders_reopened", 1))))
    orders = [course.on_spot("chief", hours) for hours in (1, 2, 3)]
    for order, is_solved in zip(orders, (True, True, False), strict=True):
        at = course.at(5)
        report_back_workorder(order_id=order.pk, answer="修好了", actor=cast.actor("desk", at), at=at)
        rate_workorder(order_id=order.pk, stars=4, solved=is_solved, actor=cast.device, at=course.at(6))
    assert course.counted("orders_solved")["chief"] == (3, 2)
    assert course.counted("orders_reopened")["chief"] == (3, 1)


# ---- Visits, errands, questions -------------------------------------------------------------------------------------


def test_a_home_due_and_walked_to_is_good_and_one_left_out_is_owed(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    homes = settle_in(cast)
    monthly_rhythm(cast)
    assert begun(cast).counted("visits_due")["chief"] == (0, 0), "nobody held the post when March began"
    course = begun_in_april(begun(cast))
    assert course.counted("visits_due") == {"chief": (2, 0), "next_chief": (1, 0)}
    visit(course, homes, "chief", IN_APRIL, "nobody")
    assert course.counted("visits_due")["chief"] == (2, 0)
    visit(course, homes, "chief", IN_APRIL + 5, "met")
    visit(course, homes, "chief", IN_APRIL + 30, "met")
    assert course.counted("visits_due")["chief"] == (2, 1)


def test_a_home_somebody_else_walked_to_is_owed_by_nobody(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    homes = settle_in(cast)
    monthly_rhythm(cast)
    course = begun_in_april(begun(cast))
    visit(course, homes, "grid_worker", IN_APRIL, "met")
    assert course.counted("visits_due")["chief"] == (1, 0)


def test_whom_somebody_was_away_for_a_leave_owes_nothing_of_that_day(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle_in(cast)
    monthly_rhythm(cast)
    course = begun_in_april(begun(cast))
    ask_leave(
        post_id=cast.posts["chief"].pk, stand_in=cast.people["grid_worker"], starts_on=date(2026, 3, 30),
        ends_on=date(2026, 4, 3), actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    assert course.counted("visits_due") == {"chief": (0, 0), "next_chief": (1, 0)}


def visit(course, homes, person, hours, outcome):
    from louzhang.register.models import Household

    home = Household.objects.filter(dwelling__area=course.cast.areas["stairwell"], ends_on=None).order_by("pk")[0]
    at = course.at(hours)
    write_visit(
        dwelling_id=home.dwelling_id, household_id=home.pk, outcome=outcome, actor=course.cast.actor(person, at), at=at
    )


def test_errands_count_by_the_word_of_whose_they_are(cast):
    course = begun(cast, SchemeDraft("代办", "chief", (Weighed("errands_confirmed", 1),)))
    for verdict in ("yes", "no", "hearsay"):
        errand = ask_errand(
            draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
        )
        chief = cast.actor("chief")
        take_errand(errand_id=errand.pk, actor=chief, at=course.at(1))
        hand_over(errand_id=errand.pk, words="办好了", actor=chief, at=course.at(2))
        if verdict == "yes":
            confirm_errand(errand_id=errand.pk, way="tap", actor=cast.device, at=course.at(3))
        elif verdict == "no":
            not_yet(errand_id=errand.pk, reason="缺一张表", actor=cast.device, at=course.at(3))
        else:
            confirm_errand(errand_id=errand.pk, way="word", actor=chief, at=course.at(3))
    assert course.counted("errands_confirmed")["chief"] == (2, 1)


def test_questions_answered_within_the_hours_are_good_and_what_nobody_answered_is_owed_by_the_place(cast):
    course = begun(cast, SchemeDraft("提问", "chief", (Weighed("answers_in_time", 1, hours=24),)))
    for hours in (1, 2, 3):
        asked = ask_inquiry(
            area=cast.areas["stairwell"], words="几点来水", phone="", actor=cast.device, at=course.at(hours)
        )
        if hours < 3:
            wait = 5 if hours == 1 else 40
            at = course.at(hours + wait)
            answer_inquiry(inquiry_id=asked.pk, answer="六点", actor=cast.actor("chief", at), at=at)
    assert course.counted("answers_in_time") == {"chief": (3, 1), "next_chief": (0, 0)}


# ---- The registry ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*REFUSED, "online_minutes"])
def test_votes_training_hours_and_use_of_the_app_are_no_indicators(cast, kind):
    draft = SchemeDraft("不行的", "chief", (Weighed(kind, 10),))
    with pytest.raises(InputRefused, match=r"不能进考核|没有这种指标"):
        adopt_scheme(draft=draft, area=cast.areas["community"], actor=cast.actor("desk"), at=cast.at)
    assert not Indicator.objects.exists()


def test_the_named_indicators_are_these_and_no_table_of_votes_or_courses_is_read():
    assert set(KINDS) == {
        "orders_in_time", "orders_solved", "orders_reopened", "visits_due", "errands_confirmed", "answers_in_time",
        "stars", "scores",
    }  # fmt: skip
    source = (Path(__file__).parent.parent / "queries" / "appraisal" / "statements.py").read_text(encoding="utf-8")
    for table in ("roster_session", "roster_attendance", "accounts_device", "ballots_", "journal_reveal"):
        assert table not in source


def test_a_scheme_is_adopted_by_an_office_above_and_by_nobody_else(cast):
    for key in ("chief", "stranger_desk", "property", "resident", "system_admin"):
        with pytest.raises(NotYours):
            adopt_scheme(draft=PRESETS["tasks"], area=cast.areas["community"], actor=cast.actor(key), at=cast.at)
    wide = adopt_scheme(draft=PRESETS["stars"], area=cast.areas["street"], actor=cast.actor("street"), at=cast.at)
    near = adopt_scheme(draft=PRESETS["tasks"], area=cast.areas["community"], actor=cast.actor("desk"), at=cast.at)
    assert open_months(at=cast.at) == 2
    held = dict(AppraisalMonth.objects.values_list("area__name", "scheme"))
    assert held == {"彩虹社区": near.pk, "春柳社区": wide.pk}
    assert open_months(at=cast.at + timedelta(hours=1)) == 0
    again = adopt_scheme(draft=PRESETS["stars"], area=cast.areas["community"], actor=cast.actor("desk"), at=cast.at)
    near.refresh_from_db()
    assert near.ended_at is not None
    assert again.ended_at is None


# ---- The same again -------------------------------------------------------------------------------------------------


def test_computing_twice_gives_the_same_to_the_byte(course, cast):
    for hours in (1, 2, 3):
        course.on_spot("chief", hours)
    course.on_spot("next_chief", area="next_building")
    first = [(row.figures, row.value, row.low, row.high, row.group) for row in course.compute().values()]
    digests = course.month.inputs_digest, course.month.figures_digest
    second = [(row.figures, row.value, row.low, row.high, row.group) for row in course.compute().values()]
    assert first == second
    assert (course.month.inputs_digest, course.month.figures_digest) == digests
    assert prove_journal().chains


def test_the_clock_computes_all_communities_as_one_of_them_computes_its_own(course, cast):
    course.on_spot("chief")
    course.compute()
    own = course.month.inputs_digest, course.month.figures_digest
    Standing.objects.all().delete()
    assert compute_months(at=cast.at + AFTER) == 1
    course.month.refresh_from_db()
    assert (course.month.inputs_digest, course.month.figures_digest) == own
    assert len(course.rows()) == 2


def test_a_month_long_over_is_left_to_people(course, cast):
    assert compute_months(at=cast.at + timedelta(days=60)) == 0
    assert compute_months(at=cast.at) == 1


def test_who_is_not_of_the_office_computes_nothing(course, cast):
    from louzhang.journal.refusals import NotThere

    for key in ("chief", "stranger_desk", "street", "resident"):
        with pytest.raises(NotThere):
            compute_month(month_id=course.month.pk, actor=cast.actor(key), at=cast.at)


def test_months_are_firsts(course):
    assert course.month.month == MARCH
    assert course.scheme.starts_on == date(2026, 3, 1)
