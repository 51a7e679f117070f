"""A community's file is carried into the register: previewed line by line, stored whole or not at all, taken back."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.assessing import lay_down_assessments, switch_off
from louzhang.register.actions.importing import (
    confirm_import,
    drop_import,
    go_on,
    map_import,
    purge_imports,
    return_import,
    upload_import,
)
from louzhang.register.actions.importing.pieces import rows_of
from louzhang.register.actions.moves import move_resident
from louzhang.register.actions.residents import correct_resident
from louzhang.register.models import (
    Dwelling,
    Household,
    ImpactAssessment,
    ImportBatch,
    ImportPiece,
    PieceKind,
    Resident,
    Stay,
    Target,
)
from louzhang.register.tests.books import CHILD, FATHER, book, table
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

NEW = ["12号楼", "2单元", "501", "户主", "演示新人", CHILD, "13911112222"]


@pytest.fixture
def assessed(cast: Cast, homes: Homes) -> None:
    father = homes.residents["father"]
    father.seal(id_number=FATHER)
    father.birth_year = 1980
    father.save(update_fields=["id_number_sealed", "id_index", "birth_year"])
    switch_import_on(SYSTEM, cast.at)


def switch_import_on(actor: Actor, at: datetime) -> None:
    """Assess the import of residents and take it into use."""
    lay_down_assessments(actor=actor, at=at, in_use=True)


def bring(cast: Cast, file: io.BytesIO, suffix: str = ".xlsx", key: str = "desk") -> ImportBatch:
    size = len(file.getvalue())
    batch = upload_import(
        area=cast.areas["community"], stream=file, suffix=suffix, size=size, actor=cast.actor(key), at=cast.at
    )
    go_on(batch_id=batch.pk, at=cast.at)
    batch.refresh_from_db()
    return batch


def preview(cast: Cast, file: io.BytesIO, suffix: str = ".xlsx") -> ImportBatch:
    batch = bring(cast, file, suffix)
    assert batch.problem == ""
    map_import(batch_id=batch.pk, columns=batch.columns, actor=cast.actor("desk"), at=cast.at)
    go_on(batch_id=batch.pk, at=cast.at)
    batch.refresh_from_db()
    return batch


def store(cast: Cast, batch: ImportBatch) -> ImportBatch:
    confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
    go_on(batch_id=batch.pk, at=cast.at)
    batch.refresh_from_db()
    return batch


def reasons(batch: ImportBatch) -> dict[int, str]:
    return {line: reason for _, line, reason, _ in rows_of(batch, PieceKind.WRONG)}


@pytest.mark.usefixtures("assessed")
class TestCarryingIn:
    def test_new_people_come_in_with_door_household_events_and_seals(self, cast: Cast) -> None:
        rows = [NEW, ["", "", "", "配偶", "演示新人二", "", "13911112223"], ["12", "二", "６０２室", "", "", "", ""]]
        batch = preview(cast, table(rows))
        assert {name: batch.counts[name] for name in ("new", "wrong", "homes", "households", "people")} == {
            "new": 3, "wrong": 0, "homes": 2, "households": 1, "people": 2,
        }  # fmt: skip
        assert store(cast, batch).status == "stored"
        person = Resident.objects.get(name="演示新人")
        assert (person.open_field("id_number"), person.sex, person.birth_year) == (CHILD, "f", 1949)
        assert person.birth_date_sealed == ""
        stay = Stay.objects.select_related("household__dwelling").get(resident=person)
        assert (stay.tie, stay.household.dwelling.door, stay.household.dwelling.floor) == ("head", "501", 5)
        assert Stay.objects.get(resident__name="演示新人二").household_id == stay.household_id
        assert Dwelling.objects.filter(door="602", floor=6, position=2).exists()
        made = Event.objects.filter(entry_id=batch.uid).values_list("verb", flat=True)
        assert sorted(made) == ["add", "add", "move_in", "register", "register"]
        prove_journal()

    def test_nothing_of_what_was_brought_stays_but_the_lines_to_correct(self, cast: Cast) -> None:
        batch = preview(cast, table([NEW, ["12号楼", "2单元", "502", "户主", "演示某", "123", ""]]))
        pieces = " ".join(ImportPiece.objects.values_list("sealed", flat=True))
        assert not [secret for secret in (CHILD, "演示新人", "13911112222") if secret in pieces]
        store(cast, batch)
        assert set(ImportPiece.objects.values_list("kind", flat=True)) == {"wrong"}
        purge_imports(at=cast.at + timedelta(days=8))
        assert not ImportPiece.objects.exists()

    def test_the_same_file_again_changes_nothing(self, cast: Cast) -> None:
        store(cast, preview(cast, table([NEW])))
        before = (Resident.objects.count(), Event.objects.exclude(subject_kind="import").count())
        batch = preview(cast, table([NEW]))
        assert (batch.counts["same"], batch.counts["new"], batch.counts["wrong"]) == (1, 0, 0)
        with pytest.raises(InputRefused, match="不用导入"):
            confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
        assert (Resident.objects.count(), Event.objects.exclude(subject_kind="import").count()) == before

    def test_the_worker_running_twice_stores_once(self, cast: Cast) -> None:
        batch = store(cast, preview(cast, table([NEW])))
        go_on(batch_id=batch.pk, at=cast.at)
        assert Resident.objects.filter(name="演示新人").count() == 1

    def test_a_phone_that_differs_is_a_change_and_can_be_put_back(self, cast: Cast) -> None:
        rows = [["12号楼", "2单元", "301", "户主", "演示父亲", FATHER, "13900001111"]]
        batch = store(cast, preview(cast, table(rows)))
        father = Resident.objects.get(name="演示父亲")
        assert (batch.counts["changed"], father.open_field("phone")) == (1, "13900001111")
        return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
        go_on(batch_id=batch.pk, at=cast.at)
        father.refresh_from_db()
        assert father.open_field("phone") == "13911110001"
        prove_journal()

    def test_a_batch_is_taken_back_whole_and_leaves_nothing_of_a_person(self, cast: Cast) -> None:
        batch = store(cast, preview(cast, table([NEW, ["12号楼", "2单元", "401", "户主", "演示住户", "", ""]])))
        assert Dwelling.objects.get(door="401").vacant_since is None
        return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
        go_on(batch_id=batch.pk, at=cast.at)
        batch.refresh_from_db()
        assert batch.status == "returned"
        assert not Dwelling.objects.current().filter(door="501").exists()
        assert Dwelling.objects.get(door="401").vacant_since is not None
        assert not Household.objects.filter(dwelling__door__in=["401", "501"], ends_on=None).exists()
        assert not Resident.objects.filter(name__in=["演示新人", "演示住户"]).exists()
        assert not Resident.objects.exclude(id_index="").filter(ended_at__isnull=False).exists()
        prove_journal()
        assert store(cast, preview(cast, table([NEW]))).status == "stored"

    def test_a_batch_of_which_something_was_touched_stays(self, cast: Cast) -> None:
        batch = store(cast, preview(cast, table([NEW])))
        person = Resident.objects.get(name="演示新人")
        correct_resident(resident_id=person.pk, actor=cast.actor("chief"), at=cast.at, phone="13911119999")
        return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
        go_on(batch_id=batch.pk, at=cast.at)
        batch.refresh_from_db()
        assert batch.status == "stored"
        assert "1 条登记已经改过" in batch.problem
        assert Resident.objects.filter(name="演示新人", ended_at=None).exists()

    def test_somebody_who_moved_into_a_new_home_since_keeps_it(self, cast: Cast, homes: Homes) -> None:
        batch = store(cast, preview(cast, table([NEW])))
        home = Household.objects.get(dwelling__door="501", ends_on=None)
        day = cast.at.date()
        move_resident(
            resident_id=homes.residents["mother"].pk, household_id=home.pk, on=day, actor=cast.actor("desk"), at=cast.at
        )
        return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
        go_on(batch_id=batch.pk, at=cast.at)
        batch.refresh_from_db()
        assert batch.status == "stored"
        assert Stay.objects.filter(household=home, ends_on=None).count() == 2

    def test_what_the_register_changed_meanwhile_is_looked_at_again(self, cast: Cast) -> None:
        batch = preview(cast, table([NEW]))
        other = preview(cast, table([["12号楼", "2单元", "502", "户主", "演示另一人", CHILD, ""]]))
        store(cast, other)
        store(cast, batch)
        assert (batch.status, batch.counts["wrong"]) == ("previewed", 1)
        assert "有变化" in batch.problem
        assert not Resident.objects.filter(name="演示新人").exists()


@pytest.mark.usefixtures("assessed")
class TestWrongLines:
    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (["99号楼", "2单元", "501", "户主", "演示某", "", ""], "没有这栋楼"),
            (["12号楼", "9单元", "501", "户主", "演示某", "", ""], "没有这个单元"),
            (["", "", "501", "户主", "演示某", "", ""], "没有写是哪栋楼"),
            (["12号楼", "2单元", "", "户主", "演示某", "", ""], "没有门牌"),
            (["12号楼", "2单元", "3-1-501", "户主", "演示某", "", ""], "不一致"),
            (["12号楼", "2单元", "501", "户主", "演示某", "440524198001010015", ""], "校验不对"),
            (["12号楼", "2单元", "501", "户主", "演示某", 440524198001010015.0, ""], "变成了数字"),
            (["12号楼", "2单元", "501", "户主", "演示某", "", "1391111"], "11 位"),
            (["12号楼", "2单元", "501", "邻居", "演示某", "", ""], "与户主关系认不出来"),
            (["12号楼", "2单元", "501", "户主", "演示某", FATHER, ""], "另一个人名下"),
            (["12号楼", "2单元", "302", "户主", "演示父亲", FATHER, ""], "已经登记了户主"),
            (["12号楼", "2单元", "301", "户主", "演示母亲", "", ""], "已经登记了户主"),
            (["12号楼", "2单元", "301", "户主", "演示某", "", ""], "已经登记了户主"),
            (["12号楼", "2单元", "501", "户主", "", "", "13911112222"], "没有姓名"),
        ],
    )
    def test_a_line_goes_back_with_a_reason_that_says_what_to_do(self, cast: Cast, row: list[Any], reason: str) -> None:
        batch = preview(cast, table([[*NEW[:2], "777", *NEW[3:]], row]))
        assert reason in reasons(batch)[3]
        assert batch.counts["new"] == 1

    def test_one_number_twice_is_wrong_the_second_time(self, cast: Cast) -> None:
        batch = preview(cast, table([NEW, [*NEW[:2], "502", *NEW[3:]]]))
        assert list(reasons(batch)) == [3]


@pytest.mark.usefixtures("assessed")
class TestFiles:
    def test_merged_cells_two_heading_rows_and_hidden_sheets(self, cast: Cast) -> None:
        def fill(workbook: Any) -> None:
            sheet = workbook.add_worksheet("住户")
            sheet.merge_range(0, 0, 0, 6, "彩虹社区住户登记表")
            for column, text in enumerate(("楼栋", "单元", "房号")):
                sheet.merge_range(1, column, 2, column, text)
            sheet.merge_range(1, 3, 1, 6, "人员信息")
            sheet.write_row(2, 3, ("姓名", "与户主关系", "身份证号", "联系电话"))
            sheet.merge_range(3, 0, 4, 0, "12栋")
            sheet.merge_range(3, 1, 4, 1, "第二单元")
            sheet.merge_range(3, 2, 4, 2, 701)
            sheet.write_row(3, 3, ("演示甲", "户主", "", 13911112222))
            sheet.write_row(4, 3, ("演示乙", "配偶", "", ""))
            workbook.add_worksheet("旧底册").hide()

        batch = preview(cast, book(fill))
        assert batch.found["hidden"] == ["旧底册"]
        assert (batch.counts["people"], batch.counts["households"], batch.counts["homes"]) == (2, 1, 1)

    def test_what_must_not_be_registered_is_not_read_and_cannot_be_chosen(self, cast: Cast) -> None:
        batch = bring(
            cast, table([[*NEW, "某"]], head=("楼栋", "单元", "门牌", "关系", "姓名", "证件号", "电话", "民族"))
        )
        assert batch.found["never"] == ["民族"]
        columns = [*batch.columns[:-1], "kind"]
        with pytest.raises(InputRefused, match="不收"):
            map_import(batch_id=batch.pk, columns=columns, actor=cast.actor("desk"), at=cast.at)

    @pytest.mark.parametrize(
        ("content", "suffix", "sentence"),
        [
            (b"PK\x03\x04 broken", ".xlsx", "打不开"),
            (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 99, ".xlsx", "密码"),
            (b"\xff\xfe\x00", ".csv", "编码"),
            ("随便,写写\n1,2\n".encode(), ".csv", "没有找到表头"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
        self, cast: Cast, content: bytes, suffix: str, sentence: str
    ) -> None:
        batch = bring(cast, io.BytesIO(content), suffix)
        assert batch.status == "refused"
        assert sentence in batch.problem
        assert not ImportPiece.objects.exists()

    def test_a_file_of_another_kind_does_not_come_in(self, cast: Cast) -> None:
        for suffix in (".xlsm", ".xls", ".pdf"):
            with pytest.raises(InputRefused, match="xlsx"):
                bring(cast, io.BytesIO(b"x"), suffix)


@pytest.mark.usefixtures("assessed")
def test_a_column_of_a_field_that_is_not_assessed_cannot_be_chosen(cast: Cast) -> None:
    phones = ImpactAssessment.objects.about(Target.FIELD_GROUP, "phone").switched_on().get()
    switch_off(assessment_id=phones.pk, actor=SYSTEM, at=cast.at)
    batch = bring(cast, table([NEW]))
    with pytest.raises(InputRefused, match="影响评估"):
        map_import(batch_id=batch.pk, columns=batch.columns, actor=cast.actor("desk"), at=cast.at)
    columns = ["" if column == "phone" else column for column in batch.columns]
    map_import(batch_id=batch.pk, columns=columns, actor=cast.actor("desk"), at=cast.at)


def test_before_the_assessment_nothing_is_brought(cast: Cast, homes: Homes) -> None:
    with pytest.raises(InputRefused, match="影响评估"):
        bring(cast, table([NEW]))


@pytest.mark.usefixtures("assessed")
class TestWhoMay:
    @pytest.mark.parametrize(
        "key", ["chief", "grid_worker", "street", "commander", "property", "stranger_desk", "resident", "audit_admin"]
    )
    def test_only_the_office_of_the_community_brings_a_file(self, cast: Cast, key: str) -> None:
        with pytest.raises(NotYours):
            bring(cast, table([NEW]), key=key)

    def test_another_community_sees_nothing_of_it(self, cast: Cast) -> None:
        batch = preview(cast, table([NEW]))
        for act in (confirm_import, drop_import, return_import):
            with pytest.raises(NotThere):
                act(batch_id=batch.pk, actor=cast.actor("stranger_desk"), at=cast.at)

    def test_a_file_nobody_goes_on_with_is_gone_after_a_day(self, cast: Cast) -> None:
        batch = preview(cast, table([NEW]))
        assert purge_imports(at=cast.at + timedelta(hours=23)) == 0
        purge_imports(at=cast.at + timedelta(hours=25))
        batch.refresh_from_db()
        assert batch.status == "dropped"
        assert not ImportPiece.objects.exists()
