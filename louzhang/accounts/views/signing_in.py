"""Signing in and out. One page, two ways, and in the demo one tap."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from louzhang.accounts import cookies, demo_people, limits, locking
from louzhang.accounts.actions import (
    SignedIn,
    end_device,
    note_lock,
    sign_in_device,
    sign_in_with_code,
    sign_in_with_password,
)
from louzhang.accounts.actions.signing_in import DEVICE_DAYS
from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.forgetting import ask_to_forget
from louzhang.accounts.forms import SIGN_IN_FORMS, CodeSignInForm, DemoSearchForm, PasswordSignInForm
from louzhang.accounts.homes import home_url
from louzhang.accounts.labels import device_label
from louzhang.accounts.models import User, phone_index
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.shell import toasts

SignInForm = CodeSignInForm | PasswordSignInForm


@never_cache
@sensitive_post_parameters("phone", "code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Phone and code, or phone and password."""
    way = request.GET.get("way", "code")
    form_class = SIGN_IN_FORMS.get(way, CodeSignInForm)
    if request.method != "POST":
        if visit_of(request).user.is_authenticated:
            return HttpResponseRedirect(home_url(actor_of(request)))
        return _page(request, form_class(initial={"next": request.GET.get("next", "")}))
    form = form_class(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    return _try(request, form, clock.now())


def _try(request: HttpRequest, form: SignInForm, at: datetime) -> HttpResponse:
    phone = form.cleaned_data["phone"]
    index = phone_index(phone)
    neighbours = neighbourhood(client_address(request))
    limits.refuse_if_spent("sign_in.address", neighbours, at)
    if locking.is_locked(request, index):
        return _locked(request, form, index, at)
    user = User.objects.filter(phone_index=index).first()
    try:
        signed = _recognise(request, form, user, at)
    except InputRefused as refusal:
        limits.count_all([("sign_in.address:" + neighbours, limits.HOUR)], at)
        if locking.note_failure(request, index):
            if user is not None:
                note_lock(user=user, at=at)
            return _locked(request, form, index, at)
        form.add_error(None, refusal.message)
        return _page(request, form, status=400)
    locking.unlock(index)
    return _enter(request, signed, at, form.cleaned_data["next"])


def _recognise(request: HttpRequest, form: SignInForm, user: User | None, at: datetime) -> SignedIn:
    label = device_label(request.headers.get("User-Agent", ""))
    if isinstance(form, PasswordSignInForm):
        return sign_in_with_password(user=user, password=form.cleaned_data["password"], label=label, at=at)
    return sign_in_with_code(user=user, code=form.cleaned_data["code"], label=label, at=at)


def _locked(request: HttpRequest, form: SignInForm, index: str, at: datetime) -> HttpResponse:
    form.add_error(None, locking.locked_sentence(index, at))
    return _page(request, form, status=429)


def _enter(request: HttpRequest, signed: SignedIn, at: datetime, target: str = "") -> HttpResponse:
    """Give the device its cookie, end the one it replaces, go where the person works."""
    before = visit_of(request).device
    if before is not None:
        end_device(device=before, actor=actor_of(request), at=at)
    rotate_token(request)
    visit = visit_of(request)
    visit.become(signed.device)
    response = HttpResponseRedirect(_own_address(request, target) or home_url(visit.actor))
    cookies.write(response, cookies.DEVICE, signed.token, DEVICE_DAYS)
    if before is not None and before.user_id != signed.device.user_id:
        ask_to_forget(request, response, before.user)
    return response


def _own_address(request: HttpRequest, target: str) -> str:
    own = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    return target if own else ""


def _page(
    request: HttpRequest,
    form: SignInForm,
    *,
    status: int = 200,
    search: DemoSearchForm | None = None,
    found: list[demo_people.DemoPerson] | None = None,
) -> HttpResponse:
    is_demo = demo_people.is_demo(clock.now())
    context = {
        "form": form,
        "is_demo_place": is_demo,
        "demo_people": demo_people.people() if is_demo else [],
        "search": search or DemoSearchForm(),
        "found": found,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """One tap as a made-up person; refused outside the demo, whatever is posted."""
    at = clock.now()
    limits.refuse_too_often({"demo.address": neighbourhood(client_address(request))}, at)
    user = demo_people.demo_user(_uid(request.POST.get("uid", "")), at)
    label = device_label(request.headers.get("User-Agent", ""))
    return _enter(request, sign_in_device(user=user, way="demo", label=label, at=at), at)


@require_POST
def find_demo(request: HttpRequest) -> HttpResponse:
    """Other people of the demo, by two characters."""
    search = DemoSearchForm(request.POST)
    if not search.is_valid():
        return _page(request, CodeSignInForm(), search=search, status=400)
    found = demo_people.find_people(search.cleaned_data["words"], clock.now())
    return _page(request, CodeSignInForm(), search=search, found=found)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this device; what was reported from this browser without an account stays with it."""
    device = visit_of(request).device
    if device is not None:
        end_device(device=device, actor=actor_of(request), at=clock.now())
    response = HttpResponseRedirect("/")
    cookies.drop(response, cookies.DEVICE)
    if device is not None:
        ask_to_forget(request, response, device.user)
    rotate_token(request)
    toasts.say(request, response, "已退出登录。")
    return response


def _uid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.UUID(int=0)
