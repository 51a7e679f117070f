"""Residents answer themselves: by a link, by the code of the building and the own digits, or as who they are here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.register.queries.cards import house_by_uid
from louzhang.surveys.actions.answering import Taken, answer_target
from louzhang.surveys.forms.own import DoorForm
from louzhang.surveys.forms.sheet import blocks_of
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Outcome, Target, Voice
from louzhang.surveys.models.targets import DONE, TargetQuerySet
from louzhang.surveys.queries.doors import BUILDING_RANK
from louzhang.surveys.queries.finding import asked_of
from louzhang.surveys.queries.own import open_in_house, own_target, own_targets, target_at_door, target_by_code
from louzhang.surveys.queries.photographs import current_answer, own_photos
from louzhang.surveys.views.photographs import posted_fields, shown_photos, upload_place, with_pickers
from louzhang.workorders.views.sending import wants_json

Fields = Mapping[str, str]
OUTCOMES = (Outcome.ANSWERED.value, Outcome.DECLINED.value)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The open surveys of the own household, and the other ways in."""
    targets = own_targets(actor_of(request))
    places = spoken_places({each.area for each in targets}, from_rank=BUILDING_RANK) if targets else {}
    rows = [(each, f"{places[each.area_id]} {each.dwelling.door}", each.state in DONE) for each in targets]
    response = render(request, "surveys/own/mine.html", {"rows": rows, "now": clock.now()})
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """The form of the household whose link this is."""
    _refuse_guessing(request, uid)
    return _answer(request, target_by_code(uid, code))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def as_resident(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same for somebody who is known to live there."""
    return _answer(request, own_target(actor_of(request), uid), is_home=True)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def at_house(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The code at the door of a building: which survey, which door, the own digits."""
    house = house_by_uid(uid)
    surveys = open_in_house(house)
    form = DoorForm(request.POST or None, initial={"survey": str(surveys[0].uid)} if len(surveys) == 1 else {})
    form.prepare(surveys)
    status = 200
    if request.method == "POST":
        status = 400
        _refuse_guessing(request, uid)
        if form.is_valid():
            survey = next(each for each in surveys if str(each.uid) == form.cleaned_data["survey"])
            try:
                target = target_at_door(house, survey, form.cleaned_data["door"], form.cleaned_data["code"])
            except NotThere as refusal:
                form.add_error("code", refusal.message)
            else:
                return redirect("surveys_own:link", target.uid, code_of(target.uid))
    context = {"form": form, "surveys": surveys, "place": spoken_places([house])[house.pk], "now": clock.now()}
    return render(request, "surveys/own/house.html", context, status=status)


def _refuse_guessing(request: HttpRequest, uid: UUID) -> None:
    if request.method == "POST":
        address = neighbourhood(client_address(request))
        kinds = {"survey.device": actor_of(request).device, "survey.address": address, "survey.home": str(uid)}
        refuse_too_often(kinds, clock.now())


def _answer(request: HttpRequest, target: Target, *, is_home: bool = False) -> HttpResponse:
    if request.method != "POST":
        response = _form_page(request, target, {}, is_home=is_home)
        ensure_device_cookie(request, response)
        return response
    fields, unkept = posted_fields(request, asked_of(target.survey, target.area.path), actor_of(request), clock.now())
    try:
        if unkept is not None:
            raise unkept
        taken = _take(target, fields, actor_of(request))
    except Refusal as refusal:
        return _refused(request, target, fields, refusal.message, {}, status=status_of(refusal))
    if not taken.is_taken:
        return _refused(request, target, fields, taken.message, taken.problems, status=400)
    address = f"{request.path}?done=1"
    return JsonResponse({"url": address}) if wants_json(request) else redirect(address)


def _take(target: Target, fields: Fields, actor: Actor) -> Taken:
    def scope(_actor: Actor) -> TargetQuerySet:
        """The household whose code was given, and no other."""
        return Target.objects.filter(pk=target.pk)

    try:
        uid = UUID(fields.get("entry_id", ""))
    except ValueError:
        uid = uuid4()
    outcome = fields.get("outcome", Outcome.ANSWERED.value)
    return answer_target(
        target_uid=target.uid, uid=uid, fields=fields, outcome=outcome if outcome in OUTCOMES else OUTCOMES[0],
        voice=Voice.HOUSEHOLD, actor=actor, at=clock.now(), scope=scope,
    )  # fmt: skip


def _refused(
    request: HttpRequest, target: Target, fields: Fields, words: str, problems: Mapping[str, str], *, status: int
) -> HttpResponse:
    if wants_json(request):
        errors = {f"q_{key}": [said] for key, said in problems.items()} or {"__all__": [words]}
        return JsonResponse({"errors": errors}, status=status)
    return _form_page(request, target, fields, words="" if problems else words, problems=problems, status=status)


def _form_page(
    request: HttpRequest, target: Target, fields: Fields, *, words: str = "", problems: Mapping[str, str] | None = None,
    status: int = 200, is_home: bool = False,
) -> HttpResponse:  # fmt: skip
    actor, asked, at = actor_of(request), asked_of(target.survey, target.area.path), clock.now()
    pictures = own_photos(current_answer(target, asked), asked, actor, is_home=is_home)
    context: dict[str, Any] = {
        "survey": target.survey,
        "target": target,
        "place": f"{spoken_places([target.area], from_rank=BUILDING_RANK)[target.area_id]} {target.dwelling.door}",
        "is_done": request.GET.get("done") == "1",
        "was_asked": target.state in DONE,
        "blocks": with_pickers(blocks_of(asked, fields, problems), actor, at),
        "shown_photos": shown_photos(pictures, asked, target.pk, actor, at),
        **upload_place(),
        "entry_id": fields.get("entry_id") or uuid4(),
        "refused": words,
        "again_url": request.path,
        "home_url": reverse("phone:home"),
        "now": clock.now(),
    }
    response = render(request, "surveys/own/answer.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
