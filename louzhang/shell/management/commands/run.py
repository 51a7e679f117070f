"""`manage.py run`: database, tables, static files, then web server and worker until told to stop."""

import argparse
import hashlib
import http.client
import importlib.util
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from louzhang.kit.supervisor import Child, Supervisor

FIRST_ANSWER_SECONDS: Final = 60
HTTP_OK: Final = 200


class Command(BaseCommand):
    """Run the whole place from one terminal."""

    help = "启动数据库、网页服务和后台任务。按 Ctrl-C 停止。"
    requires_system_checks = ()  # `make check` has run them; here they would cost every start half a second

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Let the caller decide about the demo; by default only the empty embedded database gets it."""
        parser.add_argument(
            "--demo",
            action=argparse.BooleanOptionalAction,
            default=settings.EMBEDDED,
            help="数据库为空时载入演示区（内置数据库默认载入，外部数据库默认不载入）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, wait for the first answer, watch, stop in order."""
        port, host = _port(), os.environ.get("LOUZHANG_BIND", "127.0.0.1")
        _refuse_taken_port(host, port)
        supervisor = Supervisor(say=self._say)
        with supervisor.listening():
            with supervisor.interruptible():
                self._prepare(demo=options["demo"])
            if not supervisor.stopping.is_set():
                self._serve(supervisor, host, port)
        self._say("已停止。Stopped.")

    def _prepare(self, *, demo: bool) -> None:
        self._say("正在准备数据库 … preparing the database")
        call_command("prepare_database", verbosity=0)
        self._collect_static()
        if demo and "load_demo" in get_commands() and not apps.get_model("areas", "Area").objects.exists():
            self._say("正在载入演示区 … loading the demo district")
            call_command("load_demo", demo=True)  # decided above
        connection.close()  # children open their own; the server itself stays ours

    def _serve(self, supervisor: Supervisor, host: str, port: int) -> None:
        try:
            supervisor.add(Child("网页服务", _web_command(host, port), _env("web")))
            supervisor.add(Child("后台任务", [sys.executable, "manage.py", "worker"], _env("worker")))
            if supervisor.wait_for(lambda: _answers(host, port), FIRST_ANSWER_SECONDS):
                self._welcome(host, port)
            elif not supervisor.stopping.is_set():
                raise CommandError("网页服务没有启动成功，原因见上面的输出。The web server did not come up; see above.")
            supervisor.watch()
        finally:
            self._say("正在停止 … stopping")
            supervisor.stop()

    def _collect_static(self) -> None:
        stamp, wanted = settings.STATIC_ROOT / ".stamp", _static_digest()
        if not stamp.exists() or stamp.read_text() != wanted:
            self._say("正在整理静态文件 … collecting static files")
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(wanted)

    def _welcome(self, host: str, port: int) -> None:
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        self._say(f"\n楼长已就绪 Louzhang is ready:  http://{shown}:{port}/\n")
        if importlib.util.find_spec("louzhang.demo") and importlib.util.find_spec("louzhang.demo.sign_ins"):
            for line in importlib.import_module("louzhang.demo.sign_ins").lines():
                self._say(line)
            connection.close()
        self._say("按 Ctrl-C 停止。Press Ctrl-C to stop.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) <= 65535:
        raise CommandError(f"PORT 应为 1 到 65535 的数字，现在是 {text!r}。PORT must be a number from 1 to 65535.")
    return int(text)


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"端口 {port} 已被占用或不可用。请关闭占用它的程序，或换一个端口：PORT={port + 1} make run。\n"
                f"Port {port} is taken or not allowed. Close the program that uses it, or choose another: "
                f"PORT={port + 1} make run."
            ) from error


def _env(role: str) -> dict[str, str]:
    """Give a child its own role, and no address of the database of another role."""
    own = {"owner": "DATABASE_URL", "web": "DATABASE_URL_WEB", "worker": "DATABASE_URL_WORKER"}[role]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL") or name == own}
    return kept | {"LOUZHANG_ROLE": role, "PYTHONUNBUFFERED": "1"}


def _web_command(host: str, port: int) -> list[str]:
    """Return the web server's command line: two processes with a few threads, so that one slow phone does not block."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    memory = Path("/dev/shm")  # noqa: S108 - the server's heartbeat files must not wait for a disk
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi:application",
        "--bind", address,
        "--workers", os.environ.get("LOUZHANG_WEB_WORKERS", "2"),
        "--worker-class", "gthread",
        "--threads", os.environ.get("LOUZHANG_WEB_THREADS", "4"),
        "--preload",
        "--no-control-socket",
        "--keep-alive", "15",
        "--graceful-timeout", "10",
        "--timeout", "60",
        "--log-level", "warning",
        *(["--worker-tmp-dir", str(memory)] if memory.is_dir() else []),
    ]  # fmt: skip


def _answers(host: str, port: int) -> bool:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    asking = http.client.HTTPConnection(name, port, timeout=5)
    try:
        asking.request("GET", "/healthz", headers={"Host": "localhost"})
        return asking.getresponse().status == HTTP_OK
    except OSError:
        return False
    finally:
        asking.close()


def _static_digest() -> str:
    """Return a digest over names, sizes and times of every static file."""
    lines = sorted(_static_lines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _static_lines() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            yield f"{name} {seen.st_size} {seen.st_mtime_ns}"
