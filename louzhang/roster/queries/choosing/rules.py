"""The district's rule for a round: which steps it takes, and why one is left out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from louzhang.areas.queries.district import settings_now
from louzhang.roster.lifecycle.choosing import StepKind

Row = dict[str, Any]
# Asked of every rule, whatever a setting says.
REVIEWERS_AT_LEAST = 2


def steps_of(said: dict[str, Any], extra: Collection[str] = ()) -> list[Row]:
    """The steps as rows {step, runs, why}; a round may take more steps than the rule, never fewer."""
    rows = []
    for step in StepKind:
        why = str(said[f"choosing_without_{step.value}"]).strip()
        runs = not why or step.value in extra
        rows.append({"step": step.value, "runs": runs, "why": "" if runs else why})
    return rows


def rule_now(at: datetime) -> dict[str, Any]:
    """Every setting of a round at a moment; one query."""
    said = settings_now(at)
    return {
        "steps": steps_of(said),
        "nominate_days": int(said["choosing_nominate_days"]),
        "notice_days": int(said["choosing_notice_days"]),
        "reviewers": max(REVIEWERS_AT_LEAST, int(said["choosing_reviewers"])),
        "term_months": int(said["choosing_term_months"]),
        "said": said,
    }
