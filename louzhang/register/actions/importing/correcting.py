"""Many registered people corrected at once, each with its event; and what stood before, to be put back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Unread
from louzhang.journal.readers import unread
from louzhang.journal.refusals import Conflict
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.imports.plans import Change
from louzhang.register.models import Resident
from louzhang.register.queries.places import lines_of

# What is kept of a column: those of a sealed one as they lay, sealed.
STORED = {
    "sex": ("sex",),
    "birth_year": ("birth_year",),
    "id_number": ("id_number_sealed", "id_index"),
    "phone": ("phone_sealed", "phone_index"),
}
COLUMNS = tuple(column for columns in STORED.values() for column in columns)


def correct_together(
    changes: Sequence[Change], *, actor: Actor, at: datetime, entry_id: uuid.UUID
) -> list[dict[str, Any]]:
    """Write what a file says of registered people; give for each what stood before.

    Raises `Conflict` where somebody has gone meanwhile or an ID number is another's.
    """
    wanted = [change.resident_id for change in changes]
    rows = Resident.objects.kept_by(actor).current().filter(pk__in=wanted).order_by("pk")
    people = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    if len(people) < len(wanted):
        raise Conflict("有的居民登记刚刚改过，请重新核对这一批。")
    before = []
    for change in changes:
        person = people[change.resident_id]
        stored = [column for name in change.columns for column in STORED[name]]
        before.append((person.pk, {column: getattr(person, column) for column in stored}))
        _set(person, change)
    facts = {change.resident_id: {"changed": sorted(change.columns)} for change in changes}
    append_events(list(people.values()), "correct", facts, actor=actor, at=at, entry_id=entry_id)
    try:
        with transaction.atomic():
            Resident.objects.bulk_update(people.values(), [*COLUMNS, "chain_seq", "chain_head"], batch_size=200)
    except IntegrityError:
        raise Conflict("有的证件号码登记在另一个人名下，请重新核对这一批。") from None
    return [{"id": pk, "was": was, "seq": people[pk].chain_seq} for pk, was in before]


def _set(person: Resident, change: Change) -> None:
    for name in change.columns:
        value = getattr(change.entry, name)
        if name in ("sex", "birth_year"):
            setattr(person, name, value)
        else:
            person.seal(**{name: value})


def append_events(
    rows: Sequence[Any],
    verb: str,
    facts: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID,
    lines: Mapping[int, Sequence[int]] | None = None,
) -> None:
    """Append one event to each locked row of one table; the caller saves their chains. `lines` go by row."""
    places = lines_of([row.area_id for row in rows]) if lines is None else {}
    events = []
    for row in rows:
        event, _ = prepare_event(
            row,
            verb,
            actor=actor,
            at=at,
            audience=Audience.HANDLERS,
            payload=facts.get(row.pk),
            area_ids=places[row.area_id] if lines is None else lines[row.pk],
            post_id=actor.post_at(None, None),
            entry_id=entry_id,
        )
        events.append(event)
    if events:
        for event, pk in zip(events, reserve_ids(events[0]._meta.db_table, len(events)), strict=True):
            event.pk = pk
    pour_in(events)
    Unread.objects.bulk_create([row for event in events if (row := unread(event)) is not None])
