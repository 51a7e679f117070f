"""The three datums of coordinates in China and the way between them. What we store is always WGS 84.

Phones inside WeChat, AMap and Tencent give GCJ-02, Baidu BD-09; both lie hundreds of metres off. Points are
(longitude, latitude) in degrees. Outside China the datums agree and nothing is changed.
"""

from enum import StrEnum
from math import asin, atan2, cos, pi, radians, sin, sqrt

Point = tuple[float, float]

_SEMI_MAJOR_AXIS = 6378245.0  # Krasovsky 1940, in metres
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_TURN = pi * 3000.0 / 180.0
_EARTH_RADIUS = 6371008.8  # mean radius, in metres
_CHINA = (73.66, 3.86, 135.05, 53.55)
_CLOSE_ENOUGH = 1e-10
_MOST_ROUNDS = 30


class Datum(StrEnum):
    """Where a coordinate comes from: satellites (≈ CGCS2000), AMap and Tencent, Baidu."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """Give the satellite position of a point given in ``datum``, exact to about a centimetre."""
    if datum is Datum.WGS84 or not _is_in_china(lon, lat):
        return lon, lat
    target = _gcj02_of_bd09(lon, lat) if datum is Datum.BD09 else (lon, lat)
    guess = target
    for _ in range(_MOST_ROUNDS):
        shifted = _gcj02_of_wgs84(*guess)
        error = shifted[0] - target[0], shifted[1] - target[1]
        guess = guess[0] - error[0], guess[1] - error[1]
        if max(abs(error[0]), abs(error[1])) < _CLOSE_ENOUGH:
            break
    return guess


def from_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """Give a satellite position as a map of ``datum`` shows it."""
    if datum is Datum.WGS84 or not _is_in_china(lon, lat):
        return lon, lat
    gcj02 = _gcj02_of_wgs84(lon, lat)
    return _bd09_of_gcj02(*gcj02) if datum is Datum.BD09 else gcj02


def distance_m(a: Point, b: Point) -> float:
    """Measure the metres between two WGS 84 points along the surface (haversine; 0.5 % at worst)."""
    lon_a, lat_a, lon_b, lat_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_RADIUS * asin(min(1.0, sqrt(half)))


def _is_in_china(lon: float, lat: float) -> bool:
    west, south, east, north = _CHINA
    return west < lon < east and south < lat < north


def _gcj02_of_wgs84(lon: float, lat: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    root = sqrt(abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += _ripple(y) + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += _ripple(x) + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    latitude = radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * sin(latitude) ** 2
    meridian = _SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    parallel = _SEMI_MAJOR_AXIS / sqrt(magic) * cos(latitude)
    return lon + east * 180.0 / (parallel * pi), lat + north * 180.0 / (meridian * pi)


def _ripple(along: float) -> float:
    return (20.0 * sin(along * pi) + 40.0 * sin(along / 3.0 * pi)) * 2.0 / 3.0


def _bd09_of_gcj02(lon: float, lat: float) -> Point:
    radius = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _gcj02_of_bd09(lon: float, lat: float) -> Point:
    x, y = lon - 0.0065, lat - 0.006
    radius = sqrt(x * x + y * y) - 0.00002 * sin(y * _BAIDU_TURN)
    angle = atan2(y, x) - 0.000003 * cos(x * _BAIDU_TURN)
    return radius * cos(angle), radius * sin(angle)
