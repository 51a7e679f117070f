"""The JSON face, asked as a program would."""

import json

import pytest
from django.test import Client

from louzhang.accounts.actions import end_api_token, make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.api.answers import clock_lines
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import find_order


@pytest.fixture
def call(cast):
    """Send a request as a person of the cast; a token is made once a person."""
    tokens = {}

    def send(key, method, path, body=None, *, is_read_only=False, **headers):
        mark = (key, is_read_only)
        if mark not in tokens:
            tokens[mark] = make_api_token(
                user=cast.people[key], label="测试", is_read_only=is_read_only, actor=SYSTEM, at=cast.at
            )[1]
        headers["authorization"] = f"Bearer {tokens[mark]}"
        data = json.dumps(body) if body is not None else ""
        response = (
            getattr(Client(), method)(f"/api/v1{path}", data=data, content_type="application/json", headers=headers)
            if method == "post"
            else Client().get(f"/api/v1{path}", headers=headers)
        )
        return response.status_code, response.json()

    return send


def leak(cast, **changes):
    return {"category": "leak", "words": "水管爆了", "area": cast.areas["stairwell"].pk} | changes


def test_a_program_reports_and_a_repeat_gets_the_same_receipt(cast, call):
    answers = [call("grid_worker", "post", "/reports", leak(cast), **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert answers[0] == answers[1]
    status, receipt = answers[0]
    assert status == 201
    assert set(receipt) == {"report", "number", "tracking_code", "promised_at"}
    assert WorkOrder.objects.count() == 1


def test_the_whole_loop_runs_over_the_interface(cast, call):
    number = call("resident", "post", "/reports", leak(cast))[1]["number"]
    unit = cast.units["property_unit"].pk
    steps = [
        ("desk", "accept", {}),
        ("desk", "dispatch", {"unit": unit}),
        ("property", "take", {}),
        ("property", "settle", {"note": "换了水管"}),
        ("desk", "report_back", {"answer": "已换好"}),
        ("resident", "rate", {"stars": 5, "solved": True}),
    ]
    for person, verb, body in steps:
        status, answer = call(person, "post", f"/workorders/{number}/{verb}", body)
        assert status == 200, (verb, answer)
    assert call("resident", "get", f"/workorders/{number}")[1]["status"] == "closed"


def test_strangers_get_the_same_404_as_for_a_number_that_never_was(cast, call):
    number = call("resident", "post", "/reports", leak(cast))[1]["number"]
    there = call("stranger_desk", "get", f"/workorders/{number}")
    never = call("stranger_desk", "get", "/workorders/LZ2603020000010")
    assert there == never
    assert there[0] == 404
    assert call("stranger_desk", "get", "/workorders")[1]["rows"] == []
    assert call("stranger_desk", "post", f"/workorders/{number}/accept", {})[0] == 404


def test_without_the_relation_403_and_in_the_wrong_state_409(cast, call):
    number = call("resident", "post", "/reports", leak(cast))[1]["number"]
    assert call("chief", "post", f"/workorders/{number}/accept", {})[0] == 403
    status, answer = call("desk", "post", f"/workorders/{number}/take", {})
    assert (status, answer["code"]) == (403, "not_allowed")
    status, answer = call("desk", "post", f"/workorders/{number}/report_back", {"answer": "好了"})
    assert (status, answer["code"]) == (409, "transition_refused")


def test_a_read_only_token_reads_and_does_nothing_else(cast, call):
    number = call("resident", "post", "/reports", leak(cast))[1]["number"]
    assert call("desk", "get", f"/workorders/{number}", is_read_only=True)[0] == 200
    assert call("desk", "post", f"/workorders/{number}/accept", {}, is_read_only=True)[0] == 403
    assert call("desk", "post", "/reports", leak(cast), is_read_only=True)[0] == 403


def test_an_ended_token_is_a_stranger(cast):
    row, token = make_api_token(user=cast.people["desk"], label="测试", is_read_only=False, actor=SYSTEM, at=cast.at)
    end_api_token(token=row, actor=SYSTEM, at=cast.at)
    response = Client().get("/api/v1/workorders", headers={"authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"category": "nothing"}, "category"),
        ({"area": 0}, "area"),
        ({"area": 2**70}, "area"),
        ({"words": "水" * 6000}, "words"),
        ({"longitude": 200, "latitude": 0}, "longitude"),
        ({"photos": ["x"]}, "0"),
        ({"phone": "12"}, "phone"),
        ({"words": "a\u0000b"}, "words"),
    ],
)
def test_wrong_input_names_its_field_and_repeats_nothing(cast, call, body, field):
    status, answer = call("resident", "post", "/reports", leak(cast, **body))
    assert (status, answer["code"], answer["field"]) == (400, "input_refused", field)
    assert WorkOrder.objects.count() == 0


def test_the_unit_reads_the_masked_contact_and_only_while_it_holds_the_order(cast, call):
    body = leak(cast, name="王小芳", phone="13900009999", answer_way="phone", is_for_another=True)
    number = call("desk", "post", "/reports", body)[1]["number"]
    assert call("chief", "get", f"/workorders/{number}")[1]["reports"][0]["phone"] == ""
    call("desk", "post", f"/workorders/{number}/accept", {})
    call("desk", "post", f"/workorders/{number}/dispatch", {"unit": cast.units["property_unit"].pk})
    assert call("property", "get", f"/workorders/{number}")[1]["reports"][0]["phone"] == "139****9999"
    call("property", "post", f"/workorders/{number}/send_back", {"reason": "不归我们"})
    assert call("property", "get", f"/workorders/{number}")[1]["reports"] == []


def test_lists_narrow_and_page(cast, call):
    for words in ("水管爆了", "灯不亮了", "水管又爆了"):
        call("resident", "post", "/reports", leak(cast, words=words))
    status, page = call("desk", "get", "/workorders?words=水管&size=1")
    assert status == 200
    assert [row["summary"] for row in page["rows"]] == ["水管又爆了"]
    rest = call("desk", "get", f"/workorders?words=水管&size=1&cursor={page['next']}")[1]
    assert [row["summary"] for row in rest["rows"]] == ["水管爆了"]
    assert call("desk", "get", "/workorders?cursor=broken")[0] == 400


def test_the_description_and_the_lists_of_choices_are_served(cast, call):
    assert Client().get("/api/v1/openapi.json").json()["info"]["title"] == "Louzhang"
    assert {row["code"] for row in call("resident", "get", "/categories")[1]} >= {"leak", "lamp"}
    assert call("resident", "get", "/areas?kind=community")[1][0]["kind"] == "community"
    assert call("resident", "get", "/units")[0] == 200


def test_a_program_that_asks_too_often_waits_a_minute(cast, call, monkeypatch):
    from louzhang.accounts import limits

    monkeypatch.setattr(limits, "TOKEN", limits.Limit(limits.DAY, 3, limits.TOKEN.words))
    statuses = [call("desk", "get", "/units")[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_a_program_sends_a_photo_with_its_report(cast, call):
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (320, 240), "#777").save(drawn, "JPEG")
    photo_bytes = drawn.getvalue()
    from django.core.files.uploadedfile import SimpleUploadedFile

    _, token = make_api_token(user=cast.people["chief"], label="照片", is_read_only=False, actor=SYSTEM, at=cast.at)
    head = {"authorization": f"Bearer {token}"}
    photo = SimpleUploadedFile("a.jpg", photo_bytes, content_type="image/jpeg")
    kept = Client().post("/api/v1/attachments", {"file": photo}, headers=head)
    assert kept.status_code == 201, kept.content
    body = json.dumps(leak(cast, photos=[kept.json()["id"]]))
    filed = Client().post("/api/v1/reports", body, content_type="application/json", headers=head)
    assert filed.status_code == 201
    stolen = call("grid_worker", "post", "/reports", leak(cast, photos=[kept.json()["id"]]))
    assert stolen[0] == 400
    bad = SimpleUploadedFile("a.jpg", b"not a photo", content_type="image/jpeg")
    assert Client().post("/api/v1/attachments", {"file": bad}, headers=head).json()["code"] == "input_refused"


def test_one_order_tells_its_clocks_to_those_who_handle_it(cast, call, do, report):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    clocks = call("property", "get", f"/workorders/{order.number}")[1]["clocks"]
    assert set(clocks) == {"settle"}
    assert clocks["settle"]["state"] == "overdue", "the clock of the wall is months after the morning of the cast"
    assert clocks["settle"]["due_at"].startswith("2026-03-05")
    do(order, "pause", "desk", pause_for="wait", reason="反映人出差", hours=2)
    told = call("desk", "get", f"/workorders/{order.number}")[1]["clocks"]["settle"]
    assert told == {"due_at": None, "state": "paused", "is_paused": True, "is_waiting": True}


def test_a_reporter_and_a_unit_that_only_had_it_are_told_no_clocks(cast, call, do, report):
    order = report(cast.actor("resident")).order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "send_back", "property", reason="不归我们")
    for person in ("resident", "property"):
        assert call(person, "get", f"/workorders/{order.number}")[1]["clocks"] == {}


def test_the_clocks_of_one_order_cost_no_query(cast, do, report, django_assert_num_queries):
    order = report().order
    do(order, "accept", "desk")
    found = find_order(cast.actor("desk"), order.number)
    assert found is not None
    clock_lines(found, cast.at)  # what a process remembers is warm
    with django_assert_num_queries(0):
        assert clock_lines(found, cast.at)["settle"]["state"] == "running"
