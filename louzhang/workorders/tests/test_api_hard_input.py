"""What programs send by mistake or on purpose: always a code and a sentence, never a broken answer."""

import json

import pytest
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.models import WorkOrder

JSON = "application/json"
DEEP = "[" * 20_000 + "]" * 20_000


@pytest.fixture
def send(cast):
    token = make_api_token(user=cast.people["resident"], label="测试", is_read_only=False, actor=SYSTEM, at=cast.at)[1]

    def request(method, path, data="", content_type=JSON, **headers):
        headers.setdefault("authorization", f"Bearer {token}")
        client = Client(raise_request_exception=False)
        return client.generic(method, f"/api/v1{path}", data, content_type=content_type, headers=headers)

    return request


def told(response):
    answer = response.json()
    assert set(answer) == {"code", "message", "field"}
    assert answer["message"].endswith(("。", "）。"))
    return response.status_code, answer["code"]


HUGE = str(10**30)
REFUSED = (400, "input_refused")
QUERIES = {
    "category=%00": REFUSED,
    "step=%00": REFUSED,
    "words=%00%00": REFUSED,
    "number=%00": REFUSED,
    "phone=%00": REFUSED,
    "phone=x:y": (200, ""),
    "cursor=%00": REFUSED,
    "cursor=eyJ": REFUSED,
    f"area={HUGE}": REFUSED,
    f"unit={HUGE}": REFUSED,
    "area=-1": REFUSED,
    "size=0": REFUSED,
    f"size={HUGE}": REFUSED,
    "until=9999-12-31": REFUSED,
    "since=0001-01-01": REFUSED,
    "until=0001-01-01": REFUSED,
    "since=2026-03-02&until=2026-03-02": (200, ""),
    "since=99999-01-01": REFUSED,
    "is_urgent=maybe": REFUSED,
    "category=%ff%fe": (200, ""),
    "words=%F0%9F%92%A7%F0%9F%92%A7": (200, ""),
}


def test_a_list_answers_any_filter(send):
    for query, (status, code) in QUERIES.items():
        response = send("GET", f"/workorders?{query}")
        assert response.status_code == status, query
        if status != 200:
            assert told(response) == (status, code), query


def test_a_page_leaves_out_the_filters_it_cannot_read(cast, sign_in):
    browser = sign_in("desk")
    for query in QUERIES:
        assert browser.get(f"/desk/orders/?{query}").status_code in {200, 400}, query


@pytest.mark.parametrize(
    "path",
    [
        "/areas?kind=%00",
        f"/areas?within={HUGE}",
        "/workorders/%00",
        "/workorders/%00/events",
        f"/workorders/{'9' * 4000}",
    ],
)
def test_other_addresses_answer_too(send, path):
    response = send("GET", path)
    assert response.status_code in {200, 400, 404}
    if response.status_code != 200:
        told(response)


BODIES = {
    "not json": (b"{", JSON, 400),
    "not utf-8": (b"\xff\xfe{}", JSON, 400),
    "a list": (b"[]", JSON, 400),
    "a number": (b"7", JSON, 400),
    "nothing": (b"", JSON, 400),
    "null": (b"null", JSON, 400),
    "nested": (DEEP.encode(), JSON, 400),
    "nested answers": (json.dumps({"category": "leak", "answers": {"a": {"b": {}}}}).encode(), JSON, 400),
    "nan": (b'{"category": "leak", "words": "x", "longitude": NaN, "latitude": NaN}', JSON, 400),
    "infinite": (b'{"category": "leak", "words": "x", "longitude": 1e999, "latitude": 1}', JSON, 400),
    "a form": (b"category=leak", "application/x-www-form-urlencoded", 400),
    "xml": (b"<report/>", "application/xml", 400),
    "a huge number": (b'{"category": "leak", "words": "x", "area": ' + b"9" * 5000 + b"}", JSON, 400),
    "half a sign": (b'{"category": "leak", "words": "\\ud800", "place_note": "x"}', JSON, 400),
    "half a sign in a name": (b'{"category": "leak", "words": "x", "place_note": "x", "name": "\\udfff"}', JSON, 400),
    "NUL in a note": (b'{"category": "leak", "words": "x", "place_note": "a\\u0000"}', JSON, 400),
    "NUL in a category": (b'{"category": "\\u0000", "words": "x", "place_note": "a"}', JSON, 400),
    "NUL in an answer": (
        b'{"category": "leak", "words": "x", "place_note": "a", "answers": {"k": "\\u0000"}}',
        JSON,
        400,
    ),
    "a megabyte": (json.dumps({"category": "leak", "words": "水" * 1_000_000}).encode(), JSON, 413),
    "a megabyte of words": (json.dumps({"category": "leak", "words": "a" * 1_000_000}).encode(), JSON, 400),
}


def test_a_report_of_any_body_is_refused_in_words_and_leaves_nothing(send):
    for name, (data, content_type, status) in BODIES.items():
        response = send("POST", "/reports", data, content_type)
        assert told(response) == (status, "too_large" if status == 413 else "input_refused"), name
    assert WorkOrder.objects.count() == 0


@pytest.mark.parametrize("key", ["\x00", "é" * 50, "x" * 201, "1" * 200, "{00000000-0000-0000-0000-000000000001}"])
def test_any_key_of_a_request_is_answered(send, cast, key):
    body = json.dumps({"category": "leak", "words": "x", "area": cast.areas["stairwell"].pk})
    assert send("POST", "/reports", body, **{"Idempotency-Key": key}).status_code in {201, 400}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer lz_", "Bearer lz_\x00", "Basic eDp5", "Bearer " + "x" * 9000]
)
def test_without_a_live_token_nobody_is_let_in(send, header):
    assert told(send("GET", "/workorders", authorization=header)) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/workorders"), ("PUT", "/reports"), ("GET", "/reports"), ("PATCH", "/units")]
)
def test_a_wrong_method_is_told_the_right_ones(send, method, path):
    response = send(method, path)
    assert told(response) == (405, "method_not_allowed")
    assert response["Allow"]


def test_what_is_not_there_is_told_as_json(send):
    assert told(send("GET", "/nothing")) == (404, "not_found")
    assert told(send("POST", "/workorders/x/fly", "{}")) == (404, "not_found")
    assert told(send("POST", "/workorders/x/%00", "{}")) == (404, "not_found")


def test_a_name_that_is_not_ours_is_told_as_json(send, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    assert told(send("GET", "/workorders", host="stranger.example")) == REFUSED


def test_an_error_of_ours_is_told_as_json_and_repeats_nothing(send, monkeypatch):
    from louzhang.workorders.api import routes

    def broken():
        raise RuntimeError("13911112222")

    monkeypatch.setattr(routes, "list_units", broken)
    response = send("GET", "/units")
    assert told(response) == (500, "server_error")
    assert b"13911112222" not in response.content
