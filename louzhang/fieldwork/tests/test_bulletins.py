"""上级报表: a blank from above is kept once and fills itself."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import xlsxwriter

from louzhang.fieldwork.actions.bulletins import (
    Upload,
    fill_bulletin,
    keep_bulletin,
    map_blank,
    put_away_bulletin,
    renew_blank,
)
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.fieldwork.models import Admission, Bulletin, BulletinFill
from louzhang.fieldwork.queries.bulletins import blank_of, filled_with, list_bulletins, span_of
from louzhang.fieldwork.values import HIDDEN, Value, value_called, values_for
from louzhang.journal.models import Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge, TransitionRefused
from louzhang.kit import clock
from louzhang.kit.workbooks import Workbook
from louzhang.register.models import Household

ENTRY = "xl/worksheets/sheet1.xml"


def blank(*places: str, more: str = "残疾人数") -> bytes:
    """A heading of two rows with merged cells, a line a place, a sum by formula, a hidden sheet."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        boxed = book.add_format({"border": 1})
        sheet = book.add_worksheet("月报")
        sheet.merge_range("A1:F1", "社区人口和事项月报", boxed)
        sheet.write("A2", "填报单位", boxed)
        sheet.write_blank("B2", None, boxed)
        sheet.merge_range("A3:A4", "社区", boxed)
        sheet.merge_range("B3:C3", "人口", boxed)
        sheet.merge_range("D3:D4", "户数", boxed)
        sheet.merge_range("E3:E4", "受理件数", boxed)
        sheet.merge_range("F3:F4", more, boxed)
        sheet.write("B4", "总人数", boxed)
        sheet.write("C4", "60岁以上", boxed)
        for row, name in enumerate(places, start=4):
            sheet.write(row, 0, name, boxed)
        sheet.write(4 + len(places), 0, "合计", boxed)
        sheet.write_formula(4 + len(places), 1, f"=SUM(B5:B{4 + len(places)})", boxed)
        sheet.write(6 + len(places), 0, "填表人：", boxed)
        book.add_worksheet("代码").hide()
    return kept.getvalue()


@pytest.fixture
def kept(cast, homes):
    """A blank of the street with its two communities."""

    def make(key="street", unit="street_office", **more):
        content = more.pop("content", None) or blank("彩虹社区", "春柳社区")
        return keep_bulletin(
            name=more.pop("name", "人口月报"), above="区民政局", span="month", unit=cast.units[unit],
            upload=Upload("月报.xlsx", content), actor=cast.actor(key), at=cast.at,
        )  # fmt: skip

    return make


def days(cast):
    last = clock.local_date(cast.at)
    return last - timedelta(days=6), last


def rows_of(content, tmp_path):
    path = tmp_path / "made.xlsx"
    path.write_bytes(content)
    book = Workbook(path)
    return dict(book.rows(book.sheets[0]))


def test_the_blank_is_read_with_two_heading_rows_and_mapped_by_its_words(cast, kept):
    row = blank_of(kept())
    (sheet,) = row.layout["sheets"]
    assert [(each["column"], each["heading"]) for each in sheet["columns"]] == [
        (2, "人口 总人数"), (3, "人口 60岁以上"), (4, "户数"), (5, "受理件数"), (6, "残疾人数"),
    ]  # fmt: skip
    assert [(each["row"], each["label"]) for each in sheet["rows"]] == [(5, "彩虹社区"), (6, "春柳社区"), (7, "合计")]
    assert row.mapping[ENTRY] == {
        "columns": {"2": "register.people", "3": "register.from60", "4": "register.homes", "5": "orders.reported",
                    "6": ""},
        "rows": {"5": "name", "6": "name", "7": "whole"},
        "cells": {"2:2": "place.name"},
    }  # fmt: skip


def test_the_community_fills_it_for_itself_and_the_gaps_are_named(cast, kept, tmp_path):
    row = kept("desk", "community_office", content=blank("3号网格", "没有的网格"))
    since, until = days(cast)
    actor, area = cast.actor("desk"), cast.areas["community"]
    _, _, content, made = fill_bulletin(
        uid=row.uid, area_id=area.pk, since=since, until=until, purpose="报街道三月月报", actor=actor, at=cast.at
    )
    lines = rows_of(content, tmp_path)
    homes = {slot.spot: slot.value for slot in made.slots}
    assert lines[2][1] == "彩虹社区"
    assert lines[5][3] == str(homes["D5"]) == "3"
    assert lines[7][3] == "3"
    assert {slot.spot: slot.why for slot in made.gaps} == {
        "F5": "还没有对应到数", "F6": "还没有对应到数", "F7": "还没有对应到数", "B6": "没有找到这个地点",
        "C6": "没有找到这个地点", "D6": "没有找到这个地点", "E6": "没有找到这个地点",
        "E5": "这里还没有登记，或没有这个数",
    }  # fmt: skip
    assert lines[6][1:4] == ["缺", "缺", "缺"]
    taken = BulletinFill.objects.get()
    assert (taken.user, taken.area, taken.cells, taken.gaps) == (cast.people["desk"], area, 15, 8)
    assert Words.objects.get(subject_kind="bulletin", seq=taken.seq).spoken == {"purpose": "报街道三月月报"}


def test_outside_the_community_small_numbers_are_not_told(cast, kept):
    row = blank_of(kept())
    since, until = days(cast)
    made = filled_with(row, cast.areas["street"], since, until, actor=cast.actor("street"), at=cast.at)
    told = {slot.spot: slot.value for slot in made.slots}
    assert told["D5"] == told["D7"] == HIDDEN
    assert (told["D6"], told["E5"]) == (None, 0)
    inside = blank_of(kept("desk", "community_office", content=blank("3号网格")))
    own = filled_with(inside, cast.areas["community"], since, until, actor=cast.actor("desk"), at=cast.at)
    assert HIDDEN not in {slot.value for slot in own.slots}


def test_visits_are_counted_at_the_place_in_the_days(cast, homes, kept):
    row = blank_of(kept("desk", "community_office", content=blank("3号网格", more="走访户数")))
    home = Household.objects.filter(dwelling__area=cast.areas["stairwell"]).earliest("pk")
    for minutes in (5, 6):
        write_visit(
            dwelling_id=home.dwelling_id, household_id=home.pk, outcome="met", minutes=minutes,
            actor=cast.actor("chief"), at=cast.at + timedelta(minutes=minutes),
        )  # fmt: skip
    since, until = days(cast)
    desk, area = cast.actor("desk"), cast.areas["community"]
    made = {slot.spot: slot.value for slot in filled_with(row, area, since, until, actor=desk, at=cast.at).slots}
    assert (made["F5"], made["F6"]) == (1, 1)
    before = filled_with(row, area, since, until - timedelta(days=1), actor=desk, at=cast.at)
    assert {slot.spot: slot.value for slot in before.slots}["F5"] == 0


def test_nobody_fills_for_another_place_or_without_a_purpose(cast, kept):
    row = kept("desk", "community_office", content=blank("3号网格"))
    since, until = days(cast)
    given = {"uid": row.uid, "since": since, "until": until, "at": cast.at}
    desk = {"area_id": cast.areas["community"].pk, "actor": cast.actor("desk")}
    with pytest.raises(InputRefused):
        fill_bulletin(**given, **desk, purpose="表")
    with pytest.raises(InputRefused):
        fill_bulletin(**(given | {"until": until + timedelta(days=1)}), **desk, purpose="报街道月报")
    with pytest.raises(NotThere):
        fill_bulletin(**given, **(desk | {"area_id": cast.areas["other_community"].pk}), purpose="报街道月报")
    for key in ("stranger_desk", "street", "department", "chief", "resident"):
        with pytest.raises(NotThere):
            fill_bulletin(**given, area_id=desk["area_id"], actor=cast.actor(key), purpose="报街道月报")
    assert not BulletinFill.objects.exists()


def test_only_the_owner_changes_it_and_a_new_blank_keeps_what_was_said(cast, kept):
    row = kept()
    mapping = blank_of(row).mapping
    mapping[ENTRY]["columns"]["6"] = "visits.homes"
    given = {"uid": row.uid, "at": cast.at}
    street = cast.actor("street")
    map_blank(**given, number=1, mapping=mapping, actor=street)
    with pytest.raises(InputRefused):
        map_blank(**given, number=1, mapping={ENTRY: {"columns": {"2": "register.nothing"}}}, actor=street)
    with pytest.raises(Conflict):
        renew_blank(**given, upload=Upload("月报.xlsx", bytes(blank_of(row, with_file=True).content)), actor=street)
    renewed = renew_blank(**given, upload=Upload("新.xlsx", blank("春柳社区", "彩虹社区", "新社区")), actor=street)
    assert renewed.number == 2
    assert renewed.mapping[ENTRY]["columns"]["6"] == "visits.homes"
    with pytest.raises(Conflict):
        map_blank(**given, number=1, mapping=mapping, actor=street)
    for key, refusal in (("desk", NotThere), ("stranger_street", NotThere)):
        with pytest.raises(refusal):
            put_away_bulletin(**given, actor=cast.actor(key))
    put_away_bulletin(**given, actor=street)
    with pytest.raises(TransitionRefused):
        put_away_bulletin(**given, actor=street)


def test_a_sheet_asked_from_above_is_seen_by_communities_once_the_street_said_yes(cast, kept):
    from louzhang.fieldwork.actions.admitting import admit_admission
    from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign

    row = kept("department_lead", "department_unit")
    day = clock.local_date(cast.at)
    draft = CampaignDraft(
        kind="sheet", title="人口月报", purpose="汇总人口", starts_on=day, ends_on=day, minutes=20,
        area_ids=[cast.areas["street"].pk], bulletin_uid=row.uid,
    )  # fmt: skip
    lead = cast.actor("department_lead")
    ask_campaign(draft=draft, unit=cast.units["department_unit"], actor=lead, at=cast.at)
    admission = Admission.objects.get()
    assert (admission.households, list_bulletins(cast.actor("desk"))) == (2, [])
    admit_admission(uid=admission.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    assert list_bulletins(cast.actor("desk")) == [row]
    assert list_bulletins(cast.actor("stranger_desk")) == []
    with pytest.raises(NotYours):
        put_away_bulletin(uid=row.uid, actor=cast.actor("desk"), at=cast.at)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"nothing", InputRefused), (b"PK\x03\x04 broken", InputRefused), (b"x" * (5 * 1024 * 1024 + 1), TooLarge)],
)
def test_a_file_that_is_no_blank_is_refused_with_a_sentence(cast, kept, content, refusal):
    with pytest.raises(refusal) as refused:
        kept(content=content)
    assert refused.value.field == "file"
    assert not Bulletin.objects.exists()


def test_a_blank_without_any_known_heading_is_refused(cast, kept):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_row("A1", ["颜色", "大小"])
    with pytest.raises(InputRefused):
        kept(content=content.getvalue())


def test_the_longest_word_of_a_heading_decides(cast, db):
    values = values_for(cast.actor("desk"), cast.at)
    assert value_called("其中：60周岁以上老年人（人）", values) == "register.from60"
    assert value_called("满意率（%）", values) == "orders.satisfaction"
    assert value_called("颜色", values) == ""
    alike = [Value("a.a", "户数", "x"), Value("b.b", "户数", "x")]
    assert value_called("户数", alike) == ""


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("week", (date(2026, 2, 23), date(2026, 3, 1))),
        ("month", (date(2026, 2, 1), date(2026, 2, 28))),
        ("quarter", (date(2025, 10, 1), date(2025, 12, 31))),
        ("year", (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_the_last_whole_span_is_proposed(span, expected):
    assert span_of(span, date(2026, 3, 2)) == expected
