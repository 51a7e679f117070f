"""People leave the register as a file only for a stated purpose, masked, marked and logged."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.areas.models import Area
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import InputRefused, NotYours, TooOften
from louzhang.kit import clock
from louzhang.register.actions.exporting import export_residents
from louzhang.register.models import Resident, Shelter
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

PURPOSE = "核对停水通知的名单"


def browser(cast: Cast, key: str) -> Client:
    signed = sign_in_device(user=cast.people[key], way="code", label="测试", at=clock.now())
    client = Client()
    client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    return client


def taken(cast: Cast, key: str = "desk", **said: object) -> list[list[str]]:
    asked = {"area": cast.areas["community"], "purpose": PURPOSE, "is_whole": False} | said
    return export_residents(**asked, actor=cast.actor(key), at=cast.at).lines  # type: ignore[arg-type]  # one mapping


def test_numbers_are_masked_and_everybody_taken_learns_of_it(cast: Cast, homes: Homes) -> None:
    lines = taken(cast)
    assert [line[6] for line in lines] == ["演示父亲", "演示母亲", "演示租客", "演示邻居"]
    assert lines[0][:6] == ["", "12号楼", "2单元", "301", "自住", "户主"]
    assert lines[0][9:] == ["**************0015", "139****0001", ""]
    looked = Reveal.objects.filter(what="export", reason=PURPOSE, user_id=cast.people["desk"].pk)
    assert set(looked.filter(subject_kind="resident").values_list("subject_id", flat=True)) == set(
        Resident.objects.exclude(name="演示外人").values_list("pk", flat=True)
    )
    assert looked.get(subject_kind="area").subject_id == cast.areas["community"].pk


def test_only_the_secretary_takes_whole_numbers(cast: Cast, homes: Homes) -> None:
    assert taken(cast, "secretary", is_whole=True)[0][9:11] == ["440524198001010015", "13911110001"]
    with pytest.raises(NotYours, match="书记"):
        taken(cast, is_whole=True)


@pytest.mark.parametrize(
    "key", ["chief", "grid_worker", "street", "commander", "property", "stranger_desk", "resident"]
)
def test_nobody_else_takes_anything(cast: Cast, homes: Homes, key: str) -> None:
    with pytest.raises(NotYours):
        taken(cast, key)
    assert not Reveal.objects.exists()


def test_without_a_purpose_nothing_leaves(cast: Cast, homes: Homes) -> None:
    for purpose in ("", "  ", "看看"):
        with pytest.raises(InputRefused, match="做什么"):
            taken(cast, purpose=purpose)
    assert not Reveal.objects.exists()


def test_whom_an_order_protects_is_left_out(cast: Cast, homes: Homes) -> None:
    Shelter.objects.create(resident=homes.residents["mother"], ends_on=cast.at.date().replace(year=2030))
    assert "演示母亲" not in [line[6] for line in taken(cast)]
    assert "演示母亲" in [line[6] for line in taken(cast, "secretary")]


def test_there_is_an_end_to_it_in_a_day(cast: Cast, homes: Homes) -> None:
    for _ in range(10):
        taken(cast)
    with pytest.raises(TooOften):
        taken(cast)


def test_the_file_says_who_took_it_and_runs_no_formula(cast: Cast, homes: Homes) -> None:
    Resident.objects.filter(pk=homes.residents["father"].pk).update(name="=1+1")
    client = browser(cast, "desk")
    asked = {"area": cast.areas["community"].pk, "purpose": PURPOSE, "mask": "masked"}
    book = client.post(reverse("register:export"), asked | {"format": "xlsx"})
    lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert "演示社区受理" in str(lines[0][0])
    assert PURPOSE in str(lines[0][0])
    assert lines[2][6] == "'=1+1"
    plain = client.post(reverse("register:export"), asked | {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(plain)))
    assert ("演示社区受理" in rows[0][0], rows[1][6], rows[2][6]) == (True, "姓名", "'=1+1")
    assert "谁导出过" in client.get(reverse("register:export")).content.decode()


def test_every_printed_page_says_who_took_it_and_when(cast: Cast, homes: Homes) -> None:
    Area.objects.filter(pk=cast.areas["community"].pk).update(name="12&3社区")
    asked = {"area": cast.areas["community"].pk, "purpose": PURPOSE, "mask": "masked", "format": "xlsx"}
    book = browser(cast, "desk").post(reverse("register:export"), asked)
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        titles = archive.read("xl/workbook.xml").decode()
    header, footer = (re.search(f"<odd{part}>(.*?)</odd{part}>", sheet) for part in ("Header", "Footer"))
    for printed in (header, footer):
        assert printed is not None
        assert printed[1].startswith("&amp;C 12&amp;&amp;3社区")  # no size of type, no field
        assert "导出人 演示社区受理" in printed[1]
        assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", printed[1])
    assert "$1:$2" in titles


def test_the_line_that_says_who_took_it_runs_no_formula_either(cast: Cast, homes: Homes) -> None:
    Area.objects.filter(pk=cast.areas["community"].pk).update(name="=HYPERLINK(1)")
    asked = {"area": cast.areas["community"].pk, "purpose": PURPOSE, "mask": "masked", "format": "csv"}
    plain = browser(cast, "desk").post(reverse("register:export"), asked).content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(plain)))[0].startswith("'=HYPERLINK")


def test_a_refused_export_keeps_what_was_typed(cast: Cast, homes: Homes) -> None:
    asked = {"area": cast.areas["community"].pk, "purpose": "看看", "mask": "masked", "format": "csv"}
    answer = browser(cast, "desk").post(reverse("register:export"), asked)
    assert answer.status_code == 400
    assert 'value="看看"' in answer.content.decode()
