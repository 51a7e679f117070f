"""A short word after something was done: 已受理, with a way to undo it where that is honest.

A whole page gets it through a signed cookie read once; an htmx swap through a response header.
Words in a toast never name a person.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "lz_toast"
SALT = "louzhang.shell.toast"
LIFETIME = 120


@dataclass(frozen=True)
class Toast:
    """What was done, how it went (success, info, warning, error), and where to undo it."""

    words: str
    tone: str = "success"
    undo_url: str = ""


def say(request: HttpRequest, response: HttpResponse, words: str, *, tone: str = "success", undo_url: str = "") -> None:
    """Show a toast on the page this response leads to."""
    toast = asdict(Toast(words, tone, undo_url))
    if request.headers.get("HX-Request") == "true" and "HX-Redirect" not in response:
        response["HX-Trigger"] = json.dumps({"lz:toast": toast})
        return
    kept = signing.dumps(toast, salt=SALT)
    response.set_cookie(COOKIE, kept, max_age=LIFETIME, secure=request.is_secure(), httponly=True, samesite="Lax")


def read(request: HttpRequest) -> Toast | None:
    """The toast this page was asked to show; reading it uses it up."""
    kept = request.COOKIES.get(COOKIE)
    if not kept:
        return None
    request.META["LZ_TOAST_READ"] = "1"
    try:
        return Toast(**signing.loads(kept, salt=SALT, max_age=LIFETIME))
    except signing.BadSignature:
        return None


class ToastMiddleware:
    """Drops the cookie of a toast once a page has shown it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forget the toast that this answer showed."""
        response = self._get_response(request)
        if "LZ_TOAST_READ" in request.META and COOKIE not in response.cookies:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
