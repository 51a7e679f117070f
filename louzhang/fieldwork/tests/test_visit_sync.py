"""A visit as an entry of a phone: carried out once, every part or none, later changes of others kept."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from louzhang.fieldwork.models import Company, Visit
from louzhang.kit import clock
from louzhang.register.actions import record_reach
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import take_entries
from louzhang.register.models import CareTag, DoorEntry, Need, Reach
from louzhang.workorders.models import WorkOrder

ONE = UUID(int=7)


@pytest.fixture
def send(cast, homes):
    def sent(person="chief", row=None, uid=ONE, kind="visit.write", seen_at=None, at=None, **fields):
        entry = Entry(
            uid=uid, kind=kind, row=row or homes.dwellings["own"].uid, fields={"outcome": "met", **fields},
            happened_at=at or cast.at, seen_at=seen_at,
        )  # fmt: skip
        return take_entries([entry], actor=cast.actor(person), at=at or cast.at)[0]

    return sent


WHOLE = {
    "words": "都好",
    "hour": "supper",
    "need": "修扶手",
    "category": "lamp",
    "problem": "灯不亮",
    "unchanged": "on",
}


def test_one_entry_is_carried_out_once_however_often_it_comes(send):
    first, second = send(**WHOLE), send(**WHOLE)
    assert (first.result, second.result) == ("done", "done")
    counts = [table.objects.count() for table in (Visit, Need, WorkOrder, DoorEntry)]
    assert counts == [1, 1, 1, 1]
    assert Reach.objects.get().hour == "supper"


def test_the_door_stands_for_the_household_behind_it(send, homes):
    send()
    assert Visit.objects.get().household == homes.households["own"]


def test_whom_one_met_is_noted_by_their_entries(send, homes):
    send(met_1=str(homes.residents["mother"].uid), met_2=str(homes.residents["stranger"].uid), met_3="x")
    assert Visit.objects.get().met_ids == [homes.residents["mother"].pk]


def test_nothing_is_kept_where_a_part_is_refused(send):
    refused = send(need="修扶手", care_who="没有这个人", care_kind="1", care_purpose="看望", care_until="2026-12-01")
    assert refused.result == "refused"
    assert not Visit.objects.exists()
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"outcome": "perhaps"}, "outcome"), ({"category": "lamp"}, "problem"), ({"problem": "灯不亮"}, "category"),
     ({"minutes": "900"}, "minutes"), ({"care_who": "演示母亲"}, "care_kind")],
)  # fmt: skip
def test_half_a_matter_is_refused_by_its_field(send, fields, field):
    answer = send(**fields)
    assert (answer.result, answer.field) == ("refused", field)


def test_where_others_changed_the_reach_both_are_kept_and_the_visit_counts(send, cast, homes, later):
    record_reach(household_id=homes.households["own"].pk, hour="morning", actor=cast.actor("grid_worker"), at=later(1))
    answer = send(hour="supper", seen_at=cast.at, at=later(2))
    assert answer.result == "done"
    assert Visit.objects.exists()
    assert Reach.objects.get().hour == "morning"
    held = DoorEntry.objects.held().get()
    assert (held.kind, held.row_id) == ("household.reach", homes.households["own"].pk)


def test_company_is_asked_without_a_reason_and_over_once_one_was_there(send, homes):
    assert send(kind="visit.company").result == "done"
    assert Company.objects.open().count() == 1
    send(uid=uuid4())
    assert not Company.objects.open().exists()


def test_a_stranger_sends_nothing_in(send):
    assert [send("next_chief").result, send("stranger_chief", uid=uuid4()).result] == ["refused", "refused"]
    assert not Visit.objects.exists()


def test_the_page_and_the_route_for_programs_take_the_same_entry(sign_in, homes):
    fields = {"kind": "visit.write", "row": str(homes.dwellings["own"].uid), "outcome": "met", "words": "都好"}
    body = {"entries": [{"id": str(ONE), "happened_at": clock.now().isoformat(), "fields": fields}]}
    chief = sign_in("chief")
    for _ in range(2):
        answer = chief.post("/register/sync/", json.dumps(body), content_type="application/json").json()
        assert answer["results"][0]["result"] == "done"
    assert Visit.objects.count() == 1
    assert not CareTag.objects.exists()
