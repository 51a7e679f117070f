"""Publishing, who sees which place, objections, reviews: only commended names are public, the person is heard first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from louzhang.areas.models import Post, PostKind
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.roster.actions.appraisal import (
    add_scene,
    answer_objection,
    compute_month,
    decide,
    hear,
    name_appraisers,
    object_to_figure,
    open_month,
    open_review,
    publish_month,
    score,
    set_criteria,
    take_back_objection,
)
from louzhang.roster.chance import chance_of_run
from louzhang.roster.lifecycle.appraisal import REVIEW
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.appraisal_rulings import Correction, FigureObjection, Ground, Review
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal import commended, figures_of, months_of, published
from louzhang.roster.queries.appraisal.behind import behind, comments_for
from louzhang.roster.queries.appraisal.desk import lines_of, missing_in, sheet_of
from louzhang.roster.queries.appraisal.spans import shifted
from louzhang.roster.tests.appraisal_course import AFTER, MARCH, Course, begun
from louzhang.workorders.actions.answering import rate_workorder, report_back_workorder
from tests.cast import Cast, browser_as, make_cast

SEES_ALL = {"desk", "secretary"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def course(cast) -> Course:
    """The chief settled twenty, the neighbour owes as many."""
    made = begun(cast, SchemeDraft("按时", "chief", (Weighed("orders_in_time", 1),), commend_most=1))
    for hours in range(20):
        made.on_spot("chief", 1 + hours)
    made.on_spot("next_chief", area="next_building")
    return made


def publish(course: Course, *keys: str, **more) -> AppraisalMonth:
    at = course.cast.at + AFTER
    people = [course.cast.people[key].pk for key in keys]
    return publish_month(month_id=course.month.pk, commended=people, actor=course.cast.actor("desk", at), at=at, **more)


# ---- Publishing -----------------------------------------------------------------------------------------------------


def test_only_commended_names_are_public_and_they_are_chosen_by_people(course, cast):
    rows = course.compute()
    assert {row.group for row in rows.values()} == {1}, "one case tells nothing: both stand in one group"
    publish(course, "chief")
    names = commended(cast.areas["street"], MARCH)
    assert [(each.name, each.place) for each in names] == [("演示楼长", "彩虹社区 12号楼")]
    assert [month.area for month in published(MARCH)] == [cast.areas["community"]]
    assert commended(cast.areas["other_street"], MARCH) == []
    event = Event.objects.get(subject_kind="appraisal_month", verb="publish")
    assert event.payload["commended"] == [cast.people["chief"].pk]
    assert prove_journal().chains


def test_nobody_is_commended_from_below_the_best_group_nor_more_than_the_scheme_says(course, cast):
    course.compute()
    with pytest.raises(InputRefused, match="最多表扬 1 人"):
        publish(course, "chief", "next_chief")
    Standing.objects.filter(user=cast.people["next_chief"]).update(group=2)
    with pytest.raises(Conflict, match="不一致"):
        publish(course, "next_chief")
    course.compute()
    with pytest.raises(InputRefused, match="只能表扬第一档"):
        publish(course, "stranger_chief")
    assert AppraisalMonth.objects.get().status == "computed"


def test_a_month_that_is_not_over_is_not_published(course, cast):
    at = cast.at + timedelta(days=3)
    course.compute(at=at)
    with pytest.raises(InputRefused, match="还没过完"):
        publish_month(month_id=course.month.pk, commended=[], actor=cast.actor("desk", at), at=at)


def test_what_was_looked_at_is_what_is_published(course, cast):
    course.compute()
    seen = course.month.figures_digest
    course.on_spot("next_chief", 30, area="next_building")
    course.compute()
    with pytest.raises(Conflict, match="又算过一次"):
        publish(course, seen_digest=seen)
    publish(course, seen_digest=course.month.figures_digest)


def test_a_published_month_is_never_changed_by_a_later_count_only_the_difference_is_shown(course, cast):
    course.compute()
    publish(course)
    before = {key: (row.figures, row.value, row.group) for key, row in course.rows().items()}
    digests = AppraisalMonth.objects.values_list("inputs_digest", "figures_digest").get()
    course.on_spot("next_chief", 40, area="next_building")  # written down late
    course.compute()
    month = AppraisalMonth.objects.get()
    assert {key: (row.figures, row.value, row.group) for key, row in course.rows().items()} == before
    assert (month.inputs_digest, month.figures_digest) == digests
    assert month.differences == [
        {"user": cast.people["next_chief"].pk, "kind": "orders_in_time", "before": [1, 100], "after": [2, 200]}
    ]
    Event.objects.filter(verb="recount").get()


def test_the_own_place_is_told_after_publication_and_nobody_elses_ever(course, cast):
    course.compute()
    own = months_of(cast.people["chief"])[0]
    assert (own.figures[0].cases, own.group) == (20, None)
    publish(course, "chief")
    own = months_of(cast.people["chief"])[0]
    assert (own.group, own.groups, own.is_commended) == (1, 1, True)
    said = figures_of(cast.posts["chief"], MARCH)
    assert said == own
    assert figures_of(cast.posts["stranger_chief"], MARCH) is None


def test_who_sees_whose_row(course, cast):
    course.compute()
    publish(course)
    for key, actor in cast.everyone().items():
        seen = set(Standing.objects.visible_to(actor).values_list("user_id", flat=True))
        everybody = {cast.people["chief"].pk, cast.people["next_chief"].pk}
        expected = everybody if key in SEES_ALL | {"system"} else everybody & {getattr(cast.people.get(key), "pk", 0)}
        assert seen == expected, key
        months = AppraisalMonth.objects.visible_to(actor).count()
        assert months == (key in SEES_ALL | {"system"}), key


def test_scope_of_nobody_is_an_error(cast):
    nobody: Any = None
    with pytest.raises(TypeError):
        Standing.objects.visible_to(nobody)
    with pytest.raises(TypeError):
        AppraisalMonth.objects.visible_to(nobody)


# ---- Staff ----------------------------------------------------------------------------------------------------------


def staff(course):
    post = course.cast.posts["next_chief"]
    post.kind = PostKind.POSTED
    post.save(update_fields=["kind"])
    return course


def test_staff_have_figures_and_no_place_unless_a_scene_with_document_and_end_says_so(course, cast):
    row = staff(course).compute()["next_chief"]
    assert (row.is_staff, row.group, row.is_lowest, row.is_failed) == (True, None, False, False)
    assert row.figures["orders_in_time"]["cases"] == 1
    keeper = cast.actor("system_admin")
    scene: dict[str, Any] = {"kind": "emergency", "name": "防汛", "document": "区防指〔2026〕3号", "starts_on": MARCH}
    with pytest.raises(InputRefused, match="截止日期"):
        add_scene(**scene, ends_on=MARCH + timedelta(days=200), actor=keeper, at=cast.at)
    with pytest.raises(InputRefused, match="文件"):
        add_scene(**(scene | {"document": " "}), ends_on=shifted(MARCH, 1), actor=keeper, at=cast.at)
    with pytest.raises(InputRefused, match="日常工作"):
        add_scene(**(scene | {"kind": "routine"}), ends_on=shifted(MARCH, 1), actor=keeper, at=cast.at)
    with pytest.raises(NotYours):
        add_scene(**scene, ends_on=shifted(MARCH, 1), actor=cast.actor("secretary"), at=cast.at)
    add_scene(**scene, ends_on=shifted(MARCH, 1), actor=keeper, at=cast.at)
    assert course.compute()["next_chief"].group == 1


# ---- Scores ---------------------------------------------------------------------------------------------------------


def test_named_appraisers_score_the_tasks_of_the_month_and_nobody_else_does(cast):
    course = begun(cast, SchemeDraft("打分", "chief", (Weighed("scores", 1),)))
    desk, at = cast.actor("desk"), cast.at
    set_criteria(month_id=course.month.pk, criteria=["门前卫生", "政策讲到每户"], actor=desk, at=at)
    people = [cast.people[key].pk for key in ("secretary", "grid_worker")]
    name_appraisers(month_id=course.month.pk, user_ids=people, actor=desk, at=at)
    chief, other = cast.people["chief"].pk, cast.people["next_chief"].pk
    give = {"month_id": course.month.pk, "at": at}
    score(points={chief: [5, 4], other: [3, 0]}, actor=cast.actor("grid_worker"), **give)
    course.month.refresh_from_db()
    assert missing_in(course.month).scores == (("演示书记", 2),)
    score(points={chief: [5, 5]}, actor=cast.actor("secretary"), **give)
    with pytest.raises(NotThere):
        score(points={chief: [5, 5]}, actor=cast.actor("chief"), **give)
    with pytest.raises(NotYours):
        score(points={chief: [5, 5]}, actor=cast.actor("desk"), **give)
    with pytest.raises(InputRefused):
        score(points={chief: [6, 5]}, actor=cast.actor("secretary"), **give)
    with pytest.raises(NotThere):
        score(points={cast.people["stranger_chief"].pk: [5, 5]}, actor=cast.actor("secretary"), **give)
    rows = course.compute()
    assert rows["chief"].figures["scores"]["cases"] == 2
    assert rows["chief"].figures["scores"]["good"] == 100 + 88
    assert rows["next_chief"].figures["scores"] | {} == rows["next_chief"].figures["scores"]
    assert [sheet.points for sheet in sheet_of(course.month, people[1])] == [(5, 4), (3, 0)]
    assert lines_of(course.month)[0].who.name


def test_scores_given_after_computing_ask_for_computing_again(cast):
    course = begun(cast, SchemeDraft("打分", "chief", (Weighed("scores", 1),), criteria=("门前卫生",)))
    desk = cast.actor("desk")
    name_appraisers(month_id=course.month.pk, user_ids=[cast.people["secretary"].pk], actor=desk, at=cast.at)
    course.compute()
    score(month_id=course.month.pk, points={cast.people["chief"].pk: [4]}, actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(TransitionRefused):
        publish(course)


# ---- Objections -----------------------------------------------------------------------------------------------------


def test_an_objection_is_answered_with_a_correction_that_recomputes_and_says_so(course, cast):
    course.compute()
    publish(course)
    row = course.rows()["next_chief"]
    own = cast.actor("next_chief")
    raised = object_to_figure(
        standing_uid=row.uid, kind="orders_in_time", words="还有一件是我办的", actor=own, at=course.at(40 * 24)
    )
    assert raised.due_at > course.at(44 * 24)
    with pytest.raises(Conflict):
        object_to_figure(standing_uid=row.uid, kind="orders_in_time", words="再说", actor=own, at=course.at(40 * 24))
    at = course.at(41 * 24)
    with pytest.raises(NotThere):
        answer_objection(objection_id=raised.pk, reason="不行", actor=cast.actor("stranger_desk", at), at=at)
    with pytest.raises(NotYours):
        answer_objection(objection_id=raised.pk, reason="我自己答", actor=own, at=at)
    answer_objection(
        objection_id=raised.pk, reason="核对了，补一件", cases=1, good=1, actor=cast.actor("desk", at), at=at
    )
    assert Correction.objects.get().good == 100
    assert course.rows()["next_chief"].figures["orders_in_time"]["cases"] == 2
    amended = Event.objects.get(subject_kind="appraisal_month", verb="amend")
    assert amended.payload["before"] != amended.payload["figures"]
    assert FigureObjection.objects.get().status == "corrected"
    recount(course)
    assert AppraisalMonth.objects.get().differences == []
    assert prove_journal().chains


def recount(course):
    at = course.cast.at + AFTER
    compute_month(month_id=course.month.pk, actor=course.cast.actor("desk", at), at=at)


def test_a_row_somebody_objected_to_stays_when_the_post_was_a_mistake(course, cast):
    row = course.compute()["chief"]
    own = cast.actor("chief")
    object_to_figure(standing_uid=row.uid, kind="orders_in_time", words="我不是楼长", actor=own, at=cast.at)
    both = Post.objects.filter(pk__in=[cast.posts[key].pk for key in ("chief", "next_chief")])
    both.update(starts_on=date(2025, 1, 1), ends_on=date(2025, 2, 1))
    found = course.compute()
    assert "chief" in found
    assert "next_chief" not in found


def test_an_objection_may_be_answered_with_a_reason_or_taken_back(course, cast):
    course.compute()
    row, own = course.rows()["chief"], cast.actor("chief")
    for stranger in ("next_chief", "desk", "resident"):
        with pytest.raises(NotThere):
            object_to_figure(
                standing_uid=row.uid, kind="orders_in_time", words="不对", actor=cast.actor(stranger), at=cast.at
            )
    first = object_to_figure(standing_uid=row.uid, kind="orders_in_time", words="不对", actor=own, at=cast.at)
    take_back_objection(objection_id=first.pk, actor=own, at=cast.at)
    second = object_to_figure(standing_uid=row.uid, kind="orders_in_time", words="不对", actor=own, at=cast.at)
    answer_objection(objection_id=second.pk, reason="那件是网格员办的", actor=cast.actor("desk"), at=cast.at)
    assert {each.status for each in FigureObjection.objects.all()} == {"taken_back", "explained"}
    assert not Correction.objects.exists()


# ---- Reviews --------------------------------------------------------------------------------------------------------


def last_three_times(cast: Cast) -> Course:
    """Three months with the neighbour last each time."""
    course = begun(cast, SchemeDraft("按时", "chief", (Weighed("orders_in_time", 1),), pass_mark=0))
    months = [course.month]
    for place in (1, 2):
        at = cast.at + timedelta(days=31 * place)
        months.append(
            open_month(
                scheme=course.scheme, area=cast.areas["community"], month=shifted(MARCH, place),
                actor=cast.actor("desk", at), at=at,
            )
        )  # fmt: skip
    for place, month in enumerate(months):
        part = Course(cast, course.scheme, month)
        for hours in range(5):
            part.on_spot("chief", place * 31 * 24 + 1 + hours)
        late = part.taken("next_chief", place * 31 * 24 + 1, "next_building")
        from louzhang.workorders.actions.alarming import alarm_due_orders

        alarm_due_orders(at=cast.at + timedelta(days=place * 31 + 22))
        part.settled(late, "next_chief", (place * 31 + 23) * 24)
        end = cast.at + timedelta(days=31 * (place + 1) + 1)
        part.compute(at=end)
        publish_month(month_id=month.pk, commended=[], actor=cast.actor("desk", end), at=end)
    return course


def test_three_times_last_opens_a_review_that_says_whether_chance_explains_it(cast):
    last_three_times(cast)
    review = Review.objects.get()
    assert (review.ground, review.user) == (Ground.LAST_THREE, cast.people["next_chief"])
    assert review.chance["people"] == 2
    assert review.chance["anybody"] == 2500
    assert review.chance["year"] == round(chance_of_run(2) * 10_000)
    assert review.chance["explains"] is True
    assert Event.objects.get(subject_kind="appraisal_review", verb="open").payload["chance"] == review.chance


def test_the_person_is_heard_before_anything_is_decided(cast):
    review = open_review(post=cast.posts["chief"], ground="residents", actor=cast.actor("desk"), at=cast.at)
    desk = cast.actor("secretary")
    verdict = {"review_id": review.pk, "decision": "helped", "reason": "跟老楼长学一个月", "at": cast.at}
    with pytest.raises(TransitionRefused):
        decide(actor=desk, **verdict)
    with pytest.raises(InputRefused):
        hear(review_id=review.pk, words=" ", way="talk", actor=desk, at=cast.at)
    with pytest.raises(InputRefused):
        hear(review_id=review.pk, words="我来说", way="talk", actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(NotThere):
        hear(review_id=review.pk, words="我来说", way="own", actor=cast.actor("next_chief"), at=cast.at)
    hear(review_id=review.pk, words="那个月我住院了", way="own", actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(NotYours):
        decide(actor=cast.actor("chief"), **verdict)
    decide(actor=desk, **verdict)
    assert Review.objects.get().status == "helped"
    with pytest.raises(TransitionRefused):
        decide(actor=desk, **(verdict | {"decision": "replaced"}))


def test_no_path_of_the_table_leads_to_a_decision_without_hearing():
    sources = {transition.verb: transition.sources for transition in REVIEW}
    assert sources["decide"] == frozenset({"heard"})
    assert [each.verb for each in REVIEW if "heard" in each.targets] == ["hear"]


def test_one_review_of_a_person_at_a_time_and_only_in_the_own_community(cast):
    open_review(post=cast.posts["chief"], ground="residents", actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict):
        open_review(post=cast.posts["chief"], ground="failed", actor=cast.actor("desk"), at=cast.at)
    for key in ("stranger_desk", "street", "chief"):
        with pytest.raises(NotThere):
            open_review(post=cast.posts["next_chief"], ground="residents", actor=cast.actor(key), at=cast.at)


# ---- What lies behind -----------------------------------------------------------------------------------------------


def test_a_figure_opens_its_rows_as_far_as_its_reader_sees_them(course, cast):
    course.compute()
    found = behind(course.rows()["chief"], "orders_in_time", cast.actor("chief"))
    assert (len(found.rows), found.hidden) == (20, 0)
    assert all(row.is_good for row in found.rows)
    away = behind(course.rows()["chief"], "orders_in_time", cast.actor("stranger_desk"))
    assert (away.rows, away.hidden) == ((), 20)


def said_of_the_chief(course, phone, number):
    """One of many phones reports, the chief settles it, and that phone writes a sentence."""
    by, at = Actor(kind=ActorKind.DEVICE, device=phone * 64), course.at(10)
    order = course.on_spot("chief", number + 1, by=by)
    report_back_workorder(order_id=order.pk, answer="修好了", actor=course.cast.actor("desk", at), at=at)
    words = f"很快，第{number}次"
    rate_workorder(order_id=order.pk, stars=5, solved=True, words=words, actor=by, at=course.at(11))


def test_words_of_residents_are_shown_from_five_people_on_and_tell_nobody(cast):
    course = begun(cast, SchemeDraft("评价", "chief", (Weighed("orders_solved", 1),)))
    for number, phone in enumerate("aaaaabcde"):
        course.compute()
        assert [comments_for(row) for row in course.rows().values()] == [[], []]
        said_of_the_chief(course, phone, number)
    course.compute()
    row = course.rows()["chief"]
    assert len(comments_for(row)) == 9
    assert comments_for(row) != sorted(comments_for(row)), "their order does not tell when they were written"
    text = browser_as(cast, "chief").get(reverse("me:mine")).content.decode()
    assert ("很快，第" in text, "还有 4 条" in text) == (True, True)
