"""变成工单: the report form of a question, the same for the asker and for who answers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from louzhang.accounts.visits import actor_of
from louzhang.inquiries.forms import TurnForm, turn_once
from louzhang.inquiries.models import Inquiry
from louzhang.inquiries.queries import said_in
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.forms.questions import question_rows
from louzhang.workorders.models import AnswerWay, Channel
from louzhang.workorders.queries.choices import by_group, offered_categories, suggested_categories


def turn_page(
    request: HttpRequest, inquiry: Inquiry, *, base: str, channel: Channel, leads_to: str, back_url: str
) -> HttpResponse:
    """Show the form with the words of the question, or file the order and go to it."""
    actor, at = actor_of(request), clock.now()
    if request.method != "POST":
        return _page(request, inquiry, _first(inquiry), base, back_url)
    given = _given(request.POST, inquiry)
    if given.get("go") == "kind":
        return _page(request, inquiry, given, base, back_url)
    form = TurnForm(given)
    try:
        receipt = turn_once(form, inquiry, channel, actor, at)
    except NotThere:
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, inquiry, given, base, back_url, form=form, status=status_of(refusal))
    response = redirect(leads_to, receipt.number)
    toasts.say(request, response, "已变成工单，提问到此结束。")
    return response


def _first(inquiry: Inquiry) -> QueryDict:
    given = QueryDict(mutable=True)
    asked = [said.words for said in said_in(inquiry) if said.is_asker and said.words]
    given["words"] = "\n".join(asked)
    return given


def _given(posted: QueryDict, inquiry: Inquiry) -> QueryDict:
    """What was posted, with the place of the question; the closest category stands in for none."""
    given = posted.copy()
    given["area"], given["answer_way"] = str(inquiry.area_id), AnswerWay.HERE.value
    words = given.get("words", "")
    if words and not given.get("category"):
        closest = suggested_categories(words, offered_categories(with_complaints=False))
        given["category"] = closest[0].code if closest else ""
    return given


def _page(
    request: HttpRequest,
    inquiry: Inquiry,
    given: QueryDict,
    base: str,
    back_url: str,
    *,
    form: TurnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    leaves = offered_categories(with_complaints=False)
    chosen = next((leaf for leaf in leaves if leaf.code == given.get("category")), None)
    shown = {"words", "category"}
    errors: Any = form.errors if form is not None else {}
    context = {
        "base": base,
        "back_url": back_url,
        "is_desk": base.startswith("workorders/desk"),
        "inquiry": inquiry,
        "given": given,
        "errors": errors,
        "general": [str(found[0]) for name, found in errors.items() if name not in shown and "answer_" not in name],
        "entry_id": given.get("entry_id") or uuid4(),
        "groups": by_group(leaves),
        "shows_kinds": given.get("go") == "kind" or "category" in errors,
        "suggested": suggested_categories(given.get("words", ""), leaves),
        "chosen": chosen,
        "questions": question_rows(chosen.questions if chosen else [], given, errors or None),
        "now": clock.now(),
    }
    return render(request, "inquiries/turn.html", context, status=status)
