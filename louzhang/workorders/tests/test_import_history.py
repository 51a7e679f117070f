"""Another system's orders enter once, whole, with a chain of their own, and where they belong."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from louzhang.areas.actions import outline_area
from louzhang.areas.models import ServedArea, Unit
from louzhang.journal.actions import canonical, event_hash
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Words
from louzhang.kit import bigrams, codes, crypto
from louzhang.workorders.actions import importing
from louzhang.workorders.actions.importing import entry_id_of
from louzhang.workorders.imports import history
from louzhang.workorders.imports.history import HistoryRun
from louzhang.workorders.imports.maps import read_map
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Category, Channel, Report, WorkOrder
from louzhang.workorders.tests.history_files import MAP, row, write_csv, write_map, write_xlsx
from tests.cast import Cast

Import = Callable[..., str]


@pytest.fixture
def run_import(cast: Cast, tmp_path: Path) -> Import:
    """Import rows by the command and give what it printed."""

    def run(rows: list[dict[str, Any]], map_text: str = MAP, **options: Any) -> str:
        path = write_csv(tmp_path / "old.csv", rows)
        said = StringIO()
        errors = options.pop("errors", tmp_path / "errors.csv")
        call_command(
            "import_workorders",
            options.pop("file", path),
            map=write_map(tmp_path / "map.toml", map_text),
            errors=errors,
            stdout=said,
            **options,
        )
        return said.getvalue()

    return run


def only() -> WorkOrder:
    return WorkOrder.objects.select_related("category__parent", "lead_unit", "area", "desk_area").get()


def test_every_row_is_stored_known_or_refused(run_import: Import) -> None:
    rows = [row(1), row(2), row(3, ClosedDate="12/31/2017 12:00:00 AM")]
    assert "读取 3，存入 2，已有 0，拒绝 1，" in run_import(rows)
    assert WorkOrder.objects.count() == Report.objects.count() == 2


def test_a_second_run_adds_nothing(run_import: Import) -> None:
    rows = [row(1), row(2, Status="Open", ClosedDate=""), row(3, CreatedDate="")]
    run_import(rows)
    tables = (WorkOrder, Report, Event, Words, Category, Unit, ServedArea)
    before = [model.objects.count() for model in tables]
    heads = list(WorkOrder.objects.order_by("pk").values_list("number", "chain_head"))
    assert "读取 3，存入 0，已有 2，拒绝 1，" in run_import(rows)
    assert [model.objects.count() for model in tables] == before
    assert list(WorkOrder.objects.order_by("pk").values_list("number", "chain_head")) == heads


def test_rows_added_later_join_those_stored_before(run_import: Import) -> None:
    run_import([row(1)])
    assert "读取 2，存入 1，已有 1，拒绝 0，" in run_import([row(1), row(2, RequestType="Dead Animal")])
    assert Category.objects.filter(parent__name="导入：LA311").count() == 2


def test_the_same_number_of_another_source_is_another_order(run_import: Import) -> None:
    run_import([row(1)])
    run_import([row(1)], map_text=MAP.replace('"LA311"', '"老热线"'))
    assert WorkOrder.objects.count() == 2
    assert set(WorkOrder.objects.values_list("source", flat=True)) == {"LA311", "老热线"}


def test_a_closed_row_keeps_its_times_in_the_zone_of_its_city(run_import: Import) -> None:
    run_import([row(1)])
    order = only()
    assert order.status == State.CLOSED
    assert order.reported_at == datetime(2018, 1, 1, 7, 59, 58, tzinfo=UTC)
    assert order.closed_at == datetime(2018, 1, 5, 17, 18, 35, tzinfo=UTC)
    assert order.promised_at == datetime(2018, 1, 5, 11, 59, 58, tzinfo=UTC)
    assert (order.source, order.source_number) == ("LA311", "1-870000001")
    assert codes.is_order_number(order.number)
    assert order.number.startswith("LZ180101")


def test_an_open_row_waits_at_the_desk_of_its_area(cast: Cast, run_import: Import) -> None:
    run_import([row(1, Status="Open", ClosedDate="")])
    order = only()
    assert (order.status, order.closed_at, order.lead_unit) == (State.ACCEPTED, None, None)
    assert order.desk_area == cast.areas["community"]


def test_a_row_in_hand_lies_with_its_unit(run_import: Import) -> None:
    run_import([row(1, Status="Sent", ClosedDate="")])
    order = only()
    assert order.status == State.DISPATCHED
    assert order.lead_unit is not None
    assert order.involved_unit_ids == [order.lead_unit_id]


def test_a_withdrawn_row_ends_without_a_unit(run_import: Import) -> None:
    run_import([row(1, Status="Cancelled")])
    order = only()
    assert (order.status, order.lead_unit, order.involved_unit_ids) == (State.WITHDRAWN, None, [])
    assert order.closed_at is not None


def test_one_voice_comes_along_without_contact_or_code(run_import: Import) -> None:
    run_import([row(1)])
    voice = Report.objects.get()
    assert voice.channel == Channel.HISTORY
    assert (voice.tracking_hash, voice.contact_phone_sealed, voice.reporter, voice.entered_by) == (None, "", None, None)
    assert voice.reported_at == only().reported_at


def test_the_event_keeps_their_words_apart_from_facts(cast: Cast, run_import: Import) -> None:
    run_import([row(1)])
    event = Event.objects.get(subject_kind="workorder")
    words = Words.objects.get(subject_kind="workorder")
    assert (event.verb, event.seq, event.actor_kind) == ("import_history", 1, "system")
    assert event.happened_at == only().reported_at
    assert event.recorded_at > event.happened_at
    assert (
        event.entry_id
        == entry_id_of("LA311", "1-870000001")
        == uuid.uuid5(importing.ENTRY_NAMESPACE, "LA311\x1f1-870000001")
    )
    assert event.area_ids == [cast.areas[key].pk for key in ("district", "street", "community")]
    assert event.payload["said"] == {
        "status": "Closed",
        "reported_at": "12/31/2017 11:59:58 PM",
        "updated_at": "04/09/2018 09:25:28 AM",
        "closed_at": "01/05/2018 09:18:35 AM",
        "category": "Bulky Items",
        "owner": "BOS",
        "channel": "Call",
    }
    assert words.spoken == {"words": "Bulky Items\nGREATER ECHO PARK", "address": "2111 W BELLEVUE AVE, 90026"}
    assert "BELLEVUE" not in str(event.payload)


def test_a_person_named_stands_in_the_event(cast: Cast, run_import: Import) -> None:
    run_import([row(1)], person=cast.people["commander"].pk)
    event = Event.objects.get(subject_kind="workorder")
    assert (event.actor_kind, event.user_id) == ("person", cast.people["commander"].pk)
    assert event.post_id == cast.posts["commander"].pk


def test_every_chain_can_be_proved(run_import: Import) -> None:
    run_import([row(n) for n in range(5)])
    for model in (WorkOrder, Category, Unit):
        kind = model.subject_kind
        for subject in model.objects.exclude(chain_seq=0):
            head = b""
            for event in Event.objects.filter(subject_kind=kind, subject_id=subject.pk).order_by("seq"):
                assert bytes(event.hash) == (head := event_hash(event, head))
            assert (bytes(subject.chain_head), subject.chain_seq) == (head, event.seq)
    for words in Words.objects.filter(subject_kind="workorder"):
        event = Event.objects.get(subject_kind="workorder", subject_id=words.subject_id, seq=words.seq)
        assert bytes(event.words_digest) == crypto.salted_digest(bytes(words.salt), canonical(words.spoken))


def test_a_changed_import_shows(run_import: Import) -> None:
    run_import([row(1)])
    event = Event.objects.get(subject_kind="workorder")
    event.payload["said"]["status"] = "Open"
    assert event_hash(event, b"") != bytes(event.hash)


def test_categories_are_made_in_a_group_nobody_can_choose_from(run_import: Import) -> None:
    run_import([row(1), row(2, RequestType="Dead Animal")])
    group = Category.objects.get(parent=None, name="导入：LA311")
    assert list(group.children.order_by("name").values_list("name", flat=True)) == ["Dead Animal", "大件垃圾"]
    assert not Category.objects.filter(parent=group, ended_at=None).exists()
    assert set(group.children.values_list("promised_hours", flat=True)) == {100}


def test_categories_can_be_offered_for_new_reports(run_import: Import) -> None:
    run_import([row(1)], map_text="offer_categories = true\n" + MAP)
    assert only().category.ended_at is None


def test_a_kind_may_lead_to_a_category_the_district_has(cast: Cast, run_import: Import) -> None:
    run_import([row(1)], map_text=MAP + '\n[category_codes]\n"Bulky Items" = "leak"\n')
    assert only().category == cast.categories["leak"]
    assert not Category.objects.filter(name="导入：LA311").exists()


def test_units_are_made_once_and_serve_the_area(cast: Cast, run_import: Import) -> None:
    run_import([row(1), row(2), row(3, Owner="")])
    made = Unit.objects.get(name="演示环卫局")
    assert ServedArea.objects.get(unit=made).area == cast.areas["community"]
    assert WorkOrder.objects.filter(lead_unit=made).count() == 2
    assert WorkOrder.objects.get(source_number="1-870000003").lead_unit == Unit.objects.get(name="历史其他部门")


def test_a_unit_the_district_has_is_used(cast: Cast, run_import: Import) -> None:
    run_import([row(1)], map_text=MAP.replace("演示环卫局", "演示住建局"))
    assert only().lead_unit == cast.units["department_unit"]


def test_a_row_may_name_its_area(cast: Cast, run_import: Import) -> None:
    run_import([row(1, Place="G1"), row(2, Place="Faraway")])
    places = dict(WorkOrder.objects.values_list("source_number", "area"))
    assert places == {"1-870000001": cast.areas["grid"].pk, "1-870000002": cast.areas["other_community"].pk}
    assert WorkOrder.objects.get(area=cast.areas["grid"]).desk_area == cast.areas["community"]


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_position_outside_the_district_is_kept(cast: Cast, run_import: Import) -> None:
    outline_area(area=cast.areas["district"], outline=square(123.0, 41.0, 1.0), actor=SYSTEM, at=cast.at)
    run_import([row(1)])
    order = only()
    assert (order.area, order.is_unplaced) == (cast.areas["community"], False)
    assert (order.latitude, order.longitude) == (34.073216645, -118.266861909)


def test_a_position_inside_an_outline_finds_its_area(cast: Cast, run_import: Import) -> None:
    outline_area(area=cast.areas["district"], outline=square(123.0, 41.0, 1.0), actor=SYSTEM, at=cast.at)
    outline_area(area=cast.areas["other_grid"], outline=square(123.2, 41.2, 0.1), actor=SYSTEM, at=cast.at)
    run_import([row(1, Longitude="123.25", Latitude="41.25"), row(2, Longitude="123.8", Latitude="41.8")])
    areas = dict(WorkOrder.objects.values_list("source_number", "area"))
    assert areas == {"1-870000001": cast.areas["other_grid"].pk, "1-870000002": cast.areas["community"].pk}


def test_rows_left_to_the_district_wait_to_be_placed(cast: Cast, run_import: Import) -> None:
    run_import([row(1)], map_text=MAP.replace('area = "C1"', 'area = ""'))
    order = only()
    assert (order.area, order.is_unplaced) == (cast.areas["district"], True)
    assert order.latitude == 34.073216645


def test_a_row_without_position_is_stored(run_import: Import) -> None:
    run_import([row(1, Latitude="", Longitude="")])
    assert (only().latitude, only().longitude) == (None, None)


def test_imported_orders_are_found_by_two_letters_of_text_address_or_category(run_import: Import) -> None:
    run_import([row(1)])
    for typed in ("垃圾", "bellevue", "Echo"):
        assert WorkOrder.objects.saying_all(bigrams.query_terms(typed)).count() == 1


def test_the_right_office_sees_every_row_and_the_stranger_none(cast: Cast, run_import: Import) -> None:
    run_import([row(n) for n in range(4)] + [row(9, Status="Open", ClosedDate="")])
    seen = {key: WorkOrder.objects.visible_to(actor).count() for key, actor in cast.everyone().items()}
    all_of_it = {"desk", "secretary", "street", "commander", "system"}
    assert {key for key, count in seen.items() if count == 5} == all_of_it
    assert {key for key, count in seen.items() if count} == all_of_it


def test_a_real_workbook_reads_like_the_csv(run_import: Import, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [row(1), row(2) | {"CreatedDate": datetime(2017, 12, 30, 8, 0, 1), "Latitude": 34.5}]  # noqa: DTZ001
    book = write_xlsx(tmp_path / "old.xlsx", rows)
    assert "读取 2，存入 2，已有 0，拒绝 0，" in run_import([], file=book)
    second = WorkOrder.objects.get(source_number="1-870000002")
    assert second.reported_at == datetime(2017, 12, 30, 16, 0, 1, tzinfo=UTC)
    assert second.latitude == 34.5


def test_a_run_that_is_cut_off_leaves_whole_batches_and_the_next_completes_it(
    cast: Cast, run_import: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 3)
    rows = [row(n) for n in range(10)]
    run = HistoryRun(
        path=write_csv(tmp_path / "old.csv", rows),
        plan=read_map(write_map(tmp_path / "map.toml")),
        actor=SYSTEM,
        at=cast.at,
    )

    def cut_off_after_eight() -> None:
        if run.read == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run.refusals(cut_off_after_eight))
    events, words = (model.objects.filter(subject_kind="workorder") for model in (Event, Words))
    counted = [WorkOrder.objects.count(), Report.objects.count(), events.count(), words.count()]
    assert counted == [6, 6, 6, 6]
    assert "读取 10，存入 4，已有 6，拒绝 0，" in run_import(rows)


def test_a_batch_that_fails_leaves_no_half_row(run_import: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Words.objects, "bulk_create", fail)
    with pytest.raises(IntegrityError):
        run_import([row(1)])
    assert not WorkOrder.objects.exists()
    assert not Report.objects.exists()
    assert not Event.objects.filter(verb="import_history").exists()
    assert not Category.objects.filter(name="导入：LA311").exists()


def test_the_bar_moves_with_the_rows(run_import: Import) -> None:
    assert "导入 5/5 100%" in run_import([row(n) for n in range(5)])
