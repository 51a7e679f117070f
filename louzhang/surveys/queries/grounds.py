"""Places and kinds of homes from which whoever writes a survey chooses."""

from __future__ import annotations

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotYours
from louzhang.register.models import DwellingKind

SHOWN = 120


def office_of(actor: Actor, area_id: int | None = None) -> Area:
    """The area of the office for which the actor asks; raises `NotYours`."""
    seats = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
    chosen = [seat for seat in seats if area_id is None or seat.area_id == area_id]
    if not chosen:
        raise NotYours("排查和问卷由社区、街道或区里的办公室发起。")
    area: Area = Area.objects.select_related("level").get(pk=chosen[0].area_id)
    return area


def places_below(area: Area) -> list[tuple[int, str]]:
    """The whole of it, and the places on the two levels below that hold not too many."""
    rows = Area.objects.current().filter(path__gt=area.path, path__lt=area.path + "~")
    near = rows.filter(depth__lte=area.depth + 2).defer("outline").order_by("path")
    below = list(near[: SHOWN + 1])
    if len(below) > SHOWN:
        below = [each for each in below if each.depth == area.depth + 1]
    return [(area.pk, f"整个{area.name}"), *((each.pk, each.name) for each in below)]


def kinds_of_homes() -> list[tuple[int, str]]:
    """The district's kinds of dwelling."""
    return list(DwellingKind.objects.filter(ended_at=None).order_by("position", "pk").values_list("pk", "name"))
