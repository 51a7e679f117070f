"""Plausible outlines: a polygon cut by straight lines into parts of given weights, and points inside one.

The parts of a convex polygon are convex, share their borders and leave no gap; they are no survey.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from shapely.geometry import Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

DECIMALS = 6
HALVINGS = 24


def cut(polygon: BaseGeometry, weights: Sequence[float], rng: Random) -> list[BaseGeometry]:
    """Cut a convex polygon into one part a weight, areas in their proportion."""
    if len(weights) == 1:
        return [polygon]
    middle = len(weights) // 2
    left, right = _halves(polygon, sum(weights[:middle]) / sum(weights), _across(polygon, rng))
    return [*cut(left, weights[:middle], rng), *cut(right, weights[middle:], rng)]


def _across(polygon: BaseGeometry, rng: Random) -> float:
    """The direction of a cut in radians: roughly across the longer side, slightly askew."""
    west, south, east, north = polygon.bounds
    is_wide = (east - west) * math.cos(math.radians(south)) >= north - south
    return (0.0 if is_wide else math.pi / 2) + rng.uniform(-0.3, 0.3)


def _halves(polygon: BaseGeometry, share: float, angle: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Cut by a line square to `angle` so that the first part has this share of the area."""
    centre = polygon.centroid
    reach = 2 * max(polygon.bounds[2] - polygon.bounds[0], polygon.bounds[3] - polygon.bounds[1])
    low, high = -reach, reach
    for _ in range(HALVINGS):
        offset = (low + high) / 2
        part = polygon.intersection(_half_plane(centre.x, centre.y, angle, offset, reach))
        low, high = (offset, high) if part.area < share * polygon.area else (low, offset)
    plane = _half_plane(centre.x, centre.y, angle, offset, reach)
    return polygon.intersection(plane), polygon.difference(plane)


def _half_plane(x: float, y: float, angle: float, offset: float, reach: float) -> BaseGeometry:
    """Everything on one side of a line, as a large rectangle."""
    along, square = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    far = 3 * reach
    corners = [(-far, -far), (offset, -far), (offset, far), (-far, far)]
    return Polygon([(x + a * along[0] + s * square[0], y + a * along[1] + s * square[1]) for a, s in corners])


def geojson(polygon: BaseGeometry) -> dict[str, Any]:
    """The polygon as GeoJSON with six decimals (a tenth of a metre)."""
    ring = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in mapping(polygon)["coordinates"][0]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(polygon: BaseGeometry) -> tuple[float, float]:
    """The middle of a convex polygon: longitude, latitude."""
    centre = polygon.centroid
    return round(centre.x, DECIMALS), round(centre.y, DECIMALS)


def spread(polygon: BaseGeometry, count: int, rng: Random) -> list[tuple[float, float]]:
    """Points inside a convex polygon, in slightly crooked rows as houses stand."""
    west, south, east, north = polygon.bounds
    rows = max(2, math.ceil(math.sqrt(count)) + 1)
    inner = polygon.buffer(-0.12 * min(east - west, north - south))
    room = inner if not inner.is_empty else polygon
    places: list[tuple[float, float]] = []
    while len(places) < count:
        places = [_jittered(box(*room.bounds), column, row, rows, rng) for row in range(rows) for column in range(rows)]
        places = [place for place in places if room.covers(Point(place))]
        rows += 1
    return places[:count]


def _jittered(room: BaseGeometry, column: int, row: int, rows: int, rng: Random) -> tuple[float, float]:
    west, south, east, north = room.bounds
    across = (column + 0.5 + rng.uniform(-0.15, 0.15)) / rows
    along = (row + 0.5 + rng.uniform(-0.15, 0.15)) / rows
    return round(west + across * (east - west), DECIMALS), round(south + along * (north - south), DECIMALS)
