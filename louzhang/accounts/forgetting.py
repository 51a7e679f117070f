"""Whose drafts a shared phone keeps, and asking it to forget them when that person is signed out there.

What somebody writes is kept on the phone until it is sent, under a mark of the person. Signing out, a device ended
at the desk (a lost phone), and another person signing in leave a cookie that names the mark; the next page of the
phone throws away the key to everything under it, and all that is not sealed, and clears the cookie.
"""

from __future__ import annotations

import base64
import re
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from louzhang.accounts.cookies import VISITOR_DAYS
from louzhang.accounts.models import User
from louzhang.kit import crypto

COOKIE = "lz_forget"
MOST = 8
_MARK = re.compile(r"[0-9a-f]{16}")


def mark_of(user: User) -> str:
    """The mark of a person on their phones: says nothing to anybody else."""
    return crypto.blind_index(str(user.uid), purpose="drafts")[:16]


def owner_mark(request: HttpRequest) -> str:
    """The mark of who is signed in; empty for everybody else."""
    user = getattr(request, "user", None)
    return mark_of(user) if isinstance(user, User) else ""


def owner_key(request: HttpRequest) -> str:
    """The key (32 bytes, base64) by which this person's phones close what waits there; empty for everybody else.

    It follows from the person and the place's own key, so that what one phone closed opens again when its writer
    signs in anew; the phone keeps it in a form that scripts use and nobody reads out, until sign-out.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return ""
    return base64.b64encode(bytes.fromhex(crypto.blind_index(str(user.uid), purpose="phone"))).decode()


def ask_to_forget(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Have this browser remove what the person has not sent; its scripts read the cookie, so it is not HttpOnly."""
    waiting = _MARK.findall(request.COOKIES.get(COOKIE, ""))
    marks = list(dict.fromkeys([*waiting, mark_of(user)]))[-MOST:]
    response.set_cookie(
        COOKIE,
        ".".join(marks),
        max_age=timedelta(days=VISITOR_DAYS),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
