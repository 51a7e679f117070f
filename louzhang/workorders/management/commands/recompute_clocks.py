"""`manage.py recompute_clocks`: compute the clocks of open orders again from what holds now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from louzhang.kit import clock
from louzhang.workorders.actions.alarming import recompute_open_orders
from louzhang.workorders.actions.part_alarms import recompute_open_parts


class Command(BaseCommand):
    """A repair, and the step after an update from before there were clocks; it can be taken up again anywhere."""

    help = "Compute the due moments of open orders again; only what has moved is written, with a line in its history."

    def add_arguments(self, parser: CommandParser) -> None:
        """The order after which to go on."""
        parser.add_argument("--after", type=int, default=0, help="go on after this order id (printed by a run before)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Chunk by chunk, saying after each where it is."""
        after: int | None = options["after"]
        total = 0
        while after is not None:
            moved, after = recompute_open_orders(at=clock.now(), after=after)
            total += moved
            if after is not None:
                self.stdout.write(f"moved {total}, go on with --after {after}")
        self.stdout.write(f"moved {total}, parts {self._parts()}")

    def _parts(self) -> int:
        after: int | None = 0
        total = 0
        while after is not None:
            moved, after = recompute_open_parts(at=clock.now(), after=after)
            total += moved
        return total
