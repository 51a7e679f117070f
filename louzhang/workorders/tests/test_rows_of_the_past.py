"""Lists, files, maps and programs tell no more of an order than its page does to the same reader."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.actions import make_api_token
from louzhang.areas.models import Unit
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import Filters, find_order, list_orders
from louzhang.workorders.queries.orders import titles_of_numbers
from louzhang.workorders.queries.points import points_of
from louzhang.workorders.queries.sheets import as_csv, exported_orders

WORDS = "楼道水管爆了，水流到一楼。"


@pytest.fixture
def gone_on(cast, report, do):
    """An order that the property company sent back; it became another category elsewhere and went on."""
    order = report(place_note="二楼平台").order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "send_back", "property", reason="不归我们管")
    do(order, "recategorise", "desk", category=cast.categories["lamp"], hours=2)
    do(order, "relocate", "desk", area=cast.areas["next_building"], hours=2)
    do(order, "dispatch", "desk", unit=Unit.objects.get(name="演示住建局"), hours=2)
    do(order, "take", "department", hours=2)
    return order


def listed(cast, person, order, **filters: Any) -> WorkOrder | None:
    found = list_orders(cast.actor(person), Filters(**filters))
    return next((row for row in found if row.pk == order.pk), None)


def told(cast, person, path):
    _, token = make_api_token(user=cast.people[person], label="测试", is_read_only=True, actor=SYSTEM, at=cast.at)
    answer = Client().get(f"/api/v1/workorders{path}", headers={"authorization": f"Bearer {token}"})
    return answer.json()


def test_a_list_shows_a_unit_the_order_as_it_left_it(cast, gone_on):
    row = listed(cast, "property", gone_on)
    assert row is not None
    assert (row.lead_unit, row.category.code, row.area.name) == (None, "leak", "2单元")
    assert (row.dispatched_at, row.taken_at, row.due_at) == (None, None, None)
    now = listed(cast, "department", gone_on)
    assert now is not None
    assert now.lead_unit is not None
    assert (now.lead_unit.name, now.category.code, now.area.name) == ("演示住建局", "lamp", "13号楼")


def test_a_page_shows_a_unit_category_and_place_as_it_left_them(cast, gone_on):
    found = find_order(cast.actor("property"), gone_on.number)
    assert found is not None
    assert (found.category.code, found.area.name, found.lead_unit) == ("leak", "2单元", None)


def test_no_page_file_or_program_names_who_has_it_now(cast, gone_on, sign_in):
    browser = sign_in("property")
    shown = [browser.get(reverse(name)).content.decode() for name in ("desk:orders", "desk:map", "desk:points")]
    shown.append(as_csv(exported_orders(cast.actor("property"), Filters())).decode())
    shown.append(str(told(cast, "property", "")["rows"]))
    assert all(gone_on.number in text for text in (shown[0], *shown[3:]))
    for text in shown:
        rows = text.split("<tbody", 1)[-1].split("</tbody", 1)[0]
        assert [word for word in ("演示住建局", "13号楼", "2026-03-02 12:00") if word in rows] == []


def test_a_map_puts_it_where_it_was(cast, report, do):
    order = report(longitude=117.15, latitude=34.26).order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "send_back", "property", reason="不归我们管")
    moved = {"longitude": 117.16, "latitude": 34.27}
    do(order, "relocate", "desk", area=cast.areas["next_building"], hours=2, **moved)
    at = [position for _, position in points_of(cast.actor("property"), Filters()).placed]
    assert (117.16, 34.27) not in at
    assert [position for _, position in points_of(cast.actor("desk"), Filters()).placed] == [(117.16, 34.27)]


def test_narrowing_by_unit_does_not_tell_who_has_it_now(cast, gone_on):
    unit = cast.units["department_unit"].pk
    assert listed(cast, "property", gone_on, unit=unit) is None
    assert listed(cast, "department", gone_on, unit=unit) is not None


@pytest.fixture
def reported_too(cast, report, do):
    """A matter that a resident and, later, the department's worker reported; the desk merged them."""
    order = report(place_note="王小芳家门口").order
    other = report(cast.actor("department"), words="下班路过看到积水").order
    do(order, "accept", "desk")
    do(other, "accept", "desk")
    do(other, "merge", "desk", into=order.number, hours=2)
    return order


def test_who_has_a_post_elsewhere_reads_the_own_words_of_a_matter_of_many(cast, reported_too, sign_in):
    row = listed(cast, "department", reported_too)
    assert row is not None
    assert (row.summary, row.place_note) == ("下班路过看到积水", "")
    assert "水管爆了" not in str(told(cast, "department", "")["rows"])
    assert "水管爆了" not in str(titles_of_numbers(cast.actor("department"), [reported_too.number]))
    csv = as_csv(exported_orders(cast.actor("department"), Filters())).decode()
    assert "水管爆了" not in csv
    assert "王小芳" not in csv
    assert "水管爆了" not in sign_in("department").get(reverse("desk:orders")).content.decode()
    at_desk = listed(cast, "desk", reported_too)
    assert at_desk is not None
    assert (at_desk.summary, at_desk.place_note) == (WORDS, "王小芳家门口")


def test_a_search_for_what_another_one_said_finds_nothing(cast, reported_too):
    assert listed(cast, "department", reported_too, words="水管爆了") is None
    assert listed(cast, "desk", reported_too, words="水管爆了") is not None


def test_a_program_of_a_reporter_reads_no_note_among_handlers(cast, report, do):
    order = report(cast.actor("department")).order
    do(order, "accept", "desk", note="已经登记")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"], note="这家人常投诉，先打电话")
    do(order, "take", "property")
    do(order, "settle", "property", note="已经修好")
    heard = str(told(cast, "department", f"/{order.number}/events"))
    assert "常投诉" not in heard
    assert "已经登记" in heard
    assert "已经修好" in heard
    assert "常投诉" in str(told(cast, "desk", f"/{order.number}/events"))
