"""Standing homes that a file says are used as something else, or stand empty."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict
from louzhang.kit import clock
from louzhang.kit.writing import among
from louzhang.register.actions.importing.moving import append_to, save_chains
from louzhang.register.imports.plans import DoorChange
from louzhang.register.models import Dwelling, DwellingKind
from louzhang.register.queries.places import lines_of


class Homes:
    """The doors of one import that change, inside its transaction."""

    def __init__(self, *, actor: Actor, at: datetime, entry_id: uuid.UUID) -> None:
        self.actor, self.at, self.entry_id = actor, at, entry_id
        self._rows: list[Dwelling] = []

    def lock(self, changes: Sequence[DoorChange]) -> None:
        """Lock the doors before any household and person; raises `Conflict` where one is gone."""
        wanted = [change.dwelling_id for change in changes]
        rows = Dwelling.objects.kept_by(self.actor).current().filter(pk__in=among(wanted)).order_by("pk")
        self._rows = list(rows.select_for_update(no_key=True, of=("self",)))
        if len(self._rows) < len(wanted):
            raise Conflict("有的房屋已经注销，请重新核对这一批。")

    def change(self, changes: Sequence[DoorChange], kinds: Mapping[int, DwellingKind]) -> list[dict[str, Any]]:
        """Carry the changes in; gives what stood before, to be put back."""
        by_door = {change.dwelling_id: change for change in changes}
        lines = lines_of({row.area_id for row in self._rows})
        events = ManyEvents(actor=self.actor, at=self.at, entry_id=self.entry_id)
        made = []
        for row in self._rows:
            change, line, was = by_door[row.pk], lines[row.area_id], row.kind_id
            if change.kind_id is not None:
                verb = "let" if kinds[change.kind_id].is_let else "change_kind"
                append_to(events, row, verb, {"before": was, "after": change.kind_id}, line)
                row.kind_id = change.kind_id
            if change.is_vacated:
                row.vacant_since = clock.local_date(self.at)
                append_to(events, row, "vacate", {"since": row.vacant_since.isoformat()}, line)
            made.append({"id": row.pk, "seq": row.chain_seq, "was": was, "vacated": change.is_vacated})
        save_chains(Dwelling, self._rows, "kind_id", "vacant_since")
        events.store()
        return made
