"""The floor of a run: single-row commits by pgbench at eight clients, and a calibration loop."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from django.db import connection

SECONDS = 5


def calibration() -> float:
    """Seconds of `sum(range(10**7))`, the best of three."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        sum(range(10**7))
        times.append(time.perf_counter() - started)
    return min(times)


def single_row_commits(pgbench: Path, clients: int = 8) -> float:
    """Commits a second of one INSERT each, in a table of its own that is dropped afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_floor")
        cursor.execute("CREATE TABLE bench_floor (id bigserial PRIMARY KEY, words text)")
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("INSERT INTO bench_floor (words) VALUES ('a row as short as a note');\n")
            script.flush()
            Path(script.name).chmod(0o644)
            said = subprocess.run(
                [str(pgbench), "-n", "-f", script.name, "-c", str(clients), "-j", "2", "-T", str(SECONDS)],
                env=os.environ | _environment(),
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            ).stdout
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_floor")
    found = re.search(r"tps = ([\d.]+)", said)
    if found is None:
        raise RuntimeError("pgbench did not say how many transactions it made")
    return float(found.group(1))


def _environment() -> dict[str, str]:
    """What pgbench needs to reach the database that Django uses."""
    params = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {name: str(params[key]) for key, name in names.items() if params.get(key)}
