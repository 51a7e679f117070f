"""The examples of docs/api.md about the register run as they stand there."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from louzhang.kit import clock
from louzhang.register.doorstep import kind_of
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.test_api import program_of
from tests.cast import Cast

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
CURL = re.compile(r"""^curl -s -H "\$AUTH"(?: -H "\$JSON" -d '(?P<body>.*)')? "\$API(?P<path>[^"]+)"$""", re.MULTILINE)
KIND = re.compile(r"`((?:household|dwelling|resident|need|note)\.[a-z_]+)`")


def filled_in(text: str | None, filled: dict[str, str]) -> str:
    for name, value in filled.items():
        text = (text or "").replace(name, value)
    return text or ""


def test_every_example_of_the_register_runs_and_opens_nothing_but_what_it_asks_for(cast: Cast, homes: Homes) -> None:
    program = program_of(cast, "chief", is_read_only=False)
    filled = {
        "$RESIDENT": str(homes.residents["mother"].uid),
        "'$HOUSEHOLD'": str(homes.households["own"].uid),
        "'$ENTRY'": str(uuid.uuid4()),
        "'$NOW'": clock.now().isoformat(),
    }
    examples = [(filled_in(match["path"], filled), filled_in(match["body"], filled)) for match in CURL.finditer(PAGE)]
    assert [path.partition("?")[0].rsplit("/", 1)[1] for path, _ in examples] == [
        "dwellings",
        "households",
        "residents",
        "reveal",
        "sync",
    ]
    answers = []
    for path, body in examples:
        url = f"/api/v1{path}"
        answer = program.post(url, body, content_type="application/json") if body else program.get(url)
        assert answer.status_code == 200, answer.content
        answers.append(answer.json())
    assert all(listed["rows"] and "13911110002" not in str(listed) for listed in answers[:3])
    assert answers[3] == {"value": "13911110002"}
    assert [result["result"] for result in answers[4]["results"]] == ["done"]


def test_every_kind_of_entry_that_is_named_exists() -> None:
    named = KIND.findall(PAGE.partition("## The register")[2])
    assert len(named) >= 7
    assert [name for name in named if kind_of(name) is None] == []
