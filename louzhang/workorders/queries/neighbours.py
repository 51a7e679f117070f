"""我也遇到: what the desk has made public about matters near a place, for whoever is about to report one.

Only lines and photos released by staff, only for categories of public space; nothing of any reporter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.models import Attachment, AttachmentStage
from louzhang.kit.coordinates import distance_m
from louzhang.workorders.lifecycle import IN_PROGRESS
from louzhang.workorders.models import Category, Handling, PublicLine

LINES_AT_MOST = 3
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Near:
    """One public line near a place, with its photo where one was released."""

    line: PublicLine
    photo: Attachment | None


def lines_near(
    category: Category | None, area: Area | None, longitude: float | None, latitude: float | None
) -> list[Near]:
    """The public lines of this category near a place, the newest first (two queries, none for other categories).

    Near is the same building, grid or open place; by position what the category calls the same. A whole
    community is near only for whoever names nothing smaller and no position.
    """
    if category is None or not category.is_public_space or category.handling != Handling.PLAIN:
        return []
    if area is None and longitude is None:
        return []
    rows = PublicLine.objects.filter(
        ended_at=None, order__category=category, order__status__in=sorted(IN_PROGRESS)
    ).select_related("order__area__level")
    around = rows.filter(order__area__in=_around(area)) if area is not None else rows
    point = (longitude, latitude) if longitude is not None and latitude is not None else None
    found = [line for line in around.order_by("-pk")[:LOOKED_AT] if _is_near(line, category, area, point)]
    return _with_photos(found[:LINES_AT_MOST])


def _around(area: Area) -> Any:
    """What lies in the community of a place, or in the place itself where it is larger."""
    depth = RANKS[LevelKind.COMMUNITY]
    path = str(area.path)[: Area.steplen * depth]
    return Area.objects.get_queryset().under_paths([path]).order_by().values("pk")


def _is_near(line: PublicLine, category: Category, area: Area | None, point: tuple[float, float] | None) -> bool:
    order = line.order
    if point is not None and order.longitude is not None and order.latitude is not None:
        return distance_m(point, (order.longitude, order.latitude)) <= category.same_metres
    if area is None:
        return False
    is_wide = RANKS[area.level.kind] <= RANKS[LevelKind.COMMUNITY]
    one, other = _place(area), _place(order.area)
    return (is_wide and point is None) or one.startswith(other) or other.startswith(one)


def _place(area: Area) -> str:
    """The building of a stairwell, else the place itself."""
    path = str(area.path)
    return path[: -Area.steplen] if area.level.kind == LevelKind.STAIRWELL else path


def _with_photos(lines: Sequence[PublicLine]) -> list[Near]:
    wanted = [line.photo for line in lines if line.photo is not None]
    ready = Attachment.objects.filter(Q(uid__in=wanted), stage=AttachmentStage.READY) if wanted else ()
    files = {file.uid: file for file in ready}
    return [Near(line, files.get(line.photo) if line.photo else None) for line in lines]
