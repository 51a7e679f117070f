"""工作室活动: called by the lead, told of afterwards by who came and what was learnt."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.studios import (
    call_meeting,
    call_off_meeting,
    tell_meeting,
)
from louzhang.roster.forms.training.writings import MeetingForm, MinutesForm
from louzhang.roster.queries.training.studios import (
    find_meeting,
    find_studio,
    may_lead,
    members_of,
    minutes_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def meet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The lead calls everybody together."""
    actor = actor_of(request)
    studio = find_studio(actor, uid)
    back = reverse("training:studio", args=[uid])
    form = MeetingForm(bound(request), initial={"entry_id": uuid4()})

    def do(_said: dict[str, Any], at: datetime) -> str:
        call_meeting(uid=uid, draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    return act(request, form, do, label="约一次活动", about=studio.name, back=back, said="约好了，成员会收到消息。")


@require_safe
@for_keepers
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One meeting: when, where, who came, what was learnt."""
    actor, at = actor_of(request), clock.now()
    row = find_meeting(actor, uid)
    names = dict(User.objects.filter(pk__in=row.came).values_list("pk", "name"))
    context = {
        "meeting": row,
        "came": [names[pk] for pk in row.came if pk in names],
        "minutes": minutes_of(row),
        "may_lead": may_lead(row.studio, actor) and row.called_off_at is None,
        "has_begun": row.starts_at <= at,
        "back_url": reverse("training:studio", args=[row.studio.uid]),
    }
    return page(request, "roster/training/meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def tell(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who came, and what was learnt."""
    actor = actor_of(request)
    row = find_meeting(actor, uid)
    back = reverse("training:meeting", args=[uid])
    members = members_of(row.studio, clock.local_date(row.starts_at))
    first = {"entry_id": uuid4(), "came": [str(pk) for pk in row.came], "minutes": minutes_of(row)}
    form = MinutesForm(bound(request), initial=first).for_members(member.user for member in members)

    def do(said: dict[str, Any], at: datetime) -> str:
        tell_meeting(uid=uid, came=said["came"], minutes=said["minutes"], actor=actor, at=at,
                     entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="记这次活动", about=row.topic, back=back, said="记好了。")


@require_POST
@for_keepers
def meeting_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It does not take place."""
    actor = actor_of(request)
    find_meeting(actor, uid)
    back = reverse("training:meeting", args=[uid])
    return tapped(
        request, back, lambda: call_off_meeting(uid=uid, actor=actor, at=clock.now()), "取消了，成员会收到消息。"
    )
