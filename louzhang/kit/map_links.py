"""Addresses that open a place in the map of somebody else's phone: AMap, Baidu, Tencent, each in its own datum."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from louzhang.kit.coordinates import Datum, from_wgs84

# Who asks; the three want a name there.
_SOURCE = "louzhang"


@dataclass(frozen=True, slots=True)
class MapLink:
    """The name of a map and the address that opens one place in it."""

    label: str
    url: str


def map_links(lon: float, lat: float, name: str) -> list[MapLink]:
    """Links for one WGS 84 position; `name` is what stands beside the mark and names no person."""
    said = quote(name, safe="")
    east, north = _six_digits(lon, lat, Datum.GCJ02)
    baidu_east, baidu_north = _six_digits(lon, lat, Datum.BD09)
    amap = (
        f"https://uri.amap.com/marker?position={east},{north}&name={said}&coordinate=gaode&callnative=1&src={_SOURCE}"
    )
    baidu = (
        f"https://api.map.baidu.com/marker?location={baidu_north},{baidu_east}&title={said}&content={said}"
        f"&coord_type=bd09ll&output=html&src=webapp.{_SOURCE}.{_SOURCE}"
    )
    # A sign of its own grammar inside the name would end it early.
    plain = quote(name.translate(str.maketrans(":;|,", "    ")), safe="")
    mark = f"coord:{north},{east};title:{plain};addr:{plain}"
    tencent = f"https://apis.map.qq.com/uri/v1/marker?marker={mark}&coord_type=2&referer={_SOURCE}"
    return [MapLink("高德地图", amap), MapLink("百度地图", baidu), MapLink("腾讯地图", tencent)]


def _six_digits(lon: float, lat: float, datum: Datum) -> tuple[str, str]:
    shifted = from_wgs84(lon, lat, datum)
    return f"{shifted[0]:.6f}", f"{shifted[1]:.6f}"
