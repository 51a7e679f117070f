"""荣誉种类 at the desk: what the district gives, read by every office, kept by the system administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.rights import may_keep_district, refuse_keeping
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.roster.actions.honours.kinds import add_kind, change_kind, end_kind, lay_down_honours
from louzhang.roster.forms.honours.keeping import KindForm, kind_initial
from louzhang.roster.models.honours import HonourKind
from louzhang.roster.views.honours.frame import desk, for_readers


@require_safe
@for_readers
def listed(request: HttpRequest) -> HttpResponse:
    """Every kind with its rule."""
    context = {"rows": list(HonourKind.objects.current()), "may_keep": may_keep_district(actor_of(request))}
    return desk(request, "roster/honours/kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def add(request: HttpRequest) -> HttpResponse:
    """One more."""
    actor = actor_of(request)
    refuse_keeping(actor)
    form = KindForm(bound(request), initial={"entry_id": uuid4()})
    back = reverse("honours:kinds")

    def do(_said: dict[str, Any], at: datetime) -> str:
        add_kind(draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    about = "不能用来给居民打分、排名，也不和补贴、分红、上学、住房挂钩。"
    return act(request, form, do, label="加一种荣誉", about=about, back=back, said="已加上。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another rule from now on."""
    actor = actor_of(request)
    refuse_keeping(actor)
    kind = HonourKind.objects.current().filter(uid=uid).first()
    if kind is None:
        raise NotThere("没有找到这种荣誉，它可能已经停用。")
    form = KindForm(bound(request), kind=kind, initial=kind_initial(kind) | {"entry_id": uuid4()})
    back = reverse("honours:kinds")

    def do(said: dict[str, Any], at: datetime) -> str:
        entry_id = form.cleaned_data["entry_id"]
        change_kind(uid=uid, draft=form.draft(), reason=said["reason"], actor=actor, at=at, entry_id=entry_id)
        return back

    about = "改了以后只管以后的评选，已经授予的不变。"
    return act(request, form, do, label=f"改：{kind.name}", about=about, back=back, said="已改好。")


@require_POST
@for_readers
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give it no more."""
    actor, back = actor_of(request), reverse("honours:kinds")
    return tapped(request, back, lambda: end_kind(uid=uid, actor=actor, at=clock.now()), "已停用，给过的都留着。")


@require_POST
@for_readers
def presets(request: HttpRequest) -> HttpResponse:
    """Put in the usual ones."""
    actor, back = actor_of(request), reverse("honours:kinds")
    return tapped(request, back, lambda: lay_down_honours(actor=actor, at=clock.now()), "常用的荣誉已装好。")
