from typing import Any

import pytest
from django.template.loader import render_to_string

from louzhang.shell import navigation
from louzhang.shell.parts import Item

HOME = Item(label="首页", url="/", icon="home", current=True)
MINE = Item(label="我的事", url="/mine/", icon="clipboard-list", count=2)


def test_tabs_stand_in_the_order_asked_for(request_of: Any) -> None:
    navigation.add_items("resident", lambda _: [MINE], order=20)
    navigation.add_items("resident", lambda _: [HOME], order=10)
    assert navigation.items_for("resident", request_of()) == [HOME, MINE]


def test_a_tab_says_where_one_is_and_how_much_waits(request_of: Any) -> None:
    navigation.add_items("resident", lambda _: [HOME, MINE])
    page = render_to_string("shell/phone.html", {}, request=request_of())
    assert page.count('aria-current="page"') == 1
    assert "，2 件" in page


def test_workers_have_tabs_of_their_own(request_of: Any) -> None:
    navigation.add_items("resident", lambda _: [MINE])
    navigation.add_items("field", lambda _: [Item(label="今天", url="/field/", icon="home")])
    page = render_to_string("shell/field.html", {}, request=request_of())
    assert "今天" in page
    assert "我的事" not in page


def test_a_page_that_shows_no_menu_asks_nobody(request_of: Any) -> None:
    def asked(_: object) -> list[Item]:
        raise AssertionError("asked for a menu the page does not show")

    navigation.add_items("desk", asked)
    render_to_string("shell/phone.html", {}, request=request_of())


def test_an_unknown_menu_or_fact_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown menu"):
        navigation.add_items("nowhere", lambda _: [])
    with pytest.raises(ValueError, match="unknown fact"):
        navigation.set_fact("nothing", lambda _: "")


def test_the_demo_says_that_it_is_one(request_of: Any) -> None:
    assert "均为虚构" not in render_to_string("shell/phone.html", {}, request=request_of())
    navigation.set_fact("is_demo", lambda _: True)
    assert "演示数据，均为虚构。" in render_to_string("shell/phone.html", {}, request=request_of())


def test_the_filing_number_is_hidden_until_there_is_one(request_of: Any) -> None:
    assert "beian" not in render_to_string("shell/phone.html", {}, request=request_of())
    navigation.set_fact("filing_number", lambda _: "辽ICP备1号")
    assert "辽ICP备1号" in render_to_string("shell/phone.html", {}, request=request_of())


def test_a_stopped_worker_shows_on_the_desk(request_of: Any) -> None:
    navigation.set_fact("worker_down", lambda _: True)
    assert "后台处理已停" in render_to_string("shell/desk.html", {}, request=request_of())
