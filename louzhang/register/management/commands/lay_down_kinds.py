"""`manage.py lay_down_kinds`: give a district that stands already the standard kinds of dwelling and care."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.actions.caring import lay_down_care_kinds


class Command(BaseCommand):
    """Kinds whose code or letter is in use are left alone; a new district gets them at founding."""

    help = "给已经建好的区县补上标准的房屋类型（自住、长租、短租、公房、商铺、库房）和关爱标记种类；已有的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay them down and say how many were missing."""
        at = clock.now()
        count, care = lay_down_kinds(actor=SYSTEM, at=at), lay_down_care_kinds(actor=SYSTEM, at=at)
        lay_down_assessments(actor=SYSTEM, at=at, in_use=False)
        self.stdout.write(f"补上了 {count} 个房屋类型，{care} 种关爱标记。Kinds laid down: {count} and {care} of care.")
