"""Programs read what their person may read, numbers masked, and open one with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast


def program_of(cast: Cast, key: str, *, is_read_only: bool = True) -> Client:
    _, token = make_api_token(user=cast.people[key], label="测试", is_read_only=is_read_only, actor=SYSTEM, at=cast.at)
    return Client(headers={"authorization": f"Bearer {token}"})


def rows(program: Client, name: str, **asked: Any) -> list[dict[str, Any]]:
    answer = program.get(f"/api/v1/{name}", asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


@pytest.mark.parametrize(
    ("key", "doors", "people"),
    [("chief", 3, 3), ("desk", 4, 4), ("street", 0, 0), ("property", 0, 0), ("stranger_chief", 1, 1)],
)
def test_a_program_gets_the_rows_of_its_person(cast: Cast, homes: Homes, key: str, doors: int, people: int) -> None:
    program = program_of(cast, key)
    assert (len(rows(program, "dwellings")), len(rows(program, "residents"))) == (doors, people)


def test_numbers_are_masked_and_ties_told(cast: Cast, homes: Homes) -> None:
    program = program_of(cast, "chief")
    father = next(row for row in rows(program, "residents") if row["name"] == "演示父亲")
    assert (father["phone"], father["id_number"]) == ("139****0001", "**************0015")
    own = next(row for row in rows(program, "households") if row["uid"] == father["household"])
    assert [person["tie"] for person in own["people"]] == ["head", "spouse"]
    door = next(row for row in rows(program, "dwellings") if row["uid"] == own["dwelling"])
    assert door["households"] == [own["uid"]]


def test_a_unit_head_is_not_told_of_vacancy(cast: Cast, homes: Homes) -> None:
    told = {
        key: [row["vacant_since"] for row in rows(program_of(cast, key), "dwellings")]
        for key in ("chief", "stairwell_head")
    }
    assert any(told["chief"])
    assert not any(told["stairwell_head"])


def test_pages_follow_each_other_and_stay_in_the_area_asked_for(cast: Cast, homes: Homes) -> None:
    program = program_of(cast, "desk")
    first = program.get("/api/v1/residents", {"size": 3}).json()
    second = program.get("/api/v1/residents", {"size": 3, "cursor": first["next"]}).json()
    assert (len(first["rows"]), len(second["rows"]), second["next"]) == (3, 1, None)
    assert len(rows(program, "residents", area=cast.areas["next_building"].pk)) == 1


def test_a_page_of_residents_takes_few_queries(cast: Cast, homes: Homes) -> None:
    program = program_of(cast, "desk")
    with CaptureQueriesContext(connection) as asked:
        rows(program, "residents")
    assert len(asked) <= 5


def test_a_number_opens_for_a_program_with_a_reason_and_is_logged(cast: Cast, homes: Homes) -> None:
    program = program_of(cast, "chief", is_read_only=False)
    url = f"/api/v1/residents/{homes.residents['father'].uid}/reveal"
    refused = program.post(url, {"what": "phone", "reason": ""}, content_type="application/json")
    assert (refused.status_code, refused.json()["field"]) == (400, "reason")
    opened = program.post(url, {"what": "phone", "reason": "核对登记"}, content_type="application/json")
    assert opened.json() == {"value": "13911110001"}
    assert Reveal.objects.get().token_id is not None
    other = program_of(cast, "next_chief", is_read_only=False).post(
        url, {"what": "phone", "reason": "核对"}, content_type="application/json"
    )
    assert other.status_code == 404
