"""到期: surveys whose time is over end by the clock."""

from __future__ import annotations

import logging
from datetime import datetime

from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.models import Survey

log = logging.getLogger(__name__)


def close_due_surveys(*, at: datetime) -> int:
    """End every open survey whose time is over; gives how many (worker)."""
    due = list(Survey.objects.open().filter(ends_at__lte=at).order_by("pk").values_list("pk", flat=True))
    for pk in due:
        try:
            close_survey(survey_id=pk, actor=SYSTEM, at=at)
        except Refusal as refusal:
            log.info("survey %s was not closed: %s", pk, type(refusal).__name__)
    return len(due)
