"""随手拍: a resident reports in three short steps. One form carries all of them, so nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.models import Area
from louzhang.areas.queries import setting
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, NotThere, Refusal
from louzhang.kit import clock, codes, coordinates
from louzhang.workorders.actions import report_too
from louzhang.workorders.forms.questions import question_rows
from louzhang.workorders.forms.reports import file_report, find_receipt
from louzhang.workorders.forms.stepped import STEP_OF_FIELD, STEPS, SteppedReportForm, as_report
from louzhang.workorders.models import AnswerWay, Category, Channel
from louzhang.workorders.queries import find_order
from louzhang.workorders.queries.choices import by_group, offered_categories, suggested_categories, whom_to_name
from louzhang.workorders.queries.neighbours import lines_near
from louzhang.workorders.queries.places import Place, has_outline, place_at, place_of
from louzhang.workorders.views.sending import id_after, not_received, received, wants_json
from louzhang.workorders.views.telling import photos_of
from louzhang.workorders.views.uploads import picker, with_plain_files

PLACE_COOKIE = "lz_place"
PLACE_DAYS = 365
# Buttons that show the page again with more to choose from, for browsers without JavaScript.
AGAIN = {"kind": 1, "place": 2}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The three steps: shown, moved between, sent."""
    if request.method == "POST":
        return _posted(request)
    is_blank = "blank" in request.GET  # the copy a phone keeps to be used without a signal: nothing of anybody
    asked = request.GET.get("place") or request.COOKIES.get(PLACE_COOKIE, "")  # from the code at a building's door
    place = place_at("" if is_blank else asked)
    response = _page(request, QueryDict(mutable=True), place, 1, is_remembered=place.area is not None)
    if not is_blank:
        ensure_device_cookie(request, response)
    return response


def _posted(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    place = _posted_place(request)
    given = as_report(request.POST, place, guess=_guess(request.POST))
    form = SteppedReportForm(given)
    go = request.POST.get("go", "")
    step = _step_of(request)
    try:
        with_plain_files(request, given, actor, at)
        if go in AGAIN:
            return _page(request, given, place, AGAIN[go])
        if go:
            return _move(request, given, form, place, step)
        return _send(request, given, form, place, actor, at)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        if wants_json(request):
            new_id = id_after(refusal, actor, given.get("entry_id", ""))
            return not_received(form, status=status_of(refusal), entry_id=new_id)
        if isinstance(refusal, Conflict):
            given["entry_id"] = str(uuid4())
        shown = STEP_OF_FIELD.get(refusal.field, step)
        return _page(request, given, place, shown, form=form, status=status_of(refusal))


def _move(request: HttpRequest, given: QueryDict, form: SteppedReportForm, place: Place, step: int) -> HttpResponse:
    """Back freely, forward when what was asked so far can be understood."""
    form.keep_errors_before(step)
    wrong = form.wrong_steps()
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=400 if wrong else 200)
    if wrong:
        return _page(request, given, place, wrong[0], form=form, status=400)
    return _page(request, given, place, step)


def _send(
    request: HttpRequest, given: QueryDict, form: SteppedReportForm, place: Place, actor: Actor, at: datetime
) -> HttpResponse:
    if not form.is_valid():
        if wants_json(request):
            return not_received(form, status=400)
        return _page(request, given, place, form.wrong_steps()[0], form=form, status=400)
    refuse_flood(request, actor, form.cleaned_data["phone"], at)
    file_report(form, channel=Channel.RESIDENT, actor=actor, at=at, file=report_too)
    response = received(request, "phone:reported", form.cleaned_data["entry_id"])
    if place.area is not None:
        remember_place(request, response, PLACE_COOKIE, place.area)
    return response


def remember_place(request: HttpRequest, response: HttpResponse, name: str, area: Area) -> None:
    """Offer the same place next time on this phone: an id of an area, nobody's address."""
    days = PLACE_DAYS * 86400
    response.set_cookie(name, str(area.pk), days, secure=request.is_secure(), httponly=True, samesite="Lax")


def refuse_flood(request: HttpRequest, actor: Actor, phone: str, at: datetime) -> None:
    """Count a report of a phone without an account; raises `TooOften`."""
    if actor.kind is not ActorKind.DEVICE:
        return
    address = neighbourhood(client_address(request))
    refuse_too_often({"report.device": actor.device, "report.phone": phone, "report.address": address}, at)


def _posted_place(request: HttpRequest) -> Place:
    given = request.POST if request.method == "POST" else request.GET
    return place_of(given.get("community", ""), given.get("building", ""), given.get("stairwell", ""))


def _guess(posted: QueryDict) -> str:
    """The category the words suggest, for whoever chose none."""
    words = posted.get("words", "")
    if posted.get("category") or not words:
        return ""
    closest = suggested_categories(words, offered_categories())
    return closest[0].code if closest else ""


def _step_of(request: HttpRequest) -> int:
    """The step asked for, else the one that was shown."""
    asked = request.POST.get("go") or request.POST.get("step", "")
    return int(asked) if asked in {str(step) for step in range(1, STEPS + 1)} else STEPS


def _page(
    request: HttpRequest,
    given: QueryDict,
    place: Place,
    step: int,
    *,
    form: SteppedReportForm | None = None,
    status: int = 200,
    is_remembered: bool = False,
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    leaves = offered_categories()
    chosen = next((leaf for leaf in leaves if leaf.code == given.get("category")), None)
    context = {
        "form": form,
        "errors": form.errors if form is not None else {},
        "general": form.non_field_errors() if form is not None else [],
        "given": given,
        "step": step,
        "entry_id": given.get("entry_id") or uuid4(),
        "groups": by_group(leaves),
        "shows_kinds": given.get("go") == "kind" or (form is not None and "category" in form.errors),
        "has_map": has_outline(),
        "suggested": suggested_categories(given.get("words", ""), leaves),
        "place": place,
        "is_remembered": is_remembered,
        "ways": AnswerWay.choices,
        "paused": paused_words(actor, at),
        **(_nearby(chosen, place, given, actor, at) if step == STEPS else {}),
        **_about(chosen, given, form),
        **whom_to_name(chosen, place.area, given.get("target", ""), at),
        **picker(actor, at, given.getlist("photos")),
    }
    return render(request, "workorders/phone/report.html", context, status=status)


def paused_words(actor: Actor, at: datetime) -> dict[str, str] | None:
    """What to say instead of the form while reports without an account are paused."""
    if actor.kind is not ActorKind.DEVICE or not setting("anonymous_paused", at):
        return None
    return {"hotline": str(setting("hotline", at))}


def _about(chosen: Category | None, given: QueryDict, form: SteppedReportForm | None = None) -> dict[str, Any]:
    errors = form.errors if form is not None else None
    return {"chosen": chosen, "questions": question_rows(chosen.questions if chosen else [], given, errors)}


def _nearby(chosen: Category | None, place: Place, given: QueryDict, actor: Actor, at: datetime) -> dict[str, Any]:
    """What the desk has made public about the same kind of matter near the place."""
    longitude, latitude = _position(given)
    found = lines_near(chosen, place.area, longitude, latitude)
    lines = [
        {"line": near.line, "photo": photos_of([near.photo], actor, at)[0] if near.photo else None} for near in found
    ]
    return {"near": lines, "same": given.get("same", "")}


def _position(given: QueryDict) -> tuple[float | None, float | None]:
    try:
        datum = coordinates.Datum(given.get("datum") or coordinates.Datum.WGS84)
        return coordinates.to_wgs84(float(given.get("lon", "")), float(given.get("lat", "")), datum)
    except ValueError:
        return None, None


@require_http_methods(["POST"])
def nearby(request: HttpRequest) -> HttpResponse:
    """What is public about the same kind of matter near the place chosen so far; posted, as a position is."""
    chosen = next((leaf for leaf in offered_categories() if leaf.code == request.POST.get("category")), None)
    context = _nearby(chosen, _posted_place(request), request.POST, actor_of(request), clock.now())
    return render(request, "workorders/phone/parts/nearby.html", context)


@require_http_methods(["POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Category chips for what has been typed so far; posted, because words of people stay out of URLs."""
    leaves = offered_categories()
    chosen = next((leaf for leaf in leaves if leaf.code == request.POST.get("category")), None)
    suggested = suggested_categories(request.POST.get("words", "")[:2000], leaves)
    if not request.POST.get("picked"):
        chosen = suggested[0] if suggested else chosen
    context = {"suggested": suggested, **_about(chosen, request.POST), "swaps_about": True}
    return render(request, "workorders/phone/parts/suggested.html", context)


@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """All categories by group, fetched when somebody wants to choose by hand."""
    return render(request, "workorders/phone/parts/kind_groups.html", {"groups": by_group(offered_categories())})


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What a category asks more, and whom to call first where it is urgent."""
    chosen = next((leaf for leaf in offered_categories() if leaf.code == request.GET.get("category")), None)
    context = {**_about(chosen, request.GET), "swaps_urgent": True}
    return render(request, "workorders/phone/parts/about.html", context)


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The place pickers again after one of them was changed, and whom a complaint may name there."""
    place = _posted_place(request)
    chosen = next((leaf for leaf in offered_categories() if leaf.code == request.GET.get("category")), None)
    whom = whom_to_name(chosen, place.area, request.GET.get("target", ""), clock.now())
    context = {"place": place, **whom}
    return render(request, "workorders/phone/parts/place.html", context)


@require_GET
def reported(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Done: number, code, who will see it, by when somebody answers."""
    return render(request, "workorders/phone/reported.html", receipt_context(request, entry_id))


@require_GET
def slip(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The same on paper: number, code, promised time, whom to call."""
    came_from = "field:reported" if request.GET.get("from") == "field" else "phone:reported"
    context = receipt_context(request, entry_id) | {"back_url": reverse(came_from, args=[entry_id])}
    return render(request, "workorders/phone/slip.html", context)


def receipt_context(request: HttpRequest, entry_id: UUID) -> dict[str, Any]:
    """What is told after a report; raises `NotThere` to anyone else than who filed it."""
    actor, at = actor_of(request), clock.now()
    receipt = find_receipt(actor, entry_id)
    if receipt is None:
        raise NotThere("没有找到这次反映的回执。请到“我的事”里查看，或输入查询码。")
    order = find_order(actor, receipt.number)
    return {
        "receipt": receipt,
        "code": codes.shown_tracking_code(receipt.tracking_code),
        "order": order,
        "entry_id": entry_id,
        "hotline": setting("hotline", at),
        "now": at,
    }
