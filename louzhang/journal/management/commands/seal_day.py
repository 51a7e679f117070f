"""`manage.py seal_day`: seal the journal now, inside and outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from louzhang.journal.actions import NotQuiet, seal_journal
from louzhang.kit import clock


class Command(BaseCommand):
    """Do at once what the worker does every night."""

    help = "封存今天为止的留痕：写入数据库，并在数据库外留下同样的一行。每天夜里自动执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and say what the seal stands over."""
        try:
            seal = seal_journal(at=clock.now())
        except NotQuiet as busy:
            raise CommandError("还有更早开始的事务没有结束，这次没有封存。请过一分钟再运行一次。") from busy
        if seal is None:
            self.stdout.write("还没有任何事件，不需要封存。Nothing to seal yet.")
        else:
            self.stdout.write(f"{seal.day} 已封存 sealed: {seal.event_count} events up to id {seal.last_event_id}")
