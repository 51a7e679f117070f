"""纸票: the blank ballot to print, and the totals typed by two people by keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.ballots.actions import Comparison, compare_papers, type_paper
from louzhang.ballots.forms.desk import papers_typed
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import Item, Poll
from louzhang.ballots.queries.polls import DESK, find_poll
from louzhang.ballots.rules import STARS
from louzhang.ballots.views.acting import for_people
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.register.views.frame import page
from louzhang.shell import toasts

SUMS = (("papers", "箱里一共几张"), ("blank", "其中白票"), ("invalid", "其中废票"))
COPIES, COPIES_AT_MOST = 4, 200


@for_people
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def typing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Type what the box held; another person types the same without seeing it."""
    actor = actor_of(request)
    poll = find_poll(actor, uid, Tie.COUNTER, Tie.TYPIST)
    if poll.status != PollState.CLOSED or not poll.has_paper:
        raise NotThere("纸票的数在投票结束后、计票以前录入。")
    items = list(poll.items.order_by("position"))
    if request.method != "POST":
        return _page(request, poll, items)
    try:
        totals = papers_typed(poll, items, request.POST)
        compared = type_paper(poll_id=poll.pk, totals=totals, actor=actor, at=clock.now())
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        return _page(request, poll, items, refused=refusal.message, wrong=refusal.field, status=status_of(refusal))
    response = redirect("ballots:papers", uid)
    toasts.say(request, response, _said(compared))
    return response


def _said(compared: Comparison) -> str:
    if compared.is_equal:
        return "两遍一样，可以确认计票了。"
    differs = compared.differing_items or compared.differing_sums
    return "两遍不一样，请看标出的行。" if differs else "已录入。请另一位再录一遍。"


def _cells(item: Item, values: Sequence[int], posted: Mapping[str, str]) -> list[tuple[int, str, str]]:
    names = [(value, f"item-{item.pk}-{value}") for value in values]
    return [(value, name, posted.get(name, "")) for value, name in names]


def _page(request: HttpRequest, poll: Poll, items: list[Item], *, status: int = 200, **more: Any) -> HttpResponse:
    compared = compare_papers(poll)
    posted: Mapping[str, str] = request.POST if request.method == "POST" else {}
    values = tuple(range(1, STARS + 1)) if poll.is_of_stars else (1,)
    rows = [(item, item.pk in compared.differing_items, _cells(item, values, posted)) for item in items]
    context = {
        "poll": poll,
        "rows": rows,
        "sums": [(name, words, name in compared.differing_sums, posted.get(name, "")) for name, words in SUMS],
        "values": values,
        "compared": compared,
        "back_url": reverse("ballots:one", args=[poll.uid]),
        **more,
    }
    return page(request, "ballots/desk/papers.html", context, status=status)


@for_people
@require_safe
def blank(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Blank paper ballots, four on an A4 or one a page where they are long; `?copies=`."""
    poll = find_poll(actor_of(request), uid, *DESK)
    if not poll.has_paper:
        raise NotThere("这次投票的规则没有纸票。")
    copies = min(number_of(request.GET.get("copies")) or COPIES, COPIES_AT_MOST)
    context = {
        "poll": poll,
        "items": list(poll.items.order_by("position")),
        "copies": range(copies),
        "stars": range(1, STARS + 1),
        "back_url": reverse("ballots:one", args=[uid]),
        "now": clock.now(),
    }
    return render(request, "ballots/print/ballots.html", context)
