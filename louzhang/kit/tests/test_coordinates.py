import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit.coordinates import Datum, Point, distance_m, from_wgs84, to_wgs84

TIANANMEN = (116.404, 39.915)
longitudes = st.floats(74.0, 134.9)
latitudes = st.floats(4.0, 53.4)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # the example of wandergis/coordtransform and the test points of googollee/eviltransform
        (TIANANMEN, (116.41024449916938, 39.91640428150164)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171774808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_pairs_agree(wgs84: Point, gcj02: Point) -> None:
    assert distance_m(from_wgs84(*wgs84, Datum.GCJ02), gcj02) < 0.2
    assert distance_m(to_wgs84(*gcj02, Datum.GCJ02), wgs84) < 0.2


def test_the_published_examples_agree_in_every_digit() -> None:
    assert from_wgs84(*TIANANMEN, Datum.GCJ02) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-11)
    assert from_wgs84(*TIANANMEN, Datum.BD09) == pytest.approx((116.41662724378733, 39.922699552216216), abs=1e-11)


def test_the_published_exact_inverse_agrees() -> None:
    published = (116.39775549316407, 39.913596801757805)
    assert distance_m(to_wgs84(*TIANANMEN, Datum.GCJ02), published) < 0.1


@given(lon=longitudes, lat=latitudes)
def test_there_and_back_is_within_a_centimetre(lon: float, lat: float) -> None:
    assert distance_m(to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02), (lon, lat)) < 0.01


@given(lon=longitudes, lat=latitudes)
def test_there_and_back_through_baidu_is_within_a_metre(lon: float, lat: float) -> None:
    assert distance_m(to_wgs84(*from_wgs84(lon, lat, Datum.BD09), Datum.BD09), (lon, lat)) < 1


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("place", [(-118.24, 34.05), (0.0, 0.0), (139.7, 35.7), (2.35, 48.86)])
def test_places_outside_china_stay_where_they_are(place: Point, datum: Datum) -> None:
    assert to_wgs84(*place, datum) == place
    assert from_wgs84(*place, datum) == place


def test_satellite_positions_stay_where_they_are() -> None:
    assert to_wgs84(*TIANANMEN, Datum.WGS84) == TIANANMEN


def test_the_shift_inside_china_is_hundreds_of_metres() -> None:
    assert 300 < distance_m(from_wgs84(*TIANANMEN, Datum.GCJ02), TIANANMEN) < 800


def test_distances_are_metres() -> None:
    assert distance_m((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111_195, rel=1e-3)
    assert distance_m(TIANANMEN, (121.4737, 31.2304)) == pytest.approx(1_067_000, rel=0.01)
    assert distance_m((0.0, 0.0), (180.0, 0.0)) == pytest.approx(20_015_114, rel=1e-3)
    assert distance_m(TIANANMEN, TIANANMEN) == 0
