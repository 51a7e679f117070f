"""The demo shows duties and a season of training: given and to come, somebody away to learn, a studio, cases, talks."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.verifying import prove_journal
from louzhang.roster.models.duties import Duty, Guide
from louzhang.roster.models.training import CaseStory, Enrolment, Lesson, PeerAsk, Studio, StudyPosting


def test_duties_and_pages_of_what_to_do_stand_there(demo: datetime) -> None:
    assert (Duty.objects.count(), Guide.objects.count()) == (19, 8)


def test_a_lesson_was_given_one_is_full_and_one_round_with_experts_was_held(demo: datetime) -> None:
    assert Lesson.objects.filter(status="held", round_number=1).exists()
    assert Enrolment.objects.filter(status="attended").exists()
    assert Lesson.objects.all().to_come(demo).count() >= 3


def test_somebody_is_back_from_elsewhere_and_people_write_for_each_other(demo: datetime) -> None:
    assert "reported" in StudyPosting.objects.values_list("status", flat=True)
    assert Studio.objects.count() == 2
    assert set(CaseStory.objects.values_list("status", flat=True)) == {"published", "offered"}
    assert PeerAsk.objects.filter(answers__gte=1).count() == 2
    assert prove_journal().chains
