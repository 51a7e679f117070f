"""Taking an import back: who moved lives again where they lived, as what they were; homes are what they were."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.kit.writing import among
from louzhang.register.actions.importing.moving import append_to, save_chains
from louzhang.register.models import Dwelling, Household, Resident, Stay
from louzhang.register.queries.places import lines_of

VERB = "put_back"

Rows = Sequence[Mapping[str, Any]]


class Occupied(Exception):
    """Somebody or something else stands where people lived before."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} places taken")
        self.count = count


class Restoring:
    """One import's moves, ties and changed homes, undone; the caller has locked the rows."""

    def __init__(self, *, actor: Actor, at: datetime, entry_id: uuid.UUID) -> None:
        self._events = ManyEvents(actor=actor, at=at, entry_id=entry_id)

    def restore(self, parts: Sequence[Mapping[str, Rows]]) -> None:
        """Put back what each part remembers; raises `Occupied` where it cannot be as it was."""

        def of(name: str) -> list[Any]:
            return [one for part in parts for one in part.get(name, ())]

        homes = {one["id"] for one in of("left")}
        moved = [*of("moved"), *of("ties")]
        self._restore_doors(of("doors"))
        self._restore_homes(homes, {one["id"] for one in of("headed")} - homes)
        self._refuse_unfit([one["before"] for one in moved if one["before"]])
        self._restore_people(moved)
        self._events.store()

    def _refuse_unfit(self, stays: Sequence[int]) -> None:
        """Nobody comes back into a household that has left since, or behind a door that is gone or was seen empty."""
        homes = Household.objects.filter(stays__in=among(stays))
        gone = Q(ends_on__isnull=False) | Q(dwelling__ended_at__isnull=False) | Q(dwelling__vacant_since__isnull=False)
        if count := homes.filter(gone).distinct().count():
            raise Occupied(count)

    def _restore_doors(self, changed: Rows) -> None:
        by_door = {one["id"]: one for one in changed}
        rows = list(Dwelling.objects.filter(pk__in=among(sorted(by_door))).order_by("pk"))
        for row in rows:
            one = by_door[row.pk]
            row.kind_id = one["was"]
            if one["vacated"]:
                row.vacant_since = None
        self._tell(rows, {row.pk: row.area_id for row in rows})
        save_chains(Dwelling, rows, "kind_id", "vacant_since")

    def _restore_homes(self, ended: set[int], headed: set[int]) -> None:
        rows = list(Household.objects.filter(pk__in=among(sorted(ended | headed))).select_related("dwelling"))
        for row in rows:
            row.ends_on = None if row.pk in ended else row.ends_on
        self._tell(rows, {row.pk: row.dwelling.area_id for row in rows})
        save_chains(Household, rows, "ends_on")

    def _restore_people(self, moved: Rows) -> None:
        by_person = {one["id"]: one for one in moved}
        rows = list(Resident.objects.filter(pk__in=among(sorted(by_person))).order_by("pk"))
        for row in rows:
            row.area_id = by_person[row.pk]["area"]
        self._tell(rows, {row.pk: row.area_id for row in rows})
        save_chains(Resident, rows, "area_id")
        begun, before = ([one[name] for one in moved if one[name]] for name in ("stay", "before"))
        try:
            with transaction.atomic():
                Stay.objects.filter(pk__in=among(begun)).update(ends_on=F("starts_on"))
                Stay.objects.filter(pk__in=among(before)).update(ends_on=None)
        except IntegrityError:
            raise Occupied(1) from None

    def _tell(self, rows: Sequence[Chained], areas: Mapping[int, int]) -> None:
        lines = lines_of(areas.values())
        for row in rows:
            append_to(self._events, row, VERB, {}, lines[areas[row.pk]])
