"""People of a file who live elsewhere in the community, or are something else to the head: stays end, others begin."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.refusals import Conflict
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import among, pour_values, update_values
from louzhang.register.actions.newcomers import STAY, Known
from louzhang.register.actions.stays import make_room, set_apart
from louzhang.register.imports.plans import Moving, TieChange
from louzhang.register.models import Household, Resident, Stay, Tie
from louzhang.register.models.shelters import sheltered_homes
from louzhang.register.queries.places import lines_of

# Sees what the plan sees: nobody whom a protection order shields.
PLANNER = Actor(kind=ActorKind.PERSON)
TOUCHED = "有的居民登记刚刚改过，请重新核对这一批。"

Made = dict[str, Any]


class Moves:
    """The moves and ties of one import, inside its transaction."""

    def __init__(self, *, actor: Actor, at: datetime, entry_id: uuid.UUID) -> None:
        self.actor, self.at, self.entry_id = actor, at, entry_id
        self.known: dict[int, Known] = {}
        self._left: dict[int, date] = {}

    def begin(self, moves: Sequence[Moving], ties: Sequence[TieChange], homes: Sequence[int]) -> None:
        """Lock households, then people, and end the stays that give way; before anybody comes in.

        Raises `Conflict` where somebody was moved or changed since the plan.
        """
        self._lock_homes({*homes, *(tie.household_id for tie in ties), *(one.before for one in moves if one.before)})
        ends: dict[int, tuple[int | None, date]] = {
            tie.resident_id: (tie.household_id, clock.local_date(self.at)) for tie in ties
        }
        ends |= {one.resident_id: (one.before, one.on) for one in moves}
        self._lock_people(sorted(ends))
        rows = Stay.objects.filter(resident_id__in=among(sorted(ends)), ends_on=None)
        stays = {row[1]: row for row in rows.values_list("pk", "resident_id", "household_id", "starts_on")}
        ended = []
        for resident_id, (household_id, on) in ends.items():
            pk, _, lives_in, since = stays.get(resident_id, (None, 0, None, on))
            if lives_in != household_id or since > on:
                raise Conflict(TOUCHED)
            self.known[resident_id].stay = pk
            if pk is not None:
                ended.append((pk, on))
        update_values(Stay, ("ends_on",), ended)
        for one in moves:
            if one.before is not None:
                self._left[one.before] = max(self._left.get(one.before, one.on), one.on)

    def _lock_homes(self, ids: set[int]) -> None:
        wanted = Household.objects.kept_by(self.actor).filter(pk__in=among(sorted(ids)), ends_on=None)
        locked = wanted.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
        if len(locked) < len(ids):
            raise Conflict("有的户刚刚迁走了，请重新核对这一批。")

    def _lock_people(self, ids: Sequence[int]) -> None:
        rows = Resident.objects.kept_by(self.actor).current().filter(pk__in=among(ids), died_on=None).order_by("pk")
        columns = ("pk", "chain_seq", "chain_head", "area_id")
        for pk, seq, head, area_id in rows.select_for_update(no_key=True, of=("self",)).values_list(*columns):
            self.known[pk] = Known(pk, seq, bytes(head), area_id)
        if len(self.known) < len(ids):
            raise Conflict(TOUCHED)

    def end_homes(self) -> list[Made]:
        """End the households that their last person has left, as far as the plan knows of people."""
        if not self._left:
            return []
        shielded = Household.objects.filter(pk__in=among(sorted(self._left))).filter(pk__in=sheltered_homes())
        for home in shielded.select_related("dwelling"):
            set_apart(home, self._left[home.pk], PLANNER, self.at)
        lived_in = Exists(Stay.objects.filter(household_id=OuterRef("pk"), ends_on=None))
        rows = Household.objects.filter(~lived_in, pk__in=among(sorted(self._left))).order_by("pk")
        homes = list(rows.select_related("dwelling"))
        lines = lines_of([home.dwelling.area_id for home in homes])
        events = ManyEvents(actor=self.actor, at=self.at, entry_id=self.entry_id)
        for home in homes:
            home.ends_on = self._left[home.pk]
            facts = {"dwelling": home.dwelling_id, "on": home.ends_on.isoformat()}
            append_to(events, home, "move_out", facts, lines[home.dwelling.area_id])
        save_chains(Household, homes, "ends_on")
        events.store()
        return [{"id": home.pk, "seq": home.chain_seq} for home in homes]

    def change_ties(self, ties: Sequence[TieChange]) -> Made:
        """Let people be something else to the head from today; a head who steps back or comes is told of the home."""
        if not ties:
            return {}
        on = clock.local_date(self.at)
        lines = lines_of({self.known[tie.resident_id].area_id for tie in ties})
        events = ManyEvents(actor=self.actor, at=self.at, entry_id=self.entry_id)
        headed = self._change_heads([tie for tie in ties if Tie.HEAD in (tie.tie, tie.before)], on, events)
        made = []
        rows = []
        for tie, pk in zip(ties, reserve_ids(Stay._meta.db_table, len(ties)), strict=True):
            who = self.known[tie.resident_id]
            facts = {"household": tie.household_id, "tie": tie.tie, "on": on.isoformat()}
            subject = (Resident.subject_kind, who.pk, "change_tie", facts)
            who.head = events.append(*subject, area_ids=lines[who.area_id], seq=who.seq, head=who.head)
            who.seq += 1
            rows.append((pk, who.pk, tie.household_id, tie.tie, on.isoformat()))
            made.append({"id": who.pk, "seq": who.seq, "stay": pk, "before": who.stay, "area": who.area_id})
        pour_values(Stay, STAY, rows)
        ends = [(who.pk, who.seq, who.head) for who in (self.known[tie.resident_id] for tie in ties)]
        update_values(Resident, ("chain_seq", "chain_head"), ends)
        events.store()
        return {"ties": made, "headed": headed}

    def _change_heads(self, ties: Sequence[TieChange], on: date, events: ManyEvents) -> list[Made]:
        heads: dict[int, dict[str, Any]] = {}
        for tie in ties:
            said = heads.setdefault(tie.household_id, {"head": None, "before": None, "on": on.isoformat()})
            said["head" if tie.tie == Tie.HEAD else "before"] = tie.resident_id
        homes = list(Household.objects.filter(pk__in=among(sorted(heads))).select_related("dwelling").order_by("pk"))
        lines = lines_of([home.dwelling.area_id for home in homes])
        for home in homes:
            if heads[home.pk]["head"] is not None:
                make_room(home, on, PLANNER, self.at)
            append_to(events, home, "change_head", heads[home.pk], lines[home.dwelling.area_id])
        save_chains(Household, homes)
        return [{"id": home.pk, "seq": home.chain_seq} for home in homes]


def append_to(events: ManyEvents, row: Any, verb: str, facts: Mapping[str, Any], line: Sequence[int]) -> None:
    """Append an event to a locked row; the caller saves its chain."""
    subject = (row.subject_kind, row.pk, verb, facts)
    row.chain_head = events.append(*subject, area_ids=line, seq=row.chain_seq, head=bytes(row.chain_head))
    row.chain_seq += 1


def save_chains(model: Any, rows: Sequence[Any], *columns: str, same: Mapping[str, Any] | None = None) -> None:
    """Save the ends of the chains of many rows, columns beside them, and those that are the same in all of them."""
    names = ("chain_seq", "chain_head", *columns)
    update_values(model, names, [(row.pk, *(getattr(row, name) for name in names)) for row in rows], same)
