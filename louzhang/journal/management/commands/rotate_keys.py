"""`manage.py rotate_keys`: bring every sealed value under the newest key; may be stopped and run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from louzhang.journal.actions.resealing import reseal_column, sealed_columns, sealed_stores
from louzhang.kit.progress import Progress


class Command(BaseCommand):
    """The new key stands first in LOUZHANG_SEAL_KEYS, the old one behind it until this says that none is left."""

    help = (
        "把所有加密的个人信息换到最新的密钥下：先把新密钥写在 LOUZHANG_SEAL_KEYS 最前面，旧的留在后面，再运行。"
        "可以随时中断，再运行会接着办；说“全部”以后才能去掉旧密钥。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Column by column; exit 1 where a value opens under no key."""
        total, broken = 0, []
        for column in sealed_columns():
            waiting = column.stale().count()
            if not waiting:
                continue
            with Progress(waiting, column.name, self.stderr) as progress:
                done, closed = reseal_column(column, progress.advance)
            total += done
            broken += [f"{column.name} id={pk}" for pk in closed]
        for store in sealed_stores():
            waiting = store.stale().count()
            if waiting:
                with Progress(waiting, store.name, self.stderr) as progress:
                    done, closed = store.reseal(progress.advance)
                total += done
                broken += [f"{store.name} id={pk}" for pk in closed]
        if broken:
            raise CommandError(
                f"换好 {total} 个，还有 {len(broken)} 个打不开（缺少当时的密钥），旧密钥不能去掉。"
                f"No key opens: {', '.join(broken[:20])}"
            )
        self.stdout.write(
            f"全部在最新的密钥下，这次换了 {total} 个。All values are under the newest key; resealed {total}."
        )
