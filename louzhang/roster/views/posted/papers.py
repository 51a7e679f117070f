"""Minutes of a meeting, and a text to the home unit on the page and on paper."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.register.views.frame import page
from louzhang.roster.lifecycle.posted import PaperState
from louzhang.roster.models.posted import HomePaper, Posting, TeamMeeting
from louzhang.roster.queries.posted import reading
from louzhang.roster.views.posted.frame import for_posted, verbs_for

SEEN = frozenset({PaperState.SEEN, PaperState.SENT})


@require_safe
@for_posted
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One meeting with its minutes and tasks."""
    actor = actor_of(request)
    row: TeamMeeting = reading.find_meeting(actor, uid)
    context = {
        "meeting": row,
        "said": reading.said_in(row),
        "present": [each.user.name for each in _people(row)],
        "orders": reading.tasks_of(actor, row),
        "verbs": verbs_for("meeting", row),
        "now": clock.now(),
        "back_url": reverse("posted:team", args=[row.team.uid]),
    }
    return page(request, "roster/posted/meeting.html", context)


def _people(row: TeamMeeting) -> list[Posting]:
    seen: dict[int, Posting] = {}
    for each in Posting.objects.filter(team=row.team, user_id__in=row.present_ids).select_related("user"):
        seen.setdefault(each.user_id, each)
    return list(seen.values())


def _remark(row: HomePaper) -> str:
    """What the person said to these very words; to words that were written anew nothing has been said yet."""
    return reading.last_words(row, "see") if row.status in SEEN else ""


@require_safe
@for_posted
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One text to the home unit, with its way so far."""
    row: HomePaper = reading.find_paper(actor_of(request), uid)
    context = {
        "paper": row,
        "words": reading.last_words(row, "write"),
        "remark": _remark(row),
        "assessed": reading.last_words(row, "assess"),
        "said": reading.said_in(row),
        "verbs": verbs_for("paper", row),
        "now": clock.now(),
        "back_url": reverse("posted:one", args=[row.posting.uid]),
    }
    return page(request, "roster/posted/paper.html", context)


@require_safe
@for_posted
def paper_print(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet for the cadre's file: only what the person has seen stands on it."""
    row: HomePaper = reading.find_paper(actor_of(request), uid)
    if row.status not in SEEN:
        raise NotYours("本人看过以后才能打印和存档。")
    context = {
        "paper": row,
        "words": reading.last_words(row, "write"),
        "remark": _remark(row),
        "assessed": reading.last_words(row, "assess"),
        "role": row.posting.spoken_role,
        "now": clock.now(),
        "back_url": reverse("posted:paper", args=[uid]),
    }
    return render(request, "roster/posted/paper_print.html", context)
