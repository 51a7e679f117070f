"""Many registered people corrected at once, each with its event; and what stood before, to be put back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict
from louzhang.register.actions.importing.moving import append_to
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
    events = ManyEvents(actor=actor, at=at, entry_id=entry_id)
    lines = lines_of({row.area_id for row in people.values()})
    for change in changes:
        person = people[change.resident_id]
        append_to(events, person, "correct", {"changed": sorted(change.columns)}, lines[person.area_id])
    events.store()
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
