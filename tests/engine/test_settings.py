"""The settings keep pages strict and cookies where they belong."""

import ast
import os
import subprocess
import sys

import pytest

from tests.engine.conftest import ROOT
from tools.check import PUBLIC_PLACE

ASK = "from django.conf import settings as s; print({n: getattr(s, n) for n in %r})"


NAMES = (
    "CSRF_COOKIE_SECURE", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "CSRF_COOKIE_HTTPONLY",
    "ALLOWED_HOSTS", "CONTENT_SECURITY_POLICY", "TIME_ZONE",
)  # fmt: skip


@pytest.fixture(scope="module")
def public_place() -> dict[str, object]:
    """Read the settings of a public place in a process of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LOUZHANG_", "DATABASE_URL"))}
    env |= PUBLIC_PLACE | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOUZHANG_TILE_HOSTS": "https://t0.tianditu.gov.cn",
        "LOUZHANG_TIME_ZONE": "Asia/Urumqi",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK % (NAMES,)], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = ast.literal_eval(done.stdout)
    return found


@pytest.mark.django_db
def test_pages_run_scripts_of_this_place_alone(client):
    said = client.get("/healthz").headers["Content-Security-Policy"]
    rules = {name: set(values) for name, *values in (rule.split() for rule in said.split(";") if rule.strip())}
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == {"'self'"}
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == {"'none'"}
    assert rules["img-src"] == {"'self'", "data:", "blob:"}


def test_a_public_place_sends_cookies_over_https_alone(public_place):
    switches = NAMES[:4]
    assert {name: public_place[name] for name in switches} == dict.fromkeys(switches, True)


def test_a_public_place_answers_to_its_own_names(public_place):
    assert public_place["ALLOWED_HOSTS"] == ["louzhang.example", "localhost", "127.0.0.1", "[::1]"]


def test_tile_hosts_are_the_only_strangers_a_place_may_add(public_place):
    strangers = {
        word
        for values in public_place["CONTENT_SECURITY_POLICY"]["DIRECTIVES"].values()
        for word in values
        if word.startswith("http")
    }
    assert strangers == {"https://t0.tianditu.gov.cn"}


def test_the_time_zone_is_the_district_s(public_place):
    assert public_place["TIME_ZONE"] == "Asia/Urumqi"
