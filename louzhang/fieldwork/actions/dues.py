"""Keeping who is due: rows follow the households, days follow the visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from louzhang.fieldwork.due_dates import due_on, later_of
from louzhang.fieldwork.models import ROUNDED, Met, Rhythm, Visit, VisitDue, Whom
from louzhang.fieldwork.queries.dues import beat_of, rhythms_on, wanted_households
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.models import Household

TOGETHER = 20_000


def keep_dues(*, day: date) -> int:
    """Give every rhythm in force the rows it lacks and take away those it has no household for; gives how many came.

    A household that moved, was merged or is not looked after any more leaves no row behind.
    """
    came, standing = 0, rhythms_on(day)
    VisitDue.objects.exclude(rhythm__in=standing).delete()
    for rhythm in standing:
        if rhythm.whom != Whom.PRESENCE:
            came += keep_dues_of(rhythm, day)
    return came


def keep_dues_of(rhythm: Rhythm, day: date) -> int:
    """The same of one rhythm."""
    wanted = wanted_households(rhythm, day)
    with transaction.atomic():
        Rhythm.objects.select_for_update(no_key=True).get(pk=rhythm.pk)  # two workers at once make each row once
        living = wanted.filter(pk=OuterRef("household_id"), dwelling__area_id=OuterRef("area_id"))
        VisitDue.objects.filter(~Exists(living), rhythm=rhythm).delete()
        standing = VisitDue.objects.filter(rhythm=rhythm, household_id=OuterRef("pk"))
        visits = Visit.objects.filter(household=OuterRef("pk"), outcome__in=ROUNDED).order_by()
        last = visits.values("household").annotate(last=Max("day")).values("last")
        missing = wanted.filter(~Exists(standing)).order_by("pk")
        rows = missing.values_list("pk", "dwelling__area_id", Subquery(last))
        return _insert(rhythm, rows)


def _insert(rhythm: Rhythm, rows: QuerySet[Household, tuple[int, int, date | None]]) -> int:
    beat, found = beat_of(rhythm), list(rows)
    for start in range(0, len(found), TOGETHER):
        part = found[start : start + TOGETHER]
        ids = reserve_ids(VisitDue._meta.db_table, len(part))
        pour_in([
            VisitDue(
                pk=pk, rhythm=rhythm, household_id=household_id, area_id=area_id, last_on=last_on,
                due_on=None if rhythm.whom == Whom.SOME else due_on(last_on, rhythm.starts_on, beat, household_id),
            )
            for pk, (household_id, area_id, last_on) in zip(ids, part, strict=True)
        ])  # fmt: skip
    return len(found)


def move_dues(*, household_ids: Iterable[int], outcome: str, day: date) -> None:
    """Somebody was at these households on a day: whoever it was, it counts for all (R4).

    Met, or rather not: the next day follows the rhythm. Nobody home or not now: the day stays, it was tried.
    """
    rows = VisitDue.objects.filter(household__in=list(household_ids)).select_related("rhythm").order_by("pk")
    changed = list(rows.select_for_update(no_key=True, of=("self",)))
    for row in changed:
        if outcome in ROUNDED:
            _round_off(row, day)
        elif row.last_on is None or day >= row.last_on:
            row.tried_on = later_of(row.tried_on, day)
            row.tries += outcome == Met.NOBODY
    VisitDue.objects.bulk_update(changed, ["last_on", "due_on", "tried_on", "tries"])


def _round_off(row: VisitDue, day: date) -> None:
    row.last_on = later_of(row.last_on, day)
    if row.tried_on is not None and row.tried_on <= row.last_on:
        row.tried_on, row.tries = None, 0
    if row.rhythm.whom != Whom.SOME:
        row.due_on = due_on(row.last_on, row.rhythm.starts_on, beat_of(row.rhythm), row.household_id)
