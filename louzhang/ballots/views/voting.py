"""Voting on a phone: by the code of a slip, or as who lives there. Without JavaScript, and without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_if_spent, refuse_too_often
from louzhang.accounts.visits import actor_of
from louzhang.ballots.actions import ask_for_box, cast_ballot
from louzhang.ballots.forms.voting import chosen_ballot, field_of, values_of
from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Elector, Item, Poll
from louzhang.ballots.queries.entering import Own, ballots_of, elector_by_code, own_elector_of, own_polls, told_polls
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.queries.polls import find_poll
from louzhang.ballots.rules import STARS
from louzhang.ballots.views.untraced import untraced
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock

STAR_WORDS = {1: "很不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "很满意"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it stands on a ballot."""

    item: Item
    field: str


@untraced
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a slip (or have it from the part of the address that no server sees), then vote.

    The code goes back and forth in the body of the form only; every answer is a page, so that no address holds it.
    """
    if request.method != "POST":
        return _code_page(request)
    typed = request.POST.get("code", "")
    try:
        elector = _found(request, typed)
    except Refusal as refusal:
        return _code_page(request, typed=typed, refused=refusal.message, status=status_of(refusal))
    return _vote(request, elector, code=typed)


def _found(request: HttpRequest, typed: str) -> Elector:
    """The elector of a code; only wrong codes are counted, a right one leaves nothing behind."""
    at, address = clock.now(), neighbourhood(client_address(request))
    refuse_if_spent("ballot.address", address, at)
    try:
        return elector_by_code(typed)
    except NotThere:
        refuse_too_often({"ballot.address": address}, at)
        raise


def _code_page(request: HttpRequest, *, typed: str = "", refused: str = "", status: int = 200) -> HttpResponse:
    return render(request, "ballots/voting/code.html", {"typed": typed, "refused": refused}, status=status)


@untraced
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The polls in which one has a vote, and the way in with a slip."""
    actor, at = actor_of(request), clock.now()
    context = {"polls": own_polls(actor), "ended": told_polls(actor, at), "now": at}
    return render(request, "ballots/voting/mine.html", context)


@untraced
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One poll as somebody who lives there sees it: the roll, the ballot, what came out."""
    actor = actor_of(request)
    elector = own_elector_of(actor, uid)
    if elector is not None and elector.poll.is_open:
        return _vote(request, elector)
    poll = elector.poll if elector is not None else find_poll(actor, uid)
    context = {
        "poll": poll,
        "is_on_roll": elector is not None,
        "shows_roll": poll.status == PollState.ROLL,
        "outcome": outcome_of(poll) if poll.has_ended and _tells(poll) else None,
        "lines": list(poll.items.order_by("position")),
        "back_url": reverse("ballots:mine"),
        "now": clock.now(),
    }
    return render(request, "ballots/voting/own.html", context)


def _tells(poll: Poll) -> bool:
    """What came out is told to residents; that it was called off is told of every poll."""
    return poll.tells_residents or poll.status == PollState.WITHDRAWN


def _vote(request: HttpRequest, elector: Elector, *, code: str = "") -> HttpResponse:
    """The ballots of an elector: shown, or one of them cast."""
    poll, ballots = elector.poll, ballots_of(elector, clock.now())
    items = list(poll.items.order_by("position"))
    step, refused, status = request.POST.get("step", ""), "", 200
    try:
        if step == "vote":
            ballot = chosen_ballot(ballots, request.POST)
            cast_ballot(elector=ballot.elector, values=values_of(poll, items, request.POST), at=clock.now())
            return _page(request, poll, items, ballots_of(elector, clock.now()), code, done=ballot)
        if step == "box":
            ask_for_box(elector=elector, wanted=bool(request.POST.get("wanted")), at=clock.now())
            elector.refresh_from_db(fields=["wants_box"])
    except Refusal as refusal:
        refused, status = refusal.message, status_of(refusal)
    return _page(request, poll, items, ballots, code, refused=refused, status=status, wants_box=elector.wants_box)


def _page(
    request: HttpRequest,
    poll: Poll,
    items: Sequence[Item],
    ballots: Sequence[Own],
    code: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "poll": poll,
        "lines": [Line(item, field_of(poll, item)) for item in items],
        "ballots": ballots,
        "is_given_away": not ballots,
        "code": code,
        "stars": [(star, STAR_WORDS[star]) for star in range(1, STARS + 1)],
        "sent_to": reverse("ballots:vote") if code else reverse("ballots:own", args=[poll.uid]),
        "back_url": "" if code else reverse("ballots:mine"),
        "now": clock.now(),
        **more,
    }
    return render(request, "ballots/voting/ballot.html", context, status=status)
