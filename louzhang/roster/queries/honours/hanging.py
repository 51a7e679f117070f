"""The month's flags: which buildings stand for one, what the award would change, who held one before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.register.queries.buildings import HOUSES
from louzhang.roster.lifecycle.honours import HonourState
from louzhang.roster.models.honours import Flag, Honour, HonourKind
from louzhang.roster.queries.honours.monthly import commended_buildings
from louzhang.roster.queries.honours.standing import cited


@dataclass(frozen=True, slots=True)
class Candidate:
    """A building that may be chosen: whether a flag hangs there, and what the month's appraisal says."""

    building: Area
    has_flag: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the award does at one building: 继续挂, 新挂 or 摘下."""

    building: Area
    what: str
    months: int
    honour: Honour | None
    words: str


STAYS, COMES, GOES = "继续挂", "新挂", "摘下"


def flag_kind() -> HonourKind | None:
    """The flag of the district; None where it has none."""
    return HonourKind.objects.current().filter(hangs=True).first()


def flag_areas(actor: Actor) -> list[Area]:
    """The communities at and below the actor's offices, in the order of the tree."""
    paths = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    rows = Area.objects.get_queryset().under_paths(paths).current().of_kind("community").defer("outline")
    return list(rows.select_related("level").order_by("path"))


def candidates(area: Area, month: date) -> list[Candidate]:
    """Every building of a community, those the month commends first; where nothing is published, a person picks."""
    rows = Area.objects.get_queryset().under_paths([area.path]).current().of_kind(*HOUSES).defer("outline")
    hanging = set(Flag.objects.filter(area=area, ends_on=None).values_list("building_id", flat=True))
    commended = commended_buildings(area, month)
    found = [
        Candidate(building, building.pk in hanging, commended.get(building.pk, ""))
        for building in rows.select_related("level").order_by("path")
    ]
    return sorted(found, key=lambda each: not each.figure)


def ready(area: Area, kind: HonourKind, month: date) -> list[Honour]:
    """Those of a month on notice: what one award would give."""
    rows = Honour.objects.filter(area=area, kind=kind, month=month, status=HonourState.NOTICE.value)
    return list(rows.select_related("building", "kind").order_by("building__path"))


def preview(area: Area, kind: HonourKind, month: date, winners: Sequence[Honour]) -> list[Change]:
    """What hangs where after the award, beside what hangs now."""
    flags = Flag.objects.filter(area=area, kind=kind, ends_on=None).select_related("building")
    hanging = {flag.building_id: flag for flag in flags}
    words = cited(winners)
    changes = []
    for honour in winners:
        if honour.building is None:
            continue
        flag = hanging.pop(honour.building_id, None)
        what, months = (STAYS, flag.months + 1) if flag is not None else (COMES, 1)
        changes.append(Change(honour.building, what, months, honour, words.get(honour.pk, "")))
    return changes + _left(hanging.values(), month)


def _left(flags: Collection[Flag], month: date) -> list[Change]:
    return [
        Change(flag.building, GOES if flag.last_month < month else STAYS, flag.months, None, "")
        for flag in sorted(flags, key=lambda each: each.building.path)
    ]
