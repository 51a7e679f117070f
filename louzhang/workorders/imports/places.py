"""Where the rows of a file lie: the area they name, else the outline that holds them, else the map's."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.outlines import drawn_areas, lowest_holding
from louzhang.areas.queries import district
from louzhang.journal.refusals import InputRefused
from louzhang.kit.coordinates import Datum, Point, to_wgs84
from louzhang.workorders.imports.maps import BadMap

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]


def fallback_area(code: str) -> Area:
    """The area of the map for rows that name none or lie outside; blank is the district itself.

    Raises `BadMap` before anything is read when there is no such area.
    """
    if not code:
        root = district()
        if root is None:
            raise BadMap("这个数据库里还没有区县，请先用 manage.py found_district 建好区划再导入。")
        return root
    area: Area | None = Area.objects.current().select_related("level").filter(code=code).first()
    if area is None:
        raise BadMap(f"对照表里 area 写的地点编码“{code}”不存在或已停用，请改正后重试。")
    return area


def read_position(longitude: str, latitude: str, datum: Datum) -> Point | None:
    """A position as WGS 84; None where the row gives none.

    Raises `InputRefused` for half a position, something else than numbers, or none of this earth.
    """
    if not longitude and not latitude:
        return None
    try:
        lon, lat = float(longitude), float(latitude)
    except ValueError:
        raise InputRefused("经纬度不完整或不是数字。", field="position") from None
    if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputRefused("经纬度超出范围（经度 ±180，纬度 ±90），可能写反了。", field="position")
    return to_wgs84(lon, lat, datum)


class Places:
    """Places rows; areas and outlines are read once for the whole file."""

    def __init__(self, fallback: Area, renamed: Mapping[str, str]) -> None:
        self._fallback = fallback
        self._renamed = renamed
        rows = Area.objects.current().order_by().values_list("pk", "code", "level__kind")
        self._ranks: dict[int, int] = {pk: RANKS[kind] for pk, _, kind in rows}
        self._ids: dict[str, int] = {code: pk for pk, code, _ in rows}
        self._drawn = drawn_areas()
        root = district()
        self._outside = [(pk, shape) for pk, shape in self._drawn if root is not None and pk == root.pk]

    def place(self, named: str, position: Point | None) -> tuple[int, bool]:
        """The id of the row's area, and whether it still waits to be placed by a person.

        Raises `InputRefused` for the name of an area that the district does not have.
        """
        if named:
            return self._named(named), False
        found = self._drawn_at(position) if position else None
        area_id = found if found is not None else self._fallback.pk
        if self._ranks[area_id] < self._fallback.level.rank:
            area_id = self._fallback.pk  # only a street or the district is known: the map's is closer
        return area_id, self._ranks[area_id] < COMMUNITY_RANK

    def _named(self, named: str) -> int:
        code = self._renamed.get(named, named)
        if code not in self._ids:
            raise InputRefused(f"没有编码为“{code[:30]}”的地点。", field="area")
        return self._ids[code]

    def _drawn_at(self, position: Point) -> int | None:
        if self._outside and lowest_holding(self._outside, *position) is None:
            return None
        return lowest_holding(self._drawn, *position)
