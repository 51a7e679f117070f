"""One motion: what it asks, what was done with it, and the verbs the reader has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, NotThere, NotYours, Refusal, TransitionRefused
from louzhang.shell import toasts
from louzhang.shell.parts import Entry
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.motions import motion_form, perform_on_motion
from louzhang.workorders.lifecycle import MOTION_LOOP
from louzhang.workorders.models import Motion
from louzhang.workorders.queries.meetings import find_motion, motion_history, motion_steps
from louzhang.workorders.queries.speakers import speakers_of
from louzhang.workorders.views.acting import place_refusal
from louzhang.workorders.views.desk import desk_page, for_desk
from louzhang.workorders.views.telling import ERASED, title_of
from louzhang.workorders.views.together import motion_chip


@require_safe
@for_desk
def motion(request: HttpRequest, motion_id: int) -> HttpResponse:
    """The page of one motion."""
    return _page(request, _motion_of(request, motion_id))


def _motion_of(request: HttpRequest, motion_id: int) -> Motion:
    found = find_motion(actor_of(request), motion_id)
    if found is None:
        raise NotThere("没有找到这件议案建议，或它不在您的范围内。")
    return found


def _page(
    request: HttpRequest,
    row: Motion,
    *,
    verb: str = "",
    form: VerbForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    moments = motion_history(row)
    speakers = speakers_of(moment.event for moment in moments)
    context = {
        "motion": row,
        "title": title_of(row.order),
        "chip": motion_chip(row),
        "entries": [
            Entry(
                what=moment.said,
                at=moment.at,
                who=speakers[moment.event.seq].full,
                words=ERASED if moment.is_erased else moment.words,
            )
            for moment in reversed(moments)
        ],
        "forms": [
            {"verb": step, "form": form if form is not None and step.verb == verb else motion_form(step.verb)}
            for step in motion_steps(row)
        ],
        "refused": refused,
    }
    return desk_page(request, "workorders/desk/joint/motion.html", context, status=status)


@require_POST
@for_desk
def act(request: HttpRequest, motion_id: int, verb: str) -> HttpResponse:
    """Do one verb of a motion; a refusal shows the page as it stands, with what was typed."""
    actor, at = actor_of(request), visit_of(request).at
    form = motion_form(verb, request.POST)
    row = _motion_of(request, motion_id)
    try:
        perform_on_motion(verb, motion_id=row.pk, form=form, actor=actor, at=at)
    except (NotThere, NotYours):
        raise
    except (TransitionRefused, Conflict) as refusal:
        return _page(request, _motion_of(request, motion_id), refused=refusal.message, status=status_of(refusal))
    except Refusal as refusal:
        place_refusal(form, refusal)
        return _page(request, row, verb=verb, form=form, status=status_of(refusal))
    response = redirect("desk:motion", motion_id)
    toasts.say(request, response, f"{MOTION_LOOP[verb].label}已记下。")
    return response
