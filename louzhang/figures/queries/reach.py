"""Which figures somebody may see: those of the places whose offices they work in, and of places below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import BEARING
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor, Seat
from louzhang.journal.refusals import InputRefused, NotThere, NotYours

DAYS_USUAL = 30
DAYS_AT_MOST = 1_100


@dataclass(frozen=True, slots=True)
class Reach:
    """What is asked for, cut to what the actor may see.

    `floor_rank` is the level of the actor's office: orders that begin above it are not counted.
    """

    actor: Actor
    area: Area
    floor_rank: int
    since: date
    until: date

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole district."""
        return len(self.area.path) == Area.steplen


def reach_of(actor: Actor, area_id: int | None, since: date | None, until: date | None, *, today: date) -> Reach:
    """The place and the days asked for; without a place the actor's own, without days the last thirty.

    Raises `NotYours` for whoever works in no office, `NotThere` for a place out of scope or unknown,
    `InputRefused` for a place below the communities or days that make no period.
    """
    offices = sorted(actor.seats_with(*OFFICE_ROLES), key=lambda seat: (seat.rank, seat.path))
    if not offices and area_id is None:
        raise NotYours("数字按地点统计，您现在没有社区、街道或区级办公室的职务，看不到。")
    area = _area(area_id or (offices[0].area_id if offices else None))
    seat = _seat_above(area, offices)
    if area is None or seat is None:
        raise NotThere("没有找到这个地点，或它不在您的范围内。请重新选择地点。")
    if area.level.kind not in BEARING:
        raise InputRefused("数字统计到社区为止，请选择社区、街道或全区。", field="area")
    first, last = _days(since, until, today)
    return Reach(actor=actor, area=area, floor_rank=seat.rank, since=first, until=last)


def _area(area_id: int | None) -> Area | None:
    found: Area | None = Area.objects.filter(pk=area_id).select_related("level").defer("outline").first()
    return found


def _seat_above(area: Area | None, offices: list[Seat]) -> Seat | None:
    """The highest of the actor's offices that the place belongs to."""
    return next((seat for seat in offices if area is not None and area.path.startswith(seat.path)), None)


def _days(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    last = until or max(today, since or today)
    first = since or last - timedelta(days=DAYS_USUAL - 1)
    if first > last:
        raise InputRefused("开始日期晚于结束日期，请重新选择。", field="from")
    if (last - first).days >= DAYS_AT_MOST:
        raise InputRefused(f"一次最多看 {DAYS_AT_MOST} 天，请缩短日期范围。", field="from")
    return first, last
