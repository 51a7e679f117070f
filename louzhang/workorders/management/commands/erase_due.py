"""`manage.py erase_due`: erase now what is past its keeping time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from louzhang.accounts import limits
from louzhang.journal.actions import purge_drafts, purge_request_keys
from louzhang.kit import clock
from louzhang.workorders.actions.erasing import erase_due_orders


class Command(BaseCommand):
    """Do at once what the worker does every night."""

    help = (
        "删除超过保存期的个人信息：工单的文字、附件和联系方式，未提交的附件，过期的请求编号和次数。每天夜里自动执行。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how much went."""
        at = clock.now()
        self.stdout.write(
            f"已删除 erased: {erase_due_orders(at=at)} orders, {purge_drafts(at=at)} drafts,"
            f" {purge_request_keys(at=at)} request keys, {limits.forget_old_windows(at)} windows"
        )
