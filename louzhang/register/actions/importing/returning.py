"""The worker takes an import back, whole, as long as nothing of it was touched since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q

from louzhang.areas.queries import actor_for
from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Chained
from louzhang.journal.walker import walk
from louzhang.kit.writing import among
from louzhang.register.actions.importing.moving import append_to, save_chains
from louzhang.register.actions.importing.pieces import Teller, drop_pieces
from louzhang.register.actions.importing.restoring import Occupied, Restoring
from louzhang.register.import_course import LOOP, ImportState
from louzhang.register.models import (
    Dwelling,
    Household,
    ImportBatch,
    ImportMade,
    PieceKind,
    Registration,
    Resident,
    Stay,
)
from louzhang.register.models.imports import ImportBatchQuerySet
from louzhang.register.queries.places import lines_of

TAKEN_BACK = "已撤销"
MADE: Mapping[str, type[Chained]] = {"residents": Resident, "households": Household, "dwellings": Dwelling}
# Rows that stood before, in the order of locking, and under which names they are remembered.
STOOD: Mapping[type[Chained], Sequence[str]] = {
    Dwelling: ("doors",), Household: ("left", "headed"), Resident: ("corrected", "moved", "ties"),
}  # fmt: skip
# What hangs on new rows because the import put it there.
OWN = (Stay, Registration, Household)
# Of a person who was never registered nothing stays but the place of the row in its chain.
EMPTIED: Mapping[str, Any] = {
    "name": "", "name_key": "", "initials": "", "search_terms": [], "sex": "", "birth_year": None,
    "birth_date_sealed": "", "id_number_sealed": "", "id_index": "", "phone_sealed": "", "phone_index": "",
}  # fmt: skip


class _Touched(Exception):
    """Something of the import has been changed since, or something hangs on it."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} rows touched")
        self.count = count


def take_back_import(*, batch_id: int, at: datetime) -> None:
    """End everything an import made and put back what it corrected, or nothing where a row was touched since.

    Rows of people are emptied: nothing of a person stays who was never registered.
    """
    batch = ImportBatch.objects.select_related("confirmed_by").get(pk=batch_id)
    actor = actor_for(batch.confirmed_by, at) if batch.confirmed_by else SYSTEM
    rows: ImportBatchQuerySet = ImportBatch.objects.all()
    with transaction.atomic(), walk(LOOP, rows, batch_id, "take_back", actor=SYSTEM, at=at) as step:
        made = list(ImportMade.objects.filter(batch=batch).order_by("-number"))
        try:
            with transaction.atomic():
                _Returning(batch, actor, at).give_back(made)
        except _Touched as touched:
            step.lead_to(ImportState.STORED)
            step.set(problem=f"导入之后，有 {touched.count} 条登记已经改过或有了新的内容，不能整批撤销。请逐条更正。")
        else:
            drop_pieces(batch, *PieceKind)
            step.set(problem="")
        step.set(moved_at=at)


class _Returning:
    """One import being taken back."""

    def __init__(self, batch: ImportBatch, actor: Actor, at: datetime) -> None:
        self.batch, self.actor, self.at = batch, actor, at
        self.new: dict[str, set[int]] = {name: set() for name in MADE}

    def give_back(self, made: Sequence[ImportMade]) -> None:
        """Look at everything first, then put back what was changed and end what was made, the last slice first."""
        for part in made:
            for name in MADE:
                self.new[name].update(part.rows.get(name, ()))
        total = sum(len(ids) for ids in self.new.values())
        teller, done = Teller(self.batch, total), 0
        self._refuse_changed_since(made)
        for part in made:
            self._put_back(part.rows.get("corrected", ()))
        restored = Restoring(actor=self.actor, at=self.at, entry_id=self.batch.uid)
        try:
            restored.restore([part.rows for part in made])
        except Occupied as occupied:
            raise _Touched(occupied.count) from None
        for name in MADE:
            for part in made:
                self._end(name, part.rows.get(name, ()))
                teller.tell(done := done + len(part.rows.get(name, ())))
        for part in made:
            self._vacate(part.rows.get("vacant", {}))

    def _refuse_changed_since(self, made: Sequence[ImportMade]) -> None:
        """Of rows that stood before, nothing may have happened since the last thing the import did to them."""
        for model, names in STOOD.items():
            last: dict[int, int] = {}
            for one in (one for part in made for name in names for one in part.rows.get(name, ())):
                last[one["id"]] = max(last.get(one["id"], 0), one["seq"])
            rows = _all(model).filter(pk__in=among(sorted(last))).order_by("pk")
            locked = rows.select_for_update(no_key=True, of=("self",)).values_list("pk", "chain_seq")
            touched = len(last) - sum(last[pk] == seq for pk, seq in locked)
            if touched:
                raise _Touched(touched)

    def _put_back(self, corrected: Sequence[Mapping[str, Any]]) -> None:
        rows = Resident.objects.filter(pk__in=[one["id"] for one in corrected]).order_by("pk")
        people = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
        for one in corrected:
            for column, value in one["was"].items():
                setattr(people[one["id"]], column, value)
        self._tell(list(people.values()), "uncorrect", {row.pk: row.area_id for row in people.values()})
        columns = sorted({column for one in corrected for column in one["was"]})
        if people:
            Resident.objects.bulk_update(people.values(), [*columns, "chain_seq", "chain_head"], batch_size=200)

    def _end(self, name: str, ids: Sequence[int]) -> None:
        if not ids:
            return
        model = MADE[name]
        found = _all(model).filter(pk__in=among(ids)).order_by("pk")
        place = "dwelling_id" if model is Household else "area_id"
        rows = list(found.select_for_update(no_key=True, of=("self",)).only("chain_seq", "chain_head", place))
        self._refuse_touched(model, rows)
        self._tell(rows, "take_back", _areas(rows))
        self._end_rows(model, rows, ids)

    def _refuse_touched(self, model: type[Chained], rows: Sequence[Any]) -> None:
        touched = {row.pk for row in rows if row.chain_seq != 1}
        ids = [row.pk for row in rows]
        for relation in model._meta.related_objects:
            column = relation.field.attname
            hanging = _all(relation.related_model).filter(**{f"{relation.field.attname}__in": among(ids)})
            if relation.related_model in OWN:
                hanging = hanging.exclude(self._own(model, relation.related_model))
            touched.update(hanging.values_list(column, flat=True))
        if touched:
            raise _Touched(len(touched))

    def _own(self, model: type[Model], hanging: type[Model]) -> Q:
        """Rows that the import itself has hung there: where its people live, and its households.

        People are taken back first, so that what hangs on a home by then has ended as though it had never been.
        """
        if model is Resident:
            return Q(pk__isnull=False)
        if hanging is Household:
            return Q(pk__in=among(sorted(self.new["households"])))
        return Q(ends_on=F("starts_on"))

    def _end_rows(self, model: type[Chained], rows: Sequence[Any], ids: Sequence[int]) -> None:
        """Save what ends them with their chains, by one statement."""
        if model is Resident:
            Stay.objects.filter(resident_id__in=among(ids)).update(ends_on=F("starts_on"))
            Registration.objects.filter(resident_id__in=among(ids)).update(ends_on=F("starts_on"), address=TAKEN_BACK)
            save_chains(Resident, rows, same={"ended_at": self.at, **EMPTIED})
        elif model is Household:
            save_chains(Household, rows)
            Household.objects.filter(pk__in=among(ids)).update(ends_on=F("starts_on"))
        else:
            save_chains(Dwelling, rows, same={"ended_at": self.at, "vacant_since": None})

    def _vacate(self, vacant: Mapping[str, str]) -> None:
        for pk, day in vacant.items():
            Dwelling.objects.filter(pk=int(pk), vacant_since=None).update(vacant_since=date.fromisoformat(day))

    def _tell(self, rows: Sequence[Any], verb: str, areas: Mapping[int, int]) -> None:
        events, lines = ManyEvents(actor=self.actor, at=self.at, entry_id=self.batch.uid), lines_of(areas.values())
        for row in rows:
            append_to(events, row, verb, {}, lines[areas[row.pk]])
        events.store()


def _all(model: type[Model]) -> Any:
    return model._meta.default_manager


def _areas(rows: Sequence[Any]) -> dict[int, int]:
    """The area each row lies in."""
    if not (rows and isinstance(rows[0], Household)):
        return {row.pk: row.area_id for row in rows}
    homes = Dwelling.objects.filter(pk__in=among([row.dwelling_id for row in rows]))
    area_of = dict(homes.values_list("pk", "area_id"))
    return {row.pk: area_of[row.dwelling_id] for row in rows}
