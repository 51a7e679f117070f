"""Sets `request.user` and `request.actor` from the cookie of the device; there are no sessions."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from louzhang.accounts.visits import Visit
from louzhang.kit import clock


class DeviceMiddleware:
    """Begins a visit; nothing is read before a view or a template asks who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Begin the visit, and let it send its cookies on the way out."""
        visit = Visit(request, clock.now())
        request.visit = visit  # type: ignore[attr-defined]  # read by visits.visit_of
        request.user = SimpleLazyObject(lambda: visit.user)  # type: ignore[assignment]  # as Django's own does
        request.actor = SimpleLazyObject(lambda: visit.actor)  # type: ignore[attr-defined]  # for templates
        response = self._get_response(request)
        visit.leave(response)
        return response
