"""Rhythms: who sets them, what makes no sense, what ending one does."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.fieldwork.actions.admitting import admit_admission, decline_admission, end_past
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.proposing import ask_rhythm, lay_down_presets, set_or_ask
from louzhang.fieldwork.actions.rhythms import (
    PRESETS,
    RhythmDraft,
    end_rhythm,
    set_rhythm,
    start_rhythm,
)
from louzhang.fieldwork.models import Admission, Campaign, Rhythm, Span, VisitDue, Whom
from louzhang.fieldwork.queries.rhythms import list_rhythms
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.tests.lawful import put_in_use, tag

DRAFT = RhythmDraft("每月走访", Whom.EACH, "chief", Span.MONTH)


def set_by(cast, person, where="community", draft=DRAFT, **more):
    day = clock.local_date(cast.at)
    return set_rhythm(
        draft=draft, area=cast.areas[where], starts_on=more.pop("starts_on", day), actor=cast.actor(person), at=cast.at,
        **more,
    )  # fmt: skip


def test_a_community_sets_its_own_and_all_above_ask_the_street_first(cast, homes):
    made = {}
    for person in cast.people:
        draft = RhythmDraft(f"由{person}", Whom.EACH, "chief", Span.MONTH)
        given = {"draft": draft, "area": cast.areas["community"], "starts_on": clock.local_date(cast.at)}
        try:
            made[person] = set_or_ask(**given, actor=cast.actor(person), at=cast.at)
        except NotYours:
            with pytest.raises(NotYours):
                ask_rhythm(**given, actor=cast.actor(person), at=cast.at)
    asked = {person for person, each in made.items() if isinstance(each, Campaign)}
    assert (set(made) - asked, asked) == ({"desk", "secretary"}, {"street", "commander", "system_admin"})
    for person in asked:
        with pytest.raises(NotYours):
            set_by(cast, person)


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("name", RhythmDraft(" ", Whom.EACH, "chief", Span.MONTH)),
        ("name", RhythmDraft("看望信访的人", Whom.EACH, "chief", Span.MONTH)),
        ("whom", RhythmDraft("走访", "all", "chief", Span.MONTH)),
        ("role", RhythmDraft("走访", Whom.EACH, "unit_member", Span.MONTH)),
        ("every", RhythmDraft("走访", Whom.EACH, "chief", Span.MONTH, every=0)),
        ("span", RhythmDraft("走访", Whom.SOME, "chief", Span.WEEK, often=10)),
        ("often", RhythmDraft("走访", Whom.EACH, "chief", Span.WEEK, often=2)),
        ("care_code", RhythmDraft("走访", Whom.CARED, "chief", Span.WEEK, care_code="nothing")),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(cast, field, draft):
    with pytest.raises(InputRefused) as refused:
        set_by(cast, "secretary", draft=draft)
    assert refused.value.field in {field, "name"}


def test_a_rhythm_begins_today_or_later_and_ends_after(cast):
    day = clock.local_date(cast.at)
    for wrong in ({"starts_on": day - timedelta(days=1)}, {"ends_on": day}):
        with pytest.raises(InputRefused):
            set_by(cast, "secretary", **wrong)


def test_the_same_rhythm_is_set_once(cast):
    set_by(cast, "secretary")
    with pytest.raises(Conflict):
        set_by(cast, "desk")


def test_who_is_due_by_an_ended_rhythm_alone_is_due_no_more(cast, homes):
    rhythm = set_by(cast, "secretary")
    keep_dues(day=clock.local_date(cast.at))
    assert VisitDue.objects.filter(rhythm=rhythm).count() == 3
    with pytest.raises(NotThere):
        end_rhythm(uid=rhythm.uid, actor=cast.actor("stranger_desk"), at=cast.at)
    with pytest.raises(NotYours):
        end_rhythm(uid=rhythm.uid, actor=cast.actor("chief"), at=cast.at)
    end_rhythm(uid=rhythm.uid, actor=cast.actor("desk"), at=cast.at)
    assert not VisitDue.objects.standing().exists()
    start_rhythm(rhythm_id=rhythm.pk, at=cast.at)
    assert not VisitDue.objects.exists()


def test_the_presets_are_laid_down_once(cast):
    assert len(lay_down_presets(actor=SYSTEM, at=cast.at)) == len(PRESETS)
    assert lay_down_presets(actor=SYSTEM, at=cast.at) == []
    said = [line.words for line in list_rhythms(cast.actor("commander"), clock.local_date(cast.at))]
    assert said == ["每天 10 户", "每周一次", "每月一次", "每周 2 次"]


def test_rhythms_are_known_where_they_hold_and_nowhere_else(cast):
    set_by(cast, "secretary", where="grid")
    knowing = {key for key, actor in cast.everyone().items() if Rhythm.objects.visible_to(actor).exists()}
    assert knowing == {
        "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "street",
        "commander", "system_admin", "system",
    }  # fmt: skip


# ---- What is set above a community waits for the street ---------------------------------------------------


@pytest.fixture
def asked(cast, homes):
    """Monthly calls at every home of the district, by the district's office; both streets are asked."""
    return ask_rhythm(
        draft=DRAFT, area=cast.areas["district"], starts_on=clock.local_date(cast.at), actor=cast.actor("commander"),
        at=cast.at,
    )  # fmt: skip


def at_street(cast, key="street"):
    return Admission.objects.get(street=cast.areas[key])


def test_nothing_is_planned_before_the_street_says_yes_and_then_only_there(cast, asked):
    assert {row.kind for row in Admission.objects.all()} == {"rhythm"}
    assert not Rhythm.objects.exists()
    admit_admission(uid=at_street(cast).uid, answers={}, actor=cast.actor("street"), at=cast.at)
    rhythm = Rhythm.objects.get()
    assert (rhythm.area, rhythm.name, rhythm.span) == (cast.areas["street"], "每月走访", "month")
    keep_dues(day=clock.local_date(cast.at))
    assert VisitDue.objects.count() == 3
    decline_admission(
        uid=at_street(cast, "other_street").uid, reason="正在防汛", actor=cast.actor("stranger_street"), at=cast.at
    )
    assert Rhythm.objects.count() == 1


def test_the_street_reads_how_many_calls_a_year_that_is(cast, asked):
    assert at_street(cast).households == 3 * 12
    assert at_street(cast, "other_street").households == 12


def test_after_a_year_it_ends_and_the_street_is_asked_again(cast, asked, later):
    admit_admission(uid=at_street(cast).uid, answers={}, actor=cast.actor("street"), at=cast.at)
    assert end_past(at=later(24 * 365)) == 0
    assert end_past(at=later(24 * 367)) == 1
    assert not Rhythm.objects.current().exists()


def test_the_same_is_not_asked_twice_while_it_waits(cast, asked):
    with pytest.raises(Conflict):
        ask_rhythm(
            draft=DRAFT, area=cast.areas["district"], starts_on=clock.local_date(cast.at),
            actor=cast.actor("commander"), at=cast.at,
        )  # fmt: skip


def test_being_there_so_often_is_let_in_where_it_is_asked_of_the_field_and_not_of_a_posted_office(cast, homes):
    given = {"area": cast.areas["district"], "starts_on": clock.local_date(cast.at), "at": cast.at}
    district = cast.actor("commander")
    office = RhythmDraft("第一书记到社区", Whom.PRESENCE, "secretary", Span.WEEK, often=2)
    assert isinstance(set_or_ask(draft=office, actor=district, **given), Rhythm), "both managers agreed on it"
    field = RhythmDraft("网格员到片区", Whom.PRESENCE, "grid_worker", Span.WEEK, often=2)
    assert isinstance(set_or_ask(draft=field, actor=district, **given), Campaign)
    assert at_street(cast).households == 2 * 52, "twice in each week of the year it may hold"
    assert at_street(cast).pace_seconds == 120 * 60, "the minutes of being there, not those of a call"
    here = given | {"area": cast.areas["community"]}
    assert isinstance(set_or_ask(draft=field, actor=cast.actor("desk"), **here), Rhythm), "its own planning"


def test_the_presets_of_the_keeper_wait_for_the_streets_but_for_being_there(cast, homes):
    made = lay_down_presets(actor=cast.actor("system_admin"), at=cast.at)
    assert [each.name for each in made if isinstance(each, Rhythm)] == ["第一书记到社区"]
    waiting = [each.title for each in made if isinstance(each, Campaign)]
    assert waiting == ["每天走访十户", "关爱户每周走访", "探访关爱，每月一次"]
    assert Admission.objects.filter(status="asked").count() == 2 * len(waiting)
    assert lay_down_presets(actor=cast.actor("system_admin"), at=cast.at) == []


def test_how_many_are_looked_after_is_not_told_exactly_nor_by_building(cast, homes):
    tag(cast, homes.residents["father"], put_in_use(cast, "living_alone")["living_alone"], cast.actor("chief"))
    ask_rhythm(
        draft=RhythmDraft("关爱户每周走访", Whom.CARED, "chief", Span.WEEK), area=cast.areas["street"],
        starts_on=clock.local_date(cast.at), actor=cast.actor("street"), at=cast.at,
    )  # fmt: skip
    assert at_street(cast).loads == {str(cast.areas["grid"].pk): 5 * 52}


def test_the_page_says_that_it_waits(cast, homes, sign_in):
    fields = {
        "name": "每月走访", "area": str(cast.areas["street"].pk), "whom": "each", "role": "chief", "every": "1",
        "span": "month", "often": "1", "starts_on": clock.local_date(clock.now()).isoformat(), "entry_id": str(uuid4()),
    }  # fmt: skip
    street = sign_in("street")
    answer = street.post(reverse("fieldwork_desk:rhythm_add"), fields, follow=True)
    assert "等街道准入" in answer.content.decode()
    assert not Rhythm.objects.exists()
