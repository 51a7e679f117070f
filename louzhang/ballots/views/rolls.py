"""The roll on the desk of its two counters: doors, slips, paper, proxies, objections, and who has voted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.ballots.actions import (
    ask_for_box,
    hand_out_paper,
    print_slips,
    register_proxy,
    settle_objection,
)
from louzhang.ballots.actions.looking import look_at_turnout
from louzhang.ballots.forms.desk import SettleForm
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import Elector
from louzhang.ballots.queries.apart import homes_kept_away
from louzhang.ballots.queries.polls import find_poll
from louzhang.ballots.queries.rolls import HIDDEN, NOT_ON_ROLL, elector_on, leaves_to_choose, objections_of, roll_page
from louzhang.ballots.views.acting import act, for_people
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock, codes, qr
from louzhang.kit.typed import number_of, uid_of, word_of
from louzhang.register.views.acts import tapped
from louzhang.register.views.frame import page

LIVING = (PollState.FIXED, PollState.OPEN)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The roll by door. Sent as a form it also says who has voted: that is a look, and logged."""
    actor = actor_of(request)
    poll = find_poll(actor, uid, Tie.COUNTER)
    asked = request.POST if request.method == "POST" else request.GET
    area_id, door, wants_box = number_of(asked.get("area")), word_of(asked.get("door")), bool(asked.get("box"))
    number = number_of(asked.get("page")) or 1
    shown = roll_page(poll, actor, number=number, area_id=area_id, door=door, wants_box=wants_box)
    turnout = look_at_turnout(poll_id=poll.pk, actor=actor, at=clock.now()) if request.method == "POST" else None
    place = {"area": area_id or "", "door": door, **({"box": "1"} if wants_box else {})}
    context = {
        "poll": poll,
        "shown": shown,
        "rows": [(line, turnout.marks.get(line.elector.pk) if turnout else None) for line in shown.lines],
        "turnout": turnout,
        "leaves": leaves_to_choose(poll),
        "area": area_id,
        "door": door,
        "wants_box": wants_box,
        "previous": f"?{urlencode({**place, 'page': shown.number - 1})}" if shown.has_previous else "",
        "following": f"?{urlencode({**place, 'page': shown.number + 1})}" if shown.has_next else "",
        "gives_slips": poll.status in LIVING,
        "kept_homes": homes_kept_away(poll, clock.now()),
        "may_look": poll.status in (PollState.OPEN, PollState.CLOSED),
        "back_url": reverse("ballots:one", args=[uid]),
    }
    return page(request, "ballots/desk/roll.html", context)


@for_people
@sensitive_post_parameters()
@require_POST
def mark(request: HttpRequest, uid: UUID, elector_uid: UUID, what: str) -> HttpResponse:
    """One tap on a line of the roll: a paper ballot handed out or brought back, the box wanted at the door or not."""
    poll = find_poll(actor_of(request), uid, Tie.COUNTER)
    elector = elector_on(poll, elector_uid)
    at, address = clock.now(), reverse("ballots:roll", args=[uid])
    taps = {
        "paper": (lambda: hand_out_paper(elector=elector, at=at), "领票已记下。"),
        "paper-back": (lambda: hand_out_paper(elector=elector, at=at, is_back=True), "纸票已收回。"),
        "box": (lambda: ask_for_box(elector=elector, wanted=True, at=at), "已记下要送票上门。"),
        "box-back": (lambda: ask_for_box(elector=elector, wanted=False, at=at), "不用上门了，已记下。"),
    }
    if what not in taps or (what.startswith("paper") and not poll.has_paper):
        raise NotThere("没有这个操作，请回到名册重新选。")
    do, said = taps[what]
    return tapped(request, address, do, said)


@for_people
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def proxy(request: HttpRequest, uid: UUID, elector_uid: UUID) -> HttpResponse:
    """Whom an elector has asked in writing to vote for them: found by door, chosen from what lives behind it."""
    actor, at = actor_of(request), clock.now()
    poll = find_poll(actor, uid, Tie.COUNTER)
    principal = elector_on(poll, elector_uid)
    if request.method == "POST":
        chosen = request.POST.get("proxy", "")

        def do() -> Elector:
            to = uid_of(chosen)
            if chosen and to is None:
                raise NotThere(NOT_ON_ROLL)
            return register_proxy(poll_id=poll.pk, principal_uid=principal.uid, proxy_uid=to, actor=actor, at=at)

        return tapped(request, reverse("ballots:roll", args=[uid]), do, "委托已记下。" if chosen else "委托已收回。")
    area_id, door = number_of(request.GET.get("area")), word_of(request.GET.get("door"))
    found = roll_page(poll, actor, area_id=area_id, door=door).lines if door else []
    context = {
        "poll": poll,
        "elector": principal,
        "found": [line for line in found if line.elector.pk != principal.pk and line.place != HIDDEN],
        "leaves": leaves_to_choose(poll),
        "area": area_id,
        "door": door,
        "back_url": reverse("ballots:roll", args=[uid]),
    }
    return page(request, "ballots/desk/proxy.html", context)


@for_people
@require_safe
def objections(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What people said about the roll, those that wait first."""
    poll = find_poll(actor_of(request), uid, Tie.COUNTER)
    context = {
        "poll": poll,
        "said": objections_of(poll, actor_of(request)),
        "may_settle": poll.status == PollState.ROLL,
        "back_url": reverse("ballots:one", args=[uid]),
    }
    return page(request, "ballots/desk/objections.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, uid: UUID, objection_uid: UUID) -> HttpResponse:
    """Answer one objection."""
    actor = actor_of(request)
    poll = find_poll(actor, uid, Tie.COUNTER)
    said = next((each for each in objections_of(poll, actor) if each.objection.uid == objection_uid), None)
    if said is None:
        raise NotThere("没有找到这条异议，请刷新页面。")
    back = reverse("ballots:objections", args=[uid])

    def do(given: dict[str, Any], at: Any) -> str:
        settle_objection(poll_id=poll.pk, objection_uid=objection_uid, actor=actor, at=at, **given)
        return back

    form = SettleForm(request.POST if request.method == "POST" else None, initial={"entry_id": uuid4()})
    wish = "应当列入名册" if said.objection.wants_in else "不应当在名册上"
    about = f"{said.place}：{wish}。{said.words}"
    return act(request, form, do, label="答复异议", back=back, said="已答复。", about=about, poll=poll)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print slips: of one stairwell those that have none yet, or one that was lost. Codes are on this sheet alone."""
    actor = actor_of(request)
    poll = find_poll(actor, uid, Tie.COUNTER)
    back = reverse("ballots:one", args=[uid])
    if request.method != "POST":
        context = {"poll": poll, "leaves": leaves_to_choose(poll), "back_url": back}
        return page(request, "ballots/desk/slips.html", context)
    elector = request.POST.get("elector", "")
    if elector and uid_of(elector) is None:
        raise NotThere(NOT_ON_ROLL)
    try:
        printed = print_slips(
            poll_id=poll.pk, actor=actor, at=clock.now(), area_id=number_of(request.POST.get("area")),
            elector_uid=uid_of(elector),
        )  # fmt: skip
    except Refusal as refusal:
        if isinstance(refusal, NotThere):
            raise
        context = {"poll": poll, "leaves": leaves_to_choose(poll), "back_url": back, "refused": refusal.message}
        return page(request, "ballots/desk/slips.html", context, status=409)
    address = request.build_absolute_uri(reverse("ballots:vote"))
    places = spoken_places({each.elector.household.dwelling.area for each in printed})
    sheets = [
        {
            "code": codes.shown_tracking_code(each.code),
            "picture": qr.picture_of(f"{address}#{each.code}", title="投票用的二维码"),
            "place": f"{places[each.elector.household.dwelling.area_id]} {each.elector.household.dwelling.door}",
            "name": each.elector.resident.name if each.elector.resident else "",
        }
        for each in printed
    ]
    context = {"poll": poll, "slips": sheets, "address": address, "back_url": back, "now": clock.now()}
    response = render(request, "ballots/print/slips.html", context)
    response["Cache-Control"] = "no-store"
    return response
