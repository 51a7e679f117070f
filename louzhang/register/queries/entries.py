"""What stands against an entry of a phone: changes of others since it read the row, own later entries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained, Event
from louzhang.kit import clock
from louzhang.register.doorstep import Entry
from louzhang.register.models import DoorEntry, Note


def changed_by_others(row: Chained, entry: Entry, columns: Collection[str], actor: Actor, *, verb: str) -> str:
    """In a sentence who changed one of these columns since the phone knew the row; empty where nobody did.

    Events of `verb` name what they changed in their payload. Without a version and a moment nothing is known to
    have been read, and nothing is held.
    """
    since = Event.objects.filter(subject_kind=row.subject_kind, subject_id=row.pk, verb=verb)
    if entry.base is not None:
        since = since.filter(seq__gt=entry.base)
    elif entry.seen_at is not None:
        since = since.filter(recorded_at__gt=entry.seen_at)
    else:
        return ""
    theirs = since.exclude(user_id=actor.user_id).order_by("-seq")
    met = next((event for event in theirs[:50] if set(columns) & set(event.payload.get("changed", ()))), None)
    return "" if met is None else f"{_name_of(met.user_id)}在{clock.speak(met.happened_at, clock.now())}也改过这里。"


def _name_of(user_id: int | None) -> str:
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() if user_id else None
    return name or "系统"


def said_later(row: Chained | Note, columns: Collection[str], happened_at: datetime, actor: Actor) -> set[str]:
    """Of these columns those that the same person said anew at a later moment, by an entry or on a page."""
    if not columns or row.pk is None or actor.user_id is None:
        return set()
    later = DoorEntry.objects.filter(
        user_id=actor.user_id, row_kind=row.subject_kind, row_id=row.pk, happened_at__gt=happened_at,
        columns__overlap=list(columns),
    )  # fmt: skip
    said = {column for named in later.values_list("columns", flat=True) for column in named}
    return (said | _changed_later(row, happened_at, actor)) & set(columns)


def _changed_later(row: Chained | Note, happened_at: datetime, actor: Actor) -> set[str]:
    if isinstance(row, Note):  # no event tells of a note
        return {"note"} if row.author_id == actor.user_id and row.said_at > happened_at else set()
    events = Event.objects.filter(
        subject_kind=row.subject_kind, subject_id=row.pk, user_id=actor.user_id, happened_at__gt=happened_at
    )
    return {column for payload in events.values_list("payload", flat=True) for column in payload.get("changed", ())}


def held_entries(actor: Actor) -> list[DoorEntry]:
    """The entries that wait for this actor to settle them, the oldest first."""
    return list(DoorEntry.objects.visible_to(actor).held().select_related("user").order_by("received_at", "pk"))
