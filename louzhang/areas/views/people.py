"""Desk people pages: who is looked after, one person, devices, a new person."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.actions import end_device, end_devices, register_person, take_up_person
from louzhang.accounts.gates import for_roles
from louzhang.accounts.models import User, phone_index
from louzhang.accounts.queries import open_code_of, open_devices, own_device
from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.people import PersonSearchForm, RegisterPersonForm
from louzhang.areas.queries.people_lists import (
    PeopleFilter,
    list_people,
    person_by_phone,
    search_handle,
    standing_posts_of,
    words_of_handle,
)
from louzhang.areas.queries.people_scope import MANAGERS, find_person, may_issue_code, standing_posts
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.telling import places_of, title_of
from louzhang.journal.refusals import Conflict, InputRefused, Refusal
from louzhang.kit import clock, masking
from louzhang.kit.paging import BadCursor
from louzhang.kit.typed import number_of
from louzhang.shell import toasts
from louzhang.shell.parts import Item


@require_GET
@for_roles(*MANAGERS)
def people(request: HttpRequest) -> HttpResponse:
    """The list; filters in the URL, words about people behind a handle."""
    return _list(request, PersonSearchForm())


def _list(request: HttpRequest, search: PersonSearchForm, status: int = 200) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    wanted = _wanted(request)
    try:
        page, rows = list_people(actor, wanted, at)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    context = {
        "rows": rows,
        "search": search,
        "words": wanted.words,
        "filters": _filters(request, wanted),
        "next_url": _with(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": _with(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        "may_register": actor.has_role(*OFFICE_ROLES),
        "now": at,
    }
    return render(request, "areas/people/list.html", context, status=status)


def _wanted(request: HttpRequest) -> PeopleFilter:
    asked = request.GET
    return PeopleFilter(
        role=asked.get("role", "") if asked.get("role", "") in Role.values else "",
        area_id=number_of(asked.get("area")),
        words=words_of_handle(actor_of(request), asked.get("found", "")),
        only_never=asked.get("never") == "1",
        cursor=asked.get("cursor") or None,
    )


def _with(request: HttpRequest, **changes: str | None) -> str:
    kept = {name: value for name, value in request.GET.items() if name in {"role", "area", "found", "never"}}
    asked = {name: value for name, value in (kept | changes).items() if value}
    return f"{reverse('people:list')}?{urlencode(asked)}" if asked else reverse("people:list")


def _filters(request: HttpRequest, wanted: PeopleFilter) -> list[Item]:
    """Chips that switch on and off; a current one leads to the list without it."""
    chips = [
        Item(
            label=role.label,
            url=_with(request, role=None if wanted.role == role else role.value),
            current=wanted.role == role,
        )
        for role in Role
    ]
    never = Item(
        label="还没登录过", url=_with(request, never=None if wanted.only_never else "1"), current=wanted.only_never
    )
    found = [Item(label="按姓名查找的结果", url=_with(request, found=None), current=True)] if wanted.words else []
    return [*found, *chips, never]


@sensitive_post_parameters("words")
@require_POST
@for_roles(*MANAGERS)
def find(request: HttpRequest) -> HttpResponse:
    """Words about people are posted; a number leads to the person, a name to a list behind a handle."""
    actor, search = actor_of(request), PersonSearchForm(request.POST)
    if not search.is_valid():
        return _list(request, search, 400)
    words = search.cleaned_data["words"]
    if not search.is_phone:
        return redirect(f"{reverse('people:list')}?{urlencode({'found': search_handle(actor, words)})}")
    person = person_by_phone(actor, words, clock.now())
    if person is None:
        search.add_error("words", "您的范围内没有用这个号码的人。请核对号码，或登记新人员。")
        return _list(request, search, 404)
    return redirect("people:person", uid=person.uid)


@require_GET
@for_roles(*MANAGERS)
def person(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One person: posts, devices, the code."""
    return render(request, "areas/people/person.html", person_context(request, uid))


def person_context(request: HttpRequest, uid: uuid.UUID) -> dict[str, Any]:
    """What the page of one person shows."""
    actor, at = actor_of(request), clock.now()
    found = find_person(actor, uid, at)
    posts = standing_posts_of(found, at)
    places = places_of(posts)
    return {
        "person": found,
        "masked_phone": masking.mask_phone(found.open_phone()),
        "posts": [
            {"post": post, "title": title_of(post), "place": places[post.pk], "is_own": post.user_id == found.pk}
            for post in posts
        ],
        "devices": open_devices(found, at),
        "open_code": open_code_of(found, at),
        "may_issue": may_issue_code(actor, found, at),
        "has_password": found.has_usable_password(),
        "back_url": reverse("people:list"),
        "now": at,
    }


@require_POST
@for_roles(*MANAGERS)
def end_one_device(request: HttpRequest, uid: uuid.UUID, device_id: int) -> HttpResponse:
    """A lost phone: signed out with one tap."""
    actor, at = actor_of(request), clock.now()
    device = own_device(find_person(actor, uid, at), device_id)
    end_device(device=device, actor=actor, at=at, reason="办公室代为退出")
    return _back(request, uid, "这台设备已经退出登录。")


@require_POST
@for_roles(*MANAGERS)
def end_all_devices(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """All devices of somebody at once."""
    actor, at = actor_of(request), clock.now()
    ended = end_devices(user=find_person(actor, uid, at), actor=actor, at=at, reason="办公室代为退出")
    return _back(request, uid, f"{ended} 台设备已经退出登录。" if ended else "没有设备在登录。")


def _back(request: HttpRequest, uid: uuid.UUID, words: str) -> HttpResponse:
    response = redirect("people:person", uid=uid)
    toasts.say(request, response, words)
    return response


@sensitive_post_parameters("name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICE_ROLES)
def register(request: HttpRequest) -> HttpResponse:
    """A new person: name and phone; a post comes next."""
    form = RegisterPersonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _register_page(request, form, 400 if form.is_bound else 200)
    try:
        found = _register(request, form.cleaned_data["name"], form.cleaned_data["phone"])
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _register_page(request, form, 409 if isinstance(refusal, Conflict) else 400)
    return _back(request, found.uid, "已登记。接下来可以任命职务、发登录码。")


def _register(request: HttpRequest, name: str, phone: str) -> User:
    """Make the account, or take up one that holds no post now."""
    actor, at = actor_of(request), clock.now()
    known = User.objects.filter(phone_index=phone_index(phone), ended_at=None).first()
    if known is None:
        return register_person(name=name, phone=phone, actor=actor, at=at)
    if standing_posts(at).filter(user=known).exists():
        raise Conflict("这个号码已经有账号并且有任职。在名单里找不到的，请联系上一级办公室。", field="phone")
    return take_up_person(user=known, actor=actor, at=at)


def _register_page(request: HttpRequest, form: RegisterPersonForm, status: int) -> HttpResponse:
    return render(
        request, "areas/people/register.html", {"form": form, "back_url": reverse("people:list")}, status=status
    )
