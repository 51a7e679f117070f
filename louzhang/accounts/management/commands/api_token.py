"""`manage.py api_token`: make a bearer token for a person and print it once."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from louzhang.accounts.actions import make_api_token
from louzhang.accounts.asking import add_person_argument, person_asked_for, refusals_end
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock


class Command(BaseCommand):
    """Ask for the person by phone on a prompt, so that no number stands in the shell's history."""

    help = "给一个人做访问令牌，只显示一次。默认询问手机号；--person 直接给出人员编号。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Person, purpose, and whether the token only looks."""
        add_person_argument(parser)
        parser.add_argument("--read-only", action="store_true", help="只能查看，不能办事")
        parser.add_argument("--label", default="命令行", help="用途，显示在本人的账号页（默认：命令行）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone on standard output; everything else goes to standard error."""
        with refusals_end():
            person = person_asked_for(options["person"])
            row, token = make_api_token(
                user=person,
                label=options["label"],
                is_read_only=options["read_only"],
                actor=SYSTEM,
                at=clock.now(),
            )
        self.stderr.write(f"令牌 {row.pk} 做好了，只显示这一次。The token is shown this once:")
        self.stdout.write(token)
