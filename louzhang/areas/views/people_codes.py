"""Sign-in codes at the desk: issued, spoken once, printed on a slip."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from louzhang.accounts.actions import clear_password, issue_sign_in_code
from louzhang.accounts.actions.signing_in import CODE_HOURS
from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, person_of
from louzhang.areas.queries.people_lists import office_to_call
from louzhang.areas.queries.people_scope import MANAGERS, find_person, refuse_code
from louzhang.areas.views.people import person_context
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, codes, crypto
from louzhang.kit.crypto import Unsealable
from louzhang.kit.qr import picture_of
from louzhang.shell import toasts

# How long the slip can be printed from the page that shows the code.
SLIP_MINUTES = 30


@never_cache
@require_POST
@for_roles(*MANAGERS)
def issue(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Make a code and show it this once; the older one ends."""
    actor, at = actor_of(request), clock.now()
    found = find_person(actor, uid, at)
    refuse_code(actor, found, at)
    code = issue_sign_in_code(user=found, issuer=person_of(request), actor=actor, at=at)
    context = person_context(request, uid) | {
        "code": shown_code(code),
        "valid_until": at + timedelta(hours=CODE_HOURS),
        "slip_handle": _slip_handle(actor, uid, code, at),
    }
    return render(request, "areas/people/person.html", context)


@never_cache
@require_POST
@for_roles(*MANAGERS)
def slip(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The A6 slip; the code comes back sealed from the page that showed it, never in a URL."""
    actor, at = actor_of(request), clock.now()
    found = find_person(actor, uid, at)
    code, issued_at = _open_slip(actor, uid, request.POST.get("handle", ""), at)
    office, phone = office_to_call(found, at)
    address = request.build_absolute_uri(reverse("accounts:sign_in"))
    context = {
        "person": found,
        "code": shown_code(code),
        "valid_until": issued_at + timedelta(hours=CODE_HOURS),
        "office": office,
        "phone": phone,
        "address": address,
        "picture": picture_of(address, title="登录页面的地址"),
        "back_url": reverse("people:person", args=[uid]),
    }
    return render(request, "areas/people/slip.html", context)


@require_POST
@for_roles(*MANAGERS)
def clear(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take a forgotten password away; a code signs in again."""
    actor, at = actor_of(request), clock.now()
    found = find_person(actor, uid, at)
    refuse_code(actor, found, at)
    clear_password(user=found, actor=actor, at=at)
    response = redirect("people:person", uid=uid)
    toasts.say(request, response, "密码已清除，请发登录码。")
    return response


def shown_code(code: str) -> str:
    """Eight digits in two halves, as they are spoken: 1234 5678."""
    half = codes.SIGN_IN_DIGITS // 2
    return f"{code[:half]} {code[half:]}"


def _slip_handle(actor: Actor, uid: uuid.UUID, code: str, at: datetime) -> str:
    return crypto.seal(json.dumps([code, at.isoformat()]), aad=_slip_aad(actor, uid))


def _open_slip(actor: Actor, uid: uuid.UUID, handle: str, at: datetime) -> tuple[str, datetime]:
    gone = NotThere("登录码只显示一次，这张单子已经不能再打印。请重新发一个登录码。")
    try:
        code, made = json.loads(crypto.unseal(handle, aad=_slip_aad(actor, uid)))
    except (Unsealable, ValueError):
        raise gone from None
    issued_at = datetime.fromisoformat(made)
    if at - issued_at > timedelta(minutes=SLIP_MINUTES):
        raise gone
    return code, issued_at


def _slip_aad(actor: Actor, uid: uuid.UUID) -> str:
    return f"slip:{actor.user_id}:{uid}"
