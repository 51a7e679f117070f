"""`manage.py rebuild_figures`: write the roll-ups anew from the journal."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from louzhang.figures.actions import rebuild_figures


class Command(BaseCommand):
    """Replay the journal into the figures."""

    help = "按留痕重新计算全部数字。第一次升级到有数字的版本，或改了时区以后，运行一次。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how much and how fast."""
        began = time.monotonic()
        orders = rebuild_figures()
        seconds = time.monotonic() - began
        rate = orders / seconds if seconds else 0
        self.stdout.write(f"已重新计算 rebuilt: {orders} orders in {seconds:.1f} s ({rate:.0f}/s)")
