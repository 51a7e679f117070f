"""`manage.py verify_events`: prove that nothing in the journal was changed, removed or slipped in."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from louzhang.journal.verifying import Broken, prove_journal


class Command(BaseCommand):
    """Walk every chain; exit 1 naming the first object that does not hold."""

    help = "逐条验证留痕：事件、文字、附件、每日封存。有一处不符就停下并说明是哪一条。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Offer to read every stored file too."""
        parser.add_argument("--files", action="store_true", help="连同每个附件的文件内容一起验证（较慢）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, then say what was counted."""
        began = time.monotonic()
        try:
            proof = prove_journal(with_files=options["files"])
        except Broken as broken:
            raise CommandError(
                f"不符 BROKEN: kind={broken.kind} id={broken.subject_id} seq={broken.seq} {broken.what}"
            ) from broken
        self.stdout.write(
            f"全部相符 all chains hold: {proof.chains} chains, {proof.events} events,"
            f" {proof.tombstones} tombstones, {proof.files} files, {proof.seals} seals,"
            f" {time.monotonic() - began:.1f} s"
        )
