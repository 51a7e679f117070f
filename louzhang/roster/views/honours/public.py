"""光荣榜和公示 for everybody, putting somebody forward from the page of a building, and one's own honours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.gates import for_roles
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.register.queries.cards import house_by_uid, who_looks_after
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.register.views.acts import Do, act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.honours.bonuses import keep_account
from louzhang.roster.actions.honours.checking import join_wall, leave_wall, object_to_honour
from louzhang.roster.actions.honours.letters import agree_to_letter, refuse_letter, take_back_letter
from louzhang.roster.actions.honours.proposing import Proposal, propose_as_resident
from louzhang.roster.forms.honours.keeping import AccountForm
from louzhang.roster.forms.honours.proposing import HereForm, ObjectForm
from louzhang.roster.lifecycle.honours import LETTER_LOOP, LetterTie
from louzhang.roster.models.honours import Bonus, Honour, HonourKind, Letter, PayAccount
from louzhang.roster.queries.honours import flags_now, honours_of
from louzhang.roster.queries.honours.lists import (
    find_honour,
    find_letter,
    kinds_for,
    objections_of,
    on_notice,
    on_wall,
    public_one,
    text_of,
    wall_places,
)

for_field = for_roles(*FIELD_ROLES)
PHONE = "shell/phone.html"
WALL_TAPS: dict[str, tuple[Callable[..., Honour], str]] = {
    "join": (join_wall, "已上光荣榜，随时可以撤下。"),
    "leave": (leave_wall, "已从光荣榜撤下。"),
}
LETTER_TAPS: dict[str, tuple[Callable[..., Letter], str]] = {
    "agree": (agree_to_letter, "已同意，社区可以打印发出。"),
    "refuse": (refuse_letter, "已告诉社区您不同意，不会发出。"),
    "take_back": (take_back_letter, "已收回同意，信的内容已删除。"),
}


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
        "rows": on_wall(actor, place),
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
    more = {"shown": shown, "own": own, "is_open": is_open, "base": PHONE}
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


# ---- One's own -------------------------------------------------------------------------------------


@require_safe
@for_field
def mine(request: HttpRequest) -> HttpResponse:
    """What one was given, what is owed, texts that wait for one's yes."""
    actor = actor_of(request)
    user = User.objects.get(pk=actor.user_id or 0)
    letters = Letter.objects.tied(actor, LetterTie.SUBJECT).select_related("area").order_by("-pk")
    account = PayAccount.objects.filter(user=user).first()
    context = {
        "rows": honours_of(user),
        "letters": letters,
        "bonuses": Bonus.objects.filter(user=user).select_related("honour__kind").order_by("-pk"),
        "account": account.masked if account is not None else "",
        "back_url": reverse("accounts:account"),
        "base": "shell/field.html",
    }
    return page(request, "roster/honours/mine.html", context)


@require_POST
@for_field
def tap_wall(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """Join the wall or leave it: one tap."""
    actor, at = actor_of(request), clock.now()
    if what not in WALL_TAPS:
        raise NotThere("没有这一步。")
    do, said = WALL_TAPS[what]
    honour = find_honour(actor, uid)
    return tapped(request, reverse("honours:mine"), lambda: do(honour_id=honour.pk, actor=actor, at=at), said)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def account(request: HttpRequest) -> HttpResponse:
    """Where the own bonuses go."""
    actor = actor_of(request)
    form = AccountForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        keep_account(actor=actor, at=at, **said)
        return reverse("honours:mine")

    about = "只有发奖金的社区能打开完整的账号，每次都留下记录。"
    return act(request, form, do, label="收款账户", about=about, back=reverse("honours:mine"), said="已保存。",
               base="shell/field.html", is_desk=False)  # fmt: skip


@require_safe
@for_field
def own_letter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A text about oneself, in full, with what one may say to it."""
    letter = find_letter(actor_of(request), uid)
    if LetterTie.SUBJECT not in letter.relations_now:
        return redirect("honours:letter", uid)
    addressee, text = text_of(letter)
    verbs = {step.verb for step in LETTER_LOOP.allowed(letter.status, {LetterTie.SUBJECT})}
    context = {"letter": letter, "addressee": addressee, "text": text, "verbs": verbs, "entry_id": uuid4()}
    more = {"base": "shell/field.html", "back_url": reverse("honours:mine")}
    return page(request, "roster/honours/own_letter.html", context | more)


@require_POST
@for_field
def tap_letter(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Say yes or no to a text, or take the yes back."""
    actor, at = actor_of(request), clock.now()
    if verb not in LETTER_TAPS:
        raise NotThere("没有这一步。")
    do, said = LETTER_TAPS[verb]
    letter = find_letter(actor, uid)
    back = reverse("honours:own_letter", args=[uid])
    return tapped(request, back, lambda: do(letter_id=letter.pk, actor=actor, at=at), said)
