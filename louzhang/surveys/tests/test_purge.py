"""The clock ends surveys; after the purge day only counts are left."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.surveys.actions.answering import answer_target
from louzhang.surveys.actions.ending import close_due_surveys
from louzhang.surveys.actions.purging import purge_due_surveys
from louzhang.surveys.admissions import entries, own_entries
from louzhang.surveys.models import Answer, EntryTally, Share, Survey, Tally, Target, Voice
from louzhang.surveys.notices import BOOK
from louzhang.surveys.tests.ground import GOOD, target_of


def say(cast, survey, door, number, **more):
    taken = answer_target(
        target_uid=target_of(survey, door).uid, uid=UUID(int=number), fields={**GOOD, **more}, outcome="answered",
        voice=Voice.DOOR, actor=cast.actor("grid_worker"), at=cast.at,
    )  # fmt: skip
    assert taken.is_taken, taken.message


def test_a_survey_ends_when_its_time_is_over(cast, survey):
    assert close_due_surveys(at=cast.at + timedelta(hours=1)) == 0
    assert close_due_surveys(at=cast.at + timedelta(hours=3)) == 1
    assert Survey.objects.get().status == "closed"
    assert close_due_surveys(at=cast.at + timedelta(hours=4)) == 0


def test_after_the_purge_day_counts_are_left_and_no_answer(cast, survey):
    say(cast, survey, "301", 1)
    say(cast, survey, "302", 2, q_heads="1", q_words="")
    close_due_surveys(at=cast.at + timedelta(hours=3))
    assert purge_due_surveys(at=cast.at + timedelta(days=3)) == 0
    assert purge_due_surveys(at=cast.at + timedelta(days=40)) == 1
    assert not Answer.objects.exists()
    assert set(Target.objects.values_list("state", "current")) == {("waiting", 0)}
    counted = {
        (tally.question.key if tally.question else "", tally.value): tally.count
        for tally in Tally.objects.select_related("question")
    }
    assert counted["", "done"] == 2
    assert (counted["heads", "3"], counted["heads", "1"]) == (1, 1)
    assert (counted["wants", "a"], counted["words", "*"]) == (2, 1)
    assert "楼道灯" not in str(list(Tally.objects.values()))
    assert set(Tally.objects.values_list("area_id", flat=True)) == {cast.areas["grid"].pk}
    assert Share.objects.leaves().filter(answered__gt=0).exists(), "how many were asked stays known"
    prove_journal()


def test_holders_hear_that_one_begins(cast, survey):
    from louzhang.notices.models import Notice

    BOOK.read(list(Event.objects.filter(subject_kind="survey")), news=timedelta(days=9999))
    told = set(Notice.objects.filter(kind="survey").values_list("user_id", flat=True))
    assert told == {cast.people["stairwell_head"].pk, cast.people["next_chief"].pk}


def test_what_it_cost_to_write_the_answers_down_stays_known_after_the_purge(cast, survey):
    say(cast, survey, "301", 1)
    say(cast, survey, "302", 2, q_heads="1", q_words="")
    day = clock.local_date(cast.at)
    span = (day, day + timedelta(days=1))
    campaigns = {survey.uid: span}

    def told():
        paths = [cast.areas[key].path for key in ("district", "community", "next_community", "other_street")]
        people = [cast.people[key].pk for key in ("grid_worker", "chief")]
        return [entries(campaigns, path, *span) for path in paths], [own_entries(pk, *span) for pk in people]

    before = told()
    assert before == ([{survey.uid: 2}, {survey.uid: 2}, {}, {}], [{survey.uid: 2}, {}])
    close_due_surveys(at=cast.at + timedelta(hours=3))
    purge_due_surveys(at=cast.at + timedelta(days=40))
    assert not Answer.objects.exists()
    assert told() == before
    assert set(EntryTally.objects.values_list("area_id", flat=True)) == {cast.areas["community"].pk}
    later = (day + timedelta(days=1), day + timedelta(days=7))
    assert entries(campaigns, cast.areas["district"].path, *later) == {}
