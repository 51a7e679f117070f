"""Places of their own for tests that start servers and programs."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from louzhang.kit.postgres import EmbeddedServer

ROOT = Path(__file__).resolve().parent.parent.parent
Manage = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests, so that `-m "not engine"` leaves them out."""
    for item in items:
        if "tests/engine/" in item.path.as_posix():
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def var() -> Iterator[Path]:
    """Give a folder of the test's own."""
    with place_for_a_server() as var:
        yield var


@contextmanager
def place_for_a_server() -> Iterator[Path]:
    """Make a folder the system user of the database can walk to; afterwards stop what was left in it."""
    folder = Path(tempfile.mkdtemp(prefix="lz-", dir="/tmp"))
    folder.chmod(0o755)
    place = folder / "var"
    yield place
    if (place / "locks").exists():
        server = EmbeddedServer(place, durable=False)
        if server.postmaster():
            server.attach()
            server.detach()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """Give a running server that the tests of a module share and leave as it is."""
    with place_for_a_server() as var:
        running = EmbeddedServer(var, durable=False)
        running.attach()
        yield running
        running.detach()


@pytest.fixture
def env(var: Path) -> dict[str, str]:
    """Give the environment of a fresh checkout: nothing set but the folder."""
    return fresh_environment(var)


def fresh_environment(var: Path) -> dict[str, str]:
    """Return this process's environment without anything of ours, and a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOUZHANG_", "DATABASE_URL"))}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"LOUZHANG_VAR": str(var), "LOUZHANG_FORGETFUL_DATABASE": "1", "PORT": str(free_port())}


@pytest.fixture
def manage(env: dict[str, str]) -> Manage:
    """Give a function that runs a management command to its end."""
    return partial(run_command, env)


def run_command(env: dict[str, str], *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a management command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env | more, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
