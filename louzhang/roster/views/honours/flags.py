"""流动红旗 at the desk: who holds one, the buildings of a month, the preview, the award of all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.roster.actions.honours.awarding import award_flags
from louzhang.roster.actions.honours.proposing import propose_flags
from louzhang.roster.forms.honours.proposing import FlagsForm
from louzhang.roster.lifecycle.honours import HonourState
from louzhang.roster.models.honours import Honour, HonourKind
from louzhang.roster.queries.appraisal.spans import shifted, spoken
from louzhang.roster.queries.honours import flags_now
from louzhang.roster.queries.honours.hanging import candidates, flag_areas, flag_kind, preview, ready
from louzhang.roster.queries.honours.months import month_in, months_back
from louzhang.roster.queries.honours.standing import flags_in
from louzhang.roster.views.honours.frame import desk, for_offices

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page of flags is about; no place where the actor has none below."""

    kind: HonourKind | None
    areas: list[Area]
    area: Area | None
    month: date
    today: date

    @property
    def query(self) -> str:
        """The same ground in an address."""
        return f"?area={self.area.pk}&month={self.month:%Y-%m}" if self.area is not None else ""

    @property
    def back(self) -> str:
        """The page of it."""
        return reverse("honours:flags") + self.query


def _ground(request: HttpRequest) -> Ground:
    actor, day = actor_of(request), clock.local_date(clock.now())
    areas = flag_areas(actor)
    area = next((each for each in areas if str(each.pk) == request.GET.get("area", "")), areas[0] if areas else None)
    return Ground(flag_kind(), areas, area, month_in(request.GET.get("month", ""), shifted(day, -1)), day)


@require_safe
@for_offices
def page_of_flags(request: HttpRequest) -> HttpResponse:
    """Who holds one since when, what the month's award would change, where they hung before."""
    ground = _ground(request)
    context: dict[str, Any] = {
        "ground": ground,
        "areas": [(str(each.pk), each.name) for each in ground.areas],
        "area_id": str(ground.area.pk) if ground.area else "",
        "months": months_back(ground.today),
        "month": f"{ground.month:%Y-%m}",
        "spoken": spoken(ground.month),
        "entry_id": uuid4(),
    }
    if ground.area is not None and ground.kind is not None:
        context |= _facts(ground.area, ground.kind, ground.month, ground.today)
    template = "roster/honours/flags_print.html" if "print" in request.GET else "roster/honours/flags.html"
    return desk(request, template, context | {"back_url": ground.back})


def _facts(area: Area, kind: HonourKind, month: date, today: date) -> dict[str, Any]:
    rows = Honour.objects.filter(area=area, kind=kind, month=month).select_related("building", "kind")
    waiting = ready(area, kind, month)
    over = [honour for honour in waiting if honour.notice_until is not None and honour.notice_until < today]
    is_given = rows.filter(status=HonourState.AWARDED.value).exists()
    return {
        "flags": flags_now(area),
        "history": flags_in(area, today - YEAR),
        "proposed": list(rows.filter(status=HonourState.PROPOSED.value).order_by("building__path")),
        "on_notice": waiting,
        "is_given": is_given,
        "changes": preview(area, kind, month, over) if over else [],
        "winners": over,
        "waits": len(waiting) - len(over),
        "may_propose": rows.exclude(status__in=["declined", "withdrawn", "revoked"]).count() < (kind.most or 0),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def propose(request: HttpRequest) -> HttpResponse:
    """Pick the buildings of a month, each with a reason; those the month's appraisal commends stand first."""
    actor, ground = actor_of(request), _ground(request)
    if ground.area is None or ground.kind is None:
        raise NotThere("这里没有可以评的楼栋，或区里没有流动红旗。")
    area, kind = ground.area, ground.kind
    houses = candidates(area, ground.month)
    form = FlagsForm(bound(request), initial={"entry_id": uuid4()})
    form.prepare(houses)

    def do(_said: dict[str, Any], at: datetime) -> str:
        propose_flags(kind=kind, area=area, month=ground.month, reasons=form.reasons(), actor=actor, at=at,
                      entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return ground.back

    has_figures = any(each.figure for each in houses)
    source = "考核表扬的排在前面。" if has_figures else "这个月的考核还没有公布，请社区自己选，写明理由。"
    about = f"{area.name} {spoken(ground.month)}，最多 {kind.most} 栋。在选中的楼栋后面写理由，其他的空着。{source}"
    return act(request, form, do, label=f"推荐{kind.name}的楼栋", about=about, back=ground.back,
               said="已推荐，等另一个人审核。", template="roster/honours/flags_new.html", area=area.name)  # fmt: skip


@require_POST
@for_offices
def award(request: HttpRequest) -> HttpResponse:
    """Give them all, as the preview said."""
    actor, ground = actor_of(request), _ground(request)
    if ground.area is None or ground.kind is None:
        raise NotThere("没有找到这个社区的红旗。")
    area, kind = ground.area, ground.kind
    uids = request.POST.getlist("honour")
    ids = [honour.pk for honour in ready(area, kind, ground.month) if str(honour.uid) in uids]

    def do() -> None:
        award_flags(kind=kind, area=area, month=ground.month, honour_ids=ids, actor=actor, at=clock.now())

    return tapped(request, ground.back, do, "红旗已授予，楼栋的页面上能看到。")
