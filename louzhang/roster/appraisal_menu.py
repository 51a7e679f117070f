"""What appraisals add to the journal and the menus."""

from __future__ import annotations

from django.http import HttpRequest

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal import subjects
from louzhang.roster.models.appraisal import AppraisalMonth, RankingScene, Scheme
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(AppraisalMonth, FigureObjection, RankingScene, Review, Scheme)


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)
