"""Places of their own for tests that start servers and programs."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
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
    """Give a folder the system user of the database can walk to, and stop what was left in it."""
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


@pytest.fixture
def server(var: Path) -> Iterator[EmbeddedServer]:
    """Give a running server of the test's own."""
    running = EmbeddedServer(var, durable=False)
    running.attach()
    yield running
    running.detach()


@pytest.fixture
def env(var: Path) -> dict[str, str]:
    """Give the environment of a fresh checkout: nothing set but the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOUZHANG_", "DATABASE_URL"))}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"LOUZHANG_VAR": str(var), "LOUZHANG_FORGETFUL_DATABASE": "1", "PORT": str(free_port())}


@pytest.fixture
def manage(env: dict[str, str]) -> Manage:
    """Run a management command to its end."""

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env | more, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    return run


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
