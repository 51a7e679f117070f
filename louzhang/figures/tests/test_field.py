"""Visits and good deeds in the figures: one entry feeds them too, and a replay writes the same rows."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import python_calamine
from django.urls import reverse

from louzhang.fieldwork.actions.deeds import take_back_deed, tell_deed
from louzhang.fieldwork.actions.visiting import Learnt, Problem, write_visit
from louzhang.figures.actions import rebuild_figures
from louzhang.figures.actions.field_rolling import stored_field_rows
from louzhang.figures.models import DeedDay, VisitDay
from louzhang.figures.queries.counting import By
from louzhang.figures.queries.field import count_field, total_of
from louzhang.figures.queries.reach import reach_of
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Stuck
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from tests.cast import browser_as


@pytest.fixture
def homes(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def visit(cast, homes, door="own", key="chief", days=0, outcome="met", **learnt: Any):
    return write_visit(
        dwelling_id=homes.dwellings[door].pk, household_id=homes.households[door].pk, outcome=outcome,
        learnt=Learnt(**learnt), actor=cast.actor(key), at=cast.at + timedelta(days=days),
    )  # fmt: skip


def deed(cast, area="building", key="chief", days=0):
    day = clock.local_date(cast.at) + timedelta(days=days)
    return tell_deed(area=cast.areas[area], day=day, words="替老人抬水", actor=cast.actor(key), at=cast.at)


@pytest.fixture
def some(cast, homes, read):
    """Three visits here, one with an order and one with a need, one in the other street; two deeds, one gone."""
    visit(cast, homes, problem=Problem(cast.categories["lamp"], "楼道灯不亮"))
    visit(cast, homes, need="想装扶手", days=1)
    visit(cast, homes, "next", "next_chief", outcome="nobody")
    visit(cast, homes, "other", "stranger_chief")
    deed(cast, days=-1)
    take_back_deed(uid=deed(cast).uid, actor=cast.actor("chief"), at=cast.at)
    read()
    assert not Stuck.objects.exists()


def counts(cast, key="desk", by=By.DAY, **more):
    day = clock.local_date(cast.at)
    asked = {"area_id": None, "since": day - timedelta(days=5), "until": day + timedelta(days=5)} | more
    reach = reach_of(cast.actor(key), today=day, **asked)
    return count_field(reach, by)


def test_one_entry_feeds_the_figures_too(cast, some):
    total = total_of(counts(cast).values()).counts
    assert total == {
        "visits": 3, "met": 2, "nobody": 1, "later": 0, "declined": 0, "needs": 1, "orders": 1, "deeds": 1,
    }  # fmt: skip


def test_each_counts_on_its_day_and_in_its_community(cast, some):
    day = clock.local_date(cast.at)
    by_day = counts(cast)
    assert {key: figures.counts["visits"] for key, figures in by_day.items()} == {
        day - timedelta(days=1): 0, day: 2, day + timedelta(days=1): 1,
    }  # fmt: skip
    assert by_day[day - timedelta(days=1)].counts["deeds"] == 1
    by_place = counts(cast, "commander", By.COMMUNITY)
    assert {key: figures.counts["visits"] for key, figures in by_place.items()} == {
        cast.areas["community"].pk: 3, cast.areas["other_community"].pk: 1,
    }  # fmt: skip


def test_an_office_reads_its_own_place_and_days_alone(cast, some):
    assert total_of(counts(cast, "stranger_desk").values()).counts["visits"] == 1
    day = clock.local_date(cast.at)
    assert total_of(counts(cast, since=day, until=day).values()).counts["visits"] == 2


def test_a_replay_writes_the_same_rows_byte_by_byte(cast, homes, some, read):
    before = list(stored_field_rows())
    assert len(before) == 4
    rebuild_figures()
    assert list(stored_field_rows()) == before
    visit(cast, homes, days=2)
    rebuild_figures()
    assert list(stored_field_rows()) == before, "what no reader has had is left to the reader"
    read()
    followed = list(stored_field_rows())
    rebuild_figures()
    assert list(stored_field_rows()) == followed != before


def test_a_day_whose_deeds_were_all_taken_back_has_no_row(cast, some):
    assert DeedDay.objects.count() == 1
    assert set(VisitDay.objects.values_list("area_id", flat=True)) == {
        cast.areas["community"].pk, cast.areas["other_community"].pk,
    }  # fmt: skip


def address(cast, name="page", **more):
    day = clock.local_date(cast.at)
    asked = {"from": day - timedelta(days=5), "to": day + timedelta(days=5)} | more
    return f"{reverse(f'figures:{name}')}?" + "&".join(f"{key}={value}" for key, value in asked.items())


def test_the_page_shows_them_and_a_community_opens_its_own(cast, some):
    street = browser_as(cast, "street").get(address(cast))
    text = street.content.decode()
    assert "走访和好人好事" in text
    row = next(row for row in street.context["field_rows"] if row.label == "彩虹社区")
    assert [cell.value for cell in row.cells] == [3, 2, 1, 0, 0, 1, 1, 1]
    below = browser_as(cast, "street").get(reverse("figures:page") + row.url.split("#")[0])
    assert below.context["field_heading"] == "日期"
    assert below.context["field_total"].counts["visits"] == 3


def test_the_deeds_behind_the_number_are_as_many(cast, some):
    desk = browser_as(cast, "desk")
    told = {stat["label"]: stat for stat in desk.get(address(cast)).context["field_stats"]}
    assert told["好人好事"]["value"] == len(desk.get(told["好人好事"]["url"]).context["rows"]) == 1
    above = browser_as(cast, "street").get(address(cast)).context["field_stats"]
    assert not any(stat.get("url") for stat in above)


def test_a_number_opens_the_visits_behind_it_in_their_community_and_nowhere_else(cast, some):
    desk = browser_as(cast, "desk")
    page = desk.get(address(cast))
    told = {stat["label"]: stat for stat in page.context["field_stats"]}
    for label in ("走访", "记下需求", "转成工单"):
        opened = desk.get(told[label]["url"])
        assert opened.context["count"] == len(opened.context["rows"]) == told[label]["value"], label
    row = next(row for row in page.context["field_rows"] if row.cells[0].value == 2)
    names = ("visits", "met", "nobody", "later", "declined", "needs", "orders", "deeds")
    cells = dict(zip(names, row.cells, strict=True))
    assert (cells["visits"].value, desk.get(cells["visits"].url).context["count"]) == (2, 2)
    assert desk.get(cells["nobody"].url).context["count"] == 1
    assert not cells["declined"].url, "who would rather not is on no list"
    for key in ("street", "stranger_desk"):
        other = browser_as(cast, key)
        assert not other.get(told["走访"]["url"]).context["rows"], key
    assert not any(stat.get("url") for stat in browser_as(cast, "street").get(address(cast)).context["field_stats"])


def test_the_list_of_visits_names_nobody_and_tallies_nobody(cast, homes, django_assert_max_num_queries):
    visit(cast, homes, problem=Problem(cast.categories["lamp"], "楼道灯不亮"))
    visit(cast, homes, days=1, outcome="declined")
    desk = browser_as(cast, "desk")
    url = reverse("fieldwork_desk:visits")
    desk.get(url)
    with django_assert_max_num_queries(12):
        text = desk.get(url).content.decode()
    assert "转成工单" in text
    for word in ("不愿意", "楼道灯不亮", cast.people["chief"].name):
        assert word not in text
    assert desk.get(f"{url}?result=declined").context["count"] == 2, "no such list: it narrows nothing"
    chief = browser_as(cast, "chief").get(url).context
    assert chief["count"] == 2
    assert browser_as(cast, "resident").get(url).status_code == 403


def test_the_workbook_has_them(cast, some):
    book = browser_as(cast, "street").get(address(cast, "file", format="xlsx")).content
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    rows = sheets.get_sheet_by_name("走访按社区").to_python()
    assert rows[0][:3] == ["社区", "走访", "见到了"]
    assert rows[1][:3] == ["彩虹社区", "3", "2"]


def test_nobody_is_named(cast, some):
    page = browser_as(cast, "desk").get(address(cast)).content.decode()
    for word in ("楼道灯不亮", "想装扶手", "替老人抬水", cast.people["chief"].name):
        assert word not in page
