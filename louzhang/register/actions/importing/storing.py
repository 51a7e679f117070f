"""The worker carries an import in: all of it in one transaction, slice by slice, under the rules of single rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import actor_for
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import NotYours, Refusal
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.actions.importing.correcting import correct_together
from louzhang.register.actions.importing.homes import Homes
from louzhang.register.actions.importing.moving import PLANNER, Moves
from louzhang.register.actions.importing.pieces import Teller, drop_pieces, rows_of
from louzhang.register.actions.importing.reading import plan_import, preview_import
from louzhang.register.actions.newcomers import Behind, Door, NewDwelling
from louzhang.register.actions.stays import make_room
from louzhang.register.import_course import LOOP
from louzhang.register.imports.lines import Entry
from louzhang.register.imports.plans import Change, DoorKey, NewHome, Outcome, Plan, Settling
from louzhang.register.models import Dwelling, DwellingKind, Household, ImportBatch, ImportMade, PieceKind, Tie
from louzhang.register.models.imports import ImportBatchQuerySet

SLICE = 4_000
CHANGES_AT_ONCE = 1_000
DRIFTED = "您核对之后登记有变化，什么都没有导入。下面是按现在的登记重新核对的结果，请再看一遍。"
NO_POST = "确认导入的人已经不在本社区任职，什么都没有导入。请由本社区的工作人员重新确认。"


class _Drifted(Exception):
    """The register has changed since the preview in a way that makes lines wrong."""


def store_import(*, batch_id: int, at: datetime) -> None:
    """Carry a confirmed import in, whole or not at all; what was brought is deleted with it.

    Where the register has changed since the preview so that a line became wrong, nothing is stored and the preview
    is made anew. A killed process leaves nothing; the same batch never stores twice.
    """
    batch = ImportBatch.objects.select_related("area__level", "confirmed_by").get(pk=batch_id)
    try:
        with transaction.atomic():
            rows: ImportBatchQuerySet = ImportBatch.objects.all()
            with walk(LOOP, rows, batch_id, "store", actor=SYSTEM, at=at) as step:
                plan = _agreed_plan(batch, at)
                _Carrying(batch, _confirming(batch, at), at).carry(plan)
                step.set(stored_at=at, moved_at=at, problem="")
                step.note(counts=plan.counts())
                drop_pieces(batch, *(kind for kind in PieceKind if kind is not PieceKind.WRONG))
    except (_Drifted, Refusal) as why:
        sentence = why.message if isinstance(why, Refusal) else DRIFTED
        preview_import(batch_id=batch_id, at=at, problem=sentence)


def _agreed_plan(batch: ImportBatch, at: datetime) -> Plan:
    entries = [Entry.unpacked(values) for values in rows_of(batch, PieceKind.ROWS)]
    plan = plan_import(batch, entries, at)
    if Outcome.WRONG in plan.outcomes:
        raise _Drifted
    return plan


def _confirming(batch: ImportBatch, at: datetime) -> Actor:
    """Whoever confirmed, with the posts held now."""
    if batch.confirmed_by is None:
        raise NotYours(NO_POST)
    actor = actor_for(batch.confirmed_by, at)
    if not ImportBatch.objects.visible_to(actor).filter(pk=batch.pk).exists():
        raise NotYours(NO_POST)
    return actor


class _Carrying:
    """One import being carried in; who is new has an id that only their line can give, so nobody comes in twice."""

    def __init__(self, batch: ImportBatch, actor: Actor, at: datetime) -> None:
        self.batch, self.actor, self.at = batch, actor, at
        self.areas = {area.pk: area for area in Area.objects.within(batch.area_id).select_related("level")}
        self.kinds = {kind.pk: kind for kind in DwellingKind.objects.all()}
        shared: dict[str, Any] = {"actor": actor, "at": at, "entry_id": batch.uid}
        self.moves, self.doors = Moves(**shared), Homes(**shared)
        self.slices = 0

    def carry(self, plan: Plan) -> None:
        """Who moves leaves first; then homes and people slice by slice, ties, corrections, homes that are changed."""
        settled = {settling.door for settling in plan.settlings}
        empty = [key for key in plan.homes if key not in settled]
        total = sum(settling.size for settling in plan.settlings) + len(empty) + len(plan.changes)
        teller, done = Teller(self.batch, total), 0
        moves = [move for settling in plan.settlings for move in settling.moves]
        self.doors.lock(plan.doors)
        self.moves.begin(moves, plan.ties, [one.household_id for one in plan.settlings if one.household_id])
        for settlings in _slices(plan.settlings):
            self._store_slice(plan.homes, settlings, [])
            done += sum(settling.size for settling in settlings)
            teller.tell(done)
        for start in range(0, len(empty), SLICE):
            self._store_slice(plan.homes, [], empty[start : start + SLICE])
            teller.tell(done := done + SLICE)
        self._keep(self.moves.change_ties(plan.ties))
        for start in range(0, len(plan.changes), CHANGES_AT_ONCE):
            self._correct(plan.changes[start : start + CHANGES_AT_ONCE])
        self._keep({"left": self.moves.end_homes(), "doors": self.doors.change(plan.doors, self.kinds)})

    def _store_slice(
        self, homes: Mapping[DoorKey, NewHome], settlings: Sequence[Settling], empty: Sequence[DoorKey]
    ) -> None:
        batch = Batch(actor=self.actor, at=self.at, entry_id=self.batch.uid)
        entered = dict.fromkeys([*empty, *(one.door for one in settlings if one.door in homes)])
        doors: dict[DoorKey, Door] = {key: self._new_home(batch, homes[key]) for key in entered}
        doors |= self._standing_doors([one.door for one in settlings if one.door not in homes])
        families = Household.objects.filter(pk__in=[one.household_id for one in settlings if one.household_id])
        standing = {row.pk: row for row in families.select_related("dwelling__area__level")}
        for settling in settlings:
            self._settle(batch, settling, doors, standing)
        vacant = {door.pk: door.vacant_since.isoformat() for door in doors.values() if door.pk and door.vacant_since}
        came_from = [row.person.area_id for row in batch.movers]
        batch.store()
        self._remember(batch, vacant, came_from)

    def _standing_doors(self, keys: Sequence[DoorKey]) -> dict[DoorKey, Dwelling]:
        areas, doors = {area for area, _ in keys}, {door for _, door in keys}
        rows = Dwelling.objects.current().filter(area_id__in=areas, door__in=doors).select_related("area__level")
        return {(row.area_id, row.door): row for row in rows if (row.area_id, row.door) in set(keys)}

    def _new_home(self, batch: Batch, home: NewHome) -> NewDwelling:
        return batch.add_dwelling(
            area=self.areas[home.area_id],
            door=home.door,
            floor=home.floor,
            position=home.position,
            kind=self.kinds[home.kind_id] if home.kind_id else None,
            vacant_since=clock.local_date(self.at) if home.is_vacant else None,
        )

    def _settle(
        self, batch: Batch, settling: Settling, doors: Mapping[DoorKey, Door], standing: Mapping[int, Household]
    ) -> None:
        if settling.household_id is None:
            family: Behind = batch.add_household(dwelling=doors[settling.door], starts_on=settling.starts_on)
        else:
            self._make_room(family := standing[settling.household_id], settling)
        for entry in settling.people:
            batch.add_resident(household=family, draft=self._draft(entry), starts_on=self._first_day(entry, settling))
        for move in settling.moves:
            batch.add_mover(
                household=family, person=self.moves.known[move.resident_id], tie=move.entry.tie or str(Tie.OTHER),
                starts_on=move.on, before=move.before,
            )  # fmt: skip

    def _make_room(self, family: Household, settling: Settling) -> None:
        """The plan knows nobody whom a protection order shields: such a head must not stand in the way of another."""
        days = [(entry, self._first_day(entry, settling)) for entry in settling.people]
        for entry, on in (*days, *((move.entry, move.on) for move in settling.moves)):
            if entry.tie == Tie.HEAD:
                make_room(family, on, PLANNER, self.at)

    def _first_day(self, entry: Entry, settling: Settling) -> date:
        if entry.since:
            return date.fromisoformat(entry.since)
        return clock.local_date(self.at) if settling.household_id else settling.starts_on

    def _draft(self, entry: Entry) -> ResidentDraft:
        return ResidentDraft(
            name=entry.name,
            tie=entry.tie or Tie.OTHER,
            sex=entry.sex,
            birth_year=entry.birth_year,
            birth_date=date.fromisoformat(entry.birth_date) if entry.birth_date else None,
            id_number=entry.id_number,
            phone=entry.phone,
            registered_address=entry.registered,
            uid=uuid.uuid5(self.batch.uid, f"person:{entry.sheet}:{entry.line}"),
        )

    def _remember(self, batch: Batch, vacant: Mapping[int, str], came_from: Sequence[int]) -> None:
        made: dict[str, Any] = {
            "dwellings": [row.pk for row in batch.dwellings],
            "households": [row.pk for row in batch.households],
            "residents": [row.pk for row in batch.residents],
            "vacant": vacant,
            "moved": [
                {"id": row.person.pk, "seq": row.person.seq, "stay": row.pk, "before": row.person.stay, "area": area}
                for row, area in zip(batch.movers, came_from, strict=True)
            ],
        }
        self._keep(made)

    def _correct(self, changes: Sequence[Change]) -> None:
        before = correct_together(changes, actor=self.actor, at=self.at, entry_id=self.batch.uid)
        self._keep({"corrected": before})

    def _keep(self, made: Mapping[str, Any]) -> None:
        rows = {name: value for name, value in made.items() if value}
        if rows:
            ImportMade.objects.create(batch=self.batch, number=self.slices, rows=rows)
            self.slices += 1


def _slices(settlings: Sequence[Settling]) -> Iterator[list[Settling]]:
    """Some thousand people at a time, the families of a door always together."""
    current: list[Settling] = []
    count = 0
    for settling in settlings:
        if count >= SLICE and current[-1].door != settling.door:
            yield current
            current, count = [], 0
        current.append(settling)
        count += settling.size
    if current:
        yield current
