"""`manage.py worker`: does the deferred work until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from louzhang.kit import queue


class Command(BaseCommand):
    """Run the one worker of this district."""

    help = "执行后台任务，直到收到停止信号。"
    requires_system_checks = ()  # `make check` has run them; here they would cost every start half a second

    def handle(self, *args: Any, **options: Any) -> None:
        """Work on this district's queue; TERM lets the running job finish."""
        queue.work()
