"""Objecting to a roll, on the phone of whoever lives there: of the own household and nobody else's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.ballots.actions import object_to_roll
from louzhang.ballots.forms.desk import ObjectForm
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.entering import own_elector
from louzhang.ballots.queries.polls import find_poll
from louzhang.ballots.queries.rolls import own_place_in
from louzhang.journal.actions import once
from louzhang.journal.forms import first_refusal, plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def own_roll(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that the own household is missing on the roll, or wrongly on it."""
    actor, at = actor_of(request), clock.now()
    poll = find_poll(actor, uid, Tie.RESIDENT)
    own = own_place_in(actor, poll)
    if poll.status != PollState.ROLL or own is None:
        raise NotThere("名册不在公示期里，现在不能提异议。有问题请联系社区。")
    household, resident_id = own
    wants_in = own_elector(actor, poll) is None
    form = ObjectForm(request.POST if request.method == "POST" else None, initial={"entry_id": uuid4()})
    status = 200
    if request.method == "POST":
        try:
            given = {"household": household, "resident_id": resident_id, "wants_in": wants_in}
            return _object(request, form, poll, at, **given)
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                form.add_error(None, refusal.message)
    context = {
        "poll": poll,
        "form": form,
        "wants_in": wants_in,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("ballots:own", args=[uid]),
        "now": at,
    }
    return render(request, "ballots/voting/object.html", context, status=status)


def _object(request: HttpRequest, form: ObjectForm, poll: Poll, at: datetime, **given: Any) -> HttpResponse:
    if not form.is_valid():
        raise first_refusal(form)
    actor, words = actor_of(request), form.cleaned_data["words"]

    def perform() -> dict[str, str]:
        return {"objection": str(object_to_roll(poll_id=poll.pk, words=words, actor=actor, at=at, **given).uid)}

    body = {"poll": poll.pk, "household": given["household"].pk, **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
    response = redirect("ballots:own", poll.uid)
    toasts.say(request, response, "已提交，计票人会核对并答复。")
    return response
