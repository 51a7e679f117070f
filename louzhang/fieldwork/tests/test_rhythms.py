"""Rhythms: who sets them, what makes no sense, what ending one does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.rhythms import (
    PRESETS,
    RhythmDraft,
    end_rhythm,
    lay_down_presets,
    set_rhythm,
    start_rhythm,
)
from louzhang.fieldwork.models import Rhythm, Span, VisitDue, Whom
from louzhang.fieldwork.queries.rhythms import list_rhythms
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock

DRAFT = RhythmDraft("每月走访", Whom.EACH, "chief", Span.MONTH)


def set_by(cast, person, where="community", draft=DRAFT, **more):
    day = clock.local_date(cast.at)
    return set_rhythm(
        draft=draft, area=cast.areas[where], starts_on=more.pop("starts_on", day), actor=cast.actor(person), at=cast.at,
        **more,
    )  # fmt: skip


def test_offices_set_rhythms_below_themselves_and_the_keeper_anywhere(cast):
    setters = set()
    for person in cast.people:
        try:
            set_by(cast, person, draft=RhythmDraft(f"由{person}", Whom.EACH, "chief", Span.MONTH))
        except NotYours:
            continue
        setters.add(person)
    assert setters == {"desk", "secretary", "street", "commander", "system_admin"}


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
