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


LONG = [
    HOME,
    *(Item(label=f"登记 {n}", url=f"/{n}/", group="登记", count=n, tone="overdue" if n == 2 else "") for n in range(8)),
    *(Item(label=f"统计 {n}", url=f"/s{n}/", group="统计") for n in range(8)),
]


def test_a_long_menu_folds_what_belongs_together_and_says_what_waits_in_it() -> None:
    home, calls, figures = navigation.folds_of(LONG)
    assert (home.label, home.is_open, calls.is_open, figures.is_open) == ("", True, False, False)
    assert (calls.count, calls.tone, figures.count, figures.tone) == (28, "overdue", 0, "")


def test_a_fold_is_open_where_one_is_where_it_was_opened_before_and_in_a_short_menu(request_of: Any) -> None:
    here = Item(label="数字", url="/s/", group="统计", current=True)
    assert [fold.is_open for fold in navigation.folds_of([*LONG, here], ["登记"])] == [True, True, True]
    assert all(fold.is_open for fold in navigation.folds_of(LONG[:5]))
    navigation.add_items("desk", lambda _: LONG)
    request = request_of()
    request.COOKIES["lz_folds"] = "%E7%BB%9F%E8%AE%A1.unknown"
    page = render_to_string("shell/desk.html", {}, request=request)
    assert page.count('<details class="lz-side-fold"') == 2
    assert 'data-fold="统计" open' in page
    assert 'data-fold="登记">' in page


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
