"""楼长交流: questions of those who do the same elsewhere, with the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.writings import (
    answer_peer,
    ask_peers,
    close_ask,
    reopen_ask,
    take_back_ask,
)
from louzhang.roster.forms.training.writings import SayForm
from louzhang.roster.lifecycle.training.writings import ASKS, AskTie
from louzhang.roster.models.training import PeerAsk
from louzhang.roster.queries.training.writings import (
    abuses_of,
    ask_verbs,
    asks_seen,
    find_ask,
    lines_of,
    reported_asks,
)
from louzhang.roster.views.training.keeping_order import OrderKept
from louzhang.roster.views.training.parts import training_tabs
from louzhang.shell.parts import Item, Verb

MOVES: Mapping[str, Callable[..., Any]] = {"close": close_ask, "reopen": reopen_ask, "take_back": take_back_ask}


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """What is asked in the district, found by its words; those last spoken in first."""
    actor = actor_of(request)
    words, is_own = request.GET.get("q", "")[:60], request.GET.get("own") == "1"
    url = reverse("training:asks")
    context = {
        "rows": asks_seen(actor, words=words, own=is_own),
        "reported": reported_asks(actor, clock.now()) if actor.has_role(*OFFICE_ROLES) else [],
        "words": words,
        "is_own": is_own,
        "filters": [
            Item(label="大家问的", url=url, current=not is_own),
            Item(label="我问的", url=f"{url}?own=1", current=is_own),
        ],
        "tabs": training_tabs("training:asks"),
        "back_url": reverse("field:today"),
    }
    return page(request, "roster/training/asks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def ask(request: HttpRequest) -> HttpResponse:
    """Ask those who do the same elsewhere."""
    actor, back = actor_of(request), reverse("training:asks")
    form = SayForm(bound(request), initial={"entry_id": uuid4()})
    form.fields["words"].label = "遇到什么难处"

    def do(said: dict[str, Any], at: datetime) -> str:
        row = ask_peers(words=said["words"], byline=said["byline"], actor=actor, at=at,
                        entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return reverse("training:ask", args=[row.uid])

    about = "全区有任职的楼长、网格员和社区都看得到。"
    return act(request, form, do, label="问一问", about=about, back=back, said="问出去了，有人回答会告诉您。")


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One question with its answers."""
    actor = actor_of(request)
    row = find_ask(actor, uid)
    context = {
        "ask": row,
        "lines": lines_of(row, actor),
        "abuses": abuses_of(row),
        "may_hide": AskTie.KEEPER in row.relations_now,
        "verbs": [_verb(step, row) for step in ask_verbs(row) if step.verb in MOVES],
        "say": SayForm(initial={"entry_id": uuid4()}) if row.status == "open" else None,
        "say_url": reverse("training:answer", args=[uid]),
        "abuse_name": "training:ask_abuse",
        "hide_name": "training:ask_hide",
        "back_url": reverse("training:asks"),
    }
    return page(request, "roster/training/ask.html", context)


def _verb(step: Transition, row: PeerAsk) -> Verb:
    url = reverse("training:ask_move", args=[row.uid, step.verb])
    kind = "danger" if step.is_grave else "plain"
    return Verb(label=step.label, url=url, method="post", kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer, or go on."""
    actor = actor_of(request)
    find_ask(actor, uid)
    back = reverse("training:ask", args=[uid])
    form = SayForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        answer_peer(uid=uid, words=said["words"], byline=said["byline"], actor=actor, at=at,
                    entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="回答", about="", back=back, said="回答了。")


@require_POST
@for_keepers
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Close, reopen or take back one's own question."""
    if verb not in MOVES:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor = actor_of(request)
    find_ask(actor, uid)
    back = reverse("training:asks") if verb == "take_back" else reverse("training:ask", args=[uid])
    said = f"{ASKS[verb].said}。"
    return tapped(request, back, lambda: MOVES[verb](uid=uid, actor=actor, at=clock.now()), said)


_ORDER = OrderKept(what=PeerAsk, find=find_ask, page="training:ask", listed="training:asks", whole=1)
abuse, hide = _ORDER.abuse(), _ORDER.hide()
