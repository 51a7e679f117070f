"""A page that searches for an area and does something with the one that was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries import tree_lists
from louzhang.areas.rights import find_area
from louzhang.areas.views.settings_frame import settings_page
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit.typed import number_of

PAGE = "areas/settings/choose_area.html"


def ask_for_area(
    request: HttpRequest,
    found: Callable[[str], list[Area]],
    act: Callable[[Area], HttpResponse],
    context: dict[str, Any],
    *,
    none: str,
) -> HttpResponse:
    """Show what the words of the address find, or do what is asked with the area chosen.

    `none` is said where nothing was chosen; a refusal stands above the choice.
    """
    words, wrong, status = request.GET.get("q", "").strip()[:40], "", 200
    chosen = number_of(request.POST.get("area"))
    if chosen is not None:
        try:
            return act(find_area(actor_of(request), chosen))
        except (InputRefused, Conflict, NotThere) as refusal:
            wrong, status = refusal.message, 409 if isinstance(refusal, Conflict) else 400
    elif request.method == "POST":
        wrong, status = none, 400
    return settings_page(request, PAGE, context | {"wrong": wrong} | _choice_of(found(words), words), status=status)


def _choice_of(found: list[Area], words: str) -> dict[str, Any]:
    lines = tree_lists.lines_of(found)
    return {
        "words": words,
        "choices": [
            {"value": area.pk, "label": area.name, "note": f"{area.level.name} {lines[area.pk]}"} for area in found
        ],
    }
