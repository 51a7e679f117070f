"""结果: tables and bars of every question by place; the doors behind a number; the tables as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.views.list_files import book_file
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.kit.typed import number_of
from louzhang.register.views.frame import for_keepers, page
from louzhang.surveys.actions.taking_out import log_export, read_words
from louzhang.surveys.forms.results import PurposeForm
from louzhang.surveys.lifecycle import BEFORE, SurveyState, Tie
from louzhang.surveys.models import Survey
from louzhang.surveys.queries.doors_behind import LISTED, doors_behind, find_question
from louzhang.surveys.queries.finding import find_survey
from louzhang.surveys.queries.follow_ups import count_follow_ups, spoken_count
from louzhang.surveys.queries.results import (
    Ground,
    Result,
    Row,
    bars_of,
    ground_of,
    is_charted,
    places_of,
    results_of,
)
from louzhang.surveys.questions import DECLINED, SEALED
from louzhang.surveys.reckoning import Column
from louzhang.surveys.views.result_sheets import HIDDEN, sheets_of
from louzhang.workorders.views.telling import photos_of

READERS = (Tie.ASKER, Tie.OFFICE, Tie.HOLDER)
UNKNOWN = "这次排查还没有开始，没有结果可看。"


def _found(request: HttpRequest, uid: UUID) -> tuple[Survey, list[Area], Ground]:
    """The survey, the places one reads, and the one asked for (`?area=`)."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, *READERS)
    if survey.status in BEFORE or survey.status == SurveyState.WITHDRAWN:
        raise NotThere(UNKNOWN)
    places = places_of(survey, actor)
    return survey, places, ground_of(survey, places, number_of(request.GET.get("area")))


@require_safe
@for_keepers
def results(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything that was answered in one place."""
    survey, places, ground = _found(request, uid)
    found = results_of(survey, ground)
    keeps = ground.is_inside and survey.status != SurveyState.PURGED
    count = count_follow_ups(survey, ground.area)
    context = {
        "survey": survey,
        "ground": ground,
        "places": [(area.pk, f"{'　' * (area.depth - places[0].depth)}{area.name}") for area in places],
        "results": found,
        "cards": [_card(survey, result, ground, keeps=keeps) for result in found.questions],
        "follow_ups": spoken_count(count, is_inside=ground.is_inside) if count else "",
        "is_asker": Tie.ASKER in survey.relations_now,
        "hidden": HIDDEN,
        "asked": urlencode({"area": ground.area.pk}),
        **_ways(survey),
    }
    return page(request, "surveys/results/results.html", context)


def _ways(survey: Survey) -> dict[str, Any]:
    """Where the page leads."""
    in_field = Tie.HOLDER in survey.relations_now and Tie.OFFICE not in survey.relations_now
    back = (
        reverse("surveys_field:one", args=[survey.uid])
        if in_field
        else reverse("surveys_desk:survey", args=[survey.uid])
    )
    return {"back_url": back, "may_export": not in_field}


def _card(survey: Survey, result: Result, ground: Ground, *, keeps: bool) -> dict[str, Any]:
    """One question as the page shows it; where one keeps the doors a number leads to them."""
    key, place = result.asked.key, str(ground.area.pk)
    doors = reverse("survey_results:doors", args=[survey.uid, key])

    def behind(row: Row, column: Column) -> str:
        leads = keeps and column.code != DECLINED
        return f"{doors}?{urlencode({'area': str(row.area.pk), 'answer': column.code})}" if leads else ""

    is_sealed = result.asked.kind in SEALED
    return {
        "result": result,
        "is_charted": is_charted(result.asked.kind),
        "bars": [(bar, behind(result.whole, bar.column)) for bar in bars_of(result)],
        "lines": [
            (row, [(number, behind(row, column)) for column, number in zip(result.columns, row.numbers, strict=True)])
            for row in (*result.rows, result.whole)
        ],
        "words_url": f"{reverse('survey_results:words', args=[survey.uid, key])}?{urlencode({'area': place})}"
        if keeps and is_sealed
        else "",
    }


@require_safe
@for_keepers
def doors(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """The homes behind one number."""
    survey, _, ground = _found(request, uid)
    asked, code = find_question(survey, key), request.GET.get("answer", "")
    if not ground.is_inside or survey.status == SurveyState.PURGED:
        raise NotThere("这里只有数字，没有门牌。")
    result = next(each for each in results_of(survey, ground).questions if each.asked.key == key)
    column = next((each for each in result.columns if each.code == code), None)
    if column is None:
        raise NotThere("没有找到这个答案，请回到结果页重新点。")
    homes, count = doors_behind(survey, asked, code, column.values, ground, actor_of(request))
    context = {
        "survey": survey, "question": asked, "column": column, "doors": homes, "count": count, "listed": LISTED,
        "ground": ground, "back_url": _back(survey, ground),
    }  # fmt: skip
    return page(request, "surveys/results/doors.html", context)


def _back(survey: Survey, ground: Ground) -> str:
    return f"{reverse('survey_results:results', args=[survey.uid])}?{urlencode({'area': ground.area.pk})}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def words(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """What households wrote under a question: after saying what for, a hundred at a time."""
    survey, _, ground = _found(request, uid)
    asked = find_question(survey, key)
    if not ground.is_inside or asked.kind not in SEALED or survey.status == SurveyState.PURGED:
        raise NotThere("这一题没有文字可看。")
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "survey": survey, "question": asked, "form": form, "ground": ground, "back_url": _back(survey, ground),
    }  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return page(request, "surveys/results/words.html", context, status=200 if request.method != "POST" else 400)
    try:
        said = read_words(
            survey=survey, asked=asked, ground=ground, reason=form.cleaned_data["purpose"], actor=actor_of(request),
            at=clock.now(), after=number_of(request.POST.get("after")) or 0, home=_home(request),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("purpose" if refusal.field else None, refusal.message)
        return page(request, "surveys/results/words.html", context, status=status_of(refusal))
    photos = [photos_of(each.photos, actor_of(request), clock.now()) for each in said]
    context |= {"said": list(zip(said, photos, strict=True)), "after": said[-1].target.pk if said else 0}
    return page(request, "surveys/results/words.html", context)


def _home(request: HttpRequest) -> UUID | None:
    """The one household that was asked for (`?home=`); raises `NotThere` for none of that shape."""
    typed = request.GET.get("home", "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NotThere("没有找到这一户，请回到结果页重新点。") from None


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def export(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what for and take the tables; what is hidden on the page is hidden here."""
    survey, _, ground = _found(request, uid)
    if not _ways(survey)["may_export"]:
        raise NotYours("结果由发起的办公室和社区导出。")
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context = {"survey": survey, "ground": ground, "form": form, "back_url": _back(survey, ground)}
    if request.method != "POST" or not form.is_valid():
        return page(request, "surveys/results/export.html", context, status=200 if request.method != "POST" else 400)
    try:
        mark = log_export(
            survey=survey, ground=ground, purpose=form.cleaned_data["purpose"], actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        form.add_error("purpose" if refusal.field else None, refusal.message)
        return page(request, "surveys/results/export.html", context, status=status_of(refusal))
    name = f"{survey.title}-{ground.area.name}-{clock.local_date(clock.now())}"
    return book_file(name, book_of(sheets_of(results_of(survey, ground)), mark=mark))
