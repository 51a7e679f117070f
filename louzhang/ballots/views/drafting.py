"""起草投票: an office drafts a poll of its own; it is saved, looked at, shown, opened or withdrawn on its own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.actions import draft_poll
from louzhang.ballots.forms.drafting import DraftForm, draft_like, first_draft
from louzhang.ballots.lifecycle import Tie
from louzhang.ballots.queries.ground import chosen_places, colleagues_of, places_to_ask
from louzhang.ballots.queries.polls import find_poll
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.typed import uid_of
from louzhang.register.views.acts import act, bound


@for_roles(*OFFICE_ROLES)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """One form; what was typed stands there still where something is wrong with it. `like` takes an older one over."""
    actor, at = actor_of(request), clock.now()
    places, people = places_to_ask(actor), colleagues_of(actor, at)
    form = DraftForm(bound(request), places=places, people=people, initial=_first(request, actor, at))

    def do(said: dict[str, Any], moment: datetime) -> str:
        given = form.drafted(chosen_places(actor, said["areas"]))
        return reverse("ballots:one", args=[draft_poll(actor=actor, at=moment, **given).uid])

    return act(
        request, form, do, label="起草投票", back=reverse("ballots:list"), template="ballots/desk/draft.html",
        said="草稿存好了。请核对，然后公示名册。",
    )  # fmt: skip


def _first(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    first = {"entry_id": uuid4(), **first_draft(at)}
    like = uid_of(request.GET.get("like"))
    return first | draft_like(find_poll(actor, like, Tie.OFFICE)) if like is not None else first
