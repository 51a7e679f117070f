"""Starts, finds, watches and stops the embedded server.

Every process that uses the server holds a shared lock on a file; the last one to leave stops it.
Locks vanish with their process, so a killed process never keeps the server alive for ever, and a
server left over by one is found and used by the next.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import psutil
import psycopg
from psycopg import conninfo, sql

from louzhang.kit.postgres.place import DATABASE, LOGINS, PORT, SUPERUSER, Place
from louzhang.kit.postgres.programs import ServerFailed

RECOVERY_SECONDS: Final = 600
CLEAR_OUT_SECONDS: Final = 60
STOP_SECONDS: Final = 60
PROVISION: Final = "2"  # grows with every change of _provision
STATUS_LINE: Final = 7  # of postmaster.pid, counted from zero

# Statements and their values never reach the log: they can hold personal words.
CONFIGURATION: Final = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = '256MB'
max_wal_size = '2GB'
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
FAST_AND_FORGETFUL: Final = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
AUTHENTICATION: Final = "local all all scram-sha-256\n"


class EmbeddedServer:
    """One PostgreSQL under one `var` folder, shared by all processes that name that folder."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.place = Place(var)
        self.durable = durable
        self._users: IO[bytes] | None = None
        self._pid = 0

    def attach(self) -> None:
        """Use the server, starting it when it is not running; waits for crash recovery."""
        if self._is_mine() and self.is_ready():
            return
        self.place.make_folders()
        with self._only_one():
            if not self._is_mine():
                self._users = (self.place.locks / "postgres-users").open("ab")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._pid = os.getpid()
            self._start()
            self._provision()

    def detach(self) -> None:
        """Leave the server; whoever leaves last stops it."""
        if not self._is_mine() or self._users is None:
            return
        with self._only_one():
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
            self._users.close()
            self._users = None

    def is_ready(self) -> bool:
        """Tell whether our postmaster lives and takes connections."""
        return self._status() == "ready"

    def postmaster(self) -> psutil.Process | None:
        """Return the living postmaster of this data folder, or None."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process = psutil.Process(int(lines[0]))
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.place.data:
                return process
        return None

    def run(self, program: str, *arguments: str, seconds: float = RECOVERY_SECONDS) -> str:
        """Run one of the server's programs as its user and return what it printed."""
        user = self.place.user
        is_root = os.geteuid() == 0
        with tempfile.TemporaryFile() as output:
            # A session of its own: Ctrl-C at our terminal must not reach the database.
            done = subprocess.run(
                [str(self.place.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                umask=0o077,
                start_new_session=True,
                timeout=seconds,
                check=False,
                user=user.uid if is_root else None,
                group=user.gid if is_root else None,
                extra_groups=[] if is_root else None,
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            raise ServerFailed(f"{program}: {said.strip()}\n{self._end_of_log()}")
        return said

    def _is_mine(self) -> bool:
        # After a fork the open lock still belongs to the parent, who alone may stop the server.
        return self._users is not None and self._pid == os.getpid()

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        with (self.place.locks / "postgres-start").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        if not (self.place.data / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + CLEAR_OUT_SECONDS
        while self.postmaster() is None:
            self._remove_stale_locks()
            self._configure()
            try:
                self.run(
                    "pg_ctl", "start", "-w", "-t", str(RECOVERY_SECONDS),
                    "-D", str(self.place.data), "-l", str(self.place.log),
                )  # fmt: skip
            except ServerFailed:
                # After a crash the old server's children need a moment to notice and go.
                if time.monotonic() > deadline or not self._leftovers():
                    raise
                time.sleep(0.2)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + RECOVERY_SECONDS
        while not self.is_ready():
            if self.postmaster() is None or time.monotonic() > deadline:
                raise ServerFailed(f"数据库没有启动成功。\n{self._end_of_log()}")
            time.sleep(0.1)

    def _stop(self) -> None:
        if self.postmaster() is not None:
            self.run("pg_ctl", "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS), "-D", str(self.place.data))

    def _initialise(self) -> None:
        draft = self.place.home / "data.new"
        secret = self.place.home / "superuser"
        shutil.rmtree(draft, ignore_errors=True)
        self._write(secret, self.place.passwords()[SUPERUSER])
        try:
            self.run(
                "initdb", "-D", str(draft), "--username", SUPERUSER, "--pwfile", str(secret),
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
                "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            secret.unlink()
        draft.rename(self.place.data)

    def _configure(self) -> None:
        text = CONFIGURATION.format(port=PORT, socket=self.place.socket)
        self._write(self.place.data / "postgresql.conf", text + ("" if self.durable else FAST_AND_FORGETFUL))
        self._write(self.place.data / "pg_hba.conf", AUTHENTICATION)

    def _write(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        if os.geteuid() == 0:
            os.chown(path, self.place.user.uid, self.place.user.gid)

    def _provision(self) -> None:
        """Make the roles and the database once; repeated after an interruption it completes the rest."""
        done = self.place.home / "provisioned"
        if done.exists() and done.read_text() == PROVISION:
            return
        passwords = self.place.passwords()
        address = conninfo.make_conninfo(**self.place.connection(SUPERUSER, "postgres"))
        with psycopg.connect(address, autocommit=True) as connection:
            for login in LOGINS.values():
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone()
                verb = sql.SQL("ALTER" if known else "CREATE")
                rights = sql.SQL("CREATEDB" if login == LOGINS["owner"] else "NOCREATEDB")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                        verb, sql.Identifier(login), rights, sql.Literal(passwords[login])
                    )
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                owner = sql.Identifier(LOGINS["owner"])
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))
            # So that the owner can act with their rights, to show that these are enough and no more.
            lesser = sql.SQL(", ").join(sql.Identifier(LOGINS[role]) for role in ("web", "worker"))
            connection.execute(sql.SQL("GRANT {} TO {}").format(lesser, sql.Identifier(LOGINS["owner"])))
        self._write(done, PROVISION)

    def _pid_file(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return [line.strip() for line in (self.place.data / "postmaster.pid").read_text().splitlines()]
        return []

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[STATUS_LINE] if len(lines) > STATUS_LINE and self.postmaster() else ""

    def _remove_stale_locks(self) -> None:
        # The number in them may by now belong to any other program (after a reboot, in a container) or
        # to a dead one nobody collected, and PostgreSQL would refuse to start. Never while a living
        # process still holds the data.
        socket = self.place.socket / f".s.PGSQL.{PORT}"
        stale = [self.place.data / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")]
        if any(path.exists() for path in stale) and not self._leftovers():
            for path in stale:
                path.unlink(missing_ok=True)

    def _leftovers(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.uids().real == self.place.user.uid and Path(process.cwd()) == self.place.data:
                    found.append(process)
        return found

    def _end_of_log(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.place.log.read_text(errors="replace").splitlines()[-10:])
        return ""


_attached: dict[Path, EmbeddedServer] = {}


def attached(var: Path, *, durable: bool = True) -> EmbeddedServer:
    """Return this process's server for the folder, running; it is left when the process ends."""
    server = _attached.get(var)
    if server is None:
        server = _attached[var] = EmbeddedServer(var, durable=durable)
        atexit.register(server.detach)
    server.attach()
    return server
