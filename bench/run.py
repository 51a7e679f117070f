"""`make bench`: fill a store, start the real servers, measure, write bench/results.json.

Everything runs against the embedded PostgreSQL under var/bench and a web server with two
workers on loopback. BENCH_ORDERS sets the size of the store, BENCH_SECONDS the length of a run.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ["LOUZHANG_VAR"] = os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench"))
os.environ["LOUZHANG_ROLE"] = "owner"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
SIZE = int(os.environ.get("BENCH_ORDERS", "100000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
PORT = int(os.environ.get("BENCH_PORT", "8399"))
RESULTS = ROOT / "bench" / "results.json"


def main() -> None:
    """Measure everything once and write it down."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare_database", verbosity=0)
    from django.conf import settings

    from bench.floor import calibration, single_row_commits
    from bench.store import ensure_store

    store = ensure_store(SIZE)
    floor = single_row_commits(pgbench())
    measured: list[dict[str, Any]] = [
        figure_of("floor_single_row_commits", floor, "commits/s", clients=8),
        figure_of("calibration_sum_range_1e7", calibration(), "s"),
    ]
    started = time.monotonic()
    servers = start_servers()
    try:
        measured.append(figure_of("start_to_first_page", time.monotonic() - started, "s"))
        measured += _measure(store, floor)
        measured += memory_of(servers)
    finally:
        stop_servers(servers)
    measured.append(figure_of("calibration_sum_range_1e7_after", calibration(), "s"))
    RESULTS.write_text(json.dumps(report_of(measured, settings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for figure in measured:
        print(_line(figure))


def pgbench() -> Path:
    """Where the program of the embedded server lies."""
    from louzhang.kit.postgres import programs

    return programs.folder_of_programs(programs.server_user()) / "pgbench"


def figure_of(name: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    """One figure as it is written down."""
    return {"name": name, "value": round(value, 3), "unit": unit, **more}


def start_servers() -> list[subprocess.Popen[bytes]]:
    """Start web and worker as `manage.py run` does, and wait for the first answer."""
    env = os.environ | {"PORT": str(PORT), "LOUZHANG_WEB_WORKERS": "2"}
    running = subprocess.Popen([sys.executable, "manage.py", "run", "--no-demo"], env=env, stdout=subprocess.DEVNULL)
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
                return [running]
        except OSError:
            if running.poll() is not None:
                raise RuntimeError("the servers did not start") from None
            time.sleep(0.1)
    raise RuntimeError("the servers did not answer within a minute")


def stop_servers(servers: list[subprocess.Popen[bytes]]) -> None:
    """End what was started."""
    for server in servers:
        server.terminate()
        server.wait(timeout=60)


def _measure(store: Any, floor: float) -> list[dict[str, Any]]:
    from django.db import connection

    from bench.load import run_load

    figures = []
    for name, requests, queries in _cases(store):
        run_load(PORT, requests, 1.5)  # warm up
        load = run_load(PORT, requests, SECONDS)
        bad = {status: count for status, count in load.statuses.items() if not 200 <= status < 300}
        if bad:
            raise RuntimeError(f"{name}: answers other than 2xx: {bad}")
        figures.append(
            figure_of(
                name,
                load.per_second,
                "1/s",
                store=store.size,
                clients=8,
                share_of_floor=round(load.per_second / floor, 4),
                p50_ms=round(load.percentile(0.5), 1),
                p95_ms=round(load.percentile(0.95), 1),
                sql_queries=queries(),
            )
        )
        print(_line(figures[-1]), flush=True)
    connection.close()
    return figures


Case = tuple[str, Callable[[], Iterator[bytes]], Callable[[], int]]


def _cases(store: Any) -> Iterator[Case]:
    from bench.load import request_bytes
    from bench.store import desk_cookie
    from louzhang.kit.handles import handle_of
    from louzhang.workorders.models import WorkOrder
    from louzhang.workorders.views.filtering import PURPOSE

    bearer = {"Authorization": f"Bearer {store.token}"}
    json_head = {"Content-Type": "application/json"}

    def report() -> bytes:
        body = {"category": store.category, "words": "三楼水管爆裂，水漏到二楼，请尽快处理。", "area": store.stairwell}
        head = {**bearer, "Idempotency-Key": str(uuid.uuid4()), **json_head}
        return request_bytes("POST", "/api/v1/reports", head, json.dumps(body).encode())

    reported = WorkOrder.objects.filter(status="reported").order_by("?")
    waiting = iter(list(reported.values_list("number", "desk_area_id")))

    def accept() -> bytes:
        number, desk = next(waiting)
        desk_bearer = {"Authorization": f"Bearer {store.desk_tokens[desk]}"}
        head = {**desk_bearer, "Idempotency-Key": str(uuid.uuid4()), **json_head}
        return request_bytes("POST", f"/api/v1/workorders/{number}/accept", head, b"{}")

    narrow = f"step=open&category={store.category}&size=50"
    filters = f"{narrow}&words={quote('水管')}"
    page_filters = f"{narrow}&found={handle_of('水管', purpose=PURPOSE)}"
    numbers = itertools.cycle(list(WorkOrder.objects.order_by("-id").values_list("number", flat=True)[:500]))
    page_head = {"Cookie": desk_cookie(store), "Accept-Encoding": "gzip"}

    def again(make: Callable[[], bytes]) -> Callable[[], Iterator[bytes]]:
        return lambda: iter(make, None)

    def get(path: Callable[[], str], head: dict[str, str]) -> Callable[[], bytes]:
        return lambda: request_bytes("GET", path(), head)

    listed = get(lambda: f"/api/v1/workorders?{filters}", bearer)
    single = get(lambda: f"/api/v1/workorders/{next(numbers)}", bearer)
    page = get(lambda: f"/desk/orders/?{page_filters}", page_head)
    figures = get(lambda: "/api/v1/figures?by=community", bearer)
    one_page = get(lambda: f"/desk/orders/{next(numbers)}/", page_head)
    for name, make in (
        ("report_through_api", report),
        ("transition_through_api", accept),
        ("list_of_50_json", listed),
        ("list_of_50_page", page),
        ("one_order_json", single),
        ("one_order_page", one_page),
        ("figures_of_the_district", figures),
    ):
        yield name, again(make), _counter(make)


def _counter(make: Callable[[], bytes]) -> Callable[[], int]:
    """How many SQL statements one such request makes, asked in this process."""

    def count() -> int:
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        head, _, body = make().partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines[2:])
        client = Client(headers=headers, SERVER_NAME="127.0.0.1")
        if "Cookie" in headers:
            client.cookies.load(headers.pop("Cookie"))
        with CaptureQueriesContext(connection) as seen:
            answer = client.generic(method, path, body, content_type=headers.get("Content-Type", ""))
        if not 200 <= answer.status_code < 300:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return len(seen)

    return count


def memory_of(servers: list[subprocess.Popen[bytes]]) -> list[dict[str, Any]]:
    """The resident memory of the web workers and the background worker, the largest of each kind."""
    import psutil

    largest: dict[str, float] = {}
    for child in psutil.Process(servers[0].pid).children(recursive=True):
        words = " ".join(child.cmdline())
        kind = "web_worker_rss" if "gunicorn" in words else "worker_rss" if "manage.py worker" in words else ""
        if kind:
            largest[kind] = max(largest.get(kind, 0.0), child.memory_info().rss / 2**20)
    return [figure_of(kind, value, "MiB") for kind, value in sorted(largest.items())]


def report_of(measured: list[dict[str, Any]], settings: Any) -> dict[str, Any]:
    """All figures with the machine they were measured on."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "machine": {
            "cpu": cpu.partition(":")[2].strip(),
            "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "python": platform.python_version(),
            "load_average": os.getloadavg(),
        },
        "servers": "gunicorn, 2 workers; embedded PostgreSQL; load from the same machine, 8 clients",
        "debug": settings.DEBUG,
        "measurements": measured,
    }


def _line(figure: dict[str, Any]) -> str:
    share = f"  {figure['share_of_floor']:.2%} of the floor" if "share_of_floor" in figure else ""
    more = f"  p50 {figure['p50_ms']} ms, p95 {figure['p95_ms']} ms, {figure['sql_queries']} SQL" if share else ""
    return f"{figure['name']:32} {figure['value']:>10} {figure['unit']}{share}{more}"


if __name__ == "__main__":
    main()
