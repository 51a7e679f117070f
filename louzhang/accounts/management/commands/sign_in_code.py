"""`manage.py sign_in_code`: a one-time code for somebody nobody at a desk may issue one for."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from louzhang.accounts.actions import issue_sign_in_code
from louzhang.accounts.actions.signing_in import CODE_HOURS
from louzhang.accounts.asking import add_person_argument, person_asked_for, refusals_end
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock


class Command(BaseCommand):
    """The three administrators get their codes here, from whoever runs the machine; it is recorded."""

    help = "给一个人发登录码，只显示一次（三员的登录码只能在这里发）。默认询问手机号。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The person."""
        add_person_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code alone on standard output; everything else goes to standard error."""
        with refusals_end():
            person = person_asked_for(options["person"])
        code = issue_sign_in_code(user=person, issuer=person, actor=SYSTEM, at=clock.now())
        self.stderr.write(f"登录码 {CODE_HOURS} 小时内有效，只能用一次。The code works once, for {CODE_HOURS} hours:")
        self.stdout.write(code)
