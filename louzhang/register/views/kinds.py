"""房屋类型 in the settings of the district: the list, adding, changing and ending one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.tree import ReasonForm
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.views.settings_frame import ask, back_to, done, for_keeper, for_readers, posted, settings_page
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.actions import KindDraft, add_dwelling_kind, change_dwelling_kind, end_dwelling_kind
from louzhang.register.forms.kinds import KindForm, NewKindForm
from louzhang.register.models import DwellingKind
from louzhang.register.queries.kinds import find_kind, list_kinds

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def kinds(request: HttpRequest) -> HttpResponse:
    """Kinds in use and those that have ended."""
    return settings_page(request, "register/settings/kinds.html", {"kinds": list_kinds()})


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new kind."""

    def act(said: dict[str, Any]) -> HttpResponse:
        position = said.pop("position")
        add_dwelling_kind(draft=KindDraft(**said), position=position, actor=actor_of(request), at=clock.now())
        return done(request, "已新增。", "register:kinds")

    context = back_to("房屋类型", "register:kinds", heading="新增房屋类型", button="新增")
    return ask(request, NewKindForm(posted(request)), act, context)


@form_page
@for_keeper
def change(request: HttpRequest, kind_id: int) -> HttpResponse:
    """Change one in use."""
    kind = _current(kind_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        change_dwelling_kind(kind_id=kind.pk, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已保存。", "register:kinds")

    first = {name: getattr(kind, name) for name in KindForm.base_fields}
    context = back_to("房屋类型", "register:kinds", heading=f"改“{kind.name}”", button="保存")
    return ask(request, KindForm(posted(request), initial=first), act, context)


@form_page
@for_keeper
def end(request: HttpRequest, kind_id: int) -> HttpResponse:
    """Offer one no longer."""
    refuse_keeping(actor_of(request))
    kind = _current(kind_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_dwelling_kind(kind_id=kind.pk, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。", "register:kinds")

    context = back_to("房屋类型", "register:kinds", heading=f"停用“{kind.name}”", button="停用")
    return ask(request, ReasonForm(posted(request)), act, context)


def _current(kind_id: int) -> DwellingKind:
    kind = find_kind(kind_id)
    if kind.ended_at is not None:
        raise NotThere("这个房屋类型已经停用。")
    return kind
