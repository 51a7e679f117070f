"""Surveys an actor may know of: lists, one of them, what may be done with it now."""

from __future__ import annotations

from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit.lifecycle import Transition
from louzhang.surveys.lifecycle import BEFORE, LOOP, SurveyState, Tie
from louzhang.surveys.models import Question, Survey
from louzhang.surveys.models.surveys import SurveyQuerySet
from louzhang.surveys.questions import Asked

UNKNOWN = "没有找到这次排查，或它不在您的范围内。"
WORKING = (Tie.ASKER, Tie.GATE, Tie.OFFICE)


def surveys_at_desk(actor: Actor, which: str = "") -> SurveyQuerySet:
    """What the actor's offices ask, admit or lie in; `which` is open, drafts or over, else all; the newest first."""
    rows = Survey.objects.tied(actor, *WORKING).with_ties(actor)
    states = {
        "open": [SurveyState.OPEN],
        "drafts": sorted(BEFORE),
        "over": [SurveyState.CLOSED, SurveyState.PURGED, SurveyState.WITHDRAWN],
    }.get(which)
    if states is not None:
        rows = rows.filter(status__in=[state.value for state in states])
    return rows.select_related("asker_area__level", "asker_unit", "author").order_by("-id")


def surveys_in_field(actor: Actor) -> list[Survey]:
    """Open ones with a part of the actor's, the one that ends first on top."""
    return list(Survey.objects.open().tied(actor, Tie.HOLDER).order_by("ends_at", "pk"))


def find_survey(actor: Actor, uid: UUID, *ties: str) -> Survey:
    """One with its ties; raises `NotThere` out of scope, or without any of the ties that are named."""
    rows = Survey.objects.tied(actor, *(ties or tuple(Tie))).with_ties(actor)
    survey = rows.select_related("asker_area__level", "asker_unit", "author").filter(uid=uid).first()
    if survey is None:
        raise NotThere(UNKNOWN)
    return survey


def verbs_now(survey: Survey) -> list[Transition]:
    """What the actor may do with it now, the bars of the row itself counted in."""
    allowed = LOOP.allowed(survey.status, survey.relations_now)
    return [transition for transition in allowed if not survey.bar_on(transition.verb)]


def asked_of(survey: Survey) -> list[Asked]:
    """Its questions, in order."""
    return [question.asked() for question in Question.objects.filter(survey=survey).order_by("position")]
