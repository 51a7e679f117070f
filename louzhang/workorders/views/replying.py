"""Words for residents in the form of a verb: a template put in, what they will read, what they would stumble over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from louzhang.accounts.visits import visit_of
from louzhang.journal.refusals import NotThere
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit.typed import number_of
from louzhang.workorders.forms import verb_form
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.replies import put_into, reply_texts
from louzhang.workorders.lifecycle import LOOP, RESIDENT_LABELS, State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.plain_words import REPLY_FIELDS, warnings
from louzhang.workorders.queries.replies import replies_for, values_for
from louzhang.workorders.views.desk import for_desk, order_of

FIELDS = "workorders/desk/parts/reply_fields.html"
PREVIEW = "workorders/desk/parts/reply_preview.html"


def reply_context(order: WorkOrder, verb: str, form: VerbForm, at: datetime) -> dict[str, Any]:
    """The templates that fit, the one chosen put in where a page without JavaScript asked for it, the preview."""
    replies = replies_for(order, verb)
    chosen = number_of(str(form.data.get("template", "")))
    if form.data.get("look"):
        reply = next((each for each in replies if each.pk == chosen), None)
        if reply is not None:
            put_into(form, verb, reply, values_for(order, at))
    pairs = [("", "不用模板，自己写"), *((each.pk, each.name) for each in replies)]
    return {"replies": pairs if replies else [], "template": chosen or "", **preview_context(order, verb, form)}


def preview_context(order: WorkOrder, verb: str, form: VerbForm) -> dict[str, Any]:
    """What residents will read, and what they would stumble over."""
    texts = reply_texts(form, verb)
    return {
        "shows_reply": True,
        "reply_state": _state_after(order, verb),
        "reply_texts": [text for text in texts if text.strip()],
        "reply_warnings": warnings(verb, texts, known={order.number}),
    }


def _state_after(order: WorkOrder, verb: str) -> str:
    targets = LOOP[verb].targets
    return RESIDENT_LABELS[State(targets[0] if targets else order.status)]


@require_POST
@for_desk
def fill_in(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The fields of the dialog again with the chosen template in them, and the preview."""
    order, form = _repliable(request, number, verb)
    chosen = number_of(request.POST.get("template"))
    reply = next((each for each in replies_for(order, verb) if each.pk == chosen), None)
    if reply is not None:
        put_into(form, verb, reply, values_for(order, visit_of(request).at))
    form.full_clean()
    form.errors.clear()
    context = {"order": order, "verb": LOOP[verb], "form": form, "is_filled": True}
    return render(request, FIELDS, context | preview_context(order, verb, form))


@require_POST
@for_desk
def preview(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """What residents will read of what is typed now."""
    order, form = _repliable(request, number, verb)
    context = {"order": order, "verb": LOOP[verb]} | preview_context(order, verb, form)
    return render(request, PREVIEW, context)


def _repliable(request: HttpRequest, number: str, verb: str) -> tuple[WorkOrder, VerbForm]:
    """The order, if the actor may do the verb now, and its form as far as it is filled."""
    if verb not in REPLY_FIELDS:
        raise NotThere("没有这个操作，请刷新页面后重试。")
    order = order_of(request, number)
    refuse_unless_open(LOOP, LOOP[verb], order)
    return order, verb_form(verb, request.POST.copy())
