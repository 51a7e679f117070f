"""Logs hold ids, never a person's words or number."""

import json
import logging
import sys

import pytest

from config import logs


def line(text: str, *values: object, error: bool = False) -> dict[str, str]:
    failure = sys.exc_info() if error else None
    record = logging.LogRecord("louzhang.trial", logging.WARNING, __file__, 1, text, values, failure)
    found: dict[str, str] = json.loads(logs.formatter().format(record))
    return found


def test_a_line_is_json_with_level_and_time():
    said = line("order %s stuck", 7)
    assert (said["event"], said["level"], said["logger"]) == ("order 7 stuck", "warning", "louzhang.trial")
    assert said["timestamp"].endswith("Z")


@pytest.mark.parametrize("number", ["13800001111", "110101199003077774", "11010119900307777X"])
def test_a_number_that_slipped_in_is_masked(number: str):
    assert line("cannot call %s now", number)["event"] == "cannot call *** now"


def test_a_long_id_of_ours_is_kept():
    assert line("job %s", "2026112200000123456789")["event"] == "job 2026112200000123456789"


def test_the_row_a_constraint_refused_does_not_reach_the_log():
    try:
        raise ValueError('violates check "area"\nDETAIL:  Failing row contains (7, 王芳, 红旗街\n12号).')
    except ValueError:
        said = line("not stored", error=True)
    assert "violates check" in said["exception"]
    assert "王芳" not in said["exception"]
    assert "12号" not in said["exception"]


def test_names_strangers_try_do_not_fill_the_log(client, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    assert client.get("/healthz", headers={"host": "stranger.example"}).status_code == 400
    assert not logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)
