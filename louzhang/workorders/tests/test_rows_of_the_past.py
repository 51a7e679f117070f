"""Lists, files, maps and programs tell no more of an order than its page does to the same reader."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.actions import make_api_token
from louzhang.areas.models import Unit
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import Filters, find_order, list_orders
from louzhang.workorders.queries.counting import count_steps
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


@pytest.mark.parametrize(
    "given",
    [{"category": "lamp"}, {"category": "leak"}, {"is_urgent": False}, {"channel": "resident"}, {"clock": "settle"},
     {"step": "late"}, {"step": "returned"}, {"step": "supervised"}, {"step": "shelved"}, {"figure": "orders"}],
)  # fmt: skip
def test_narrowing_by_what_an_order_is_now_leaves_out_what_a_unit_only_had(cast, gone_on, do, given):
    do(gone_on, "supervise", "street", demand="请抓紧", due_date=cast.at.date() + timedelta(days=9), hours=3)
    assert listed(cast, "property", gone_on, **given) is None


def test_narrowing_by_place_leaves_it_out_of_the_old_place_and_the_new_one(cast, gone_on):
    for area in ("building", "next_building", "community"):
        assert listed(cast, "property", gone_on, area=cast.areas[area].pk) is None
    assert listed(cast, "department", gone_on, area=cast.areas["community"].pk) is not None


def test_number_day_and_step_still_find_what_a_unit_had(cast, gone_on):
    day = gone_on.reported_at.date()
    for given in ({"number": gone_on.number}, {"since": day, "until": day}, {"step": "taken"}, {"step": "open"}):
        assert listed(cast, "property", gone_on, **given) is not None


def test_an_order_a_unit_still_helps_with_is_found_by_everything(cast, report, do):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["department_unit"], assists=[cast.units["property_unit"]])
    for given in ({"category": "leak"}, {"clock": "settle"}, {"area": cast.areas["building"].pk}):
        assert listed(cast, "property", order, **given) is not None


def test_a_reporter_cannot_ask_for_marks_clocks_or_figures_of_a_matter(cast, reported_too, do):
    do(reported_too, "supervise", "street", demand="请抓紧", due_date=cast.at.date() + timedelta(days=9), hours=3)
    for given in ({"step": "supervised"}, {"step": "late"}, {"clock": "settle"}, {"channel": "resident"}):
        assert listed(cast, "department", reported_too, **given) is None
    assert listed(cast, "department", reported_too, step="accepted") is not None
    assert listed(cast, "street", reported_too, step="supervised") is not None


def test_the_counts_beside_a_list_tell_no_more_than_the_list(cast, gone_on, do):
    do(gone_on, "supervise", "street", demand="请抓紧", due_date=cast.at.date() + timedelta(days=9), hours=3)
    counts = count_steps(cast.actor("property"), cast.at + timedelta(days=30))
    assert (counts.here["taken"], counts.here["late"], counts.here["supervised"]) == (1, 0, 0)
    assert count_steps(cast.actor("department"), cast.at + timedelta(days=30)).here["supervised"] == 1


def test_the_list_of_meetings_shows_a_unit_that_was_only_called_the_category_of_then(cast, report, do, sign_in):
    order = report().order
    WorkOrder.objects.filter(pk=order.pk).update(summary="")
    do(order, "accept", "desk")
    called = {"units": [cast.units["property_unit"]], "place": "8号楼下", "held_at": cast.at + timedelta(hours=9)}
    do(order, "call_meeting", "desk", **called)
    do(order, "recategorise", "desk", category=cast.categories["lamp"], hours=2)
    shown = sign_in("property").get(reverse("desk:meetings")).content.decode()
    assert "漏水" in shown
    assert "楼道灯" not in shown
    assert "楼道灯" in sign_in("desk").get(reverse("desk:meetings")).content.decode()


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
