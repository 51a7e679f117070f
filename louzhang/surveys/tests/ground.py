"""What tests of surveys stand on: a screening of the cast's community, with its questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import Target as Assessable
from louzhang.surveys.actions.drafting import SurveyDraft, set_questions, write_survey
from louzhang.surveys.actions.running import open_survey
from louzhang.surveys.models import Survey, Target
from louzhang.surveys.questions import Asked, Kind, Only, Option
from tests.cast import Cast

QUESTIONS = (
    Asked("lives", "现在有人住吗", Kind.YES_NO),
    Asked("heads", "住几个人", Kind.NUMBER, only=Only("lives", frozenset({"yes"})), least=0, most=20),
    Asked("wants", "想要什么", Kind.MANY, options=(Option("a", "加装电梯"), Option("b", "停车位")), is_needed=False),
    Asked("words", "还想说什么", Kind.TEXT, is_needed=False),
)
GOOD = {"q_lives": "yes", "q_heads": "3", "q_wants": "a,b", "q_words": "楼道灯不亮"}


def draft_of(cast: Cast, **more: Any) -> SurveyDraft:
    """A screening of the community, for two hours from now."""
    ends_at = cast.at + timedelta(hours=2)
    given: dict[str, Any] = {
        "kind": "screening",
        "title": "住户摸底",
        "purpose": "核对哪些房屋有人住，好安排停水通知",
        "starts_at": cast.at,
        "ends_at": ends_at,
        "purge_on": clock.local_date(ends_at) + timedelta(days=30),
        "area_ids": [cast.areas["community"].pk],
    }
    return SurveyDraft(**{**given, **more})


def assess(cast: Cast) -> None:
    """Switch both sorts of survey on."""
    lay_down_assessments(actor=SYSTEM, at=cast.at, in_use=True, targets=(Assessable.SURVEY,))


def drafted(cast: Cast, key: str = "desk", area: str = "community", **more: Any) -> Survey:
    """A draft with its questions."""
    actor = cast.actor(key)
    survey = write_survey(draft=draft_of(cast, **more), asker_area_id=cast.areas[area].pk, actor=actor, at=cast.at)
    return set_questions(survey_id=survey.pk, asked=QUESTIONS, actor=actor, at=cast.at)


def opened(cast: Cast, **more: Any) -> Survey:
    """An open screening of the community."""
    assess(cast)
    return open_survey(survey_id=drafted(cast, **more).pk, actor=cast.actor("desk"), at=cast.at)


def target_of(survey: Survey, door: str) -> Target:
    """The household behind a door."""
    return Target.objects.get(survey=survey, dwelling__door=door)
