"""来电登记: a call, a visitor or a worker's call becomes a report within 45 seconds, by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.queries import setting
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, NotThere, NotYours, Refusal
from louzhang.kit import codes
from louzhang.workorders.forms.calls import CALL_CHANNELS, CallForm, channel_of
from louzhang.workorders.forms.questions import question_rows
from louzhang.workorders.forms.reports import Receipt, file_report, find_receipt
from louzhang.workorders.lifecycle import IN_PROGRESS, Relation
from louzhang.workorders.models import AnswerWay, Category, WorkOrder
from louzhang.workorders.queries import find_order
from louzhang.workorders.queries.callers import earlier_of, nearby_of, place_by_id
from louzhang.workorders.queries.choices import offered_categories, whom_to_name
from louzhang.workorders.queries.duplicates import Matter, candidates_for, matter_of
from louzhang.workorders.queries.place_lines import find_places
from louzhang.workorders.views.acting import place_refusal
from louzhang.workorders.views.desk import desk_page, for_desk, for_offices
from louzhang.workorders.views.filtering import categories_by_group
from louzhang.workorders.views.printing import slip_page
from louzhang.workorders.views.rows import rows_of

# The code is shown to whoever typed the report, as long as the caller may still be on the phone.
CODE_SHOWN = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def call(request: HttpRequest) -> HttpResponse:
    """The call taker's screen."""
    if request.method != "POST":
        return _page(request, CallForm(initial={"answer_way": AnswerWay.PHONE}), request.GET.copy())
    actor, at = actor_of(request), visit_of(request).at
    given = request.POST.copy()
    form = CallForm(given)
    if given.get("look"):  # the button 查找 of a browser without JavaScript
        form.full_clean()
        form.errors.clear()
        return _page(request, form, given)
    if not form.is_valid():
        return _page(request, form, given, status=400)
    try:
        file_report(form, channel=channel_of(given), actor=actor, at=at, is_for_another=True)
    except NotYours:
        raise
    except Refusal as refusal:
        place_refusal(form, refusal)
        if isinstance(refusal, Conflict):
            given.pop("entry_id", None)
        return _page(request, form, given, status=status_of(refusal))
    return HttpResponseRedirect(reverse("desk:called", args=[form.cleaned_data["entry_id"]]))


def _page(request: HttpRequest, form: CallForm, given: QueryDict, *, status: int = 200) -> HttpResponse:
    words = given.get("place_words", "")
    context = {
        "form": form,
        "channels": [(channel.value, channel.label) for channel in CALL_CHANNELS],
        "channel": channel_of(given).value,
        "categories": categories_by_group(),
        "ways": AnswerWay.choices,
        "way": form["answer_way"].value() or AnswerWay.HERE,
        "place_words": words,
        "is_searched": bool(words),
        "places": find_places(words, actor_of(request)) if words else [],
        "place": form["area"].value(),
        **_known(request, given),
        **_about(request, given, form),
    }
    return desk_page(request, "workorders/desk/call.html", context, status=status)


@require_POST
@for_desk
def places(request: HttpRequest) -> HttpResponse:
    """Places for the words typed so far: two characters of a community or building are enough."""
    words = request.POST.get("place_words", "")
    found = find_places(words, actor_of(request))
    context = {"places": found, "place": request.POST.get("area", ""), "is_searched": bool(words.strip())}
    return render(request, "workorders/desk/parts/places.html", context)


@require_POST
@for_offices
def known(request: HttpRequest) -> HttpResponse:
    """Earlier orders of the number, open ones nearby; posted, so that no number reaches a URL or a log."""
    return render(request, "workorders/desk/parts/known.html", _known(request, request.POST))


def _known(request: HttpRequest, given: QueryDict) -> dict[str, Any]:
    actor, at = actor_of(request), visit_of(request).at
    area = place_by_id(given.get("area", ""))
    category = _category(given.get("category", ""))
    earlier = earlier_of(given.get("phone", ""), actor)
    return {
        "earlier": rows_of(earlier, actor, at) if earlier else [],
        "is_known": bool(earlier),
        "same": candidates_for(Matter(category, area, at), actor) if category and area else [],
        "nearby": rows_of(nearby_of(area, actor), actor, at) if area is not None else [],
        "nearby_place": area,
        "has_phone": bool(given.get("phone", "").strip()),
        "now": at,
    }


@require_POST
@for_offices
def about(request: HttpRequest) -> HttpResponse:
    """What the chosen category asks more, and whom a complaint may name at the chosen place."""
    return render(request, "workorders/desk/parts/about.html", _about(request, request.POST))


def _about(request: HttpRequest, given: QueryDict, form: CallForm | None = None) -> dict[str, Any]:
    chosen = _category(given.get("category", ""))
    area = place_by_id(given.get("area", ""))
    return {
        "chosen": chosen,
        "questions": question_rows(chosen.questions if chosen else [], given, form.errors if form else None),
        **whom_to_name(chosen, area, given.get("target", ""), visit_of(request).at),
    }


def _category(code: str) -> Category | None:
    return next((leaf for leaf in offered_categories() if leaf.code == code), None) if code else None


def _count_same(request: HttpRequest, order: WorkOrder | None) -> int:
    """How many open orders are perhaps the same as the one just stored, for whoever may merge them."""
    if order is None or Relation.DESK not in order.relations_now or order.status not in IN_PROGRESS:
        return 0
    return len(candidates_for(matter_of(order), actor_of(request)))


@require_safe
@for_offices
def called(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Stored: the number to say, the code, the slip, the next call."""
    receipt, order, code = _receipt(request, entry_id)
    context = {
        "receipt": receipt,
        "order": order,
        "code": code,
        "entry_id": entry_id,
        "same_count": _count_same(request, order),
        "hotline": setting("hotline", visit_of(request).at),
    }
    return desk_page(request, "workorders/desk/called.html", context)


@require_safe
@for_offices
def called_slip(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The slip with the code, right after filing."""
    receipt, order, code = _receipt(request, entry_id)
    back_url = reverse("desk:called", args=[entry_id])
    return slip_page(
        request, order, number=receipt.number, promised_at=receipt.promised_at, code=code, back_url=back_url
    )


def _receipt(request: HttpRequest, entry_id: UUID) -> tuple[Receipt, WorkOrder | None, str]:
    """What this person filed under an entry id; raises `NotThere` to anybody else."""
    actor, at = actor_of(request), visit_of(request).at
    receipt = find_receipt(actor, entry_id)
    if receipt is None:
        raise NotThere("没有找到这次登记的回执。请到“全部工单”里按单号查找。")
    order = find_order(actor, receipt.number)
    is_fresh = order is None or at - order.reported_at < CODE_SHOWN
    return receipt, order, codes.shown_tracking_code(receipt.tracking_code) if is_fresh else ""
