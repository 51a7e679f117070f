"""`manage.py load_demo`: the demo district into an empty database."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from louzhang.areas.models import Area, LevelKind
from louzhang.demo.loading import LATER, STEPS, load_demo
from louzhang.demo.sizes import FULL
from louzhang.demo.stories import share_out
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.progress import Progress
from louzhang.workorders.models import WorkOrder


class Command(BaseCommand):
    """Load the demo; everything or nothing."""

    help = "向空的数据库载入演示区：编造的人和事，真实的街道名。外部数据库要加 --demo。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for a plain word where the database is not the embedded one."""
        parser.add_argument("--demo", action="store_true", help="确认向外部数据库载入演示数据")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where real data could be, else load and say what is there now."""
        if not (settings.EMBEDDED or options["demo"]):
            raise CommandError(
                "这是外部数据库，没有载入。确认它是空的、只用来演示，再加上 --demo；真实的区县请用 found_district。"
            )
        began = time.monotonic()
        try:
            load_demo(at=clock.now(), sizes=FULL, advance=self._bars().__next__)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(time.monotonic() - began)

    def _bars(self) -> Iterator[None]:
        """One bar after the other, a step each time it is asked."""
        for total, label in (
            (STEPS, "建立演示区"),
            (len(share_out(FULL.orders)), "办理演示工单"),
            (len(LATER), "住户、走访、选任等"),
        ):
            with Progress(total, label, self.stdout) as bar:
                for _ in range(total):
                    bar.advance()
                    yield

    def _tell(self, seconds: float) -> None:
        counts = [
            f"{kind.label} {Area.objects.of_kind(kind).count()}"
            for kind in (LevelKind.STREET, LevelKind.COMMUNITY, LevelKind.GRID, LevelKind.BUILDING, LevelKind.STAIRWELL)
        ]
        orders = WorkOrder.objects.count()
        self.stdout.write(f"演示区载入好了：{'，'.join(counts)}，工单 {orders} 件，用时 {seconds:.0f} 秒。")
