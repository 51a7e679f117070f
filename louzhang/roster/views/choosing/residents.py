"""选楼长 for residents: what is going on where they live, who stands and what each says, naming, offering oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import TransitionRefused
from louzhang.kit import clock
from louzhang.roster.actions.choosing import Naming, name_person, offer_oneself
from louzhang.roster.forms.choosing import Namesakes, NamingForm, OfferForm
from louzhang.roster.lifecycle.choosing import RoundState, Tie
from louzhang.roster.models.choosing import NamingWay, Outcome, Round
from louzhang.roster.models.choosing_scope import home_paths
from louzhang.roster.queries.choosing.electing import polls_in
from louzhang.roster.queries.choosing.known import namesakes_of
from louzhang.roster.queries.choosing.notices import notices_up
from louzhang.roster.queries.choosing.rounds import (
    Place,
    find_round,
    history_of,
    nominees_in,
    own_nominations,
    places_in,
    statements_of,
    step_marks,
)
from louzhang.roster.views.choosing.frame import blank, bound, own_act, own_page

LISTED = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Rounds where one lives, notices that are up, what one was named for."""
    actor = actor_of(request)
    rows = Round.objects.tied(actor, Tie.RESIDENT).open().select_related("area", "title").order_by("-id")
    context = {
        "rounds": list(rows[:LISTED]),
        "notices": list(notices_up()[:LISTED]),
        "own": own_nominations(actor),
        "is_known": bool(home_paths(actor)),
        "back_url": reverse("phone:home"),
        "now": clock.now(),
    }
    return own_page(request, "roster/choosing/home.html", context)


@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round as a resident reads it."""
    actor = actor_of(request)
    row = find_round(actor, uid, Tie.RESIDENT, Tie.NOMINEE)
    nominees = nominees_in(row, actor)
    said = statements_of(nominees)
    places = _near(places_in(row, [each for each in nominees if each.status != "named"]), actor)
    polls = polls_in([place.vacancy for place, _ in places])
    history = history_of(row)
    context = {
        "row": row,
        "why": history[0].words if history else "",
        "marks": step_marks(row),
        "places": [
            (place, is_own, [(each, said.get(each.pk, "")) for each in place.standing], polls.get(place.vacancy.pk))
            for place, is_own in places
        ],
        "is_naming": row.status == RoundState.NOMINATING,
        "names_here": any(is_own for _, is_own in places),
        "history": history[1:],
        "back_url": reverse("choosing:home"),
        "now": clock.now(),
    }
    return own_page(request, "roster/choosing/resident_round.html", context)


def _near(places: list[Place], actor: Actor) -> list[tuple[Place, bool]]:
    """The own place first; then the others, as far as they are still part of the round."""
    homes = set(home_paths(actor))
    marked = [(place, place.vacancy.area.path in homes) for place in places]
    return sorted(marked, key=lambda each: (not each[1], each[0].vacancy.outcome == Outcome.DROPPED))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, uid: UUID) -> HttpResponse:
    """推荐 for the place one lives in."""
    actor = actor_of(request)
    row = _naming(actor, uid)
    homes = set(home_paths(actor))
    places = [place for place in _open_places(row) if place.vacancy.area.path in homes]
    if not places:
        raise TransitionRefused("这次选任没有您住的楼栋或单元，您可以自荐。")
    form = NamingForm(bound(request), places=places, namesakes=_named_before(row), initial=blank())

    def act(naming: Naming, at: datetime) -> None:
        entry_id = form.cleaned_data["entry_id"]
        name_person(round_uid=uid, naming=naming, way=NamingWay.RESIDENT, actor=actor, at=at, entry_id=entry_id)

    about = "社区会先问他愿不愿意。他同意了，名字才公开；谁推荐的不公开。"
    said = "推荐收到了。本人同意以后，会显示在这里。"
    return _sent(request, form, row, act, label="推荐一位", said=said, about=about)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """自荐: whoever lives in the community."""
    actor = actor_of(request)
    row = _naming(actor, uid)
    form = OfferForm(bound(request), places=_open_places(row), namesakes=_named_before(row), initial=blank())

    def act(naming: Naming, at: datetime) -> None:
        offer_oneself(round_uid=uid, naming=naming, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])

    about = "自荐就是同意参加：您的姓名和自我介绍，住在这里的人能看到。随时可以退出。"
    said = "自荐收到了，谢谢您愿意为邻居出力。"
    return _sent(request, form, row, act, label="我来当", said=said, about=about)


def _named_before(row: Round) -> Namesakes:
    """Those of one name whom neighbours named before, told apart by nothing but their marks."""

    def known(vacancy: UUID | None, name: str) -> list[tuple[str, str]]:
        found = namesakes_of(row.pk, vacancy, name)
        return [
            (str(each.number), f"就是推荐过的{each.label}" if each.number else "就是推荐过的那一位") for each in found
        ]

    return known


def _sent(
    request: HttpRequest, form: NamingForm, row: Round, send: Callable[[Naming, datetime], None], **words: Any
) -> HttpResponse:
    back = reverse("choosing:resident_round", args=[row.uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        send(Naming(**said | {"vacancy": UUID(said["vacancy"])}), at)
        return back

    return own_act(request, form, do, back=back, **words)


def _naming(actor: Actor, uid: UUID) -> Round:
    row = find_round(actor, uid, Tie.RESIDENT, Tie.NOMINEE)
    if row.status != RoundState.NOMINATING:
        raise TransitionRefused("推荐已经结束。还想推荐人，请联系社区。")
    return row


def _open_places(row: Round) -> list[Place]:
    return [place for place in places_in(row) if place.vacancy.outcome == Outcome.OPEN]
