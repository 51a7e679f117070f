"""`manage.py run`: comes up, restarts what dies, and leaves nothing behind when told to stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from louzhang.kit.postgres import EmbeddedServer
from tests.engine.conftest import ROOT, Manage, fresh_environment, place_for_a_server

# Making every table takes most of it; a busy machine takes its time.
FIRST_START = 200
Start = Callable[[dict[str, str]], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Give a place that was started once, from nothing: the tests of this module take it one after the other."""
    with place_for_a_server() as place:
        env = fresh_environment(place)
        process = begin(env)
        wait_for(lambda: process.poll() is not None or health(env)["web"] == "up", FIRST_START)
        process.terminate()
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        yield place


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(env: dict[str, str]) -> "subprocess.Popen[str]":
        running.append(begin(env))
        return running[-1]

    yield run
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def begin(env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "run", "--no-demo"], cwd=ROOT, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def health(env: dict[str, str]) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{env['PORT']}/healthz", timeout=5) as answer:
        found: dict[str, str] = json.load(answer)
        return found


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def descendants(process: "subprocess.Popen[str]", var: Path) -> list[psutil.Process]:
    postmaster = EmbeddedServer(var).postmaster()
    return [*psutil.Process(process.pid).children(recursive=True), *([postmaster] if postmaster else [])]


def workers(process: "subprocess.Popen[str]") -> set[int]:
    children = [child for child in psutil.Process(process.pid).children() if is_alive(child)]
    return {child.pid for child in children if "worker" in child.cmdline()}


def is_alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_with_everything_it_started(start: Start, env: dict[str, str], var: Path, stop: int):
    process = start(env)
    wait_for(lambda: health(env) == {"web": "up", "database": "up", "worker": "up"})
    family = descendants(process, var)
    process.send_signal(stop)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert f"http://localhost:{env['PORT']}/" in said
    assert len(family) >= 5
    wait_for(lambda: not any(is_alive(member) for member in family), 10)


def test_told_to_stop_while_it_starts_it_leaves_nothing(start: Start):
    with place_for_a_server() as place:
        process = start(fresh_environment(place))
        wait_for(lambda: (place / "postgres").exists() and EmbeddedServer(place).postmaster() is not None)
        family = descendants(process, place)
        process.terminate()
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        wait_for(lambda: not any(is_alive(member) for member in family), 10)


def test_a_worker_that_died_comes_back(start: Start, env: dict[str, str]):
    process = start(env)
    wait_for(lambda: health(env)["worker"] == "up")
    [before] = workers(process)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: bool(workers(process) - {before}))


def test_a_taken_port_is_said_in_a_sentence(manage: Manage, env: dict[str, str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(env["PORT"])))
        taken.listen()
        done = manage("run", "--no-demo")
    assert done.returncode != 0
    assert f"端口 {env['PORT']} 已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_no_number_is_said_in_a_sentence(manage: Manage):
    done = manage("run", PORT="eighty")
    assert "PORT 应为 1 到 65535 的数字" in done.stderr
