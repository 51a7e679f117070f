"""Keeps child processes alive and stops them together: the web server and the worker under `manage.py run`.

Each child leads a process group of its own, so that Ctrl-C at the terminal reaches only us and we
decide the order; on Linux the kernel tells a child to stop should we ourselves be killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

STOP_SECONDS: Final = 15
LONGEST_REST: Final = 30.0
HEALTHY_SECONDS: Final = 60
_PR_SET_PDEATHSIG: Final = 1


class StopAsked(KeyboardInterrupt):
    """Somebody asked to stop while work was going on that need not be finished."""


@dataclass
class Child:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    rest: float = 1.0
    resting_until: float = 0.0

    def start(self) -> None:
        """Start the program in a process group of its own."""
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_stop_with_parent,  # noqa: PLW1509 - one thread only at this moment
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        """Tell whether the program runs."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Starts children, restarts those that die, stops all of them."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _may_interrupt: bool = False

    def add(self, child: Child) -> None:
        """Start a child and watch over it from now on."""
        self.children.append(child)
        child.start()

    def watch(self) -> None:
        """Restart what dies, with a growing rest between tries, until someone asks to stop."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                self._look_after(child)

    def wait_for(self, is_ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until the children do their work; stops early when asked to stop."""
        deadline = time.monotonic() + seconds
        while not self.stopping.is_set() and time.monotonic() < deadline:
            if is_ready():
                return True
            if not all(child.is_running() for child in self.children):
                return False
            self.stopping.wait(0.05)
        return False

    def stop(self) -> None:
        """Ask all children to stop at once, then end whatever is left of their groups."""
        for child in self.children:
            if child.process and child.is_running():
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                with suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Turn Ctrl-C, TERM and a closed terminal into a calm request to stop."""
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, lambda *_: self._ask()) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Break off what runs inside when somebody asks to stop, and go on after it."""
        self._may_interrupt = True
        try:
            yield
        except StopAsked:
            self.say("已中断准备工作。Preparation was broken off.")
        finally:
            self._may_interrupt = False

    def _ask(self) -> None:
        self.stopping.set()
        if self._may_interrupt:
            self._may_interrupt = False
            raise StopAsked

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.is_running():
            if now - child.started_at > HEALTHY_SECONDS:
                child.rest = 1.0
            return
        if not child.resting_until:
            code = child.process.returncode if child.process else None
            self.say(f"{child.name} 意外停止（退出码 {code}），{child.rest:.0f} 秒后重新启动。")
            child.resting_until, child.rest = now + child.rest, min(child.rest * 2, LONGEST_REST)
        elif now >= child.resting_until:
            child.resting_until = 0.0
            child.start()


def _stop_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
