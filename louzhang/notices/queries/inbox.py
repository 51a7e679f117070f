"""The own inbox, how much of it is unread, and how one wants to be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.likeness import Likeness
from louzhang.kit.compiled import compiled
from louzhang.notices.models import Notice, NoticeQuerySet, Preference

COUNTED = 99


def inbox(actor: Actor) -> NoticeQuerySet:
    """What was said to this person or phone, the newest first."""
    return Notice.objects.visible_to(actor).order_by("-id")


def count_unread(actor: Actor) -> int:
    """How many lines have not been opened, counted up to 99 (one query; none for who can have none)."""
    if actor.user_id is None and not actor.device:
        return 0
    return len(_unread(Likeness(actor)))


@compiled
def _unread(actor: Actor) -> QuerySet[Notice, Any]:
    rows: NoticeQuerySet = Notice.objects.visible_to(actor).unread().order_by()
    return rows.values_list("pk", flat=True)[:COUNTED]


def unread_term(actor: Actor) -> Subquery:
    """The same as a column of another query, for pages that have one to spare it."""
    rows = Notice.objects.visible_to(actor).unread().order_by()
    counted = rows.annotate(lines=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("lines")
    return Subquery(counted, output_field=IntegerField())


def preference_of(user: User, at: datetime) -> Preference:
    """How a person wants to be reached; the usual for who never said."""
    return Preference.objects.filter(user=user).first() or Preference(user=user, changed_at=at)
