"""The settings pages: who opens which, what they cost, and the stranger from the other street."""

import pytest
from django.test import Client

from tests.cast import PEOPLE, Cast

HOME = "/desk/settings/"
LISTS = ["", "areas/", "levels/", "units/", "posts/", "posts/vacant/", "posts/seats/", "titles/", "registry/"]
FILES = ["areas/csv/", "units/csv/", "posts/csv/"]
OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
READERS = OFFICES | {"system_admin", "security_admin", "audit_admin"}


@pytest.mark.parametrize("page", [*LISTS, *FILES])
def test_offices_and_administrators_read_and_nobody_else(cast, browser_of, page):
    opened = {key for key, *_ in PEOPLE if browser_of(key).get(HOME + page).status_code == 200}
    assert opened == READERS
    assert Client().get(HOME + page).status_code == 302


def pages_of(cast: Cast) -> dict[str, str]:
    pages = {page: HOME + page for page in LISTS}
    pages["area"] = f"{HOME}areas/{cast.areas['grid'].pk}/"
    pages["building"] = f"{HOME}areas/{cast.areas['building'].pk}/"
    pages["found"] = f"{HOME}areas/?q=网格"
    pages["unit"] = f"{HOME}units/{cast.units['property_unit'].pk}/"
    pages["post"] = f"{HOME}posts/{cast.posts['chief'].pk}/"
    pages["appoint"] = f"{HOME}posts/new/?area={cast.areas['building'].pk}"
    pages["setting"] = f"{HOME}registry/place_name/"
    return pages


@pytest.mark.parametrize("key", ["desk", "commander", "system_admin"])
def test_no_page_costs_more_than_twelve_queries(cast, browser_of, django_assert_max_num_queries, key):
    client = browser_of(key)
    for name, url in pages_of(cast).items():
        if key == "system_admin" and name == "appoint":
            continue
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200, name


@pytest.mark.parametrize("key", ["stranger_desk", "stranger_street"])
def test_the_stranger_from_the_other_street_finds_nothing_of_ours(cast, browser_of, key):
    client = browser_of(key)
    for name in ("area", "building", "unit", "post", "appoint"):
        assert client.get(pages_of(cast)[name]).status_code == 404, name
    assert "3号网格" not in client.get(f"{HOME}areas/?q=3号").content.decode()
    posts = client.get(f"{HOME}posts/").content.decode()
    assert "演示楼长" not in posts
    assert "演示外街楼长" in posts
    units = client.get(f"{HOME}units/").content.decode()
    assert "演示安居物业" not in units
    assert "演示住建局" in units


@pytest.mark.parametrize("asked", ["cursor=x", "q=" + "长" * 500, "role=boss&state=x&area=x", "kind=x&ended=x"])
def test_a_broken_filter_gets_a_page_or_a_sentence(cast, browser_of, asked):
    client = browser_of("system_admin")
    for page in ("areas/", "units/", "posts/", "posts/vacant/"):
        answer = client.get(f"{HOME}{page}?{asked}")
        assert answer.status_code == (400 if "cursor" in asked else 200), page


def test_the_menu_leads_to_the_settings_and_their_parts(cast, browser_of):
    page = browser_of("system_admin").get(HOME).content.decode()
    for label in ("设置", "区划", "承办单位", "任职", "职务名称", "参数和开关"):
        assert label in page
