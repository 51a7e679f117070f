"""After its day a survey keeps counts alone: read before and after, the dump holds no answer, the chains hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.surveys.actions.purging import purge_due_surveys, purge_survey
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.models import Answer, Survey, Tally, Target
from louzhang.surveys.queries.results import ground_of, places_of, results_of
from louzhang.surveys.tests.crowd import answer_all, asked_from_street, settle
from tests.cast import Cast, cast_of_now


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_of_now()


@pytest.fixture
def survey(cast: Cast) -> Survey:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle(cast)
    survey = asked_from_street(cast)
    answer_all(cast, survey)
    return close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=2))


def tables(cast, survey, key):
    ground = ground_of(survey, places_of(survey, cast.actor(key)), None)
    found = results_of(survey, ground)
    return (found.standing, [(r.columns, r.whole, r.rows, r.median, r.people) for r in found.questions])


def dump() -> str:
    with connection.cursor() as cursor:
        lines = []
        for model in (Survey, Target, Answer):
            with cursor.copy(f'COPY "{model._meta.db_table}" TO STDOUT') as rows:
                lines += [bytes(part).decode() for part in rows]
    return "".join(lines)


def test_the_same_tables_are_read_before_and_after(cast, survey):
    keys = ("desk", "street", "commander")
    before = {key: tables(cast, survey, key) for key in keys}
    purged = purge_survey(survey_id=survey.pk, at=cast.at + timedelta(days=40))
    assert {key: tables(cast, purged, key) for key in keys} == before
    assert all(tally.area.level.kind == "grid" for tally in Tally.objects.select_related("area__level"))


def test_the_dump_holds_what_was_said_before_and_nothing_of_it_after(cast, survey):
    sealed = Answer.objects.exclude(said_sealed="").values_list("said_sealed", flat=True)[0]
    before = dump()
    assert sealed in before
    assert '"lift"' in before
    assert "declined" in before
    purge_survey(survey_id=survey.pk, at=cast.at + timedelta(days=40))
    after = dump()
    for word in (sealed, '"lift"', '"pay"', "declined"):
        assert word not in after


def test_the_chains_hold_and_the_event_says_how_many(cast, survey):
    count = Answer.objects.count()
    purged = purge_survey(survey_id=survey.pk, at=cast.at + timedelta(days=40))
    assert prove_journal().events > 0
    event = Event.objects.filter(subject_kind="survey", subject_id=purged.pk).latest("seq")
    assert (event.verb, event.payload["answers"]) == ("purge", count)
    assert event.payload["tallies"] == Tally.objects.count()


def test_the_worker_purges_on_the_day_and_not_before(cast, survey):
    assert purge_due_surveys(at=cast.at + timedelta(days=29)) == 0
    assert Answer.objects.exclude(chosen={}).exists()
    assert purge_due_surveys(at=cast.at + timedelta(days=31)) == 1
    assert purge_due_surveys(at=cast.at + timedelta(days=31)) == 0
    assert not Answer.objects.exclude(chosen={}, said_sealed="").exists()
