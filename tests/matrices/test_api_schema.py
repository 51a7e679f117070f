"""Programs that send anything at all: thousands of made-up requests, and never a broken answer.

The description at `/api/v1/openapi.json` is the source of the requests, also of wrong ones; every answer
has a status below 500 and the shape that the description promises. The same requests every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from tests.cast import Cast, make_cast

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def tokens(cast: Cast) -> dict[str, str]:
    """A token of the desk and one of a resident, and an order that both can see."""
    made = {
        key: make_api_token(user=cast.people[key], label="测试", is_read_only=False, actor=SYSTEM, at=cast.at)[1]
        for key in ("desk", "resident")
    }
    body = {"category": "leak", "words": "水管爆了", "area": cast.areas["stairwell"].pk}
    headers: Any = {"authorization": f"Bearer {made['resident']}"}
    made["number"] = (
        Client().post("/api/v1/reports", body, content_type="application/json", headers=headers).json()["number"]
    )
    return made


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the connection of the test from request to request, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def send_everything(case: Any, tokens: dict[str, str], person: str) -> None:
    """Send one made-up request; every second one that names an order names one that is there."""
    number = (case.path_parameters or {}).get("number", "")
    if len(str(number)) % 2:
        case.path_parameters["number"] = tokens["number"]
    case.call_and_validate(
        headers={"Authorization": f"Bearer {tokens[person]}", "Accept-Encoding": "identity"}, checks=CHECKS
    )


def described() -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def ask(operation: Any, mode: GenerationMode, tokens: dict[str, str], person: str) -> str:
    """Ask one operation a bounded number of times; nothing at all where nothing can be wrong."""

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        send_everything(case, tokens, person)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
    return str(operation.label)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("person", ["desk", "resident"])
def test_whatever_is_sent_the_answer_is_one_of_those_described(tokens, person, mode):
    with one_connection():
        asked = [ask(found.ok(), mode, tokens, person) for found in described().get_all_operations()]
    assert len(asked) >= 9
    prove_journal()
