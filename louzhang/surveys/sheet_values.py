"""What surveys say in a sheet from above: how many households answered, and each answer to a question with choices."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from louzhang.areas.models import Area
from louzhang.fieldwork.values import HIDDEN, Ask, Cell, Source, Told, Value, add_source
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Refusal
from louzhang.surveys.lifecycle import AFTER, SurveyState
from louzhang.surveys.models import Question, Survey
from louzhang.surveys.queries.finding import surveys_at_desk
from louzhang.surveys.queries.results import Results, ground_of, places_of, results_of

GROUP = "排查问卷"
LAST = 8  # surveys offered
CHOOSING = ("yes_no", "one", "many")
BEGUN = [state.value for state in (SurveyState.OPEN, *AFTER)]


def values(actor: Actor, at: datetime) -> Sequence[Value]:
    """Those of the last surveys the actor may read; two queries."""
    surveys = list(surveys_at_desk(actor).filter(status__in=BEGUN)[:LAST])
    found = []
    asked = Question.objects.filter(survey__in=surveys, kind__in=CHOOSING).order_by("survey", "position")
    by_survey: dict[int, list[Question]] = {}
    for question in asked:
        by_survey.setdefault(question.survey_id, []).append(question)
    for survey in surveys:
        code = f"survey.{survey.uid}"
        found.append(Value(f"{code}:done", f"{survey.title}：已问的户", GROUP))
        found.append(Value(f"{code}:total", f"{survey.title}：要问的户", GROUP))
        for question in by_survey.get(survey.pk, ()):
            found += [
                Value(f"{code}:{question.key}:{option.code}", f"{survey.title}：{question.text} {option.words}", GROUP)
                for option in question.asked().choices
            ]
    return found


def read(codes: Collection[str], ask: Ask) -> Told:
    """Counts by place, small ones hidden outside the community as the page of results hides them."""
    told: dict[tuple[str, str], Cell] = {}
    wanted: dict[str, list[str]] = {}
    for code in codes:
        wanted.setdefault(code.partition(".")[2].partition(":")[0], []).append(code)
    surveys = {str(survey.uid): survey for survey in _known(list(wanted), ask.actor)}
    top = min(ask.places, key=lambda place: len(place.path))
    for uid, own in wanted.items():
        if uid in surveys:
            told.update(_read_one(surveys[uid], own, top, ask))
    return told


def _known(uids: Sequence[str], actor: Actor) -> list[Survey]:
    rows = Survey.objects.visible_to(actor).filter(uid__in=[UUID(uid) for uid in uids], status__in=BEGUN)
    return list(rows.select_related("asker_area__level"))


def _read_one(survey: Survey, codes: Sequence[str], top: Area, ask: Ask) -> Mapping[tuple[str, str], Cell]:
    try:
        results = results_of(survey, ground_of(survey, places_of(survey, ask.actor), top.pk))
    except Refusal:
        return {}
    cells = _cells(results)
    paths = {place.path for place in ask.places}
    prefix = f"survey.{survey.uid}:"
    return {
        (code, path): cells[path, code.removeprefix(prefix)]
        for code in codes
        for path in paths
        if (path, code.removeprefix(prefix)) in cells
    }


def _cells(results: Results) -> dict[tuple[str, str], Cell]:
    """Every number of a page of results: by path, and `done`, `total` or question and choice."""
    cells: dict[tuple[str, str], Cell] = {}
    for standing in (results.standing, *results.below):
        cells[standing.area.path, "done"], cells[standing.area.path, "total"] = standing.done, standing.total
    for question in results.questions:
        for row in (question.whole, *question.rows):
            for column, number in zip(question.columns, row.numbers, strict=True):
                told: Cell = HIDDEN if number is None else number
                cells[row.area.path, f"{question.asked.key}:{column.code}"] = told
    return cells


def add_values() -> None:
    """Register the source."""
    add_source(Source("survey", values, read))
