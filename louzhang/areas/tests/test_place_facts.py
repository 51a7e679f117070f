"""What every page says about the place comes from the district's settings, by one query."""

import pytest
from django.test import Client

from louzhang.areas.actions import change_setting
from louzhang.areas.queries import settings_now
from louzhang.areas.settings_registry import REGISTRY
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused
from tests.cast import MORNING


def test_name_filing_number_and_hotline_stand_on_the_page(cast, in_the_morning):
    said = {"place_name": "溪湖区", "filing_number": "辽ICP备1号", "hotline": "0414-2345678"}
    for key, value in said.items():
        change_setting(key=key, value=value, actor=SYSTEM, at=MORNING)
    page = Client().get("/feedback/").content.decode()
    assert all(value in page for value in said.values())
    assert "演示数据" not in page


def test_the_demo_says_so_on_every_page(cast, in_the_morning):
    change_setting(key="is_demo", value=True, actor=SYSTEM, at=MORNING)
    assert "演示数据" in Client().get("/feedback/").content.decode()


def test_all_settings_cost_one_query_and_the_last_one_said_holds(db, django_assert_num_queries):
    change_setting(key="place_name", value="旧名", actor=SYSTEM, at=MORNING)
    change_setting(key="place_name", value="新名", actor=SYSTEM, at=MORNING)
    with django_assert_num_queries(1):
        said = settings_now(MORNING)
    assert said["place_name"] == "新名"
    assert said["order_prefix"] == REGISTRY["order_prefix"].default


def test_a_datum_nobody_draws_tiles_in_is_refused(cast):
    with pytest.raises(InputRefused, match="请从给出的坐标系里选一个。"):
        change_setting(key="map_datum", value="mercator", actor=cast.actor("system_admin"), at=MORNING)
    assert settings_now(MORNING)["map_datum"] == "wgs84"
