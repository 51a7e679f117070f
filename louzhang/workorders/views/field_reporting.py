"""上报 and 现场办结: a worker's report for themselves or for a neighbour, on one short page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, Refusal
from louzhang.kit import clock, phones
from louzhang.workorders.forms.field import NEIGHBOUR, SELF, FieldReportForm, file_field_report
from louzhang.workorders.forms.pasting import read_message, take_phone
from louzhang.workorders.forms.questions import question_rows
from louzhang.workorders.models import AnswerWay
from louzhang.workorders.queries.callers import place_by_id
from louzhang.workorders.queries.choices import Group, by_group, offered_categories, suggested_categories, whom_to_name
from louzhang.workorders.queries.phone_lists import my_reports
from louzhang.workorders.queries.places import own_places
from louzhang.workorders.views.field import PEOPLE, SENTENCES
from louzhang.workorders.views.reporting import receipt_context, remember_place
from louzhang.workorders.views.sending import id_after, not_received, received, wants_json
from louzhang.workorders.views.uploads import picker, with_plain_files

PLACE_COOKIE = "lz_field_place"
# Buttons that show the page again with more to choose from, for browsers without JavaScript.
AGAIN = ("kind", "whom", "paste", "phone")
NOTHING_PASTED = "请先把群里的消息粘贴到这里，再点“下一步”。"


@for_roles(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report what one has found, or what a neighbour says; settled already, or for others to do."""
    actor, at = actor_of(request), clock.now()
    places = own_places(actor, at)
    if request.method != "POST":
        return _page(request, _first(request, places, actor), places, actor, at)
    return _posted(request, places, actor, at)


def _posted(request: HttpRequest, places: list[Group], actor: Actor, at: datetime) -> HttpResponse:
    if request.POST.get("go") == "paste" and not request.POST.get("words", "").strip():
        return _paste_page(request, wrong=NOTHING_PASTED, status=400)
    given = _given(request.POST, places)
    form = FieldReportForm(given, places=places)
    try:
        with_plain_files(request, given, actor, at)
        if given.get("go") in AGAIN:
            return _page(request, given, places, actor, at)
        if not form.is_valid():
            return _wrong(request, given, places, actor, at, form, 400)
        file_field_report(form, actor=actor, at=at)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        new_id = id_after(refusal, actor, given.get("entry_id", ""))
        if isinstance(refusal, Conflict):
            given["entry_id"] = new_id or str(uuid4())
        return _wrong(request, given, places, actor, at, form, status_of(refusal), new_id)
    response = received(request, "field:reported", form.cleaned_data["entry_id"])
    remember_place(request, response, PLACE_COOKIE, form.cleaned_data["area"])
    return response


def _wrong(
    request: HttpRequest,
    given: QueryDict,
    places: list[Group],
    actor: Actor,
    at: datetime,
    form: FieldReportForm,
    status: int,
    new_id: str = "",
) -> HttpResponse:
    if wants_json(request):
        return not_received(form, status=status, entry_id=new_id)
    return _page(request, given, places, actor, at, form=form, status=status)


def _first(request: HttpRequest, places: list[Group], actor: Actor) -> QueryDict:
    """A new page: the last place is chosen, else one's own seat; `?spot=1` comes from the button 现场办结."""
    given = QueryDict(mutable=True)
    offered = {str(choice.value) for group in places for choice in group.choices}
    last = "" if "blank" in request.GET else request.COOKIES.get(PLACE_COOKIE, "")
    seats = {str(seat.area_id) for seat in actor.seats_with(Role.CHIEF, Role.STAIRWELL_HEAD)}
    own = next(iter(offered & seats), "") if len(seats) == 1 else ""
    given.update({"speaks": SELF, "spot": "on" if request.GET.get("spot") else ""})
    given["area"] = last if last in offered else own
    return given


def _pasted(text: str, places: list[Group]) -> dict[str, str]:
    """A message of a chat group as the beginning of a report: a neighbour's words, the place they name."""
    message = read_message(text, places)
    area = "" if message.area_id is None else str(message.area_id)
    return {"words": message.words, "name": message.sender, "area": area, "speaks": NEIGHBOUR, "group": "on"}


def _given(posted: QueryDict, places: list[Group]) -> QueryDict:
    """What was posted; for oneself no contact is asked, the closest category stands in for none."""
    given = posted.copy()
    if given.get("go") == "paste":
        given.update(_pasted(given.get("words", ""), places))
    if given.get("go") == "phone":
        given["words"], given["phone"] = take_phone(given.get("words", ""))
    if given.get("speaks") == SELF:
        for name in ("name", "phone", "answer_way"):
            given[name] = ""
    words = given.get("words", "")
    if words and not given.get("category"):
        closest = suggested_categories(words, offered_categories())
        given["category"] = closest[0].code if closest else ""
    return given


def _page(
    request: HttpRequest,
    given: QueryDict,
    places: list[Group],
    actor: Actor,
    at: datetime,
    *,
    form: FieldReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    leaves = offered_categories()
    chosen = next((leaf for leaf in leaves if leaf.code == given.get("category")), None)
    context: dict[str, Any] = {
        "form": form,
        "errors": form.errors if form is not None else {},
        "general": form.non_field_errors() if form is not None else [],
        "given": given,
        "entry_id": given.get("entry_id") or uuid4(),
        "places": places,
        "groups": by_group(leaves),
        "shows_kinds": given.get("go") == "kind" or (form is not None and "category" in form.errors),
        "suggested": suggested_categories(given.get("words", ""), leaves),
        "chosen": chosen,
        "questions": question_rows(chosen.questions if chosen else [], given, form.errors if form else None),
        "ways": AnswerWay.choices,
        "found_phone": phones.phone_in(given.get("words", "")) if given.get("group") else "",
        **whom_to_name(chosen, place_by_id(given.get("area", "")), given.get("target", ""), at),
        "can_settle": actor.has_role(*FIELD_ROLES),
        "sentences": SENTENCES["settle_on_spot"],
        **picker(actor, at, given.getlist("photos")),
    }
    return render(request, "workorders/field/report.html", context, status=status)


@for_roles(*PEOPLE)
@require_GET
def paste(request: HttpRequest) -> HttpResponse:
    """Where a message copied from a chat group is pasted; the report form opens with it."""
    return _paste_page(request)


def _paste_page(request: HttpRequest, *, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {"back_url": reverse("field:today"), "wrong": wrong}
    return render(request, "workorders/field/paste.html", context, status=status)


@for_roles(*PEOPLE)
@require_GET
def whom(request: HttpRequest) -> HttpResponse:
    """Whom a complaint may name at the chosen place; nothing for any other category."""
    chosen = next((leaf for leaf in offered_categories() if leaf.code == request.GET.get("category")), None)
    area = place_by_id(request.GET.get("area", ""))
    context = whom_to_name(chosen, area, request.GET.get("target", ""), clock.now())
    return render(request, "workorders/field/parts/whom.html", context)


@for_roles(*PEOPLE)
@require_GET
def reported(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Done: the number, and for a neighbour the code to pass on."""
    context = receipt_context(request, entry_id)
    order = context["order"]
    own = my_reports(order, actor_of(request)) if order is not None else []
    context["is_for_neighbour"] = context["receipt"].report_id not in {report.pk for report in own}
    return render(request, "workorders/field/reported.html", context)
