"""The people of a community as lines of a file; nothing of care, vacancy or health stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Reveal
from louzhang.kit import masking
from louzhang.register.models import Registration, Sex, Stay, Tie
from louzhang.register.models.imports import importing_areas
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import COMMUNITY_RANK, kept_places

HEAD = (
    "小区", "楼栋", "单元", "门牌", "房屋类型", "与户主关系", "姓名", "性别", "出生年", "证件号码", "电话", "户籍地址",
)  # fmt: skip
EXPORT = "export"
MOST = 50_000
LISTED = 30
_READ = 2_000
_TIES, _SEXES = dict(Tie.choices), dict(Sex.choices)
_WITH = ("resident", "household__dwelling__kind")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a door is, in the words of the tree."""

    estate: str
    building: str
    stairwell: str


def may_export_whole(actor: Actor, area: Area) -> bool:
    """Whether the actor's post lets whole numbers leave the house: the secretary of the community."""
    return any(seat.area_id == area.pk and seat.rank == COMMUNITY_RANK for seat in actor.seats_with(Role.SECRETARY))


def exported(actor: Actor, area: Area) -> list[Stay]:
    """Who lives in a community, door by door, as far as the actor may see; at most `MOST` and one."""
    rows = Stay.objects.filter(kept_places(actor, "household__dwelling__area"), ends_on=None)
    rows = rows.filter(unsheltered(actor, "resident_id", "household__dwelling__area"))
    within = Area.objects.within(area.pk).order_by().values("pk")
    rows = rows.filter(household__dwelling__area_id__in=within, resident__ended_at=None)
    order = ("household__dwelling__area__path", "household__dwelling__floor", "household__dwelling__door",
             "household_id", "pk")  # fmt: skip
    return list(rows.select_related(*_WITH).order_by(*order)[: MOST + 1])


def lines_of_people(stays: list[Stay], area: Area, *, is_whole: bool) -> Iterator[list[str]]:
    """One line a person; numbers masked unless they may leave whole."""
    places = _places(area)
    for start in range(0, len(stays), _READ):
        some = stays[start : start + _READ]
        registered = _registered([stay.resident_id for stay in some]) if is_whole else {}
        for stay in some:
            yield _line(stay, places[stay.household.dwelling.area_id], registered, is_whole=is_whole)


def _line(stay: Stay, place: Place, registered: dict[int, str], *, is_whole: bool) -> list[str]:
    home, person = stay.household.dwelling, stay.resident
    number, phone = person.open_field("id_number"), person.open_field("phone")
    if not is_whole:
        number, phone = masking.mask_id(number), masking.mask_phone(phone)
    return [
        place.estate,
        place.building,
        place.stairwell,
        home.door,
        home.kind.name if home.kind else "",
        _TIES.get(stay.tie, ""),
        person.name,
        _SEXES.get(person.sex, ""),
        str(person.birth_year or ""),
        number,
        phone,
        registered.get(person.pk, ""),
    ]


def _registered(resident_ids: list[int]) -> dict[int, str]:
    rows = Registration.objects.filter(resident_id__in=resident_ids, ends_on=None)
    return dict(rows.values_list("resident_id", "address"))


def _places(area: Area) -> dict[int, Place]:
    rows = list(Area.objects.within(area.pk).select_related("level", "estate").order_by("path"))
    buildings = {row.path: row for row in rows if row.rank == RANKS[LevelKind.BUILDING]}
    places = {}
    for row in rows:
        building = buildings.get(row.path) or buildings.get(row.path[: -Area.steplen])
        if building is not None:
            estate = building.estate.name if building.estate else ""
            places[row.pk] = Place(estate, building.name, row.name if row.pk != building.pk else "")
    return places


@dataclass(frozen=True, slots=True)
class Export:
    """One file that was taken: when, who, of which community, what for."""

    at: datetime
    who: str
    area: str
    purpose: str


def recent_exports(actor: Actor) -> list[Export]:
    """The latest files taken of the communities one works for."""
    places = dict(Area.objects.filter(pk__in=importing_areas(actor)).order_by().values_list("pk", "name"))
    rows = list(Reveal.objects.filter(subject_kind="area", subject_id__in=places, what=EXPORT).order_by("-pk")[:LISTED])
    names = dict(User.objects.filter(pk__in=[row.user_id for row in rows]).values_list("pk", "name"))
    return [Export(row.at, names.get(row.user_id or 0, ""), places[row.subject_id], row.reason) for row in rows]
