"""A file finds people elsewhere in the community: they move, ties and homes change, and all of it is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.kit.id_numbers import check_digit
from louzhang.register.actions.dwellings import vacate_dwelling
from louzhang.register.actions.importing import go_on, return_import
from louzhang.register.actions.moves import change_head, leave, move_resident
from louzhang.register.models import (
    Dwelling,
    DwellingKind,
    Household,
    ImportBatch,
    PieceKind,
    Registration,
    Resident,
    Stay,
)
from louzhang.register.tests.books import FATHER, table
from louzhang.register.tests.conftest import SINCE, Homes
from louzhang.register.tests.test_import import assessed, preview, reasons, store
from tests.cast import Cast

__all__ = ["assessed"]
pytestmark = pytest.mark.usefixtures("assessed")
HEAD = ("楼栋", "单元", "门牌", "与户主关系", "姓名", "证件号码", "电话", "房屋类型", "户编号", "入住日期")


def line(door: str, name: str = "", number: str = "", **said: str) -> list[str]:
    """A line of the chief's building."""
    rest = [said.get(key, "") for key in ("phone", "kind", "family", "since")]
    return [
        said.get("building", "12号楼"),
        said.get("stairwell", "2单元"),
        door,
        said.get("tie", ""),
        name,
        number,
        *rest,
    ]


def shown(batch: ImportBatch) -> dict[int, str]:
    """What the preview says of each line that moves or changes somebody."""
    from louzhang.register.actions.importing.pieces import rows_of

    return {row: words for _, row, _, words in rows_of(batch, PieceKind.SHOWN)}


def carried(cast: Cast, *rows: list[str]) -> ImportBatch:
    return store(cast, preview(cast, table(rows, HEAD)))


def taken_back(cast: Cast, batch: ImportBatch) -> ImportBatch:
    return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
    go_on(batch_id=batch.pk, at=cast.at)
    batch.refresh_from_db()
    return batch


def state() -> dict[str, set[tuple[Any, ...]]]:
    """The register, but for what was taken back as though it had never been."""
    people = ("pk", "area_id", "name", "sex", "birth_year", "id_index", "phone_index", "died_on")
    lasting = {
        "stays": Stay.objects.values_list("resident_id", "household_id", "tie", "starts_on", "ends_on"),
        "homes": Household.objects.values_list("pk", "dwelling_id", "starts_on", "ends_on"),
        "registered": Registration.objects.values_list("resident_id", "address", "starts_on", "ends_on"),
    }
    found = {name: set(rows.exclude(ends_on=F("starts_on"))) for name, rows in lasting.items()}
    found["people"] = set(Resident.objects.current().values_list(*people))
    found["doors"] = set(
        Dwelling.objects.current().values_list("pk", "area_id", "door", "floor", "kind_id", "vacant_since")
    )
    return found


def lives(name: str) -> tuple[str, str]:
    """Behind which door somebody lives, and as what."""
    stay = Stay.objects.select_related("household__dwelling").get(resident__name=name, ends_on=None)
    return stay.household.dwelling.door, stay.tie


class TestMoving:
    def test_somebody_of_the_same_number_moves_and_the_preview_counts_it_apart(self, cast: Cast, homes: Homes) -> None:
        batch = preview(cast, table([line("501", "演示父亲", FATHER, tie="户主")], HEAD))
        told = {
            name: batch.counts[name] for name in ("moved", "new", "changed", "wrong", "moves", "people", "households")
        }
        assert told == {"moved": 1, "new": 0, "changed": 0, "wrong": 0, "moves": 1, "people": 0, "households": 1}
        assert shown(batch) == {2: "从12号楼2单元301搬来"}
        assert lives("演示父亲") == ("301", "head")
        store(cast, batch)
        assert lives("演示父亲") == ("501", "head")
        assert Resident.objects.filter(name="演示父亲").count() == 1
        father = homes.residents["father"]
        event = Event.objects.get(subject_kind="resident", subject_id=father.pk, verb="move")
        old = homes.households["own"].pk
        assert (event.payload["before"], event.payload["tie"], event.entry_id) == (old, "head", batch.uid)
        assert Stay.objects.get(resident=father, household_id=old).ends_on == cast.at.date()
        assert Household.objects.get(pk=old).ends_on is None  # the mother lives there still
        prove_journal()

    def test_a_move_to_another_building_takes_the_row_with_it(self, cast: Cast, homes: Homes) -> None:
        carried(cast, line("101", "演示父亲", FATHER, building="13号楼", stairwell=""))
        father = Resident.objects.get(name="演示父亲")
        assert (father.area_id, lives("演示父亲")) == (cast.areas["next_building"].pk, ("101", "other"))

    def test_a_home_its_last_person_leaves_ends_and_comes_back_with_the_import(self, cast: Cast, homes: Homes) -> None:
        mother = homes.residents["mother"]
        leave(resident_id=mother.pk, on=cast.at.date(), actor=cast.actor("chief"), at=cast.at)
        before = state()
        batch = carried(cast, line("501", "演示父亲", FATHER, phone="13911118888"))
        old = Household.objects.get(pk=homes.households["own"].pk)
        assert old.ends_on == cast.at.date()
        assert Event.objects.filter(subject_kind="household", subject_id=old.pk, verb="move_out").exists()
        assert taken_back(cast, batch).status == "returned"
        assert state() == before
        prove_journal()

    def test_whoever_has_left_comes_in_again_as_the_same_person(self, cast: Cast, homes: Homes) -> None:
        father = homes.residents["father"]
        leave(resident_id=father.pk, on=date(2026, 1, 5), actor=cast.actor("chief"), at=cast.at)
        batch = preview(cast, table([line("501", "演示父亲", FATHER, since="2026-02-01")], HEAD))
        assert shown(batch) == {2: "登记过、已经迁出，现在迁入"}
        store(cast, batch)
        assert Event.objects.filter(subject_id=father.pk, subject_kind="resident", verb="move_in").count() == 1
        assert Stay.objects.get(resident=father, ends_on=None).starts_on == date(2026, 2, 1)

    def test_heads_change_places_in_one_file(self, cast: Cast, homes: Homes) -> None:
        tenant = homes.residents["tenant"]
        number = "44052419800101003" + check_digit("44052419800101003")
        tenant.seal(id_number=number)
        tenant.save(update_fields=["id_number_sealed", "id_index"])
        batch = carried(cast, line("301", "演示租客", number, tie="户主"), line("302", "演示父亲", FATHER, tie="户主"))
        assert batch.counts["moved"] == 2
        assert (lives("演示租客"), lives("演示父亲")) == (("301", "head"), ("302", "head"))

    def test_a_head_who_cannot_move_stands_in_the_way_of_another(self, cast: Cast) -> None:
        rows = [line("302", "演示父亲", FATHER, tie="户主"), line("301", "演示新人", tie="户主")]
        batch = preview(cast, table(rows, HEAD))
        assert (batch.counts["wrong"], batch.counts["moved"], batch.counts["new"]) == (2, 0, 0)

    def test_a_day_before_the_old_home_was_entered_goes_back(self, cast: Cast) -> None:
        day = (SINCE - timedelta(days=1)).isoformat()
        batch = preview(cast, table([line("501", "演示父亲", FATHER, since=day)], HEAD))
        assert "原来住处登记的日期" in reasons(batch)[2]

    def test_what_was_touched_since_is_not_taken_back(self, cast: Cast, homes: Homes) -> None:
        batch = carried(cast, line("501", "演示父亲", FATHER, tie="户主"))
        who = cast.actor("chief")
        move_resident(
            resident_id=homes.residents["father"].pk, household_id=homes.households["let"].pk,
            on=cast.at.date(), actor=who, at=cast.at,
        )  # fmt: skip
        assert (taken_back(cast, batch).status, lives("演示父亲")) == ("stored", ("302", "other"))

    def test_another_head_in_the_old_home_keeps_the_move(self, cast: Cast, homes: Homes) -> None:
        batch = carried(cast, line("501", "演示父亲", FATHER, tie="户主"))
        own, mother = homes.households["own"], homes.residents["mother"]
        change_head(
            household_id=own.pk, resident_id=mother.pk, on=cast.at.date(), actor=cast.actor("chief"), at=cast.at
        )
        after = state()
        assert (taken_back(cast, batch).status, state()) == ("stored", after)
        assert "不能整批撤销" in batch.problem

    def test_a_home_seen_empty_since_keeps_the_move(self, cast: Cast, homes: Homes) -> None:
        batch = carried(cast, line("501", "演示父亲", FATHER), line("501", "演示母亲", family=""))
        leave(resident_id=homes.residents["mother"].pk, on=cast.at.date(), actor=cast.actor("chief"), at=cast.at)
        own = homes.dwellings["own"].pk
        Household.objects.filter(dwelling_id=own, ends_on=None).update(ends_on=cast.at.date())
        vacate_dwelling(dwelling_id=own, since=cast.at.date(), actor=cast.actor("chief"), at=cast.at)
        assert taken_back(cast, batch).status == "stored"

    def test_two_families_come_in_behind_one_new_door(self, cast: Cast) -> None:
        rows = [line("501", "演示甲", tie="户主"), line("501", "演示乙", tie="户主"), line("501", "演示丙", tie="子女")]
        batch = carried(cast, *rows)
        assert (batch.status, batch.counts["homes"], batch.counts["households"]) == ("stored", 1, 2)


class TestChanging:
    def test_another_tie_is_a_change_from_today(self, cast: Cast, homes: Homes) -> None:
        before = state()
        batch = preview(cast, table([line("301", "演示母亲", tie="父母")], HEAD))
        assert (batch.counts["changed"], shown(batch)) == (1, {2: "与户主关系：配偶 → 父母"})
        store(cast, batch)
        assert lives("演示母亲") == ("301", "parent")
        assert Event.objects.filter(subject_id=homes.residents["mother"].pk, verb="change_tie").count() == 1
        taken_back(cast, batch)
        assert state() == before
        prove_journal()

    def test_another_head_needs_the_old_one_to_be_something_else(self, cast: Cast, homes: Homes) -> None:
        before = state()
        rows = [line("301", "演示母亲", tie="户主"), line("301", "演示父亲", FATHER, tie="配偶")]
        batch = carried(cast, *rows)
        assert (lives("演示母亲"), lives("演示父亲")) == (("301", "head"), ("301", "spouse"))
        told = Event.objects.get(subject_kind="household", verb="change_head").payload
        assert (told["head"], told["before"]) == (homes.residents["mother"].pk, homes.residents["father"].pk)
        taken_back(cast, batch)
        assert state() == before
        prove_journal()

    def test_a_name_of_the_head_alone_says_nothing_of_the_others(self, cast: Cast) -> None:
        head = ("楼栋", "单元", "门牌", "户主姓名", "姓名")
        rows = [["12号楼", "2单元", "301", "演示父亲", who] for who in ("演示父亲", "演示母亲")]
        assert preview(cast, table(rows, head)).counts["same"] == 2

    def test_another_kind_is_a_change_and_two_at_one_door_are_none(self, cast: Cast, homes: Homes) -> None:
        before = state()
        let = DwellingKind.objects.get(code="long_let")
        rows = [line("301", "演示父亲", FATHER, kind="出租"), line("301", "演示母亲", kind="出租")]
        batch = preview(cast, table(rows, HEAD))
        assert (batch.counts["changed"], batch.counts["same"], batch.counts["doors"]) == (1, 1, 1)
        assert list(shown(batch).values()) == [f"房屋类型：{homes.dwellings['own'].kind} → {let}"]
        store(cast, batch)
        own = homes.dwellings["own"]
        own.refresh_from_db()
        assert own.kind_id == let.pk
        assert Event.objects.filter(subject_kind="dwelling", subject_id=own.pk, verb="let").exists()
        taken_back(cast, batch)
        assert state() == before
        rows[1] = line("301", "演示母亲", kind="自住")
        assert "写得不一样" in reasons(preview(cast, table(rows, HEAD)))[3]

    def test_a_home_is_noted_empty_only_where_nobody_is_entered(self, cast: Cast) -> None:
        Dwelling.objects.filter(door="401").update(vacant_since=None)
        before = state()
        batch = preview(cast, table([line("401", kind="空置"), line("301", kind="空置")], HEAD))
        assert (batch.counts["changed"], reasons(batch)[3][:8]) == (1, "这里登记着住户，")
        store(cast, batch)
        assert Dwelling.objects.get(door="401").vacant_since == cast.at.date()
        taken_back(cast, batch)
        assert state() == before


NUMBERS = [first + check_digit(first) for first in (f"99000019800101{place:03d}" for place in range(1, 7))]
LINES = st.tuples(
    st.integers(0, 5),
    st.sampled_from(
        [("301", "12号楼", "2单元"), ("302", "12号楼", "2单元"), ("501", "12号楼", "2单元"), ("101", "13号楼", "")]
    ),
    st.sampled_from(["户主", "配偶", "子女", ""]),
    st.sampled_from(["13911110001", "13911110009", ""]),
    st.sampled_from(["自住", "出租", ""]),
    st.sampled_from(["", "", "1", "2"]),
)
EMPTY = st.sampled_from([("401", "空置"), ("501", "空置"), ("502", "自住"), ("502", "")])


def written(lines: list[Any], empty: list[tuple[str, str]]) -> list[list[str]]:
    """The lines as a file has them."""
    rows = [
        line(
            door, f"演示{'甲乙丙丁戊己'[who]}", NUMBERS[who], building=building, stairwell=stairwell, tie=tie,
            phone=phone, kind=kind, family=family,
        )
        for who, (door, building, stairwell), tie, phone, kind, family in lines
    ]  # fmt: skip
    return rows + [line(door, kind=kind) for door, kind in empty]


FILES = st.builds(
    written, st.lists(LINES, max_size=6, unique_by=lambda row: row[0]), st.lists(EMPTY, max_size=2, unique=True)
).filter(bool)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # one example takes a second: nothing is shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=FILES, second=FILES)
def test_any_file_after_any_other_is_stored_as_shown_and_taken_back_to_what_was(
    cast: Cast, first: list[list[str]], second: list[list[str]]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        began = preview(cast, table(first, HEAD))
        if began.counts["new"] + began.counts["moved"] + began.counts["changed"]:
            assert store(cast, began).status == "stored"
        before, people = state(), Resident.objects.current().count()
        batch = preview(cast, table(second, HEAD))
        counts = batch.counts
        if counts["new"] + counts["moved"] + counts["changed"]:
            assert store(cast, batch).status == "stored"
            assert Resident.objects.current().count() - people == counts["people"]
            assert (
                Event.objects.filter(entry_id=batch.uid, verb__in=("move", "move_in"), subject_kind="resident").count()
                == counts["moves"]
            )
            again = preview(cast, table(second, HEAD)).counts
            assert again["new"] + again["moved"] + again["changed"] <= counts["wrong"]
            assert taken_back(cast, batch).status == "returned"
            assert state() == before
        prove_journal()
        transaction.set_rollback(True)
