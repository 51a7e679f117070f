"""The field for programs: one's own day, a visit noted; scoped and refused as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.rhythms import start_rhythm
from louzhang.fieldwork.models import DayItem, Visit
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.models import Need
from tests.cast import cast_of_now

ID = "ad6784c9-7f5e-4a0f-9d39-000000000001"


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def ask(cast):
    """Ask a route as somebody of the cast."""

    def act(key, address, body=None, *, is_read_only=False) -> Any:
        token = make_api_token(user=cast.people[key], label="测试", is_read_only=is_read_only, actor=SYSTEM, at=cast.at)
        headers: Any = {"authorization": f"Bearer {token[1]}"}
        client = Client()
        if body is None:
            return client.get(f"/api/v1{address}", headers=headers)
        return client.post(f"/api/v1{address}", body, content_type="application/json", headers=headers)

    return act


@pytest.fixture
def day(cast, homes, rhythm):
    start_rhythm(rhythm_id=rhythm().pk, at=cast.at)
    make_days(day=clock.local_date(cast.at), at=cast.at)


def test_one_reads_the_own_day_as_it_stands_on_the_phone(cast, ask, day):
    (told,) = ask("chief", "/days").json()["rows"]
    assert (told["post"], told["area"]) == (cast.posts["chief"].pk, cast.areas["building"].pk)
    lines = DayItem.objects.filter(day_list__post=cast.posts["chief"])
    assert {line["uid"] for line in told["lines"]} == {str(uid) for uid in lines.values_list("uid", flat=True)}
    assert all(line["why"] and line["url"] for line in told["lines"])


def test_the_days_of_others_are_not_there(cast, ask, day):
    for key in ("desk", "street", "resident"):
        assert ask(key, "/days").json() == {"rows": []}
    assert ask("chief", "/days?day=2020-01-01").json() == {"rows": []}
    assert ask("chief", "/days?day=gestern").status_code == 400
    assert Client().get("/api/v1/days").status_code == 401


def visit(homes, **more):
    return {"id": ID, "row": str(homes.households["own"].uid), "outcome": "met", **more}


def test_a_visit_is_noted_once_with_what_was_learnt(cast, homes, ask):
    body = visit(homes, minutes=10, words="都好", need="想装扶手", met=[str(homes.residents["father"].uid)])
    for _ in range(2):
        assert ask("chief", "/visits", body).status_code == 200
    row = Visit.objects.get()
    assert (row.outcome, row.minutes, row.met_ids) == ("met", 10, [homes.residents["father"].pk])
    assert Need.objects.get().summary == "想装扶手"


def test_nobody_notes_a_visit_elsewhere_or_with_a_token_that_only_looks(cast, homes, ask):
    for key in ("next_chief", "stranger_chief", "street", "resident"):
        assert ask(key, "/visits", visit(homes)).status_code == 404
    assert ask("chief", "/visits", visit(homes), is_read_only=True).status_code == 403
    assert ask("chief", "/visits", visit(homes, outcome="maybe")).status_code == 400
    assert (
        ask("chief", "/visits", visit(homes, outcome="nobody", met=[str(homes.residents["father"].uid)])).json()[
            "field"
        ]
        == "outcome"
    )
    assert not Visit.objects.exists()


def test_a_door_without_a_household_can_be_called_at(cast, homes, ask):
    body = visit(homes, row=str(homes.dwellings["empty"].uid), outcome="nobody")
    assert ask("chief", "/visits", body).status_code == 200
    assert Visit.objects.get().household is None
