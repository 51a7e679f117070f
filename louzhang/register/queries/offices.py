"""The place whose counts an office reads, and whether it lies where the actor keeps the register."""

from __future__ import annotations

from dataclasses import dataclass

from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import BEARING, places_of
from louzhang.areas.rights import offices_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.register.scope import keeps_area


@dataclass(frozen=True, slots=True)
class Ward:
    """A place with its counts; outside the community small ones are not told (`is_inside` says which)."""

    area: Area
    is_inside: bool


def ward_of(actor: Actor, area_id: int | None) -> Ward:
    """The place asked for, else that of the actor's highest office; one query. Counts of holders may be read of all
    places below an office.

    Raises `NotYours` for whoever works in no office, `NotThere` for a place out of reach or below the communities.
    """
    offices = sorted(offices_of(actor), key=lambda seat: (seat.rank, seat.path))
    if not offices:
        raise NotYours("这一页按地点统计，您现在没有社区、街道或区级办公室的职务，看不到。")
    rows = Area.objects.filter(pk=area_id or offices[0].area_id, level__kind__in=BEARING)
    area: Area | None = rows.select_related("level").defer("outline").first()
    if area is None or not any(area.path.startswith(seat.path) for seat in offices):
        raise NotThere("没有找到这个地点，或它不在您的范围内。请重新选择地点。")
    return Ward(area, keeps_area(actor, area))


def own_ward_of(actor: Actor, area_id: int | None) -> Ward:
    """The same for counts of people: outside the community only of the own offices, never of a place below.

    Two tables of different levels would give away by their sums what each of them hides.
    """
    ward = ward_of(actor, area_id)
    if not ward.is_inside and ward.area.pk not in {seat.area_id for seat in offices_of(actor)}:
        raise NotThere("居民的数字只统计到下一级。要看更细的，请联系那里的街道或社区。")
    return ward


def own_wards(actor: Actor) -> list[tuple[Area, str]]:
    """The places `own_ward_of` gives; one query."""
    own = {seat.area_id for seat in offices_of(actor)}
    return [(area, label) for area, label in places_of(actor) if area.pk in own or keeps_area(actor, area)]
