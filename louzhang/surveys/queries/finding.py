"""Surveys an actor may know of: lists, one of them, what may be done with it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit.lifecycle import Transition
from louzhang.surveys.lifecycle import BEFORE, LOOP, SurveyState, Tie
from louzhang.surveys.models import FollowUpRule, Question, Survey
from louzhang.surveys.models.surveys import SurveyQuerySet
from louzhang.surveys.questions import Asked

UNKNOWN = "没有找到这次排查，或它不在您的范围内。"
LISTED = 200
CARRIED = "这里的照片会随工单交给来办的人。"
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


def surveys_at_work(actor: Actor, ties: Sequence[str]) -> list[Survey]:
    """Those that have begun and have not been withdrawn, to which the actor has one of these ties; the newest first."""
    begun = [SurveyState.OPEN, SurveyState.CLOSED, SurveyState.PURGED]
    rows = Survey.objects.tied(actor, *ties).filter(status__in=[state.value for state in begun])
    return list(rows.order_by("-id")[:LISTED])


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


def asked_of(survey: Survey, *paths: str) -> list[Asked]:
    """Its questions, in order; without those that are left out at every one of these places, where some are named."""
    carrying = FollowUpRule.objects.filter(photos=OuterRef("pk"), ended_at=None)
    rows: Any = Question.objects.filter(survey=survey).annotate(is_carried=Exists(carrying)).order_by("position")
    asked = [_told(question.asked(), is_carried=question.is_carried) for question in rows]
    gates = gates_of(asked)
    return [each for each in asked if not paths or not all(_is_left_out(each, path, gates) for path in paths)]


def _told(asked: Asked, *, is_carried: bool) -> Asked:
    """Whoever is asked for photos that go along with an order reads so beside the question."""
    return replace(asked, note=f"{asked.note} {CARRIED}".strip()) if is_carried else asked


def gates_of(asked: Sequence[Asked]) -> dict[int, str]:
    """The paths of the streets in which something is left out, by id; no query where nothing is."""
    ids = {gate for each in asked for gate in each.left_out}
    return dict(Area.objects.filter(pk__in=ids).order_by().values_list("pk", "path")) if ids else {}


def questions_with_gates(survey: Survey) -> list[tuple[Question, list[str]]]:
    """Its questions, each with the streets that let the survey in without it, by name."""
    rows = list(Question.objects.filter(survey=survey).order_by("position"))
    ids = {gate for row in rows for gate in row.left_out}
    names = dict(Area.objects.filter(pk__in=ids).order_by().values_list("pk", "name")) if ids else {}
    return [(row, [names[gate] for gate in row.left_out if gate in names]) for row in rows]


def _is_left_out(asked: Asked, path: str, gates: Mapping[int, str]) -> bool:
    return any(path.startswith(gates[gate]) for gate in asked.left_out if gate in gates)
