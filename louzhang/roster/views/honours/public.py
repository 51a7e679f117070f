"""光荣榜和公示 for everybody, and putting somebody forward from the page of a building."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.register.queries.cards import house_by_uid, who_looks_after
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.register.views.acts import Do, act, bound
from louzhang.roster.actions.honours.checking import object_to_honour
from louzhang.roster.actions.honours.proposing import Proposal, propose_as_resident
from louzhang.roster.forms.honours.proposing import HereForm, ObjectForm
from louzhang.roster.models.honours import HonourKind
from louzhang.roster.queries.honours import flags_now
from louzhang.roster.queries.honours.asked import asked_about
from louzhang.roster.queries.honours.lists import find_honour, kinds_for, objections_of
from louzhang.roster.queries.honours.wall import on_notice, on_wall, public_one, wall_places
from louzhang.roster.views.honours.frame import photos_shown

PHONE = "shell/phone.html"


def _shown(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, {"now": clock.now(), **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _chosen(request: HttpRequest, places: list[Area]) -> Area | None:
    code = request.GET.get("place", "")
    return next((place for place in places if place.code == code), None)


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The wall of the district or of one community: flags, who agreed to stand there, what is on notice."""
    actor, at, places = actor_of(request), clock.now(), wall_places()
    place = _chosen(request, places)
    context = {
        "places": [(each.code, each.name) for each in places],
        "place": place,
        "code": place.code if place is not None else "",
        "flags": flags_now(place) if place is not None else [],
        "rows": [(row, photos_shown([row.photo], actor, at)) for row in on_wall(actor, place)],
        "notices": on_notice(actor, place, clock.local_date(at)),
    }
    template = "roster/honours/wall_print.html" if "print" in request.GET else "roster/honours/wall.html"
    return _shown(request, template, context | {"back_url": reverse("phone:home")})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One that is on notice or on the wall; during the notice anybody may speak against it here."""
    actor, at = actor_of(request), clock.now()
    shown = public_one(actor, uid)
    honour = shown.honour
    form = ObjectForm(bound(request), initial={"entry_id": uuid4()})
    here = reverse("honours:notice", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        object_to_honour(honour_id=honour.pk, actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    own = objections_of(find_honour(actor, uid), actor) if not honour.relations_now.isdisjoint({"public"}) else []
    is_open = honour.is_on_notice and honour.notice_until is not None and honour.notice_until >= clock.local_date(at)
    more = {
        "shown": shown, "own": own, "is_open": is_open, "base": PHONE,
        "photos": photos_shown([shown.photo], actor, at),
        "asked": [each for each in asked_about(honour) if each.outcome.is_decided],
    }  # fmt: skip
    return _anybody(request, form, do, label="提意见", back=reverse("honours:wall"), said="已收到，社区会答复。",
                    template="roster/honours/notice.html", **more)  # fmt: skip


def _anybody(
    request: HttpRequest, form: VerbForm, do: Do, *, label: str, back: str, said: str, template: str, **more: Any
) -> HttpResponse:
    """A form that whoever passes by may send, a few times an hour; the phone gets its cookie with the page."""
    if request.method == "POST":
        try:
            _refuse_often(request)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    response = act(request, form, do, label=label, back=back, said=said, template=template, **more)
    if request.method != "POST":
        ensure_device_cookie(request, response)
    return response


def _refuse_often(request: HttpRequest) -> None:
    actor = actor_of(request)
    own = actor.device or f"user:{actor.user_id}"
    address = neighbourhood(client_address(request))
    refuse_too_often({"inquiry.device": own, "inquiry.address": address}, clock.now())


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def propose_here(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From the page of a building: one of those who look after it, by a sentence."""
    actor, at = actor_of(request), clock.now()
    house = house_by_uid(uid)
    community = next(area for area in line_of(house) if area.rank == COMMUNITY_RANK)
    people = who_looks_after(house, at)
    kinds = [kind for kind in kinds_for(community) if kind.is_for_people]
    form = HereForm(bound(request), initial={"entry_id": uuid4()})
    form.prepare([(str(shown.post.pk), f"{shown.seat} {shown.name}") for shown in people], kinds)

    def do(said: dict[str, Any], moment: datetime) -> str:
        post = next(shown.post for shown in people if str(shown.post.pk) == said["post"])
        kind = next(kind for kind in kinds if str(kind.uid) == said["kind"])
        _propose(post, kind, community, said["words"], moment)
        return reverse("cards:house", args=[uid])

    def _propose(post: Post, kind: HonourKind, area: Area, words: str, moment: datetime) -> None:
        facts = Proposal(kind=kind, area=area, words=words, month=clock.local_date(moment), post=post)
        propose_as_resident(proposal=facts, actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"])

    more = {"place": spoken_places([house])[house.pk], "base": PHONE, "is_possible": bool(people and kinds)}
    return _anybody(request, form, do, label="推荐", back=reverse("cards:house", args=[uid]),
                    said="已收到。社区核对以后会公示。", template="roster/honours/here.html", **more)  # fmt: skip
