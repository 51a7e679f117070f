"""The folders and files of one embedded server, and the passwords of its roles."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from louzhang.kit.postgres.programs import (
    SYSTEM_PLACE,
    ServerFailed,
    SystemUser,
    can_reach,
    folder_of_programs,
    server_user,
)

__all__ = ["DATABASE", "LOGINS", "SUPERUSER", "Place", "ServerFailed"]

DATABASE: Final = "louzhang"
SUPERUSER: Final = "louzhang_root"
LOGINS: Final = {"owner": "louzhang_owner", "web": "louzhang_web", "worker": "louzhang_worker"}
LONGEST_SOCKET: Final = 107
PORT: Final = 5432


@dataclass
class Place:
    """Where one server keeps its data, socket, log, locks and passwords, all derived from `var`."""

    var: Path
    user: SystemUser = field(default_factory=server_user)

    def __post_init__(self) -> None:
        self.var = self.var.resolve()
        own = self.var / "postgres"
        # Root's server runs as someone else, who may not be able to walk to a private checkout.
        self._is_elsewhere = not can_reach(own, self.user)
        self.home = SYSTEM_PLACE / f"postgres-{self._digest}" if self._is_elsewhere else own
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.locks = self.var / "locks"

    @property
    def _digest(self) -> str:
        # With the passwords in it a new `var` at an old path never meets the data of the old one.
        known = json.dumps(self.passwords()) if self._is_elsewhere else ""
        return hashlib.sha256(os.fsencode(self.var) + known.encode()).hexdigest()[:12]

    @property
    def socket(self) -> Path:
        """Return the folder of the socket; a path too long for the kernel moves to a private short one."""
        inside = self.home / "socket"
        if len(os.fsencode(inside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET:
            return inside
        runtime = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR") or "/tmp"  # noqa: S108 - private below
        return Path(runtime) / f"louzhang-{self.user.uid}-{self._digest}"

    @property
    def programs(self) -> Path:
        """Return the `bin` folder that fits the data (the newest while there are none)."""
        version = self.data / "PG_VERSION"
        return folder_of_programs(self.user, int(version.read_text()) if version.exists() else None)

    def make_folders(self) -> None:
        """Make what is missing; refuse folders of the server that belong to somebody else."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.locks.mkdir(mode=0o700, exist_ok=True)
        if not self.home.parent.exists():
            self.home.parent.mkdir(mode=0o755, parents=True)
        for folder in (self.home, self.socket):
            self._make_private(folder)

    def passwords(self) -> dict[str, str]:
        """Return the password of each role; random ones are written once, readable by us alone."""
        path = self.var / "postgres-passwords.json"
        if not path.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}-{os.getpid()}")
            draft.touch(mode=0o600)
            names = (SUPERUSER, *LOGINS.values())
            draft.write_text(json.dumps({name: secrets.token_urlsafe(24) for name in names}))
            try:
                os.link(draft, path)
            except FileExistsError:  # another process was faster: its passwords count
                pass
            finally:
                draft.unlink()
        found: dict[str, str] = json.loads(path.read_text())
        return found

    def connection(self, login: str, database: str = DATABASE) -> dict[str, Any]:
        """Return what libpq needs to connect as the given login."""
        return {
            "host": str(self.socket),
            "port": PORT,
            "dbname": database,
            "user": login,
            "password": self.passwords()[login],
        }

    def _make_private(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            if os.geteuid() == 0:
                os.chown(folder, self.user.uid, self.user.gid)
        seen = folder.lstat()
        if folder.is_symlink() or seen.st_uid != self.user.uid:
            raise ServerFailed(
                f"文件夹 {folder} 属于另一个用户，数据库不能使用它。请用原来的用户启动，或把 LOUZHANG_VAR 指到别处。"
            )
        if seen.st_mode & 0o077:
            folder.chmod(0o700)
