"""The pages of who answers: the worker's list and answer in two taps, the late ones at the community's desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.queries import setting
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.inquiries.actions import answer_inquiry, reveal_asker
from louzhang.inquiries.forms import AnswerForm, act_once
from louzhang.inquiries.lifecycle import InquiryState, Tie
from louzhang.inquiries.models import KEEPER_ROLES, Inquiry, InquiryQuerySet
from louzhang.inquiries.queries import find_inquiry, first_words, kept_inquiries, late_inquiries, said_in, verbs_now
from louzhang.inquiries.views.turning import turn_page
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.shell.parts import Item
from louzhang.workorders.models import Channel
from louzhang.workorders.queries.place_lines import spoken_places

LISTED = 50
HOME_RANK = RANKS[LevelKind.BUILDING]
SENTENCES = (
    "收到，我去看看，今天给您回话。",
    "这件事要走工单，我帮您报上去。",
    "请到社区服务大厅办，带上身份证。",
    "这个归物业管，我已经转告他们。",
    "已经处理好了，您再看看。",
)
REASONS = ("打电话问清楚", "约时间上门")

for_keepers = for_roles(*KEEPER_ROLES)
for_offices = for_roles(*OFFICE_ROLES)


@dataclass(frozen=True)
class Face:
    """One side's way of showing questions: its base template, addresses, and ties."""

    base: str
    listed: str
    one: str
    turned: str
    order: str
    channel: Channel
    ties: tuple[Tie, ...]


FIELD = Face(
    "shell/field.html", "inquiries:field", "inquiries:field_one", "inquiries:field_turn", "field:one",
    Channel.FIELD, (Tie.KEEPER,),
)  # fmt: skip
DESK = Face(
    "workorders/desk/base.html", "inquiries:desk", "inquiries:desk_one", "inquiries:desk_turn", "desk:order",
    Channel.FIELD, (Tie.DESK,),
)  # fmt: skip


@for_keepers
@require_GET
def field(request: HttpRequest) -> HttpResponse:
    """The questions of the own places: waiting for an answer, then the rest."""
    rows = kept_inquiries(actor_of(request))
    chosen = request.GET.get("state", "waiting")
    cuts = {"waiting": ("等回答", rows.waiting()), "all": ("全部", rows)}
    chosen = chosen if chosen in cuts else "waiting"
    return _list(request, cuts, chosen, FIELD)


@for_offices
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What nobody has answered in time; the others one tap away."""
    actor, at = actor_of(request), clock.now()
    rows = kept_inquiries(actor)
    hours = setting("inquiry_hours", at)
    cuts = {
        "late": (f"超过 {hours} 小时没回答", late_inquiries(actor, at)),
        "waiting": ("等回答", rows.waiting()),
        "all": ("全部", rows),
    }
    chosen = request.GET.get("state", "late")
    return _list(request, cuts, chosen if chosen in cuts else "late", DESK)


def _list(request: HttpRequest, cuts: dict[str, tuple[str, InquiryQuerySet]], chosen: str, face: Face) -> HttpResponse:
    rows = list(cuts[chosen][1][: LISTED + 1])
    words = first_words(rows[:LISTED])
    places = spoken_places((row.area for row in rows[:LISTED]), from_rank=HOME_RANK)
    url = reverse(face.listed)
    context = {
        "base": face.base,
        "is_desk": face is DESK,
        "segments": [
            Item(label=label, url=f"{url}?state={key}", current=key == chosen) for key, (label, _) in cuts.items()
        ],
        "lines": [
            {
                "inquiry": row,
                "place": places[row.area_id],
                "words": words.get(row.pk, ""),
                "url": reverse(face.one, args=[row.uid]),
            }
            for row in rows[:LISTED]
        ],
        "is_more": len(rows) > LISTED,
        "chosen": chosen,
        "now": clock.now(),
    }
    return render(request, "inquiries/kept.html", context)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def field_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One question: read, tap a sentence or write one, send."""
    return _one(request, uid, FIELD)


@for_offices
@require_http_methods(["GET", "HEAD", "POST"])
def desk_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same at the community's desk."""
    return _one(request, uid, DESK)


def _one(request: HttpRequest, uid: UUID, face: Face) -> HttpResponse:
    inquiry = find_inquiry(actor_of(request), uid, *face.ties)
    if request.method != "POST":
        return _show(request, inquiry, face, AnswerForm(initial={"entry_id": uuid4()}))
    form = AnswerForm(request.POST)
    try:
        act_once(form, answer_inquiry, inquiry, actor_of(request), clock.now())
    except NotThere:
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        fresh = find_inquiry(actor_of(request), uid, *face.ties)
        return _show(request, fresh, face, form, status=status_of(refusal))
    response = redirect(face.listed)
    toasts.say(request, response, "回答已经发出。")
    return response


def _show(
    request: HttpRequest, inquiry: Inquiry, face: Face, form: AnswerForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    verbs = {transition.verb for transition in verbs_now(inquiry)}
    context = {
        "base": face.base,
        "is_desk": face is DESK,
        "inquiry": inquiry,
        "place": spoken_places([inquiry.area], from_rank=HOME_RANK)[inquiry.area_id],
        "talk": said_in(inquiry),
        "verbs": verbs,
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "sentences": SENTENCES,
        "reasons": REASONS,
        "name": inquiry.masked_name,
        "phone": inquiry.masked_phone,
        "back_url": reverse(face.listed),
        "turn_url": reverse(face.turned, args=[inquiry.uid]) if "turn" in verbs else "",
        "order_url": reverse(face.order, args=[inquiry.order.number]) if inquiry.order else "",
        "is_waiting": inquiry.status == InquiryState.ASKED,
        "now": clock.now(),
        **more,
    }
    return render(request, "inquiries/kept_one.html", context, status=status)


@for_roles(*KEEPER_ROLES, *OFFICE_ROLES)
@require_POST
def reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open the asker's number: with a reason, logged; answers with a link to call."""
    actor = actor_of(request)
    inquiry = find_inquiry(actor, uid, Tie.KEEPER, Tie.DESK)
    reason = request.POST.get("reason", "")
    plain = reveal_asker(inquiry_id=inquiry.pk, reason=reason, actor=actor, at=clock.now())
    revealed = {"what": "phone", "plain": plain}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "workorders/field/parts/revealed.html", {"revealed": revealed})
    else:
        face = FIELD if Tie.KEEPER in inquiry.relations_now else DESK
        response = _show(request, inquiry, face, AnswerForm(initial={"entry_id": uuid4()}), revealed=revealed)
    response["Cache-Control"] = "no-store"
    return response


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def field_turn(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The worker makes it an order for the asker."""
    return _turn(request, uid, FIELD)


@for_offices
@require_http_methods(["GET", "HEAD", "POST"])
def desk_turn(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The desk makes it an order for the asker."""
    return _turn(request, uid, DESK)


def _turn(request: HttpRequest, uid: UUID, face: Face) -> HttpResponse:
    inquiry = find_inquiry(actor_of(request), uid, *face.ties)
    return turn_page(
        request,
        inquiry,
        base=face.base,
        channel=face.channel,
        leads_to=face.order,
        back_url=reverse(face.one, args=[uid]),
    )
