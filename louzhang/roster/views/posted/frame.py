"""What the pages of posted cadres share: who opens them, the buttons of a row, what was drawn."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from louzhang.accounts.gates import for_roles
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.ties import Tied
from louzhang.roster.models.posted import SampleCheck, Strength
from louzhang.roster.queries.posted import reading, records
from louzhang.shell.parts import Verb

for_posted = for_roles(*FIELD_ROLES, *OFFICE_ROLES, Role.UNIT_LEAD, Role.UNIT_MEMBER)
LABELS = dict(Strength.choices)


def verbs_for(kind: str, row: Tied) -> list[Verb]:
    """The buttons of what the reader may do with a row now."""
    return [
        Verb(
            label=step.label,
            url=reverse("posted:move", args=[kind, row.uid, step.verb]),  # type: ignore[attr-defined]
            kind="main" if step.is_main else "danger" if step.is_grave else "plain",
        )
        for step in reading.verbs_of(row)
    ]


def drawn(checks: list[SampleCheck]) -> list[tuple[SampleCheck, str, Any, list[Verb]]]:
    """Drawn records with what was done, when, and the reader's buttons; one query."""
    events = reading.events_drawn(checks)
    found = []
    for each in checks:
        event = events.get(each.event_id)
        label = records.COUNTED.get((event.subject_kind, event.verb), "") if event is not None else ""
        found.append((each, label, event.happened_at if event is not None else None, verbs_for("check", each)))
    return found
