"""Outlines of places for maps: public, cached by what changed last."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from louzhang.areas.queries import list_outlines
from louzhang.shell.polling import answers_with_etag


@require_safe
@cache_control(public=True, max_age=300)
@answers_with_etag
def outlines(request: HttpRequest) -> JsonResponse:
    """The outlines of the district and its streets as GeoJSON."""
    return JsonResponse(list_outlines(), json_dumps_params={"ensure_ascii": False})
