"""登记经过: what was written about a row by whom, and who lived behind a door before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Dwelling
from louzhang.register.queries.histories import history_of
from louzhang.register.queries.homes import lived_here
from louzhang.register.scope import knows_vacancy
from louzhang.register.views.acting import FINDERS, about, home_of
from louzhang.register.views.frame import for_keepers, page

# Told to whom a vacant home is told.
OF_VACANCY = ("vacate", "occupy")


@require_safe
@for_keepers
def history(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """The last fifty events of a row."""
    if kind not in FINDERS:
        raise NotThere("没有这样的登记。")
    actor = actor_of(request)
    row = FINDERS[kind](actor, uid)
    today = clock.local_date(clock.now())
    context = {
        "history": history_of(row, untold=_untold(row, actor)),
        "before": lived_here(row, actor, today) if isinstance(row, Dwelling) else [],
        "about": about(row),
        "back_url": home_of(row),
    }
    return page(request, "register/history.html", context)


def _untold(row: Any, actor: Actor) -> tuple[str, ...]:
    """Verbs that would give away a vacancy to who is not told of one."""
    return OF_VACANCY if isinstance(row, Dwelling) and not knows_vacancy(actor, row.area) else ()
