"""A migrated database kept beside the runs: the next one copies it instead of migrating an empty one anew.

The name carries a digest of everything the database is made from, so a changed migration makes another one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "louzhang_kept_"
KEPT_AT_MOST = 3


def kept_name() -> str:
    """The name of the database that today's migrations make."""
    digest = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    for path in sorted(ROOT.glob("louzhang/*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


@contextmanager
def alone() -> Iterator[None]:
    """One run at a time looks for the kept database, and makes it where there is none."""
    folder = Path(os.environ["LOUZHANG_VAR"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "kept.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stands(name: str) -> bool:
    """Whether a database of this name is there; one that is just being copied is not."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def keep(source: str, name: str) -> None:
    """Copy a database that was just migrated, and drop copies of older migrations."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        cursor.execute(copied.as_string(None))
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [PREFIX + "%"])
        for (old,) in cursor.fetchall()[KEPT_AT_MOST:]:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)).as_string(None))
