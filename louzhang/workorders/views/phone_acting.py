"""Doing a verb on the phone: a page with its form, the act, and back to the matter with a word.

A refused step shows the matter as it stands now with the sentence and what had been typed; a wrong
input shows the form again with everything in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, NotThere, NotYours, Refusal, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.forms import VerbForm, perform, verb_form
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.replies import filled_replies
from louzhang.workorders.views.clock_marks import hint_of
from louzhang.workorders.views.telling import title_of
from louzhang.workorders.views.together import name_row, part_choices
from louzhang.workorders.views.uploads import picker, with_plain_files

TYPED = ("note", "reason", "answer", "words", "advice", "reply")


@dataclass(frozen=True)
class Face:
    """One face's way of doing verbs: which, in which words, how it finds and shows an order."""

    name: str
    template: str
    verbs: frozenset[str]
    find: Callable[[Actor, str], WorkOrder]
    show: Callable[..., HttpResponse]
    labels: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    said_when: Mapping[tuple[str, str], str] = field(default_factory=dict)  # by verb and where it led
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def act(request: HttpRequest, face: Face, number: str, verb: str) -> HttpResponse:
    """Show the form of a verb, or do it."""
    if verb not in face.verbs:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    order = face.find(actor, number)
    if request.method == "POST":
        return _done(request, face, order, verb, actor, at)
    try:
        refuse_unless_open(LOOP, LOOP[verb], order)
    except TransitionRefused as refusal:
        return face.show(request, order, status=409, refused=refusal.message)
    return _form_page(request, face, order, verb, verb_form(verb), entry_id=str(uuid4()))


def _done(request: HttpRequest, face: Face, order: WorkOrder, verb: str, actor: Actor, at: datetime) -> HttpResponse:
    given = request.POST.copy()
    form = verb_form(verb, given)
    try:
        with_plain_files(request, given, actor, at)
        done = perform(verb, number=order.number, form=form, actor=actor, at=at)
    except NotThere:
        raise
    except (TransitionRefused, Conflict, NotYours) as refusal:
        fresh = face.find(actor, order.number)
        return face.show(request, fresh, status=status_of(refusal), refused=refusal.message, typed=_typed(given))
    except Refusal as refusal:
        return _wrong(request, face, order, verb, form, refusal)
    response = redirect(f"{face.name}:one", order.number)
    said = face.said_when.get((verb, done["status"])) or face.said.get(verb, f"{LOOP[verb].said}。")
    toasts.say(request, response, said)
    return response


def _wrong(
    request: HttpRequest, face: Face, order: WorkOrder, verb: str, form: VerbForm, refusal: Refusal
) -> HttpResponse:
    if form.is_valid():
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    entry_id = form.data.get("entry_id") or str(uuid4())
    return _form_page(request, face, order, verb, form, entry_id=entry_id, status=status_of(refusal))


def _form_page(
    request: HttpRequest,
    face: Face,
    order: WorkOrder,
    verb: str,
    form: VerbForm,
    *,
    entry_id: str,
    status: int = 200,
) -> HttpResponse:
    chosen = form.data.getlist("photos") if isinstance(form.data, QueryDict) else []
    fields = [bound for bound in form.visible_fields() if bound.name != "photos"]
    name_row(request, form)
    context: dict[str, Any] = {
        "order": order,
        "title": title_of(order),
        "verb": LOOP[verb],
        "label": face.labels.get(verb, LOOP[verb].label),
        "hint": hint_of(order, verb),
        "form": form,
        "fields": fields,
        "entry_id": entry_id,
        "takes_photos": "photos" in form.fields,
        "photo_reason": order.category.photo_reason if verb in ("settle", "settle_on_spot") else "",
        "sentences": face.sentences.get(verb, ()),
        "replies": filled_replies(order, verb, clock.now()) if face.name == "field" else (),
        "fills": _first_text(fields),
        "part_choices": part_choices(order, form, verb, actor_of(request)) if "part" in form.fields else [],
        **(picker(actor_of(request), clock.now(), chosen) if "photos" in form.fields else {}),
    }
    return render(request, face.template, context, status=status)


def _first_text(fields: list[forms.BoundField]) -> str:
    """The id of the text that tapped sentences go into."""
    return next((str(bound.id_for_label) for bound in fields if bound.name in TYPED), "")


def _typed(given: Mapping[str, Any]) -> str:
    """The words of a step that was refused, to copy from."""
    return "\n".join(str(given[name]) for name in TYPED if given.get(name))
