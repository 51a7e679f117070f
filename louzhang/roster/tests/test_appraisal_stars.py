"""Star sheets: one a household about each person, anonymous, nothing under five; and two at once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from louzhang.ballots.actions.casting import cast_ballot
from louzhang.ballots.actions.sweeping import run_due_polls
from louzhang.ballots.models import Elector, Poll
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.models import Tie
from louzhang.register.tests.conftest import settle_in
from louzhang.roster.actions.appraisal import (
    adopt_scheme,
    ask_all_stars,
    ask_stars,
    compute_month,
    object_to_figure,
    open_month,
    open_review,
    publish_month,
)
from louzhang.roster.models.appraisal import AppraisalMonth, Scheme, StarSheet
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.presets.appraisal import PRESETS, SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.desk import missing_in
from louzhang.roster.queries.appraisal.spans import Span
from louzhang.roster.tests.appraisal_course import AFTER, MARCH, begun
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

STARS = SchemeDraft("打星", "chief", (Weighed("stars", 1),), asks_stars=True)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_kinds(actor=SYSTEM, at=made.at)
    settle_in(made)
    return made


def settle_more(cast, homes):
    """So many households more in the chief's building."""
    batch = Batch(actor=SYSTEM, at=cast.at)
    for number in range(homes):
        door = batch.add_dwelling(
            area=cast.areas["stairwell"], door=f"2单元{601 + number}", floor=6, position=number + 1
        )
        home = batch.add_household(dwelling=door, starts_on=cast.at.date())
        batch.add_resident(household=home, draft=ResidentDraft(f"演示住户{number}", Tie.HEAD))
    batch.store()


def test_a_sheet_about_each_chief_goes_to_the_households_they_serve(cast):
    course = begun(cast, STARS)
    desk, until = cast.actor("desk"), cast.at + timedelta(days=20)
    people = [cast.people[key].pk for key in ("desk", "secretary")]
    ask_stars(month_id=course.month.pk, counters=people, closes_at=until, actor=desk, at=cast.at)
    sheets = {sheet.user_id: Poll.objects.get(pk=sheet.poll_id) for sheet in StarSheet.objects.all()}
    assert set(sheets) == {cast.people["chief"].pk, cast.people["next_chief"].pk}
    poll = sheets[cast.people["chief"].pk]
    assert (poll.entitled, poll.barred) == (2, [cast.people["chief"].pk])
    for key in ("chief", "grid_worker", "grid_lead"):
        assert not Poll.objects.visible_to(cast.actor(key)).filter(pk=poll.pk).exists(), key
    ask_stars(month_id=course.month.pk, counters=people, closes_at=until, actor=desk, at=cast.at)
    assert StarSheet.objects.count() == 2, "asked once more, there is still one about each"


def test_whoever_is_appraised_does_not_count_the_sheets(cast):
    course = begun(cast, STARS)
    counters = [cast.people[key].pk for key in ("chief", "next_chief")]
    with pytest.raises(InputRefused):
        ask_stars(
            month_id=course.month.pk, counters=counters, closes_at=cast.at + timedelta(days=9),
            actor=cast.actor("desk"), at=cast.at,
        )  # fmt: skip
    assert not StarSheet.objects.exists()


def test_without_five_sheets_there_is_no_result_and_nobody_is_worse_for_it(cast):
    course = begun(cast, STARS)
    ask_all_stars(at=cast.at + timedelta(days=20))
    rows = course.compute()
    assert all(row.figures["stars"] == {"cases": 0, "good": 0} for row in rows.values())
    assert {row.group for row in rows.values()} == {1}
    assert missing_in(course.month).sheets == 2


def test_six_sheets_are_counted_by_the_clock_and_become_a_figure_that_joins_to_nobody(cast):
    settle_more(cast, 6)
    course = begun(cast, STARS)
    asked = cast.at + timedelta(days=20)
    assert ask_all_stars(at=asked) == 1
    poll = Poll.objects.get(pk=StarSheet.objects.get(user=cast.people["chief"]).poll_id)
    while run_due_polls(at=asked):
        pass
    electors = list(Elector.objects.filter(poll=poll).order_by("pk"))
    assert len(electors) == 8
    for elector, given in zip(electors[:6], (5, 5, 4, 4, 3, 5), strict=True):
        cast_ballot(elector=elector, values=[given] * poll.items.count(), at=asked + timedelta(hours=1))
    after = Span(MARCH).end + timedelta(hours=1)
    while run_due_polls(at=after):
        pass
    figure = course.compute()["chief"].figures["stars"]
    assert figure["cases"] == 6
    assert 0 < figure["low"] <= figure["value"] <= figure["high"]
    assert not Elector.objects.filter(poll=poll).exists()


def test_the_clock_asks_in_the_last_days_where_the_scheme_says_so(cast):
    begun(cast, STARS)
    assert ask_all_stars(at=cast.at) == 0
    assert ask_all_stars(at=cast.at + timedelta(days=20)) == 1
    assert ask_all_stars(at=cast.at + timedelta(days=21)) == 0
    assert StarSheet.objects.count() == 2


# ---- Two at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.django_db(transaction=True)
def test_a_month_is_begun_computed_and_published_once(here):
    desk, at = here.actor("desk"), here.at + AFTER
    course = begun(here)
    again = partial(open_month, scheme=course.scheme, area=here.areas["community"], month=MARCH, actor=desk, at=here.at)
    assert len({row.pk for row in winners(at_once(again, again))}) == 1
    compute = partial(compute_month, month_id=course.month.pk, actor=desk, at=at)
    assert len(winners(at_once(compute, compute))) == 2
    publish = partial(publish_month, month_id=course.month.pk, commended=[], actor=desk, at=at)
    assert len(winners(at_once(publish, publish))) == 1
    assert AppraisalMonth.objects.get().status == "published"
    assert prove_journal().chains


@pytest.mark.django_db(transaction=True)
def test_one_scheme_one_objection_and_one_review_of_two_at_once(here):
    course = begun(here)
    row = course.compute()["chief"]
    raise_it = partial(
        object_to_figure, standing_uid=row.uid, kind="orders_in_time", words="不对", actor=here.actor("chief"),
        at=here.at,
    )  # fmt: skip
    assert len(winners(at_once(raise_it, raise_it))) == 1
    assert FigureObjection.objects.count() == 1
    opened = partial(open_review, post=here.posts["chief"], ground="residents", actor=here.actor("desk"), at=here.at)
    assert len(winners(at_once(opened, opened))) == 1
    assert Review.objects.count() == 1
    adopt = partial(
        adopt_scheme, draft=PRESETS["tasks"], area=here.areas["community"], actor=here.actor("desk"), at=here.at
    )
    at_once(adopt, adopt)
    assert Scheme.objects.filter(ended_at=None).count() == 1
