"""评选 at the desk: what waits, one honour with its verbs, putting somebody forward, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Resident
from louzhang.register.queries.buildings import HOUSES
from louzhang.register.views.acts import act, bound
from louzhang.roster.actions.honours.awarding import award_honour, revoke_honour
from louzhang.roster.actions.honours.checking import (
    answer_objection,
    check_honour,
    decline_honour,
    withdraw_honour,
)
from louzhang.roster.actions.honours.consenting import (
    consent_to_stand,
    forget_honour,
    join_wall,
    leave_wall,
    withdraw_photo,
)
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.forms.honours.consenting import MOVE_FORMS
from louzhang.roster.forms.honours.proposing import AnswerForm, HonourForm, SeatForm
from louzhang.roster.lifecycle.honours import LOOP, HonourState, Tie
from louzhang.roster.models.honours import Honour, HonourKind
from louzhang.roster.queries.appraisal.spans import spoken
from louzhang.roster.queries.honours.asked import asked_about, is_running
from louzhang.roster.queries.honours.lists import (
    OFFICES,
    board,
    find_honour,
    giving_areas,
    history_of,
    kinds_for,
    objections_of,
    serving,
    verbs_now,
)
from louzhang.roster.queries.honours.monthly import beside, commended_posts
from louzhang.roster.queries.honours.months import month_in, months_back
from louzhang.roster.queries.honours.standing import cited, spoken_time
from louzhang.roster.queries.honours.wall import photos_of
from louzhang.roster.views.honours.frame import desk, for_offices, photos_shown
from louzhang.shell.parts import Verb

CHIPS = {
    "proposed": "waiting", "notice": "soon", "awarded": "ok", "declined": "closed", "withdrawn": "closed",
    "revoked": "closed",
}  # fmt: skip
PROPOSED = "已推荐，等另一个人审核。"
GROUPS = (("proposed", "等审核"), ("notice", "公示中"), ("awarded", "已授予"), ("over", "没有授予"))
MOVES: dict[str, tuple[Callable[..., Honour], str]] = {
    "check": (check_honour, "审核通过，公示开始。"),
    "decline": (decline_honour, "已记下不通过的原因。"),
    "withdraw": (withdraw_honour, "已撤回。"),
    "award": (award_honour, "已授予。"),
    "revoke": (revoke_honour, "已收回。"),
    "consent": (consent_to_stand, "已登记本人同意。"),
    "join_wall": (join_wall, "已上光荣榜，本人随时可以撤下。"),
    "leave_wall": (leave_wall, "已从光荣榜撤下，照片也删除了。"),
    "withdraw_photo": (withdraw_photo, "照片已撤下并删除。"),
    "forget": (forget_honour, "名字、理由和照片都已删除。"),
}
PAGES = {"ask": "honours:ask", "give_photo": "honours:photo"}
ABOUT = {
    "check": "审核的人不能是推荐人，也不能和被推荐人有利害关系。通过以后开始公示，居民可以提意见。",
    "award": "公示期已过，意见都已答复。授予以后发证书；有奖金的，志愿者会列进奖金名单。",
    "consent": "同意参评：公示时名字遮盖中间的字，别的以后再问。",
    "join_wall": "上光荣榜要另外签字：名字、理由都会公开。",
    "leave_wall": "本人要求撤下的，马上撤；照片一起删除。",
    "withdraw_photo": "照片从光荣榜上撤下并删除，名字还在。",
    "forget": "名字、理由和照片都删除，不能恢复；还没有授予的，这次就不评了。",
    "revoke": "收回以后不再上光荣榜，红旗摘下，还没有发的奖金不再发。",
}


@require_safe
@for_offices
def listed(request: HttpRequest) -> HttpResponse:
    """All that waits, and what a month brought."""
    actor, at = actor_of(request), clock.now()
    month = month_in(request.GET.get("month", ""), clock.local_date(at))
    found = board(actor, month)
    context = {
        "groups": [(key, label, found[key]) for key, label in GROUPS if found[key] or key != "over"],
        "months": months_back(clock.local_date(at)),
        "month": f"{month:%Y-%m}",
        "spoken": spoken(month),
        "is_empty": not any(found.values()),
    }
    return desk(request, "roster/honours/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def new(request: HttpRequest) -> HttpResponse:
    """Choose place and kind, then who and why."""
    actor, at = actor_of(request), clock.now()
    areas = giving_areas(actor)
    area, kind = seat_in(request, areas)
    back = reverse("honours:board")
    if area is None or kind is None:
        kinds = [each for each in HonourKind.objects.current() if not each.hangs]
        seat = SeatForm()
        seat.prepare(areas, kinds)
        return desk(request, "roster/honours/seat.html", {"form": seat, "back_url": back, "has_kinds": bool(kinds)})
    form = _honour_form(request, kind, area, at)

    def do(said: dict[str, Any], moment: datetime) -> str:
        proposal = _proposal(kind, area, said, moment)
        made = propose_honour(proposal=proposal, actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"])
        return reverse("honours:one", args=[made.uid])

    about = f"{area.name}。{kind.words}"
    return act(request, form, do, label=f"推荐：{kind.name}", about=about, back=back, said=PROPOSED,
               template="roster/honours/new.html", kind=kind, seat=request.GET.get("seat", ""))  # fmt: skip


def seat_in(request: HttpRequest, areas: list[Area]) -> tuple[Area | None, HonourKind | None]:
    """The place and the kind an address names; None for what is not there to choose."""
    wanted, _, chosen = request.GET.get("seat", "").partition(":")
    area = next((each for each in areas if str(each.pk) == wanted), None)
    kind = next((each for each in kinds_for(area) if str(each.uid) == chosen), None) if area is not None else None
    return area, kind


def _honour_form(request: HttpRequest, kind: HonourKind, area: Area, at: datetime) -> HonourForm:
    day = clock.local_date(at)
    form = HonourForm(bound(request), initial={"entry_id": uuid4()})
    posts = serving(area, day, kind.roles) if kind.is_for_people else []
    rows = Area.objects.get_queryset().under_paths([area.path]).current().of_kind(*HOUSES).defer("outline")
    houses = [] if kind.is_for_people else list(rows.order_by("path"))
    form.prepare(kind, day, posts, houses, commended_posts(area, day.replace(day=1)))
    return form


def _proposal(kind: HonourKind, area: Area, said: dict[str, Any], at: datetime) -> Proposal:
    day = clock.local_date(at)
    post = next((each for each in serving(area, day, kind.roles) if each.pk == said.get("post")), None)
    house = Area.objects.select_related("level").filter(pk=said["building"]).first() if "building" in said else None
    month = month_in(said["month"], day)
    return Proposal(kind=kind, area=area, words=said["words"], month=month, post=post, building=house)


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One honour: why, who said what, what may be done now."""
    actor, at = actor_of(request), clock.now()
    honour = find_honour(actor, uid, Tie.DESK, Tie.ABOVE, Tie.PROPOSER)
    steps, why_not = verbs_now(honour, actor, at)
    is_office, asked = bool(honour.relations_now & OFFICES), asked_about(honour)
    if any(is_running(each.poll) for each in asked):
        steps = [step for step in steps if step.verb != "ask"]
    context = {
        "row": honour,
        "who": honour.whole_name,
        "place": spoken_places([honour.place])[honour.place_id],
        "time": spoken_time(honour),
        "chip": CHIPS[honour.status],
        "words": cited([honour]).get(honour.pk, ""),
        "verbs": [_verb(honour, step) for step in steps],
        "why_not": why_not if is_office else "",
        "figure": beside(honour, actor) if honour.status == HonourState.PROPOSED else "",
        "history": history_of(honour) if is_office else [],
        "objections": objections_of(honour, actor),
        "may_answer": is_office and "answer" in {step.verb for step in LOOP.allowed(honour.status, OFFICES)},
        "title": Role(honour.role).label if honour.role else "",
        "photos": photos_shown([photos_of([honour]).get(honour.photo_uid)], actor, at),
        "asked": asked,
        "resident_url": _resident_url(honour, actor),
    }
    return desk(request, "roster/honours/one.html", context)


def _resident_url(honour: Honour, actor: Actor) -> str:
    """The entry in the register, for who keeps it."""
    rows = Resident.objects.kept_by(actor).filter(pk=honour.resident_id or 0)
    return reverse("register:resident", args=[row.uid]) if (row := rows.first()) is not None else ""


def _verb(honour: Honour, step: Any) -> Verb:
    kind = "main" if step.is_main else "danger" if step.is_grave else ""
    page_of = PAGES.get(step.verb)
    url = reverse(page_of, args=[honour.uid]) if page_of else reverse("honours:move", args=[honour.uid, step.verb])
    return Verb(label=step.label, url=url, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb of one honour, on a page of its own."""
    actor = actor_of(request)
    if verb not in MOVES:
        raise NotThere("没有这一步。")
    honour = find_honour(actor, uid, Tie.DESK, Tie.ABOVE, Tie.PROPOSER)
    form = MOVE_FORMS[verb](bound(request), initial={"entry_id": uuid4()})
    do_it, said = MOVES[verb]
    here = reverse("honours:one", args=[uid])

    def do(given: dict[str, Any], at: datetime) -> str:
        do_it(honour_id=honour.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **given)
        return here

    about = f"{honour.kind.name}：{honour.whole_name}。{ABOUT.get(verb, '')}"
    return act(request, form, do, label=LOOP[verb].label, about=about, back=here, said=said)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def answer(request: HttpRequest, uid: UUID, objection: UUID) -> HttpResponse:
    """Answer one objection; what it says stands on the page."""
    actor = actor_of(request)
    honour = find_honour(actor, uid, Tie.DESK, Tie.ABOVE)
    found = next((each for each in objections_of(honour, actor) if each.row.uid == objection), None)
    if found is None:
        raise NotThere("没有找到这条意见。")
    form = AnswerForm(bound(request), initial={"entry_id": uuid4()})
    here = reverse("honours:one", args=[uid])

    def do(given: dict[str, Any], at: datetime) -> str:
        answer_objection(honour_id=honour.pk, objection=objection, actor=actor, at=at,
                         entry_id=form.cleaned_data["entry_id"], **given)  # fmt: skip
        return here

    about = f"意见：{found.words}"
    return act(request, form, do, label="答复意见", about=about, back=here, said="已答复。")


@require_safe
def certificate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The certificate on A4, for the office and for whom it is about."""
    actor = actor_of(request)
    honour = find_honour(actor, uid, Tie.DESK, Tie.ABOVE, Tie.NOMINEE)
    if honour.status != HonourState.AWARDED:
        raise NotThere("还没有授予，不能打印证书。")
    is_own = Tie.NOMINEE in honour.relations_now
    context = {
        "row": honour,
        "who": honour.whole_name,
        "place": spoken_places([honour.place])[honour.place_id],
        "time": spoken_time(honour),
        "words": cited([honour]).get(honour.pk, ""),
        "title": Role(honour.role).label if honour.role else "",
        "back_url": reverse("honours:mine") if is_own else reverse("honours:one", args=[uid]),
    }
    return desk(request, "roster/honours/certificate.html", context)
