"""全部工单: the list with its filters in the URL, the search box, and the export of what is listed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import codes, paging
from louzhang.shell.parts import Item
from louzhang.workorders.clocks import CLOCK_LABELS
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import Filters, find_order, list_orders
from louzhang.workorders.queries.counting import StepCounts, count_categories
from louzhang.workorders.queries.exchange import seen_by_hotline_number
from louzhang.workorders.queries.orders import pressing_order
from louzhang.workorders.scope import tell_relations
from louzhang.workorders.views.desk import counts_of, desk_page, for_desk
from louzhang.workorders.views.filtering import (
    STEP_LABELS,
    PageFilters,
    chosen_items,
    offered_filters,
    query_of,
    query_of_typed,
    read_filters,
    step_items,
    typed_words,
)
from louzhang.workorders.views.rows import rows_of

SIZES = (50, 100, 500)
EXPLAINED = ("explaining", "explained")


@require_safe
@for_desk
def orders(request: HttpRequest) -> HttpResponse:
    """One page of the list, newest first; never counted further than is cheap."""
    actor, at = actor_of(request), visit_of(request).at
    filters, has_bad = read_filters(request.GET)
    size = _size_of(request)
    page, is_stale = _page_of(actor, filters, request.GET.get("cursor"), size)
    tell_relations(page.rows, actor)
    url = reverse("desk:orders")
    offered = offered_filters(actor)
    context = {
        "rows": rows_of(page.rows, actor, at),
        "filters": filters,
        "query": query_of(filters),
        "has_bad_filters": has_bad,
        "is_stale_link": is_stale,
        "step_items": step_items(filters, counts_of(request), url),
        "clock_labels": [(kind.value, label) for kind, label in CLOCK_LABELS.items()],
        "step_labels": [(str(step), label) for step, label in STEP_LABELS.items()],
        "chosen": chosen_items(filters, offered, url),
        "total": _total(filters, counts_of(request), page),
        "size": size,
        "sizes": SIZES,
        "many_verbs": _many_verbs(actor),
        "by_category": _by_category(actor, filters, url),
        "search_words": filters.words or filters.number,
        **offered,
        **_neighbours(filters, page, size, url),
    }
    return desk_page(request, "workorders/desk/orders.html", context)


def _by_category(actor: Actor, filters: PageFilters, url: str) -> list[Item]:
    """What was explained, by category: such orders are counted apart (one query, only there)."""
    if filters.step not in EXPLAINED or filters.category:
        return []
    return [
        Item(label=name, url=f"{url}?{query_of(filters, category=code)}", count=count)
        for code, name, count in count_categories(actor, filters)
    ]


def _many_verbs(actor: Actor) -> list[tuple[str, str]]:
    """What can be done with a selection: units settle, offices dispatch and answer as well."""
    verbs = ("dispatch", "settle", "report_back") if actor.has_role(*OFFICE_ROLES) else ("settle",)
    return [(verb, LOOP[verb].label) for verb in verbs]


def _size_of(request: HttpRequest) -> int:
    asked = request.GET.get("size", "")
    return int(asked) if asked in {str(size) for size in SIZES} else SIZES[0]


def _page_of(actor: Actor, filters: Filters, cursor: str | None, size: int) -> tuple[paging.Page[WorkOrder], bool]:
    """The page a cursor names; the first one, and True, for a link that no longer leads anywhere."""
    rows = list_orders(actor, filters)
    try:
        return paging.page_of(rows, cursor=cursor, size=size, order=pressing_order(filters)), False
    except paging.BadCursor:
        return paging.page_of(rows, cursor=None, size=size, order=pressing_order(filters)), True


def _neighbours(filters: PageFilters, page: paging.Page[WorkOrder], size: int, url: str) -> dict[str, str]:
    wide = {} if size == SIZES[0] else {"size": size}
    return {
        "previous": f"{url}?{query_of(filters, cursor=page.previous_cursor, **wide)}" if page.has_previous else "",
        "following": f"{url}?{query_of(filters, cursor=page.next_cursor, **wide)}" if page.has_next else "",
    }


def _total(filters: Filters, counts: StepCounts, page: paging.Page[WorkOrder]) -> int | None:
    """How many there are, where that is known already; None where somebody would have to count."""
    known = filters.model_dump(exclude_defaults=True)
    if set(known) == {"step"} and filters.step in counts.here:
        return counts.here[filters.step]
    if known == {"is_mine": True}:
        return counts.all_mine
    return None if page.has_next or page.has_previous else len(page.rows)


@require_safe
@for_desk
def total(request: HttpRequest) -> HttpResponse:
    """How many orders a list has, counted to 999 at most: asked once the end of its page comes into sight."""
    filters, _ = read_filters(request.GET)
    counted = paging.rough_count(list_orders(actor_of(request), filters))
    return render(request, "workorders/desk/parts/total.html", {"total": counted})


@require_POST
@for_desk
def find(request: HttpRequest) -> HttpResponse:
    """The search box: a number opens its order, a phone becomes an opaque handle, words are searched.

    Posted, because nobody can be kept from typing a phone number into it.
    """
    typed = request.POST.get("q", "").strip()
    actor = actor_of(request)
    number = codes.normal_order_number(typed)
    if codes.is_order_number(number):
        order = find_order(actor, number)
        return redirect("desk:order", order.number) if order else _listed(urlencode({"number": number}))
    if (hotline := seen_by_hotline_number(typed, actor)) is not None:
        return redirect("desk:order", hotline)
    return _listed(urlencode(typed_words(typed, actor)))


@require_POST
@for_desk
def narrow(request: HttpRequest) -> HttpResponse:
    """The filter form: posted like the search box, answered by the list with the filters in its address."""
    return _listed(query_of_typed(request.POST, actor_of(request)))


def _listed(query: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:orders')}?{query}" if query else reverse("desk:orders"))
