"""Pages on which people vote: nobody writes down who came, or when (docs/decisions/0027)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from louzhang.accounts.visits import visit_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def untraced(view: View[P]) -> View[P]:
    """Keep a request out of everything that notes one: last seen, new visitors, caches, error reports."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visit_of(request).leaves_no_trace = True
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return sensitive_post_parameters()(guarded)
