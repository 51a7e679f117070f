"""核对: what in the register is missing, stale or impossible, as figures and as the rows behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.models import Dwelling, Household, Resident, Stay, Tie
from louzhang.register.models.shelters import unsheltered, unsheltered_home
from louzhang.register.queries.duplicates import likely_pairs

STALE_MONTHS = 12
OLDEST = 115
ADULT, HEAD_FROM = 18, 16


class Kind(StrEnum):
    """What a figure counts."""

    RESIDENT = "resident"
    HOUSEHOLD = "household"
    DWELLING = "dwelling"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that may be wrong: what it is called, what to do, and which rows have it on a day.

    Whom a protection order hides from the actor neither is nor hides a fault.
    """

    key: str
    group: str
    label: str
    advice: str
    kind: Kind
    term: Callable[[date, Actor], Q]


def _a_year_before(day: date) -> date:
    """The same day of the year before; the last of February stays the last."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _stale(entered: str) -> Callable[[date, Actor], Q]:
    def term(day: date, _actor: Actor) -> Q:
        limit = _a_year_before(day)
        never = Q(checked_on=None) & Q(**{f"{entered}__lt": clock.day_start(limit)})
        return Q(checked_on__lt=limit) | never

    return term


def _living(actor: Actor, **more: Any) -> Exists:
    shown = unsheltered(actor, "resident_id", "household__dwelling__area")
    return Exists(Stay.objects.filter(shown, household=OuterRef("pk"), ends_on=None, **more))


def _settled(actor: Actor) -> Exists:
    shown = unsheltered_home(actor, "pk", "dwelling__area")
    return Exists(Household.objects.filter(shown, dwelling=OuterRef("pk"), ends_on=None))


_SAME = "上门时点一下“情况没变”就行。"
_NEEDS_PHONE = "上门或打电话时问一声，本人愿意再记。"
FAULTS: Sequence[Fault] = (
    Fault("no_year", "缺少", "没有出生年", "问一声年纪，或补上证件号。", Kind.RESIDENT,
          lambda day, _actor: Q(birth_year=None)),
    Fault("no_phone", "缺少", "成年人没有电话", _NEEDS_PHONE, Kind.RESIDENT,
          lambda day, _actor: Q(phone_index="") & (Q(birth_year=None) | Q(birth_year__lte=day.year - ADULT))),
    Fault("no_head", "缺少", "没有户主的户", "请在住户页改户主。", Kind.HOUSEHOLD,
          lambda day, actor: Q(_living(actor)) & ~Q(_living(actor, tie=Tie.HEAD))),
    Fault("no_people", "缺少", "没有登记人的户", "补上住的人，或办整户迁出。", Kind.HOUSEHOLD,
          lambda day, actor: ~Q(_living(actor))),
    Fault("no_kind", "缺少", "没有类型的房屋", "在房屋页选自住、出租等类型。", Kind.DWELLING,
          lambda day, _actor: Q(kind=None)),
    Fault("unknown", "缺少", "不知道住没住人的房屋", "登记住户，或记为空置。", Kind.DWELLING,
          lambda day, actor: Q(vacant_since=None) & ~Q(_settled(actor))),
    Fault("stale_people", "过期", f"超过 {STALE_MONTHS} 个月没核对的居民", _SAME, Kind.RESIDENT,
          _stale("registered_at")),
    Fault("stale_homes", "过期", f"超过 {STALE_MONTHS} 个月没核对的房屋", _SAME, Kind.DWELLING,
          _stale("started_at")),
    Fault("too_old", "不合情理", f"年龄超过 {OLDEST} 岁", "核对出生年；已去世的请登记去世。", Kind.RESIDENT,
          lambda day, _actor: Q(birth_year__lt=day.year - OLDEST)),
    Fault("not_born", "不合情理", "出生年还没有到", "核对出生年。", Kind.RESIDENT,
          lambda day, _actor: Q(birth_year__gt=day.year)),
    Fault("young_head", "不合情理", f"户主不满 {HEAD_FROM} 岁", "核对出生年，或改户主。", Kind.HOUSEHOLD,
          lambda day, actor: Q(_living(actor, tie=Tie.HEAD, resident__birth_year__gt=day.year - HEAD_FROM))),
)  # fmt: skip
FAULT_BY_KEY: Mapping[str, Fault] = {fault.key: fault for fault in FAULTS}


def kept_rows(kind: Kind, actor: Actor) -> QuerySet[Any]:
    """The rows a figure is about: living people, standing households, current doors the actor keeps."""
    if kind is Kind.RESIDENT:
        rows = Resident.objects.kept_by(actor).current().filter(died_on=None)
        return rows.filter(stays__ends_on=None, stays__isnull=False).order_by()  # one home at a time: no row twice
    if kind is Kind.HOUSEHOLD:
        return Household.objects.kept_by(actor).filter(ends_on=None).order_by()
    return Dwelling.objects.kept_by(actor).current().order_by()


def count_faults(actor: Actor, day: date) -> dict[str, int]:
    """How many rows have each fault, how many there are of each kind, and the pairs that are alike; five queries."""
    counted: dict[str, int] = {}
    for kind in Kind:
        wanted = {fault.key: Count("pk", filter=fault.term(day, actor)) for fault in FAULTS if fault.kind is kind}
        counted |= kept_rows(kind, actor).aggregate(**wanted, **{kind.value: Count("pk")})
    return counted | {"duplicates": len(likely_pairs(actor))}


def rows_with(fault: Fault, actor: Actor, day: date) -> QuerySet[Any]:
    """The rows behind a figure, exactly those it counts."""
    rows = kept_rows(fault.kind, actor).filter(fault.term(day, actor))
    if fault.kind is Kind.HOUSEHOLD:
        return rows.select_related("dwelling__area").defer("dwelling__area__outline")
    return rows.select_related("area").defer("area__outline")


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a figure: what it is called, where it is, its page."""

    label: str
    where: str
    url: str


def lines_of_rows(kind: Kind, rows: Sequence[Any], actor: Actor) -> list[Line]:
    """Rows as a list shows them, a household by the name of somebody the actor may know of; two queries."""
    areas = [row.dwelling.area if kind is Kind.HOUSEHOLD else row.area for row in rows]
    places = spoken_places(areas)
    names = _names(kind, rows, actor)
    return [
        Line(names[row.pk], _where(kind, row, places[area.pk]), reverse(f"register:{kind.value}", args=[row.uid]))
        for row, area in zip(rows, areas, strict=True)
    ]


def _names(kind: Kind, rows: Sequence[Any], actor: Actor) -> dict[int, str]:
    if kind is Kind.RESIDENT:
        return {row.pk: row.name for row in rows}
    if kind is Kind.DWELLING:
        return {row.pk: row.door for row in rows}
    living = Stay.objects.visible_to(actor).filter(household__in=[row.pk for row in rows], ends_on=None)
    heads = dict(living.order_by("-pk").values_list("household_id", "resident__name"))
    return {row.pk: f"{heads[row.pk]}家" if row.pk in heads else "没有登记人的户" for row in rows}


def _where(kind: Kind, row: Any, place: str) -> str:
    return f"{place} {row.dwelling.door}" if kind is Kind.HOUSEHOLD else place
