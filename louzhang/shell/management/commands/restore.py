"""`manage.py restore FILE`: a backup into an empty database, compared with its manifest."""

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

from louzhang.kit import archive
from louzhang.kit.postgres import rights, snapshot


class Command(BaseCommand):
    """Bring a backup back, all of it or nothing."""

    help = "把备份恢复到一个空的数据库，并核对行数和文件数。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for the file."""
        parser.add_argument("file", type=Path, help="由 manage.py backup 得到的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what is not empty, unpack, restore in one transaction, compare."""
        try:
            _refuse_filled_place()
            with tempfile.TemporaryDirectory(prefix="louzhang-restore-") as folder:
                manifest = archive.unpack(options["file"], Path(folder))
                _restore(Path(folder))
            _compare(manifest)
        except archive.ArchiveRefused as refused:
            raise CommandError(str(refused)) from refused
        rights.grant(connection, settings.DATABASE_LOGINS, settings.SCHEMA, settings.QUEUE_SCHEMA)
        rows = sum(manifest.rows.values())
        self.stdout.write(
            f"已恢复 {manifest.made_at} 的备份：{len(manifest.rows)} 张表 {rows} 行，{manifest.files} 个文件。"
        )
        self.stdout.write("请接着执行 manage.py prepare_database 和 manage.py verify_events。")


def _refuse_filled_place() -> None:
    filled = snapshot.count_rows(connection, settings.SCHEMA, settings.QUEUE_SCHEMA)
    if filled:
        raise archive.ArchiveRefused(
            f"数据库里已有 {len(filled)} 张表。恢复只能在空的数据库里进行：请用新的 LOUZHANG_VAR 或新建的数据库重试。"
        )
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise archive.ArchiveRefused(f"文件夹 {media} 不是空的。请先移开它，再恢复。")


def _restore(folder: Path) -> None:
    with connection.cursor() as cursor:
        # The dump brings its schemas; empty ones have to make room, and RESTRICT spares any other.
        for name in (settings.SCHEMA, settings.QUEUE_SCHEMA):
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} RESTRICT").format(sql.Identifier(name)))
    target = str(connection.get_connection_params()["dbname"])
    snapshot.programs(connection).run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--dbname={target}", str(folder / archive.DUMP),
    )  # fmt: skip
    unpacked, media = folder / archive.MEDIA, Path(settings.MEDIA_ROOT)
    if unpacked.is_dir():
        media.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(unpacked, media, dirs_exist_ok=True)
        media.chmod(0o700)


def _compare(manifest: archive.Manifest) -> None:
    found = snapshot.count_rows(connection, settings.SCHEMA, settings.QUEUE_SCHEMA)
    wrong = sorted(name for name in found.keys() | manifest.rows.keys() if found.get(name) != manifest.rows.get(name))
    media = Path(settings.MEDIA_ROOT)
    files = sum(path.is_file() for path in media.rglob("*")) if media.is_dir() else 0
    if wrong or files != manifest.files:
        raise archive.ArchiveRefused(
            f"恢复后的内容与清单不符（{'、'.join(wrong) or '文件数'}）。请不要使用这个数据库，换一份备份重试。"
        )
