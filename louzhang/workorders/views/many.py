"""Many at once: settle, answer or dispatch what is ticked in the list; one dialog, a result for each order.

With JavaScript the selection is sent in small parts that show their results as they come; without it the
whole selection is one request and one page of results. Both may be sent again.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.queries import list_units
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.many import AT_MOST, MANY, chosen_numbers, many_form, perform_many
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.queries.orders import titles_of_numbers
from louzhang.workorders.views.desk import back_to, desk_page, for_desk, is_swap

HINTS = {
    "settle": "每一件都写上同样的办理情况，反映人能看到。要有照片才能办结的，请打开工单一件一件办。",
    "report_back": "每一位反映人都会看到这段答复，并可以评价。",
    "dispatch": "每一件都交给同一个单位；不能交给它的会说明原因。",
}


@require_POST
@for_desk
def many(request: HttpRequest) -> HttpResponse:
    """Show the form for a selection, or do it; `part` asks for the results alone."""
    verb = request.POST.get("verb", "")
    is_sent = bool(request.POST.get("go"))
    form = many_form(verb, request.POST if is_sent else None)
    try:
        numbers = chosen_numbers(request.POST.getlist("orders"))
        if is_sent and form.is_valid():
            return _results(request, verb, numbers, form)
    except InputRefused as refusal:
        return _form_page(request, verb, [], form, refused=refusal.message, status=status_of(refusal))
    return _form_page(request, verb, numbers, form, status=400 if is_sent else 200)


def _form_page(
    request: HttpRequest, verb: str, numbers: list[str], form: VerbForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "verb": LOOP[verb],
        "form": form,
        "numbers": numbers,
        "refused": refused,
        "at_most": AT_MOST,
        "hint": HINTS[verb],
        "url": reverse("desk:many"),
        "back_url": back_to(request, reverse("desk:orders")),
        "unit_choices": [(unit["id"], unit["name"]) for unit in list_units()] if "unit" in MANY[verb] else [],
    }
    template = "workorders/desk/parts/many.html" if is_swap(request) else "workorders/desk/many.html"
    return desk_page(request, template, context, status=status)


def _results(request: HttpRequest, verb: str, numbers: list[str], form: VerbForm) -> HttpResponse:
    actor, at = actor_of(request), visit_of(request).at
    titles = titles_of_numbers(actor, numbers)
    outcomes = perform_many(verb, numbers, form, actor=actor, at=at)
    context: dict[str, Any] = {
        "verb": LOOP[verb],
        "results": [{"outcome": each, "title": titles.get(each.number, "")} for each in outcomes],
    }
    if request.POST.get("part"):
        return render(request, "workorders/desk/parts/many_results.html", context)
    done = sum(outcome.is_done for outcome in outcomes)
    context |= {"done": done, "refused": len(outcomes) - done}
    context["back_url"] = back_to(request, reverse("desk:orders"))
    return desk_page(request, "workorders/desk/many_done.html", context)
