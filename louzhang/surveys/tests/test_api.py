"""Surveys for programs: which there are, how far they are; counts, and no door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.surveys.actions.answering import answer_target
from louzhang.surveys.tests.ground import GOOD, drafted, target_of


@pytest.fixture
def ask(cast):
    def act(key, address) -> Any:
        token = make_api_token(user=cast.people[key], label="测试", is_read_only=True, actor=SYSTEM, at=cast.at)[1]
        headers: Any = {"authorization": f"Bearer {token}"}
        return Client().get(f"/api/v1/surveys{address}", headers=headers)

    return act


@pytest.fixture
def answered(cast, survey):
    taken = answer_target(
        target_uid=target_of(survey, "301").uid, uid=UUID(int=1), fields=GOOD, outcome="answered", voice="door",
        actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip
    assert taken.is_taken
    return survey


def test_those_it_lies_with_read_of_a_survey_and_nobody_of_a_draft(cast, survey, ask):
    drafted(cast, title="还没开始的")
    for key in ("desk", "secretary", "street", "commander", "chief", "grid_worker"):
        assert [row["uid"] for row in ask(key, "").json()["rows"]] == [str(survey.uid)], key
    for key in ("stranger_desk", "stranger_chief", "property", "resident"):
        assert ask(key, "").json() == {"rows": []}, key
    assert Client().get("/api/v1/surveys").status_code == 401


def test_how_far_it_is_comes_by_place_as_counts(cast, answered, ask):
    told = ask("desk", f"/{answered.uid}/progress").json()
    assert told["progress"] == {"total": 3, "done": 1, "absent": 0}
    assert told["area"] == cast.areas["community"].pk
    assert [(row["name"], row["total"], row["done"]) for row in told["rows"]] == [("3号网格", 3, 1)]
    below = ask("desk", f"/{answered.uid}/progress?area={cast.areas['grid'].pk}").json()
    assert [(row["name"], row["total"], row["done"]) for row in below["rows"]] == [("12号楼", 2, 1), ("13号楼", 1, 0)]
    own = ask("chief", f"/{answered.uid}/progress").json()
    assert own["progress"] == {"total": 2, "done": 1, "absent": 0}
    assert "301" not in str(told) + str(below) + str(own)


def test_a_place_that_is_not_ones_own_is_not_there(cast, answered, ask):
    assert ask("chief", f"/{answered.uid}/progress?area={cast.areas['next_building'].pk}").status_code == 404
    assert ask("stranger_desk", f"/{answered.uid}/progress").status_code == 404
    assert ask("desk", f"/{UUID(int=5)}/progress").status_code == 404
