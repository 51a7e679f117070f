"""One's own account: who I am, posts, devices, tokens, password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts import queries
from louzhang.accounts.actions import (
    end_api_token,
    end_device,
    end_devices,
    make_api_token,
    set_password,
)
from louzhang.accounts.actors import post_lines
from louzhang.accounts.forms import PasswordForm, TokenForm
from louzhang.accounts.gates import signed_in
from louzhang.accounts.homes import home_url, is_desk
from louzhang.accounts.visits import actor_of, person_of, visit_of
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock, masking
from louzhang.shell import toasts


@require_GET
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return _page(request, clock.now())


def _page(request: HttpRequest, at: datetime, *, status: int = 200, **more: Any) -> HttpResponse:
    person, actor = person_of(request), actor_of(request)
    context = {
        "face": "shell/desk.html" if is_desk(actor) else "shell/field.html" if actor.seats else "shell/phone.html",
        "person": person,
        "masked_phone": masking.mask_phone(person.open_phone()),
        "posts": post_lines(person, at),
        "devices": queries.open_devices(person, at),
        "this_device": visit_of(request).device,
        "tokens": queries.live_tokens(person),
        "token_form": TokenForm(),
        "may_have_password": bool(actor.seats),
        "home_url": home_url(actor),
        "now": at,
    }
    return render(request, "accounts/account.html", context | more, status=status)


@require_POST
@signed_in
def end_own_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """Sign one of my devices out."""
    device = queries.own_device(person_of(request), device_id)
    end_device(device=device, actor=actor_of(request), at=clock.now())
    response = redirect("accounts:account")
    toasts.say(request, response, "这台设备已经退出登录。")
    return response


@require_POST
@signed_in
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = end_devices(
        user=person_of(request), actor=actor_of(request), at=clock.now(), except_device=visit_of(request).device
    )
    response = redirect("accounts:account")
    toasts.say(request, response, f"其他 {ended} 台设备已经退出登录。" if ended else "没有别的设备在登录。")
    return response


@never_cache
@require_POST
@signed_in
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the page that answers shows it this once."""
    at, form = clock.now(), TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, at, token_form=form, is_making=True, status=400)
    _, token = make_api_token(user=person_of(request), actor=actor_of(request), at=at, **form.cleaned_data)
    return _page(request, at, new_token=token)


@require_POST
@signed_in
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of my tokens."""
    token = queries.own_token(person_of(request), token_id)
    end_api_token(token=token, actor=actor_of(request), at=clock.now())
    response = redirect("accounts:account")
    toasts.say(request, response, "令牌已经作废，用它的程序不能再访问。")
    return response


@never_cache
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Set or change my password."""
    person = person_of(request)
    form = PasswordForm(request.POST or None, has_one=person.has_usable_password())
    if request.method != "POST" or not form.is_valid():
        return _password_page(request, form, 400 if request.method == "POST" else 200)
    try:
        set_password(
            user=person,
            password=form.cleaned_data["password"],
            current=form.cleaned_data.get("current", ""),
            device=visit_of(request).device,
            actor=actor_of(request),
            at=clock.now(),
        )
    except InputRefused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _password_page(request, form, 400)
    response = redirect("accounts:account")
    toasts.say(request, response, "密码已经设好，下次可以用手机号和密码登录。")
    return response


def _password_page(request: HttpRequest, form: PasswordForm, status: int) -> HttpResponse:
    context = {"form": form, "back_url": "/account/", "has_one": "current" in form.fields}
    return render(request, "accounts/password.html", context, status=status)
