"""Live parts: a fragment that has not changed is answered with 304 and nothing moves on the page."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def answers_with_etag(view: View[P]) -> View[P]:
    """Give the answer an ETag of its content and answer 304 when the asker already has it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.streaming:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
        if etag in request.headers.get("If-None-Match", "").replace("W/", ""):
            unchanged = HttpResponseNotModified()
            unchanged["ETag"] = etag
            return unchanged
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response

    return cast("View[P]", answer)
