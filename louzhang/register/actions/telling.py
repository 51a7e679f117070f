"""Lines in inboxes: of whoever has bound their account or phone to an entry, and of who looks after a place.

They name nobody and no content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.models import Chained
from louzhang.kit import clock
from louzhang.notices.actions import write_notices
from louzhang.notices.actions.writing import Draft, Recipient
from louzhang.register.models import Binding


def tell_bound(resident_id: int, subject: Chained, *, title: str, url: str, at: datetime) -> bool:
    """Tell a resident that something happened to what is kept about them; whether anybody was there to be told."""
    bound = Binding.objects.filter(resident=resident_id, ended_at=None, confirmed_at__isnull=False)
    told = [Recipient("phone", row.user_id, row.device_hash) for row in bound]
    return _tell(told, subject, title, url, at)


def tell_sitting(
    area_ids: Iterable[int], roles: Iterable[str], subject: Chained, *, title: str, url: str, at: datetime
) -> bool:
    """Tell everybody who fills a post of these roles at one of these places, own or stood in for."""
    rows = Post.objects.as_of(clock.local_date(at)).filter(area_id__in=list(area_ids), role__in=list(roles))
    told = dict.fromkeys(_fillers(rows.values_list("role", "user_id", "stand_in_id")))
    return _tell(list(told), subject, title, url, at)


def _fillers(posts: Iterable[tuple[str, int | None, int | None]]) -> Iterator[Recipient]:
    for role, *users in posts:
        for user_id in users:
            if user_id is not None:
                yield Recipient("field" if role in FIELD_ROLES else "desk", user_id)


def _tell(told: Iterable[Recipient], subject: Chained, title: str, url: str, at: datetime) -> bool:
    drafts = [
        Draft(
            recipient=recipient,
            kind="register",
            fold=f"{subject.subject_kind}:{subject.pk}",
            title=title,
            url=url,
            subject_kind=subject.subject_kind,
            subject_id=subject.pk,
            at=at,
        )
        for recipient in told
    ]
    return bool(write_notices(drafts))
