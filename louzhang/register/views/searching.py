"""查找: people of the register by name, initials, address or number. What is typed never stands in an address."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.kit import clock, phones
from louzhang.kit.handles import handle_of, words_of
from louzhang.kit.id_numbers import InvalidIdNumber, normal_id_number
from louzhang.register.actions.looking import search_by_number
from louzhang.register.queries.searching import Found, search_by_index, search_register, show_people
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.tabs import register_tabs

PURPOSE = "register-search"
NUMBER_SALT = "louzhang.register.number"
HANDLE_SECONDS = 12 * 3600
WORDS_AT_MOST = 60
_LIKE_AN_ID = 15


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def search(request: HttpRequest) -> HttpResponse:
    """The search box and what it found; what is posted becomes a handle in the address."""
    actor = actor_of(request)
    if request.method != "POST":
        return _shown(request, *_found(request, actor))
    typed = request.POST.get("q", "").strip()[:WORDS_AT_MOST]
    try:
        query = _handle(typed, actor)
    except InvalidIdNumber as wrong:
        return _shown(request, None, typed, problem=str(wrong), status=400)
    return redirect(f"{reverse('register:search')}?{urlencode(query)}")


def _handle(typed: str, actor: Actor) -> dict[str, str]:
    """The address of a search: a number as its blind index, good for this person; words sealed."""
    if phone := phones.phone_in(typed):
        found = search_by_number(phone=phone, actor=actor, at=clock.now())
    elif _is_like_an_id(typed):
        found = search_by_number(id_number=normal_id_number(typed), actor=actor, at=clock.now())
    else:
        return {"found": handle_of(typed, purpose=PURPOSE)} if typed else {}
    sealed = signing.dumps([found.id_index, found.phone_index, actor.owner_key], salt=NUMBER_SALT, compress=True)
    return {"number": sealed}


def _is_like_an_id(typed: str) -> bool:
    return sum(sign.isdigit() for sign in typed) >= _LIKE_AN_ID


def _found(request: HttpRequest, actor: Actor) -> tuple[Found | None, str]:
    """What the address asks for, and the words that are shown back; a number is not."""
    if sealed := request.GET.get("number"):
        return _of_number(sealed, actor), ""
    words = words_of(request.GET.get("found", ""), purpose=PURPOSE) if request.GET.get("found") else ""
    return (search_register(actor, words) if words else None), words


def _of_number(sealed: str, actor: Actor) -> Found | None:
    try:
        by_id, by_phone, owner = signing.loads(sealed, salt=NUMBER_SALT, max_age=HANDLE_SECONDS)
    except signing.BadSignature:
        return None
    if owner != actor.owner_key:
        return None
    return show_people(search_by_index(actor, id_index=by_id, phone_index=by_phone))


def _shown(request: HttpRequest, found: Found | None, words: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "found": found,
        "words": words,
        "is_number": bool(request.GET.get("number")),
        "tabs": register_tabs(request),
        "back_url": reverse("register:houses"),
        **more,
    }
    return page(request, "register/desk/search.html", context, status=status)
