"""Refusals on their way out: one table from refusal to HTTP status, for pages and API."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from louzhang.journal.refusals import (
    Conflict,
    InputRefused,
    NotThere,
    NotYours,
    Refusal,
    TooLarge,
    TooOften,
    TransitionRefused,
)
from louzhang.shell.refusals import refuse

STATUS_OF: dict[type[Refusal], int] = {
    InputRefused: 400,
    NotYours: 403,
    NotThere: 404,
    TransitionRefused: 409,
    Conflict: 409,
    TooLarge: 413,
    TooOften: 429,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells a program what kind of refusal it was."""
    return next((STATUS_OF[kind] for kind in type(refusal).__mro__ if kind in STATUS_OF), 400)


class RefusalMiddleware:
    """Answers a refusal that no view has caught with its sentence and status, and a wrong method with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a bare 405 gets its sentence."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        spoken = refuse(request, HTTPStatus.METHOD_NOT_ALLOWED)
        spoken["Allow"] = response.get("Allow", "")
        return spoken

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the page or the htmx notice of a refusal; other exceptions go on."""
        if not isinstance(exception, Refusal):
            return None
        return refuse(request, status_of(exception), exception.message)
