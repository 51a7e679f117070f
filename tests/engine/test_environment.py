"""Reading the environment: nothing secret is guessed, what is missing is named."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


def test_a_missing_secret_is_named():
    with pytest.raises(ImproperlyConfigured, match="LOUZHANG_SEAL_KEYS"):
        environment.required("LOUZHANG_SEAL_KEYS", {})


def test_the_embedded_place_gets_random_secrets_once(tmp_path: Path):
    first, second = ({"LOUZHANG_VAR": str(tmp_path / "var")} for _ in range(2))
    environment.load(first)
    environment.load(second)
    assert first == second
    assert set(environment.SECRETS) <= first.keys()
    assert stat.S_IMODE((tmp_path / "var" / "environment").stat().st_mode) == 0o600


def test_two_places_have_different_secrets(tmp_path: Path):
    one, other = ({"LOUZHANG_VAR": str(tmp_path / name)} for name in ("one", "other"))
    environment.load(one)
    environment.load(other)
    assert not any(one[name] == other[name] for name in environment.SECRETS)


def test_the_process_environment_wins_over_the_file(tmp_path: Path):
    environment.load({"LOUZHANG_VAR": str(tmp_path)})
    env = {"LOUZHANG_VAR": str(tmp_path), "LOUZHANG_SECRET_KEY": "mine"}
    environment.load(env)
    assert env["LOUZHANG_SECRET_KEY"] == "mine"


def test_an_external_database_gets_no_made_up_secrets(tmp_path: Path):
    env = {"LOUZHANG_VAR": str(tmp_path), "DATABASE_URL": "postgres://owner@db/louzhang"}
    environment.load(env)
    assert "LOUZHANG_SECRET_KEY" not in env


def test_an_external_database_needs_an_address_for_each_role():
    env = {"DATABASE_URL": "postgres://owner:secret@db:5433/louzhang"}
    assert environment.database("owner", env)["USER"] == "owner"
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL_WEB"):
        environment.database("web", env)


def test_one_login_for_two_roles_is_refused():
    same = "postgres://owner@db/louzhang"
    with pytest.raises(ImproperlyConfigured, match="三个不同的数据库用户"):
        environment.logins({"DATABASE_URL": same, "DATABASE_URL_WEB": same})


def test_another_engine_is_refused():
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        environment.database("owner", {"DATABASE_URL": "sqlite:///place.db"})


def test_the_first_seal_key_comes_first():
    keys = environment.seal_keys({"LOUZHANG_SEAL_KEYS": "k2:MTE=,k1:MDA="})
    assert list(keys.items()) == [("k2", b"11"), ("k1", b"00")]


@pytest.mark.parametrize("written", ["MTE=", "k1:not base64!", ":MTE="])
def test_a_seal_key_written_wrong_is_refused(written: str):
    with pytest.raises(ImproperlyConfigured, match="LOUZHANG_SEAL_KEYS"):
        environment.seal_keys({"LOUZHANG_SEAL_KEYS": written})


def test_an_unknown_role_is_refused():
    with pytest.raises(ImproperlyConfigured, match="LOUZHANG_ROLE"):
        environment.role({"LOUZHANG_ROLE": "superuser"})


def test_a_place_opened_to_the_net_answers_to_any_name():
    assert environment.hosts_nearby({"LOUZHANG_BIND": "0.0.0.0"}) == ["*"]
    assert "*" not in environment.hosts_nearby({})
    assert "*" not in environment.hosts_nearby({"LOUZHANG_BIND": "0.0.0.0", "DATABASE_URL": "postgres://o@db/x"})
