"""People who would like to see, or to decide, what is not theirs of an appraisal: what they try, what it gives them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.areas.actions import add_area, appoint_post
from louzhang.areas.models import AreaLevel, LevelKind, PostKind
from louzhang.areas.roles import Role
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.roster.actions.appraisal import (
    answer_objection,
    decide,
    hear,
    object_to_figure,
    open_review,
    publish_month,
)
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.tests.appraisal_course import AFTER, MARCH, Course, begun
from tests.cast import browser_as, make_cast

DRAFT = SchemeDraft(
    "楼长月度考核", "chief", (Weighed("orders_in_time", 60), Weighed("scores", 40)), 3, criteria=("走访",)
)


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def course(cast) -> Course:
    """March, computed, with somebody of the office as the chief of one more building."""
    level = AreaLevel.objects.get(kind=LevelKind.BUILDING)
    building = add_area(parent=cast.areas["grid"], level=level, name="14号楼", code="B14", actor=SYSTEM, at=cast.at)
    post = appoint_post(
        user=cast.people["desk"], role=Role.CHIEF, area=building, kind=PostKind.VOLUNTEER, actor=SYSTEM, at=cast.at
    )
    cast.posts["desk_chief"] = post
    made = begun(cast, DRAFT, MARCH)
    made.on_spot("chief", 2)
    made.compute()
    return made


def test_nobody_commends_themselves(course, cast):
    at = cast.at + AFTER
    given = {"month_id": course.month.pk, "at": at}
    with pytest.raises(InputRefused, match="自己") as refusal:
        publish_month(commended=[cast.people["desk"].pk], actor=cast.actor("desk", at), **given)
    assert refusal.value.field == "commended"
    published = publish_month(commended=[cast.people["desk"].pk], actor=cast.actor("secretary", at), **given)
    assert published.is_published


def test_nobody_answers_or_decides_about_themselves(course, cast):
    at = cast.at + AFTER
    desk, colleague = cast.actor("desk", at), cast.actor("secretary", at)
    row = course.rows()["desk"]
    raised = object_to_figure(standing_uid=row.uid, kind="scores", words="少了", actor=desk, at=at)
    with pytest.raises(NotYours, match="同事"):
        answer_objection(objection_id=raised.pk, reason="补上", cases=5, good=5, actor=desk, at=at)
    review = open_review(post=cast.posts["desk_chief"], ground="residents", actor=colleague, at=at)
    hear(review_id=review.pk, words="我说过了", way="own", actor=desk, at=at)
    with pytest.raises(InputRefused, match="同事"):
        decide(review_id=review.pk, decision="kept", reason="很好", actor=desk, at=at)


# Everything of the roster and the first pages that somebody without an office may open.
PUBLIC = ("appraisal:commended", "honours:wall", "choosing:home", "phone:home")


def test_no_page_no_event_and_no_notice_says_who_was_not_commended(course, cast):
    at = cast.at + AFTER
    publish_month(
        month_id=course.month.pk, commended=[cast.people["chief"].pk], actor=cast.actor("secretary", at), at=at
    )
    while read_new_events(at=clock.now()):
        pass
    for key in ("", "resident", "stranger_chief", "stranger_desk", "department", "chief"):
        browser = browser_as(cast, key)
        for name in PUBLIC:
            page = browser.get(reverse(name)).content.decode()
            assert "演示邻楼长" not in page, (key, name)
    others = Notice.objects.exclude(user=cast.people["next_chief"])
    assert not [line.title for line in others if "邻楼长" in line.title]
    event = Event.objects.get(subject_kind="appraisal_month", verb="publish")
    assert event.payload["commended"] == [cast.people["chief"].pk]
    assert event.audience != "public"


@pytest.mark.parametrize("name", ["month", "compute", "publish", "criteria", "appraisers", "stars", "month_file"])
def test_an_office_elsewhere_a_chief_and_a_resident_do_not_reach_a_month(course, cast, name):
    url = reverse(f"appraisal:{name}", args=[course.month.uid])
    for key in ("stranger_desk", "stranger_street", "street", "commander", "chief", "resident", "audit_admin", ""):
        browser = browser_as(cast, key)
        for answer in (browser.get(url), browser.post(url, {"entry_id": str(uuid4())})):
            assert answer.status_code in (302, 403, 404, 405), (key, name)
            assert "演示邻楼长" not in answer.content.decode()
