"""纸质表: the forms of a building or stairwell in one print job, blank or as they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.kit.qr import picture_of
from louzhang.register.views.frame import for_keepers, page
from louzhang.surveys.actions.taking_out import log_filled_forms
from louzhang.surveys.forms.results import PurposeForm
from louzhang.surveys.forms.sheet import Block, blocks_of, fields_of
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.lifecycle import AFTER, BEFORE, SurveyState, Tie
from louzhang.surveys.models import Survey
from louzhang.surveys.paper_cells import condition_of
from louzhang.surveys.queries.doors import Stairs
from louzhang.surveys.queries.finding import asked_of, find_survey
from louzhang.surveys.queries.paper import Sheet, blank_sheets, filled_sheets, said_in, stairs_at
from louzhang.surveys.queries.photographs import photos_behind
from louzhang.surveys.questions import Asked
from louzhang.surveys.views.photographs import with_photos

FEW = 8
NOTHING = "这里的住户都问过了，没有空白表要打印。要全部打印，请选“包括问过的”。"


@dataclass(frozen=True, slots=True)
class Page:
    """One form on paper."""

    sheet: Sheet
    blocks: list[tuple[Block, str]]
    picture: SafeString | str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def forms(request: HttpRequest, uid: UUID, area_id: int) -> HttpResponse:
    """Blank forms; posted with what for, those that were answered."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, Tie.OFFICE, Tie.HOLDER, Tie.ASKER)
    if survey.status in BEFORE or survey.status in (SurveyState.WITHDRAWN, SurveyState.PURGED):
        raise NotThere("这次排查现在没有表可打印。")
    stairs = stairs_at(survey, actor, area_id)
    asked = asked_of(survey, *(each.doors[0].target.area.path for each in stairs[:1] if each.doors))
    if request.method == "POST" or request.GET.get("which") == "filled":
        return _filled(request, survey, stairs, asked, actor)
    if survey.status in AFTER:
        raise NotThere("这次排查已经结束，不再打印空白表。")
    sheets = blank_sheets(stairs, with_done=request.GET.get("which") == "all")
    pages = [Page(sheet, _blocks(asked, {}), _picture(request, sheet)) for sheet in sheets]
    return _printed(request, survey, pages, asked)


def _blocks(asked: list[Asked], fields: dict[str, str]) -> list[tuple[Block, str]]:
    return [(block, condition_of(block.asked, asked)) for block in blocks_of(asked, fields)]


def _picture(request: HttpRequest, sheet: Sheet) -> SafeString:
    path = reverse("surveys_own:link", args=[sheet.target.uid, code_of(sheet.target.uid)])
    return picture_of(request.build_absolute_uri(path), title="自己在手机上填的地址")


def _filled(
    request: HttpRequest, survey: Survey, stairs: list[Stairs], asked: list[Asked], actor: Actor
) -> HttpResponse:
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _purpose_page(request, survey, form, status=200 if request.method != "POST" else 400)
    sheets = filled_sheets(stairs)
    try:
        log_filled_forms(
            survey=survey, target_ids=[sheet.target.pk for sheet in sheets], reason=form.cleaned_data["purpose"],
            actor=actor, at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("purpose" if refusal.field else None, refusal.message)
        return _purpose_page(request, survey, form, status=status_of(refusal))
    return _printed(request, survey, _filled_pages(sheets, asked, actor), asked, is_filled=True)


def _filled_pages(sheets: list[Sheet], asked: list[Asked], actor: Actor) -> list[Page]:
    """The forms with what was said, and the photos as far as they can be shown."""
    answers = {sheet.target.pk: sheet.answer for sheet in sheets if sheet.answer is not None}
    said = {pk: said_in(answer) for pk, answer in answers.items()}
    pictures, at, pages = photos_behind(said, asked), clock.now(), []
    for sheet in sheets:
        pk = sheet.target.pk
        blocks = with_photos(blocks_of(asked, fields_of(answers[pk].chosen, said[pk])), pictures, pk, actor, at)
        pages.append(Page(sheet, [(block, condition_of(block.asked, asked)) for block in blocks], ""))
    return pages


def _purpose_page(request: HttpRequest, survey: Survey, form: PurposeForm, *, status: int) -> HttpResponse:
    context = {"survey": survey, "form": form, "back_url": reverse("survey_paper:places", args=[survey.uid])}
    return page(request, "surveys/paper/filled.html", context, status=status)


def _printed(
    request: HttpRequest, survey: Survey, pages: list[Page], asked: list[Asked], *, is_filled: bool = False
) -> HttpResponse:
    context = {
        "survey": survey,
        "pages": pages,
        "is_filled": is_filled,
        "is_short": len(asked) <= FEW,
        "nothing": NOTHING,
        "back_url": reverse("survey_paper:places", args=[survey.uid]),
    }
    return render(request, "surveys/paper/print.html", context)
