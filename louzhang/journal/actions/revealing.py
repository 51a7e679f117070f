"""Logging who looked at something sealed."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.actor import Actor
from louzhang.journal.models import Reveal


def log_reveal(*, subject_kind: str, subject_id: int, what: str, reason: str, actor: Actor, at: datetime) -> Reveal:
    """Log that somebody looked at something sealed (standards.md, "People's data")."""
    return Reveal.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        what=what,
        reason=reason.replace("\x00", ""),
        at=at,
        actor_kind=actor.kind.value,
        user_id=actor.user_id,
        post_id=actor.post_at(None, None),
        token_id=actor.token_id,
    )
