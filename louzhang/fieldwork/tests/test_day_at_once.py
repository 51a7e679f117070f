"""Two at once: a visit to one household, the morning made by two workers, one line refused and given away."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from louzhang.fieldwork.actions.company import ask_company, join_company
from louzhang.fieldwork.actions.days import move_item, refuse_item
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.fieldwork.models import DayItem, DayList, Met, Span, Visit, VisitDue, Whom, Why
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds
from louzhang.register.tests.conftest import Homes, settle_in
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """The homes, all of them due today by their chief."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    found = settle_in(cast)
    day = clock.local_date(cast.at)
    draft = RhythmDraft("每周走访", Whom.EACH, "chief", Span.WEEK)
    set_rhythm(draft=draft, area=cast.areas["community"], starts_on=day, actor=SYSTEM, at=cast.at)
    keep_dues(day=day)
    VisitDue.objects.update(due_on=day)
    return found


def test_two_visit_one_household_and_both_visits_count_once(cast, homes):
    home = homes.households["own"]
    visit = partial(
        write_visit, dwelling_id=home.dwelling_id, household_id=home.pk, outcome=Met.MET, at=cast.at, words="都好"
    )
    answers = at_once(*(partial(visit, actor=cast.actor(key)) for key in ("chief", "grid_worker", "stairwell_head")))
    assert len(winners(answers)) == 3
    assert Visit.objects.count() == 3
    today = clock.local_date(cast.at)
    days = VisitDue.objects.values_list("last_on", "due_on").get(household=home)
    assert days == (today, today + timedelta(days=7))
    prove_journal()


def test_two_workers_make_one_morning(cast, homes):
    day = clock.local_date(cast.at)
    answers = at_once(*[partial(make_days, day=day, at=cast.at)] * 2)
    assert sum(answer for answer in answers if isinstance(answer, int)) == DayList.objects.count() == 6
    assert DayItem.objects.filter(day_list__post=cast.posts["chief"]).count() == 2


def test_a_line_is_refused_or_given_away(cast, homes):
    make_days(day=clock.local_date(cast.at), at=cast.at)
    line = DayItem.objects.filter(day_list__post=cast.posts["chief"]).earliest("pk")
    to = DayList.objects.get(post=cast.posts["grid_worker"])
    answers = at_once(
        partial(refuse_item, uid=line.uid, why=Why.NO_TIME, actor=cast.actor("chief"), at=cast.at),
        partial(move_item, uid=line.uid, to_uid=to.uid, actor=cast.actor("desk"), at=cast.at),
    )
    assert winners(answers)
    line.refresh_from_db()
    assert line.ended == "moved"
    assert DayItem.objects.filter(came_from=line).count() == 1


def test_one_comes_along(cast, homes):
    asked = ask_company(dwelling_id=homes.dwellings["own"].pk, actor=cast.actor("chief"), at=cast.at)
    answers = at_once(
        *(partial(join_company, uid=asked.uid, actor=cast.actor(key), at=cast.at) for key in ("grid_worker", "desk"))
    )
    assert len(winners(answers)) == 1
