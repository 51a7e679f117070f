"""Who sees what of a survey: holders their homes, offices counts, households their own; nobody else anything."""

from __future__ import annotations

from typing import Any

import pytest

from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.register.actions.assessing import switch_off
from louzhang.register.models import ImpactAssessment
from louzhang.surveys.actions.drafting import set_questions, write_survey
from louzhang.surveys.actions.passing import pass_on_share
from louzhang.surveys.actions.running import open_survey
from louzhang.surveys.choosing import Choice
from louzhang.surveys.models import Answer, Share, Survey, Target
from louzhang.surveys.questions import Asked, Kind
from louzhang.surveys.tests.ground import assess, draft_of, drafted, opened

HERE = {"301", "302", "101"}
HOMES = {
    "stairwell_head": {"301", "302"},
    "chief": {"301", "302"},
    "next_chief": {"101"},
    **dict.fromkeys(["grid_worker", "grid_lead", "desk", "secretary"], HERE),
}
KNOWS = {*HOMES, "street", "commander"}


def test_homes_are_for_those_who_look_after_them(cast, survey):
    for key, actor in cast.everyone().items():
        if key != "system":
            seen = set(Target.objects.visible_to(actor).values_list("dwelling__door", flat=True))
            assert seen == HOMES.get(key, set()), key
            assert not Answer.objects.visible_to(actor).exists()


def test_that_there_is_one_is_for_those_it_lies_with(cast, survey):
    for key, actor in cast.everyone().items():
        if key != "system":
            assert Survey.objects.visible_to(actor).exists() == (key in KNOWS), key


def test_a_draft_is_for_the_office_that_writes_it(cast, homes):
    drafted(cast)
    for key, actor in cast.everyone().items():
        if key != "system":
            assert Survey.objects.visible_to(actor).exists() == (key in {"desk", "secretary"}), key


def test_scope_needs_an_actor(survey):
    everything: list[Any] = [Survey.objects, Target.objects]
    for rows in everything:
        with pytest.raises(TypeError):
            rows.visible_to(None)


def test_only_an_office_asks_and_only_of_its_own_places(cast, homes):
    for key in ("chief", "property", "nobody", "stranger_desk"):
        with pytest.raises(NotYours):
            write_survey(
                draft=draft_of(cast), asker_area_id=cast.areas["community"].pk, actor=cast.actor(key), at=cast.at
            )
    elsewhere = draft_of(cast, area_ids=[cast.areas["other_community"].pk])
    with pytest.raises(InputRefused, match="范围"):
        write_survey(draft=elsewhere, asker_area_id=cast.areas["community"].pk, actor=cast.actor("desk"), at=cast.at)


def test_an_emergency_names_its_decision(cast, homes):
    draft = draft_of(cast, basis="emergency")
    with pytest.raises(InputRefused) as refused:
        write_survey(draft=draft, asker_area_id=cast.areas["community"].pk, actor=cast.actor("desk"), at=cast.at)
    assert refused.value.field == "basis_words"


def test_it_begins_once_it_is_assessed_has_questions_and_somebody_to_ask(cast, homes):
    desk = cast.actor("desk")
    survey = drafted(cast)
    with pytest.raises(InputRefused, match="影响评估"):
        open_survey(survey_id=survey.pk, actor=desk, at=cast.at)
    assess(cast)
    set_questions(survey_id=survey.pk, asked=[], actor=desk, at=cast.at)
    with pytest.raises(InputRefused, match="题目"):
        open_survey(survey_id=survey.pk, actor=desk, at=cast.at)
    nobody = drafted(cast, choice=Choice(age_from=120))
    with pytest.raises(InputRefused, match="没有要问的住户"):
        open_survey(survey_id=nobody.pk, actor=desk, at=cast.at)
    assert not Share.objects.exists()
    with pytest.raises(NotThere):
        open_survey(survey_id=survey.pk, actor=cast.actor("chief"), at=cast.at)


def test_an_assessment_taken_out_of_use_stops_the_next_one(cast, homes):
    assess(cast)
    for row in ImpactAssessment.objects.filter(target="survey"):
        switch_off(assessment_id=row.pk, actor=cast.actor("system_admin"), at=cast.at)
    with pytest.raises(InputRefused, match="影响评估"):
        open_survey(survey_id=drafted(cast).pk, actor=cast.actor("desk"), at=cast.at)


def test_kinds_ages_and_empty_doors_choose_whom_to_ask(cast, homes):
    let = homes.dwellings["let"].kind_id
    assert opened(cast, choice=Choice(kinds=(let,))).targets.count() == 1
    elders = opened(cast, choice=Choice(age_from=40))
    assert "301" in set(elders.targets.values_list("dwelling__door", flat=True))
    with_empty = opened(cast, choice=Choice(with_empty=True))
    assert with_empty.targets.filter(household=None, dwelling__door="401").count() == 1


def test_once_it_is_open_questions_stand(cast, survey):
    with pytest.raises(TransitionRefused, match="复制"):
        set_questions(
            survey_id=survey.pk, asked=[Asked("q", "还有吗", Kind.YES_NO)], actor=cast.actor("desk"), at=cast.at
        )


def test_a_part_goes_to_somebody_of_the_same_community_alone(cast, survey):
    where = {"survey_id": survey.pk, "area_id": cast.areas["building"].pk, "at": cast.at}
    for key in ("stranger_chief", "resident", "property"):
        with pytest.raises(InputRefused, match="名单"):
            pass_on_share(**where, user_id=cast.people[key].pk, actor=cast.actor("grid_worker"))
    pass_on_share(**where, user_id=cast.people["next_chief"].pk, actor=cast.actor("grid_worker"))
    helped = set(Target.objects.handled_by(cast.actor("next_chief")).values_list("dwelling__door", flat=True))
    assert helped == HERE
