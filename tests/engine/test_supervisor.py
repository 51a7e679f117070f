"""The supervisor: restarts what dies, breaks off work, leaves no grandchild behind."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from louzhang.kit import supervisor as module
from louzhang.kit.supervisor import Child, Supervisor

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.5)
    watching = Supervisor(say=said.append)
    yield watching
    watching.stop()


def child(code: str) -> Child:
    return Child("后台任务", [sys.executable, "-c", code], dict(os.environ), rest=0.1)


def test_work_is_broken_off_when_somebody_asks_to_stop(supervisor: Supervisor, said: list[str]):
    began = time.monotonic()
    with supervisor.listening(), supervisor.interruptible():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)
    assert supervisor.stopping.is_set()
    assert time.monotonic() - began < 10
    assert "已中断准备工作" in said[0]


def test_asked_while_serving_it_is_calm(supervisor: Supervisor):
    with supervisor.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.watch()
    assert supervisor.stopping.is_set()


def test_what_dies_is_started_again_after_a_growing_rest(supervisor: Supervisor, said: list[str]):
    short = child("raise SystemExit(3)")
    supervisor.add(short)
    threading.Timer(3, supervisor.stopping.set).start()
    supervisor.watch()
    assert said[0] == "后台任务 意外停止（退出码 3），0 秒后重新启动。"
    assert len(said) >= 2
    assert short.rest > 0.2


def test_children_that_ignore_term_are_ended_with_their_own(supervisor: Supervisor):
    stubborn = child(STUBBORN)
    supervisor.add(stubborn)
    assert stubborn.process
    family = psutil.Process(stubborn.process.pid)
    deadline = time.monotonic() + 20
    while not family.children():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    [grandchild] = family.children()
    supervisor.stop()
    assert not stubborn.is_running()
    psutil.wait_procs([grandchild], timeout=5)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_waiting_ends_when_a_child_dies_before_it_is_ready(supervisor: Supervisor):
    supervisor.add(child("raise SystemExit(1)"))
    began = time.monotonic()
    assert not supervisor.wait_for(lambda: False, seconds=60)
    assert time.monotonic() - began < 30
