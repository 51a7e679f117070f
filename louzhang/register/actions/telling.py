"""A line in the inbox of whoever has bound their account or phone to an entry; it names nobody and no content."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.models import Chained
from louzhang.notices.actions import write_notices
from louzhang.notices.actions.writing import Draft, Recipient
from louzhang.register.models import Binding


def tell_bound(resident_id: int, subject: Chained, *, title: str, url: str, at: datetime) -> bool:
    """Tell a resident that something happened to what is kept about them; whether anybody was there to be told."""
    bound = Binding.objects.filter(resident=resident_id, ended_at=None, confirmed_at__isnull=False)
    drafts = [
        Draft(
            recipient=Recipient("phone", row.user_id, row.device_hash),
            kind="register",
            fold=f"{subject.subject_kind}:{subject.pk}",
            title=title,
            url=url,
            subject_kind=subject.subject_kind,
            subject_id=subject.pk,
            at=at,
        )
        for row in bound
    ]
    return bool(write_notices(drafts))
