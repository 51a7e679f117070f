"""At the desk: people without a post put forward, a photo with their yes on paper, a ballot beside a proposal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Resident
from louzhang.register.views.acts import act, bound
from louzhang.roster.actions.honours.asking import ADVICE, ask_residents
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.forms.honours.consenting import BallotForm, NeighbourForm, PhotoPaperForm
from louzhang.roster.lifecycle.honours import Tie
from louzhang.roster.models.honours import HonourKind
from louzhang.roster.queries.honours.asked import counters_in, rivals_of
from louzhang.roster.queries.honours.lists import find_honour, giving_areas, kinds_for
from louzhang.roster.queries.honours.months import month_in
from louzhang.roster.views.honours.board import PROPOSED, seat_in
from louzhang.roster.views.honours.frame import desk, for_offices
from louzhang.roster.views.honours.photos import photo_page

A_WEEK = timedelta(days=7)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def by_name(request: HttpRequest) -> HttpResponse:
    """Somebody who stands in no register: the name from a paper they signed."""
    area, kind = seat_in(request, giving_areas(actor_of(request)))
    if area is None or kind is None or not kind.for_residents:
        raise NotThere("没有找到这种荣誉，或它不评没有任职的居民。")
    return _put_forward(request, area, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def of_register(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A resident, from their page in the register; first for what, where there is a choice."""
    actor = actor_of(request)
    rows = Resident.objects.kept_by(actor).current().filter(uid=uid, died_on=None).select_related("area")
    resident = rows.first()
    if resident is None:
        raise NotThere("没有找到这位居民，或不在您负责的范围内。")
    seats = [
        (area, kind)
        for area in giving_areas(actor)
        if resident.area.path.startswith(area.path)
        for kind in kinds_for(area)
        if kind.for_residents
    ]
    wanted = request.GET.get("seat", "")
    chosen = next((seat for seat in seats if f"{seat[0].pk}:{seat[1].uid}" == wanted), None)
    if chosen is None and len(seats) == 1:
        chosen = seats[0]
    if chosen is None:
        context = {"seats": seats, "resident": resident, "back_url": _page_of(resident)}
        return desk(request, "roster/honours/resident_seat.html", context)
    return _put_forward(request, *chosen, resident)


def _page_of(resident: Resident) -> str:
    return reverse("register:resident", args=[resident.uid])


def _put_forward(request: HttpRequest, area: Area, kind: HonourKind, resident: Resident | None) -> HttpResponse:
    actor, day = actor_of(request), clock.local_date(clock.now())
    form = NeighbourForm(bound(request), initial={"entry_id": uuid4()})
    form.prepare(kind, day, is_known=resident is not None)

    def do(said: dict[str, Any], at: datetime) -> str:
        proposal = Proposal(
            kind=kind, area=area, words=said["words"], month=month_in(said["month"], day), resident=resident,
            name=said.get("name", ""), has_consent=said["has_consent"],
        )  # fmt: skip
        made = propose_honour(proposal=proposal, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return reverse("honours:one", args=[made.uid])

    who = f"{resident.name}，" if resident is not None else ""
    back = _page_of(resident) if resident is not None else reverse("honours:new")
    return act(request, form, do, label=f"推荐：{kind.name}", about=f"{who}{area.name}。{kind.words}", back=back,
               said=PROPOSED)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def photo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A photo for the wall that somebody agreed to on paper."""
    honour = find_honour(actor_of(request), uid, Tie.DESK, Tie.ABOVE)
    about = f"{honour.kind.name}：{honour.whole_name}。位置等拍摄信息会去掉；换一张，原来的就删除。"
    return photo_page(request, honour, PhotoPaperForm, about=about, back=reverse("honours:one", args=[uid]))


def _evening(at: datetime) -> datetime:
    """Six o'clock of that day, here."""
    return clock.local(at).replace(hour=18, minute=0, second=0, microsecond=0)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask residents by a ballot, until when, whom, and who counts."""
    actor, now = actor_of(request), clock.now()
    honour = find_honour(actor, uid, Tie.DESK, Tie.ABOVE)
    rivals = rivals_of(honour)
    form = BallotForm(bound(request), initial={"entry_id": uuid4(), "closes_at": _evening(now + A_WEEK)})
    form.prepare(
        counters_in(honour.area, rivals, now), is_wide=any(each.holder_id is None for each in rivals)
    )  # fmt: skip
    here = reverse("honours:one", args=[uid])

    def do(_said: dict[str, Any], at: datetime) -> str:
        entry_id = form.cleaned_data["entry_id"]
        ask_residents(honour_id=honour.pk, question=form.question(), actor=actor, at=at, entry_id=entry_id)
        return here

    together = (
        f"这次一起评的有 {len(rivals)} 个，一张票上选一个。" if len(rivals) > 1 else "只有一个，问赞成还是不赞成。"
    )
    return act(request, form, do, label="请居民票选", about=f"{together}票是匿名的，被推荐的人不经手。{ADVICE}",
               back=here, said="票选开始了，住户的手机上能投。")  # fmt: skip
