"""Who is told what of appraisals: whom it is about and who answers, without a name in the line."""

from __future__ import annotations

import pytest

from louzhang.journal.actions import read_new_events
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.roster.actions.appraisal import answer_objection, hear, name_appraisers, object_to_figure, open_review
from louzhang.roster.tests.appraisal_course import begun
from tests.cast import Cast, cast_of_now


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_of_now()


def told(cast: Cast) -> set[tuple[str, str]]:
    while read_new_events(at=clock.now()):
        pass
    keys = {user.pk: key for key, user in cast.people.items()}
    rows = Notice.objects.filter(user__isnull=False).values_list("user_id", "title")
    return {(keys[user_id], title) for user_id, title in rows if "考核" in title or "打分" in title or "复核" in title
            or "异议" in title or "本人" in title}  # fmt: skip


def test_whom_it_is_about_and_who_answers_are_told(cast):
    month = clock.local_date(cast.at).replace(day=1)
    course = begun(cast, month=month)
    desk, now = cast.actor("desk"), cast.at
    name_appraisers(month_id=course.month.pk, user_ids=[cast.people["grid_worker"].pk], actor=desk, at=now)
    assert {key for key, title in told(cast) if "打分" in title} == {"grid_worker"}
    row = course.compute(at=now)["chief"]
    raised = object_to_figure(
        standing_uid=row.uid, kind="orders_in_time", words="不对", actor=cast.actor("chief"), at=now
    )
    assert {key for key, title in told(cast) if "等答复" in title} == {"desk", "secretary"}
    answer_objection(objection_id=raised.pk, reason="核对过了", actor=desk, at=now)
    assert {key for key, title in told(cast) if "说明了理由" in title} == {"chief"}
    review = open_review(post=cast.posts["chief"], ground="residents", actor=desk, at=now)
    assert ("chief", "社区要复核您的工作，请先说说您的看法") in told(cast)
    hear(review_id=review.pk, words="我说两句", way="own", actor=cast.actor("chief"), at=now)
    heard = {key for key, title in told(cast) if "等决定" in title}
    assert heard == {"desk", "secretary"}
    assert not any("演示" in title for _, title in told(cast))
