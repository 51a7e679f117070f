"""`manage.py lay_down_kinds`: give a district that stands already the standard kinds of dwelling."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds


class Command(BaseCommand):
    """Kinds whose code or letter is in use are left alone; a new district gets them at founding."""

    help = "给已经建好的区县补上标准的房屋类型（自住、长租、短租、公房、商铺、库房）；已有的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay them down and say how many were missing."""
        count = lay_down_kinds(actor=SYSTEM, at=clock.now())
        self.stdout.write(f"补上了 {count} 个房屋类型。Kinds of dwelling laid down: {count}.")
