"""迟到的回答: what came after the end or from a former post; the community takes or drops it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.surveys.actions.late import settle_late
from louzhang.surveys.forms.late import spoken_late
from louzhang.surveys.queries.doors import BUILDING_RANK
from louzhang.surveys.queries.late import find_late, late_answers
from louzhang.surveys.views.desk import desk_page, for_offices

SHOWN = 50


@require_safe
@for_offices
def waiting(request: HttpRequest) -> HttpResponse:
    """All that wait."""
    rows = late_answers(actor_of(request))
    shown = rows[:SHOWN]
    places = spoken_places({row.target.area for row in shown}, from_rank=BUILDING_RANK) if shown else {}
    context = {
        "rows": [(row, f"{places[row.target.area_id]} {row.target.dwelling.door}", spoken_late(row)) for row in shown],
        "count": len(rows),
    }
    return desk_page(request, "surveys/desk/late.html", context)


@require_POST
@for_offices
def settle(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take it or drop it."""
    actor, is_taken = actor_of(request), request.POST.get("keep") == "take"
    late = find_late(actor, uid)
    response = redirect("surveys_desk:late")
    try:
        settle_late(late_uid=late.uid, is_taken=is_taken, actor=actor, at=clock.now())
    except Refusal as refusal:
        toasts.say(request, response, refusal.message, tone="error")
        return response
    toasts.say(request, response, "已计入。" if is_taken else "没有计入。")
    return response
