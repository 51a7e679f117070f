"""`make bench-scale`: the same lists, searches and figures at 10,000 and at 1,000,000 orders.

Each size has a store of its own under var/ and is asked in a process of its own, one request after
the other, without a web server between: what is compared is the time of one answer. Writes
bench/scale.json. BENCH_SIZES names other sizes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "10000,1000000").split(",")]
RESULTS = ROOT / "bench" / "scale.json"
ASKED, ROUNDS = 15, 4
# How many of the newest orders may still be open: a district that has worked for years has no more of them.
RECENT = 10_000
TARGET = 1.3


def main() -> None:
    """Ask every size in turn, several rounds, so that a slow minute of the machine meets all of them."""
    for size in SIZES:
        _child(size, "fill")
    rounds = [{size: json.loads(_child(size, "ask")) for size in SIZES} for _ in range(ROUNDS)]
    names = rounds[0][SIZES[0]]
    best = {name: {size: min(each[size][name] for each in rounds) for size in SIZES} for name in names}
    lines = [_line(name, times) for name, times in best.items()]
    RESULTS.write_text(json.dumps({"sizes": SIZES, "measurements": lines}, ensure_ascii=False, indent=1) + "\n")
    for line in lines:
        times = "  ".join(f"{size:>9,}: {line['ms'][str(size)]:7.2f} ms" for size in SIZES)
        print(f"{line['name']:32} {times}  × {line['ratio']:.2f} {'' if line['ratio'] <= TARGET else '(missed)'}")


def _line(name: str, times: dict[int, float]) -> dict[str, Any]:
    ratio = round(times[SIZES[-1]] / times[SIZES[0]], 3)
    return {"name": name, "ms": {str(size): round(took, 3) for size, took in times.items()}, "ratio": ratio}


def _child(size: int, work: str) -> str:
    var = ROOT / "var" / f"bench-{size}"
    env = os.environ | {"LOUZHANG_VAR": str(var), "LOUZHANG_ROLE": "owner" if work == "fill" else "web"}
    said = subprocess.run([sys.executable, __file__, work, str(size)], env=env, check=True, stdout=subprocess.PIPE)
    return said.stdout.decode().strip().splitlines()[-1] if said.stdout else ""


def fill(size: int) -> None:
    """Make the store, or take up the one that stands."""
    from django.core.management import call_command

    from bench.store import ensure_store

    call_command("prepare_database", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    ensure_store(size, recent=RECENT)


def ask(size: int) -> None:
    """Print the median milliseconds of each answer."""
    from django.test import Client

    from bench.store import desk_cookie, tokens_of
    from louzhang.kit.handles import handle_of
    from louzhang.workorders.views.filtering import PURPOSE

    store = tokens_of(size)
    program = Client(headers={"authorization": f"Bearer {store.token}"}, SERVER_NAME="127.0.0.1")
    page = Client(SERVER_NAME="127.0.0.1")
    page.cookies.load(desk_cookie(store))
    community = Client(
        headers={"authorization": f"Bearer {next(iter(store.desk_tokens.values()))}"}, SERVER_NAME="127.0.0.1"
    )
    found = handle_of("水管", purpose=PURPOSE)
    addresses = {
        "list_open_json": (program, f"/api/v1/workorders?step=open&category={store.category}&size=50"),
        "list_all_json": (program, "/api/v1/workorders?size=50"),
        "list_of_a_community_json": (community, "/api/v1/workorders?step=open&size=50"),
        "list_open_page": (page, f"/desk/orders/?step=open&category={store.category}"),
        "search_two_characters_json": (program, f"/api/v1/workorders?words={quote('水管')}&size=50"),
        "search_of_a_community_json": (community, f"/api/v1/workorders?words={quote('水管')}&size=50"),
        "search_two_characters_page": (page, f"/desk/orders/?found={found}"),
        "figures_by_community_json": (program, "/api/v1/figures?by=community"),
        "figures_of_a_community_json": (community, "/api/v1/figures?by=category"),
    }
    print(json.dumps({name: _median(client, address) for name, (client, address) in addresses.items()}))


def _median(client: Any, address: str) -> float:
    def once() -> float:
        began = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return took * 1000

    for _ in range(4):
        once()
    return statistics.median(once() for _ in range(ASKED))


WORK: dict[str, Callable[[int], None]] = {"fill": fill, "ask": ask}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        WORK[sys.argv[1]](int(sys.argv[2]))
    else:
        main()
