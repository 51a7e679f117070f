"""The embedded PostgreSQL: starts, is shared, survives a crash, trusts nobody."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from louzhang.kit.postgres import EmbeddedServer, Place, ServerFailed
from louzhang.kit.postgres.place import LOGINS, LONGEST_SOCKET, PORT
from louzhang.kit.postgres.programs import SystemUser, can_reach, server_user

# Another process takes part in the server until its standard input closes.
NEIGHBOUR = """
import sys, pathlib
from louzhang.kit.postgres import EmbeddedServer
server = EmbeddedServer(pathlib.Path(sys.argv[1]), durable=False)
server.attach()
print(server.postmaster().pid, flush=True)
sys.stdin.read()
server.detach()
"""


def ask(server: EmbeddedServer, text: str, role: str = "owner") -> object:
    with psycopg.connect(make_conninfo(**server.place.connection(LOGINS[role]))) as connection:
        row = connection.execute(text).fetchone()
        return row[0] if row else None


def wait_until_gone(process: psutil.Process) -> None:
    deadline = time.monotonic() + 10
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start_neighbour(var: Path) -> tuple["subprocess.Popen[str]", int]:
    process = subprocess.Popen(
        [sys.executable, "-c", NEIGHBOUR, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, int(process.stdout.readline())


def test_a_new_place_gets_a_server_with_three_roles(server: EmbeddedServer):
    assert [ask(server, "SELECT current_user", role) for role in LOGINS] == list(LOGINS.values())
    assert ask(server, "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname LIKE 'louzhang%%'") == 1


def test_the_last_to_leave_stops_it(var: Path):
    server = EmbeddedServer(var, durable=False)
    server.attach()
    postmaster = server.postmaster()
    assert postmaster
    server.detach()
    wait_until_gone(postmaster)


def test_a_second_process_uses_the_running_server_and_does_not_stop_it(server: EmbeddedServer):
    ours = server.postmaster()
    neighbour, theirs = start_neighbour(server.place.var)
    neighbour.communicate("")
    assert ours
    assert theirs == ours.pid
    assert server.is_ready()


def test_the_server_stays_for_a_second_process_when_the_first_leaves(var: Path):
    server = EmbeddedServer(var, durable=False)
    server.attach()
    postmaster = server.postmaster()
    neighbour, _ = start_neighbour(var)
    server.detach()
    assert postmaster
    assert postmaster.is_running()
    neighbour.communicate("")
    wait_until_gone(postmaster)


def test_what_was_committed_survives_a_killed_postmaster(var: Path):
    server = EmbeddedServer(var)
    server.attach()
    with psycopg.connect(make_conninfo(**server.place.connection(LOGINS["owner"])), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    before = server.postmaster()
    assert before
    os.kill(before.pid, signal.SIGKILL)
    wait_until_gone(before)
    server.attach()
    after = server.postmaster()
    assert after
    assert after.pid != before.pid
    assert ask(server, "SELECT count(*) FROM kept") == 1000
    server.detach()


def test_a_pid_file_naming_a_stranger_does_not_stop_the_start(var: Path):
    server = EmbeddedServer(var, durable=False)
    server.attach()
    server.detach()
    pid_file = server.place.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.place.data}\n0\n{PORT}\n\n\n0 0\nready\n")
    os.chown(pid_file, server.place.user.uid, server.place.user.gid)
    server.attach()
    assert ask(server, "SELECT 1") == 1
    server.detach()


def test_nobody_is_trusted(server: EmbeddedServer):
    rules = (server.place.data / "pg_hba.conf").read_text().splitlines()
    assert rules == ["local all all scram-sha-256"]
    address = server.place.connection(LOGINS["owner"]) | {"password": "wrong"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(**address))


def test_it_listens_on_no_network_address(server: EmbeddedServer):
    assert ask(server, "SHOW listen_addresses") == ""


def test_folders_and_passwords_are_private(server: EmbeddedServer):
    place = server.place
    for path in (place.home, place.data, place.socket):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.var / "postgres-passwords.json").stat().st_mode) == 0o600


def test_it_never_runs_as_root(server: EmbeddedServer):
    postmaster = server.postmaster()
    assert postmaster
    assert postmaster.uids().real != 0


def test_statements_with_personal_words_do_not_reach_the_log(server: EmbeddedServer):
    with pytest.raises(psycopg.Error):
        ask(server, "SELECT '13800001111'::date")
    assert "13800001111'::" not in server.place.log.read_text()


def test_a_path_too_long_for_a_socket_moves_the_socket_to_a_private_folder(var: Path):
    place = Place(var / ("long" * 30), user=server_user())
    assert len(str(place.socket / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET
    assert place.home not in place.socket.parents


def test_a_private_folder_above_cannot_be_reached_by_another_user(tmp_path: Path):
    tmp_path.chmod(0o700)
    stranger = SystemUser("stranger", uid=64000, gid=64000)
    assert not can_reach(tmp_path / "var" / "postgres", stranger)


def test_a_folder_of_somebody_else_is_refused(var: Path):
    place = Place(var)
    (var / "postgres").mkdir(parents=True, mode=0o700)
    place.user = SystemUser("stranger", uid=64000, gid=64000)
    with pytest.raises(ServerFailed, match="属于另一个用户"):
        place.make_folders()
