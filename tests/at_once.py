"""Acts that start at the same moment, each in a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from louzhang.journal.refusals import Refusal


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts together; a refusal is an answer, an error is raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, act) for act in acts]]


def winners(answers: Sequence[Any]) -> list[Any]:
    """Give what was not refused; every refusal is a whole sentence."""
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert all(refusal.message.endswith("。") for refusal in refused)
    return [answer for answer in answers if not isinstance(answer, Refusal)]
