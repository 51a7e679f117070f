"""The doors behind a number of the results, for whoever keeps them. Nobody asks who would rather not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.surveys.models import Answer, Question, Survey, Target
from louzhang.surveys.queries.doors import BUILDING_RANK
from louzhang.surveys.queries.finding import asked_of
from louzhang.surveys.queries.results import Ground
from louzhang.surveys.questions import DECLINED, Asked, is_shown
from louzhang.surveys.reckoning import BLANK

LISTED = 300
UNKNOWN = "没有找到这一题，或这个答案后面没有门牌可看。"


@dataclass(frozen=True, slots=True)
class Door:
    """One home that gave the answer."""

    target: Target
    place: str


def find_question(survey: Survey, key: str) -> Asked:
    """A question of a survey; raises `NotThere`."""
    row = Question.objects.filter(survey=survey, key=key).first()
    if row is None:
        raise NotThere(UNKNOWN)
    return row.asked()


def doors_behind(
    survey: Survey, asked: Asked, code: str, values: frozenset[str], ground: Ground, actor: Actor
) -> tuple[list[Door], int]:
    """The homes of a place that gave one of these answers, at most `LISTED`, and how many there are."""
    if code == DECLINED:
        raise NotThere(UNKNOWN)
    question = next((each for each in asked_of(survey, ground.area.path) if each.key == asked.key), None)
    if question is None:
        raise NotThere(UNKNOWN)
    found = [row.target for row in _answers(survey, ground, actor) if _is_behind(row, question, code, values)]
    shown = found[:LISTED]
    places = spoken_places({target.area for target in shown}, from_rank=BUILDING_RANK) if shown else {}
    return [Door(target, places[target.area_id]) for target in shown], len(found)


def _answers(survey: Survey, ground: Ground, actor: Actor) -> Iterator[Answer]:
    doors = Target.objects.handled_by(actor).filter(survey=survey, state="answered")
    doors = doors.filter(area__path__gte=ground.area.path, area__path__lt=ground.area.path + "~")
    rows = Answer.objects.current().filter(target__in=doors.order_by().values("pk"))
    rows = rows.select_related("target__dwelling", "target__area").defer("said_sealed", "target__area__outline")
    order = ("target__area__path", "-target__dwelling__floor", "target__dwelling__position", "target__dwelling__door")
    return rows.order_by(*order).iterator()


def _is_behind(row: Answer, question: Asked, code: str, values: frozenset[str]) -> bool:
    said = row.chosen.get(question.key)
    if code == BLANK:
        return said in (None, "", []) and is_shown(question, row.chosen)
    given = said if isinstance(said, list) else [said]
    return any(_text(each) in values for each in given if each is not None)


def _text(value: object) -> str:
    return value[:7] if isinstance(value, str) and len(value) == 10 and value[4] == "-" else str(value)
