"""Who types an ID number that is another row's learns no place of it; it is logged, shown to the person and limited."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from louzhang.accounts.limits import LIMITS
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.register.actions import leave
from louzhang.register.actions.importing import reading
from louzhang.register.actions.importing.pieces import rows_of
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.actions.taken_numbers import ANOTHER, ELSEWHERE, LIVES, MET
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import take_entries
from louzhang.register.models import ImportBatch, PieceKind, Resident
from louzhang.register.queries.own import looks_at
from louzhang.register.tests.books import CHILD, table
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.test_import import preview, switch_import_on
from tests.cast import Cast, browser_as


def number(person: Resident) -> Resident:
    """Give somebody the number that is typed elsewhere."""
    person.seal(id_number=CHILD)
    person.save(update_fields=["id_number_sealed", "id_index"])
    return person


@pytest.fixture
def stranger(homes: Homes) -> Resident:
    """Somebody of the other street."""
    return number(homes.residents["stranger"])


def type_in(cast: Cast, homes: Homes, name: str, key: str = "chief") -> Any:
    """Enter a person of this name and the number, as a chief does."""
    given = {"name": name, "tie": "other", "on": "2026-02-01", "id_number": CHILD, "entry_id": str(uuid.uuid4())}
    url = reverse("register:act", args=["household", homes.households["let"].uid, "register"])
    return browser_as(cast, key).post(url, given)


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("name", ["演示外人", "别的名字"])
def test_one_sentence_tells_neither_where_nor_whether_the_name_is_right(
    cast: Cast, homes: Homes, stranger: Resident, name: str
) -> None:
    answer = type_in(cast, homes, name)
    assert answer.status_code == 409
    assert ELSEWHERE in said(answer)
    assert not Resident.objects.filter(name=name).exclude(pk=stranger.pk).exists()


def test_the_person_reads_who_typed_their_number(cast: Cast, homes: Homes, stranger: Resident) -> None:
    type_in(cast, homes, "别的名字")
    look = looks_at(stranger)[0]
    assert (look.who, look.what) == ("楼长 演**长", "在别处登记时输入了您的证件号码")


def test_whoever_keeps_the_other_row_is_told_more_and_logged_as_well(cast: Cast, homes: Homes) -> None:
    father = number(homes.residents["father"])
    for name, sentence in [("演示父亲", LIVES), ("别的名字", ANOTHER)]:
        assert sentence in said(type_in(cast, homes, name))
    assert Reveal.objects.filter(what=MET, subject_id=father.pk).count() == 2


def test_a_shielded_neighbour_is_nobody_the_chief_is_told_of(cast: Cast, homes: Homes) -> None:
    father = number(homes.residents["father"])
    leave(resident_id=father.pk, on=date(2026, 2, 1), actor=SYSTEM, at=cast.at)
    order: dict[str, Any] = {"document": "1号", "ends_on": date(2099, 1, 1), "at": cast.at}
    shelter_resident(resident_id=father.pk, actor=cast.actor("secretary"), **order)
    answer = type_in(cast, homes, "演示父亲")
    assert ELSEWHERE in said(answer)
    assert not father.stays.filter(ends_on=None).exists(), "nobody draws a shielded person into a home of theirs"


def test_who_comes_from_elsewhere_is_entered_and_reads_it(cast: Cast, homes: Homes, stranger: Resident) -> None:
    leave(resident_id=stranger.pk, on=date(2026, 1, 1), actor=SYSTEM, at=cast.at)
    assert type_in(cast, homes, "演示外人").status_code == 302
    assert Reveal.objects.filter(what=MET, subject_id=stranger.pk).count() == 1


def test_after_so_many_an_hour_no_number_is_answered_at_all(cast: Cast, homes: Homes, stranger: Resident) -> None:
    most = LIMITS["number.person"][0].most
    answers = [type_in(cast, homes, "别的名字").status_code for _ in range(most + 1)]
    assert answers == [409] * most + [429]
    stranger.seal(id_number="")
    stranger.save(update_fields=["id_number_sealed", "id_index"])
    assert type_in(cast, homes, "别的名字").status_code == 429, "a number that is nobody's is answered the same"


def test_a_correction_to_a_number_of_somebody_else_is_logged(cast: Cast, homes: Homes, stranger: Resident) -> None:
    mother = homes.residents["mother"]
    given = {"name": mother.name, "id_number": CHILD, "entry_id": str(uuid.uuid4())}
    url = reverse("register:act", args=["resident", mother.uid, "correct"])
    answer = browser_as(cast, "chief").post(url, given)
    assert answer.status_code == 409
    assert ELSEWHERE in said(answer)
    assert Reveal.objects.filter(what=MET, subject_id=stranger.pk).exists()


def test_what_a_phone_wrote_down_is_held_with_the_same_sentence_and_logged(
    cast: Cast, homes: Homes, stranger: Resident
) -> None:
    fields = {"name": "别的名字", "tie": "other", "on": "2026-02-01", "id_number": CHILD}
    entry = Entry(
        uid=uuid.uuid4(), kind="household.register", row=homes.households["let"].uid, fields=fields,
        happened_at=cast.at,
    )  # fmt: skip
    assert [result.result for result in take_entries([entry], actor=cast.actor("chief"), at=cast.at)] == ["conflict"]
    assert Reveal.objects.filter(what=MET, subject_id=stranger.pk).exists()
    page = browser_as(cast, "chief").get(reverse("register:conflicts"))
    assert ELSEWHERE in said(page)


def carried(cast: Cast, *rows: list[str]) -> ImportBatch:
    switch_import_on(SYSTEM, cast.at)
    return preview(cast, table(list(rows)))


def reasons(batch: ImportBatch) -> list[str]:
    return [row[2] for row in rows_of(batch, PieceKind.WRONG)]


@pytest.mark.parametrize("name", ["演示外人", "别的名字"])
def test_a_file_tells_of_a_number_elsewhere_that_it_is_taken_and_the_person_who_brought_it(
    cast: Cast, homes: Homes, stranger: Resident, name: str
) -> None:
    batch = carried(cast, ["12号楼", "2单元", "501", "户主", name, CHILD, ""])
    assert [reason.startswith("这个证件号码已经登记过") for reason in reasons(batch)] == [True]
    look = Reveal.objects.get(what=MET, subject_id=stranger.pk)
    assert look.user_id == cast.people["desk"].pk


def test_a_file_of_numbers_from_elsewhere_is_refused_whole(
    cast: Cast, homes: Homes, stranger: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MET_AT_MOST", 0)
    batch = carried(cast, ["12号楼", "2单元", "501", "户主", "演示外人", CHILD, ""])
    assert (batch.status, batch.problem) == ("refused", reading.TOO_MANY_MET)


def test_a_file_learns_nothing_of_somebody_shielded_behind_its_doors(cast: Cast, homes: Homes) -> None:
    """A line with the number of a shielded person reads like one of a stranger, a line with the name like a new one."""
    tenant = number(homes.residents["tenant"])
    order: dict[str, Any] = {"document": "1号", "ends_on": date(2099, 1, 1), "at": cast.at}
    shelter_resident(resident_id=tenant.pk, actor=cast.actor("secretary"), **order)
    door = ["12号楼", "2单元", "302", "户主", "演示租客"]
    batch = carried(cast, [*door, CHILD, ""])
    assert [reason.startswith("这个证件号码已经登记过") for reason in reasons(batch)] == [True]
    batch = carried(cast, [*door, "", ""])
    assert (batch.counts["new"], batch.counts["same"], batch.counts["wrong"]) == (1, 0, 0)
