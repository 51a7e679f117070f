"""走访节奏 in the settings: what is in force, a new one, ending one, the presets."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.rights import READERS, may_keep_district
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.views.settings_frame import settings_page
from louzhang.fieldwork.actions.proposing import lay_down_presets
from louzhang.fieldwork.actions.rhythms import end_rhythm, may_set, places_to_set
from louzhang.fieldwork.forms.rhythms import RhythmForm, begin, begin_if_set, set_once
from louzhang.fieldwork.models import Campaign
from louzhang.fieldwork.queries.rhythms import list_rhythms, waiting_rhythms
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts

ABOUT = "清单按它排；排不下的，显示给社区，不算谁超期。社区以上定的，先送街道准入，没有写止期的一年以后再问一次。"
ASKED = "已送街道准入，街道同意以后排进清单。"
for_readers = for_roles(*READERS)
for_setters = for_roles(*OFFICE_ROLES, Role.SYSTEM_ADMIN)


@require_safe
@for_readers
def rhythms(request: HttpRequest) -> HttpResponse:
    """Every rhythm in force where one has a say."""
    actor, at = actor_of(request), clock.now()
    lines = list_rhythms(actor, clock.local_date(at))
    context = {
        "waiting": waiting_rhythms(actor),
        "lines": [(line, may_set(actor, line.rhythm.area)) for line in lines],
        "can_add": actor.has_role(*OFFICE_ROLES, Role.SYSTEM_ADMIN),
        "can_preset": may_keep_district(actor),
        "entry_id": uuid4(),
    }
    return settings_page(request, "fieldwork/desk/rhythms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_setters
def add(request: HttpRequest) -> HttpResponse:
    """A new one."""
    actor, at = actor_of(request), clock.now()
    places = places_to_set(actor)
    first = {"starts_on": clock.local_date(at), "area": str(places[-1].pk) if places else ""}
    form = RhythmForm(request.POST) if request.method == "POST" else RhythmForm(initial=first)
    form.prepare(places)
    status = 200
    if request.method == "POST":
        try:
            is_asked = set_once(form, places, actor=actor, at=at)
        except (NotThere, NotYours):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return _back(request, ASKED if is_asked else "走访节奏已定下，明早的清单就按它排。")
    context = {
        "form": form,
        "label": "定一个走访节奏",
        "about": ABOUT,
        "entry_id": request.POST.get("entry_id") or uuid4(),
        "back_url": reverse("fieldwork_desk:rhythms"),
    }
    return settings_page(request, "fieldwork/desk/rhythm.html", context, status=status)


@require_POST
@for_setters
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End one."""
    begin(end_rhythm(uid=uid, actor=actor_of(request), at=clock.now()))
    return _back(request, "这条走访节奏已停用。")


@require_POST
@for_roles(Role.SYSTEM_ADMIN)
def preset(request: HttpRequest) -> HttpResponse:
    """Those of the places that run them by hand."""
    try:
        made = lay_down_presets(actor=actor_of(request), at=clock.now())
    except InputRefused as refusal:
        return _back(request, refusal.message, tone="error")
    for each in made:
        begin_if_set(each)
    asked = sum(isinstance(each, Campaign) for each in made)
    words = f"已按范例定下 {len(made) - asked} 条，{asked} 条送街道准入。" if made else "范例里的都已经有了。"
    return _back(request, words)


def _back(request: HttpRequest, said: str, *, tone: str = "success") -> HttpResponse:
    response = redirect("fieldwork_desk:rhythms")
    toasts.say(request, response, said, tone=tone)
    return response
