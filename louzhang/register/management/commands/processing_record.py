"""`manage.py processing_record`: print the record of how people's data are processed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from louzhang.register.processing import record_lines


class Command(BaseCommand):
    """Read only; names no person."""

    help = "打印个人信息处理活动记录：处理什么、目的、依据、谁能看、保存多久，和已做的影响评估。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        for line in record_lines():
            self.stdout.write(line)
