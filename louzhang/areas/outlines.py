"""Outlines of areas and what lies in them.

The library of shapes and what it stands on weigh some 20 MiB: it is fetched by the first who asks where a point lies,
so that a process that never does, the worker, does not carry it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from louzhang.areas.models import Area
from louzhang.journal.refusals import InputRefused

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

KINDS = ("Polygon", "MultiPolygon")


def refuse_bad_outline(outline: Any) -> BaseGeometry:
    """Raise `InputRefused` unless this is a valid GeoJSON polygon; returns its geometry."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    wrong = InputRefused("边界要是有效的 GeoJSON 面（Polygon 或 MultiPolygon，WGS 84）。", field="outline")
    if not isinstance(outline, dict) or outline.get("type") not in KINDS:
        raise wrong
    try:
        geometry = shape(outline)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise wrong from None
    west, south, east, north = geometry.bounds if not geometry.is_empty else (999, 999, 999, 999)
    if not geometry.is_valid or west < -180 or south < -90 or east > 180 or north > 90:
        raise wrong
    return geometry


@lru_cache(maxsize=4096)
def _geometry(area_id: int, chain_seq: int) -> BaseGeometry | None:
    """The geometry of an area as of one change of it."""
    from shapely.geometry import shape

    outline = Area.objects.filter(pk=area_id, chain_seq=chain_seq).values_list("outline", flat=True).first()
    return shape(outline) if outline else None


Drawn = list[tuple[int, "BaseGeometry"]]


def drawn_areas() -> Drawn:
    """Ids and outlines of the current areas that have one, the lowest first: read once for many points."""
    drawn = Area.objects.current().exclude(outline=None).order_by("-depth")
    pairs = [(area_id, _geometry(area_id, seq)) for area_id, seq in drawn.values_list("pk", "chain_seq")]
    return [(area_id, geometry) for area_id, geometry in pairs if geometry is not None]


def lowest_holding(drawn: Drawn, longitude: float, latitude: float) -> int | None:
    """The id of the lowest of these areas that holds the point."""
    from shapely.geometry import Point

    point = Point(longitude, latitude)
    return next((area_id for area_id, geometry in drawn if geometry.covers(point)), None)


def area_at(longitude: float, latitude: float) -> Area | None:
    """The lowest current area whose outline holds the point; None where no outline does."""
    area_id = lowest_holding(drawn_areas(), longitude, latitude)
    if area_id is None:
        return None
    found: Area = Area.objects.get_queryset().select_related("level").get(pk=area_id)
    return found


def lies_in_district(longitude: float, latitude: float) -> bool:
    """Whether a point is inside the district's outline; without one, every point is."""
    from shapely.geometry import Point

    root = Area.objects.current().filter(depth=1).first()
    if root is None or not root.outline:
        return True
    geometry = _geometry(root.pk, root.chain_seq)
    return geometry is None or bool(geometry.covers(Point(longitude, latitude)))
