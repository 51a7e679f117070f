"""A home in which only somebody shielded lives is asked by nobody, and no list of a survey names its door."""

from __future__ import annotations

from datetime import date

from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.models import DayItem
from louzhang.kit import clock
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.tests.conftest import Homes
from louzhang.surveys.models import FollowUp, Survey, Target
from louzhang.surveys.tests.ground import opened, target_of
from louzhang.surveys.tests.test_following import rule_of, say
from tests.cast import Cast


def shield(cast: Cast, homes: Homes) -> None:
    """The tenant behind 302 has a protection order."""
    shelter_resident(
        resident_id=homes.residents["tenant"].pk, document="1号", ends_on=date(2099, 1, 1),
        actor=cast.actor("secretary"), at=cast.at,
    )  # fmt: skip


def test_a_home_shielded_since_the_survey_began_is_on_nobodys_list(cast: Cast, homes: Homes, survey: Survey) -> None:
    row = target_of(survey, "302")
    assert Target.objects.handled_by(cast.actor("chief")).filter(pk=row.pk).exists()
    shield(cast, homes)
    for key, actor in cast.everyone().items():
        seen = Target.objects.visible_to(actor).filter(pk=row.pk).exists()
        assert seen is (key in {"secretary", "system"}), key


def test_a_survey_that_begins_later_does_not_ask_there(cast: Cast, homes: Homes) -> None:
    shield(cast, homes)
    survey = opened(cast)
    doors = Target.objects.filter(survey=survey, household__isnull=False)
    assert set(doors.values_list("dwelling__door", flat=True)) == {"301", "101"}


def test_a_call_at_a_home_that_is_shielded_since_stands_on_no_list(cast: Cast, homes: Homes, survey: Survey) -> None:
    rule_of(cast, survey)
    say(cast, survey, door="302")
    assert FollowUp.objects.visible_to(cast.actor("chief")).exists()
    shield(cast, homes)
    seen = {key for key, actor in cast.everyone().items() if FollowUp.objects.visible_to(actor).exists()}
    assert seen == {"secretary", "system"}
    make_days(day=clock.local_date(cast.at), at=cast.at)
    assert not DayItem.objects.filter(source__startswith="follow_up:").exists()
