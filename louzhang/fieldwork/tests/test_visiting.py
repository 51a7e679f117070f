"""A visit: who may write it, what it moves, what it brings with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.visiting import Learnt, Problem, write_visit
from louzhang.fieldwork.models import DayItem, ItemEnd, Met, Visit, VisitDue
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.models import Need, Reach, Stay
from louzhang.register.tests.lawful import bind
from louzhang.workorders.models import WorkOrder
from tests.cast import browser_as


@pytest.fixture
def visit(cast, homes):
    def write(person="chief", home="own", outcome=Met.MET, at=None, **more):
        door = homes.dwellings[home]
        household = homes.households.get(home)
        moment = at or cast.at
        return write_visit(
            dwelling_id=door.pk, household_id=household.pk if household else None, outcome=outcome,
            actor=cast.actor(person, moment), at=moment, **more,
        )  # fmt: skip

    return write


def due_of(homes, home="own"):
    return VisitDue.objects.get(household=homes.households[home])


@pytest.fixture
def weekly(cast, homes, rhythm):
    made = rhythm(span="week")
    keep_dues(day=clock.local_date(cast.at))
    return made


def test_a_household_visited_by_anyone_counts_for_all(visit, weekly, homes, cast):
    visit("stairwell_head")
    today = clock.local_date(cast.at)
    assert (due_of(homes).last_on, due_of(homes).due_on) == (today, today + timedelta(days=7))


def test_nobody_home_leaves_the_day_and_says_that_it_was_tried(visit, weekly, homes, cast):
    before = due_of(homes).due_on
    visit(outcome=Met.NOBODY)
    due = due_of(homes)
    assert (due.due_on, due.last_on, due.tries, due.tried_on) == (before, None, 1, clock.local_date(cast.at))


def test_who_would_rather_not_is_left_in_peace_for_a_round(visit, weekly, homes, cast):
    visit(outcome=Met.DECLINED)
    assert due_of(homes).due_on == clock.local_date(cast.at) + timedelta(days=7)


def test_a_visit_that_arrives_late_never_moves_a_day_back(visit, weekly, homes, cast, later):
    visit(at=later(48))
    after = due_of(homes).due_on
    visit(at=later(1))
    assert due_of(homes).due_on == after


def test_one_entry_feeds_register_order_and_list(visit, cast, homes):
    learnt = Learnt(
        is_unchanged=True,
        reach={"hour": "supper"},
        need="扶手松了，想修一下",
        problem=Problem(cast.categories["lamp"], "三楼灯不亮"),
    )
    made = visit(words="聊了一会儿，都挺好。", learnt=learnt, minutes=20)
    assert Reach.objects.get(pk=homes.households["own"].pk).hour == "supper"
    assert (made.need, made.order) == (Need.objects.get(), WorkOrder.objects.get())
    assert made.order.area == homes.dwellings["own"].area
    event = Event.objects.get(subject_kind="visit", subject_id=made.pk)
    assert (event.payload["order"], event.payload["reach"]) == (made.order_id, ["hour"])
    assert "聊" not in str(event.payload)
    assert Words.objects.get(subject_kind="visit").spoken == {"words": "聊了一会儿，都挺好。"}


def test_where_one_part_is_refused_nothing_is_kept(visit, homes, cast):
    with pytest.raises(InputRefused):
        visit(learnt=Learnt(need="要" * 200, problem=Problem(cast.categories["lamp"], "灯不亮")))
    assert (Visit.objects.count(), WorkOrder.objects.count()) == (0, 0)


@pytest.mark.parametrize("person", ["next_chief", "property", "resident", "nobody", "stranger_chief", "street"])
def test_nobody_writes_a_visit_in_a_place_that_is_not_theirs(visit, person):
    with pytest.raises(NotThere):
        visit(person)


def test_those_who_keep_the_place_read_visits_and_nobody_else(visit, cast):
    visit()
    readers = {key for key, actor in cast.everyone().items() if Visit.objects.visible_to(actor).exists()}
    assert readers == {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary", "system"}


def test_an_empty_home_can_be_called_at_too(visit):
    made = visit(home="empty", outcome=Met.NOBODY)
    assert made.household is None


def test_a_visit_ticks_ones_own_line_and_takes_it_from_others(visit, weekly, homes, cast, rhythm):
    rhythm(name="网格员也去", role="grid_worker", where="grid")
    today = clock.local_date(cast.at)
    keep_dues(day=today)
    VisitDue.objects.update(due_on=today)
    make_days(day=today, at=cast.at)
    lines = DayItem.objects.filter(source=f"home:{homes.households['own'].pk}")
    assert {line.day_list.post.role for line in lines} == {"chief", "grid_worker"}
    visit("chief")
    ends = {line.day_list.post.role: line.ended for line in lines.all()}
    assert ends == {"chief": ItemEnd.DONE, "grid_worker": ItemEnd.GONE}


def test_rows_follow_households_and_take_their_last_visit_along(visit, homes, cast, rhythm):
    visit()
    made = rhythm(span="month")
    keep_dues(day=clock.local_date(cast.at))
    assert due_of(homes).due_on == date(2026, 4, 2)
    homes.households["own"].ends_on = clock.local_date(cast.at)
    homes.households["own"].save(update_fields=["ends_on"])
    keep_dues(day=clock.local_date(cast.at))
    assert not VisitDue.objects.filter(household=homes.households["own"], rhythm=made).exists()


# ---- What the household itself reads ---------------------------------------------------------------------


def own_page(cast, key="resident"):
    return browser_as(cast, key).get(reverse("own:home")).content.decode()


def test_a_resident_reads_when_and_in_which_post_somebody_was_there_and_nothing_of_what_was_said(cast, homes, visit):
    bind(cast, homes.residents["mother"], cast.actor("resident"))
    visit(words="父亲血压高，不想让人知道", met_ids=[homes.residents["father"].pk], learnt=Learnt(need="想装扶手"))
    page = own_page(cast)
    assert "谁来走访过" in page
    assert f"12号楼楼长 {cast.people['chief'].masked_name}" in page
    for word in ("血压", "演示父亲", "扶手", "见到了", cast.people["chief"].name):
        assert word not in page


def test_nobody_reads_of_visits_before_they_lived_there_or_next_door(cast, homes, visit):
    bind(cast, homes.residents["mother"], cast.actor("resident"))
    visit("next_chief", home="next")
    assert "谁来走访过" not in own_page(cast)
    visit()
    Stay.objects.filter(resident=homes.residents["mother"]).update(starts_on=clock.local_date(cast.at) + timedelta(1))
    assert "谁来走访过" not in own_page(cast)


def test_before_somebody_is_confirmed_nothing_is_shown(cast, homes, visit):
    visit()
    assert "谁来走访过" not in own_page(cast)
    assert "谁来走访过" not in browser_as(cast).get(reverse("own:home")).content.decode()
