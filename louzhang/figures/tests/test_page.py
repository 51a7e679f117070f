"""数字: what the page says, where its figures lead, and what is taken away as a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.areas.models import Area
from louzhang.figures.models import COUNTS, PlaceDay
from louzhang.kit import clock
from louzhang.workorders.actions import (
    accept_workorder,
    close_workorder,
    dispatch_workorder,
    merge_workorder,
    rate_workorder,
    reopen_workorder,
    report_back_workorder,
    send_back_workorder,
    settle_on_spot_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import Filters, list_orders
from tests.cast import Cast, browser_as

QUERIES_AT_MOST = 12


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    return lambda key: browser_as(cast, key)


@pytest.fixture
def handled(cast: Cast, file, read) -> None:
    """Of five orders one waits, four are settled by the property company; two are rated, one closed by the clock."""
    desk, unit = cast.actor("desk"), cast.actor("property")
    orders = [file(hours) for hours in range(5)]
    for order in orders[1:]:
        at = order.reported_at
        accept_workorder(order_id=order.pk, actor=desk, at=at)
        dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=at)
        take_workorder(order_id=order.pk, actor=unit, at=at + timedelta(minutes=40))
        settle_workorder(order_id=order.pk, note="好了", actor=unit, at=at + timedelta(hours=5))
        report_back_workorder(order_id=order.pk, answer="好了", actor=desk, at=at + timedelta(hours=6))
    late = cast.at + timedelta(hours=30)
    for order, stars in zip(orders[1:3], (5, 2), strict=True):
        rate_workorder(order_id=order.pk, stars=stars, solved=True, actor=cast.device, at=late)
    from louzhang.journal.actor import SYSTEM

    close_workorder(order_id=orders[3].pk, actor=SYSTEM, at=late)
    read()


def address(cast: Cast, name: str = "page", **more: Any) -> str:
    day = clock.local_date(cast.at)
    asked = {"from": day, "to": day + timedelta(days=1)} | more
    return f"{reverse(f'figures:{name}')}?" + "&".join(f"{key}={value}" for key, value in asked.items())


def words_of(answer: Any) -> str:
    return " ".join(
        unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)).split()
    )


def test_the_page_says_the_three_rates_and_what_they_stand_on(cast, handled, sign_in):
    said = words_of(sign_in("desk").get(address(cast)))
    assert "响应率 100% 交办 4 件，按时联系 4 件" in said
    assert "解决率 100% 问到 2 次，已解决 2 次" in said
    assert "满意率 50% 问到 2 次，满意 1 次" in said
    assert "社区 4 100.0%" in said
    assert "签收 4 45 分钟 57 分钟" in said


@pytest.mark.parametrize("by", ["community", "category", "unit", "channel"])
def test_each_count_leads_to_a_list_of_as_many_orders(cast, handled, sign_in, by):
    desk = sign_in("desk")
    page = desk.get(address(cast, by=by)).content.decode()
    links = re.findall(
        r'<a [^>]*href="(/desk/orders/\?[^"]*area=[^"]*)"[^>]*>(?:(?!</a>).)*?(?<=>)(\d+)<', page, re.DOTALL
    )
    assert len(links) >= 8
    for url, count in links:
        listed = words_of(desk.get(unescape(url)))
        assert f"这一页 {count} 件" in listed, url


@pytest.fixture
def varied(cast: Cast, handled, file, read) -> None:
    """Beside those: one settled on the spot by a chief, one opened again, one sent back, one merged away."""
    desk, chief = cast.actor("desk"), cast.actor("chief")
    at = cast.at + timedelta(hours=1)
    settle_on_spot_workorder(order_id=file().pk, note="当场换好了", actor=chief, at=at)
    again = WorkOrder.objects.filter(status="answered").latest("pk")
    reopen_workorder(order_id=again.pk, reason="还在漏", actor=cast.device, at=cast.at + timedelta(hours=12))
    back, merged = file(), file()
    for order in (back, merged):
        accept_workorder(order_id=order.pk, actor=desk, at=at)
    dispatch_workorder(order_id=back.pk, unit=cast.units["property_unit"], actor=desk, at=at)
    send_back_workorder(order_id=back.pk, reason="不归我们", actor=cast.actor("property"), at=at)
    merge_workorder(order_id=merged.pk, into=back.number, actor=desk, at=at)
    read()


LINK = re.compile(r'<a [^>]*href="(/desk/orders/\?[^"]*)"[^>]*>((?:(?!</a>).)*)</a>', re.DOTALL)


def rows_behind(client: Client, url: str) -> int:
    listed = re.search(r"这一页 (\d+) 件", words_of(client.get(unescape(url))))
    return int(listed[1]) if listed else 0


@pytest.mark.parametrize("by", ["community", "category", "unit", "channel"])
def test_every_number_equals_the_rows_behind_it(cast, varied, sign_in, by):
    desk = sign_in("desk")
    page = desk.get(address(cast, by=by)).content.decode()
    links = [(unescape(url), re.sub(r"<[^>]+>", " ", inner).strip()) for url, inner in LINK.findall(page)]
    plain = [(url, int(said)) for url, said in links if said.isdecimal()]
    assert {"settled", "orders", "reopened", "level-4", "level-3", "take_time", "settle_time"} <= {
        match[1] for url, _ in plain if (match := re.search(r"figure=([a-z0-9_-]+)", url))
    }
    for url, count in dict(plain).items():
        assert rows_behind(desk, url) == count, url


def test_a_rate_opens_what_it_was_taken_of(cast, varied, sign_in):
    desk = sign_in("desk")
    answer = desk.get(address(cast))
    total = answer.context["total"]
    told = {stat["label"]: stat["url"] for stat in answer.context["stats"]}
    for label, name in (("响应率", "dispatched"), ("解决率", "judged"), ("满意率", "asked")):
        assert total.count(name) == rows_behind(desk, told[label]) > 0
    assert "交办了的" in words_of(desk.get(told["响应率"]))


@pytest.mark.parametrize("name", COUNTS)
def test_each_count_of_the_roll_ups_has_its_list(cast, varied, name):
    actor = cast.actor("desk")
    listed = list_orders(actor, Filters(figure=name)).count()
    assert listed == sum(getattr(row, name) for row in PlaceDay.objects.all())


def test_an_unknown_figure_shows_nothing_and_says_so(cast, handled, sign_in):
    told = words_of(sign_in("desk").get("/desk/orders/?figure=shoe"))
    assert "不认识的数字" in told
    assert rows_behind(sign_in("desk"), "/desk/orders/?figure=shoe") == 0


@pytest.mark.parametrize("key", ["desk", "street", "commander"])
@pytest.mark.parametrize("by", ["community", "unit", "category"])
def test_the_page_asks_the_database_a_dozen_times_at_most(cast, handled, sign_in, key, by):
    client = sign_in(key)
    client.get(address(cast, by=by))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address(cast, by=by)).status_code == 200
    assert len(seen) <= QUERIES_AT_MOST, [str(query["sql"])[:90] for query in seen]


def test_an_empty_place_says_so_and_a_bad_address_is_read_as_far_as_it_goes(cast, handled, sign_in):
    assert "这段时间没有反映" in words_of(sign_in("stranger_desk").get(address(cast)))
    told = words_of(sign_in("desk").get(f"{reverse('figures:page')}?from=gestern&by=shoe"))
    assert "地址里有的条件看不懂" in told


def test_another_street_is_not_there(cast, handled, sign_in):
    area = cast.areas["community"].pk
    for name in ("page", "file"):
        assert sign_in("stranger_desk").get(address(cast, name, area=area)).status_code == 404
        assert sign_in("chief").get(address(cast, name)).status_code == 403


def test_the_files_say_what_the_page_says_and_run_no_formula(cast, handled, sign_in):
    Area.objects.get_queryset().filter(pk=cast.areas["community"].pk).update(name="=1+1社区")
    street = sign_in("street")
    csv = b"".join(street.get(address(cast, "file", by="community")).streaming_content).decode("utf-8-sig")
    head, row = csv.splitlines()[:2]
    assert head.startswith("社区,反映,在办,已结束,办结,响应率,解决率,满意率")
    assert row.startswith("'=1+1社区,5,1,3,4,100%,100%,50%")
    book = street.get(address(cast, "file", format="xlsx")).content
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert sheets.sheet_names == [
        "按日期",
        "按社区",
        "按类别",
        "按来源",
        "按承办单位",
        "按解决层级",
        "走访按日期",
        "走访按社区",
    ]
    assert sheets.get_sheet_by_name("按社区").to_python()[1][:3] == ["'=1+1社区", "5", "1"]


def test_nothing_of_a_person_stands_in_figures(cast, handled, sign_in):
    page = sign_in("desk").get(address(cast)).content.decode()
    for order in WorkOrder.objects.all():
        assert order.number not in page
        assert order.summary not in page
