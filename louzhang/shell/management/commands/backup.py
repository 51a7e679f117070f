"""`manage.py backup FILE`: the database and the stored files in one file."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from louzhang.kit import archive
from louzhang.kit.postgres import snapshot


class Command(BaseCommand):
    """Make a backup while the place stays open."""

    help = "把数据库和文件备份到一个文件。密钥（环境变量）不在其中，请另行保管。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for the file."""
        parser.add_argument("file", type=Path, help="备份文件，不能已经存在")

    def handle(self, *args: Any, **options: Any) -> None:
        """Dump, pack, and say what was packed."""
        target: Path = options["file"].resolve()
        if target.exists():
            raise CommandError(f"{target} 已经存在，备份不会覆盖它。请换一个文件名。")
        try:
            manifest = _back_up(target)
        except archive.ArchiveRefused as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(manifest.rows.values())
        self.stdout.write(f"已备份到 {target}：{len(manifest.rows)} 张表 {rows} 行，{manifest.files} 个文件。")
        self.stdout.write("密钥不在备份里。没有 LOUZHANG_SEAL_KEYS 等密钥，备份中的联系方式无法读出，请另行保管。")


def _back_up(target: Path) -> archive.Manifest:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".louzhang-backup-") as folder:
        dump = Path(folder) / archive.DUMP
        with transaction.atomic():
            shared = snapshot.share(connection)
            rows = snapshot.count_rows(connection, settings.SCHEMA, settings.QUEUE_SCHEMA)
            schemas = [f"--schema={name}" for name in (settings.SCHEMA, settings.QUEUE_SCHEMA)]
            with dump.open("wb") as file:
                snapshot.programs(connection).run(
                    "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                    f"--snapshot={shared}", *schemas, into=file,
                )  # fmt: skip
        made_at = timezone.now().isoformat(timespec="seconds")
        version = connection.cursor().connection.info.server_version
        return archive.write(
            target, dump, Path(settings.MEDIA_ROOT), made_at=made_at, server_version=version, rows=rows
        )
