"""The three cookies of ours about who comes: signed, HttpOnly, SameSite=Lax, never a name or number.

`lz_device` holds the token of a signed-in device, `lz_visitor` the random id of a browser without
an account, `lz_opened` the reports opened by their tracking code.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

DEVICE = "lz_device"
VISITOR = "lz_visitor"
OPENED = "lz_opened"

VISITOR_DAYS = 400  # browsers keep no cookie longer
OPENED_DAYS = 30
MOST_OPENED = 50

_SALT = "louzhang.accounts."


def read(request: HttpRequest, name: str, max_age: timedelta | None = None) -> str:
    """The value of one of our cookies; empty when there is none, it is too old or was tampered with."""
    kept = request.COOKIES.get(name, "")
    if not kept:
        return ""
    try:
        return signing.TimestampSigner(salt=_SALT + name).unsign(kept, max_age=max_age)
    except signing.BadSignature:
        return ""


def signed(name: str, value: str) -> str:
    """The value of one of our cookies as the browser keeps it."""
    return signing.TimestampSigner(salt=_SALT + name).sign(value)


def write(response: HttpResponse, name: str, value: str, days: int) -> None:
    """Set one of our cookies."""
    response.set_cookie(
        name,
        signed(name, value),
        max_age=timedelta(days=days),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop(response: HttpResponse, name: str) -> None:
    """Take one of our cookies away."""
    response.delete_cookie(name, samesite="Lax")


def new_visitor() -> str:
    """A random id for a browser without an account."""
    return secrets.token_urlsafe(24)


def opened_reports(request: HttpRequest) -> list[int]:
    """The reports opened by their tracking code in this browser within 30 days, the oldest first."""
    kept = read(request, OPENED, timedelta(days=OPENED_DAYS))
    return [int(part) for part in kept.split(".") if part.isdigit()]


def remember_opened_report(request: HttpRequest, response: HttpResponse, report_id: int) -> None:
    """Keep a report open for this browser, at most 50, for 30 days."""
    others = [kept for kept in opened_reports(request) if kept != report_id]
    kept = [*others, report_id][-MOST_OPENED:]
    write(response, OPENED, ".".join(str(part) for part in kept), OPENED_DAYS)
