"""我的职责 and 遇到…怎么办 on the phone: what is asked, where it shows, what to do now and whom to call."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.kit import clock
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.models.duties import Callee, Guide
from louzhang.roster.queries.duties import own_duties
from louzhang.roster.queries.guides import (
    NATIONAL,
    contacts_for,
    found_in,
    guide_by_key,
    guides_for,
    places_of,
)

SIZES = {"a4": "lz-a4", "a6": "lz-slip"}


@require_safe
@for_keepers
def mine(request: HttpRequest) -> HttpResponse:
    """The duties of one's roles, each with the page on which it shows by itself."""
    groups = own_duties(actor_of(request))
    context = {
        "groups": groups,
        "count": sum(len(group.shown) for group in groups),
        "back_url": reverse("field:today"),
    }
    return page(request, "roster/duties/mine.html", context)


@require_safe
@for_keepers
def guides(request: HttpRequest) -> HttpResponse:
    """Every page of the own place in large letters; typing narrows them."""
    words = request.GET.get("q", "")[:60]
    rows = guides_for(actor_of(request))
    context = {
        "guides": found_in(rows, words) if words.strip() else rows,
        "words": words,
        "has_any": bool(rows),
        "back_url": reverse("field:today"),
    }
    return page(request, "roster/duties/guides.html", context)


@require_safe
@for_keepers
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """One page: the steps, what never to do, whom to call. A blank copy names nobody of the place."""
    found = guide_by_key(actor_of(request), key)
    is_blank = request.GET.get("blank") == "1"
    context = {**_page_of(request, found, is_blank=is_blank), "back_url": reverse("post_duties:guides")}
    return page(request, "roster/duties/guide.html", context)


def _page_of(request: HttpRequest, found: Guide, *, is_blank: bool) -> dict[str, Any]:
    at = clock.now()
    kinds = [kind for kind in found.callees if kind in NATIONAL] if is_blank else found.callees
    areas = [] if is_blank else places_of(actor_of(request))
    contacts = contacts_for(kinds, areas, at)
    local = {Callee(kind).label for kind in found.callees if kind not in NATIONAL}
    missing = local - {contact.label for contact in contacts} if areas else set()
    return {
        "guide": found,
        "contacts": contacts,
        "missing": sorted(missing),
        "is_blank": is_blank,
        "place": "、".join(area.name for area in areas),
    }


@require_safe
@for_keepers
def guide_print(request: HttpRequest, key: str) -> HttpResponse:
    """On A4 for the wall of a stairwell, on A6 for the pocket; a person's own number is not printed."""
    found = guide_by_key(actor_of(request), key)
    context = _page_of(request, found, is_blank=False)
    context["contacts"] = [contact for contact in context["contacts"] if contact.is_public and contact.phone]
    size = request.GET.get("size", "a4")
    context |= {
        "paper": SIZES.get(size, SIZES["a4"]),
        "is_small": size == "a6",
        "back_url": reverse("post_duties:guide", args=[key]),
    }
    return render(request, "roster/duties/guide_print.html", context)
