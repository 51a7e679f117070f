"""Backup and restore: what was there comes back, nothing is overwritten, a damaged file is refused."""

import json
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.engine.conftest import Manage, fresh_environment, place_for_a_server, run_command

COUNT = "from django.contrib.contenttypes.models import ContentType; print('kinds', ContentType.objects.count())"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with place_for_a_server() as var:
        media = var / "media"
        media.mkdir(parents=True)
        (media / "photo").write_bytes(b"a photo")
        yield var


@pytest.fixture(scope="module")
def at_the_place(place: Path) -> Manage:
    return partial(run_command, fresh_environment(place))


@pytest.fixture(scope="module")
def backup(place: Path, at_the_place: Manage) -> Path:
    target = place.parent / "place.backup"
    for command in (["prepare_database"], ["backup", str(target)]):
        done = at_the_place(*command)
        assert done.returncode == 0, done.stderr
    return target


def test_a_backup_comes_back_in_an_empty_place(backup: Path, at_the_place: Manage, manage: Manage, var: Path):
    done = manage("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert (var / "media" / "photo").read_bytes() == b"a photo"
    counted = [run("shell", "-v", "0", "-c", COUNT).stdout for run in (at_the_place, manage)]
    assert counted[0] == counted[1]
    assert "kinds" in counted[0]
    assert manage("migrate", "--check").returncode == 0


def test_a_backup_is_not_overwritten(backup: Path, at_the_place: Manage):
    before = backup.read_bytes()
    done = at_the_place("backup", str(backup))
    assert done.returncode != 0
    assert "已经存在" in done.stderr
    assert backup.read_bytes() == before


def test_a_filled_database_is_not_restored_over(backup: Path, at_the_place: Manage):
    done = at_the_place("restore", str(backup))
    assert done.returncode != 0
    assert "恢复只能在空的数据库里进行" in done.stderr


def test_a_damaged_backup_is_refused(backup: Path, manage: Manage, var: Path):
    damaged = var.parent / "damaged.backup"
    content = bytearray(backup.read_bytes())
    with tarfile.open(backup) as tar:
        dump = tar.getmember("database.dump")
    content[dump.offset_data + dump.size // 2] ^= 0xFF
    damaged.write_bytes(content)
    done = manage("restore", str(damaged))
    assert done.returncode != 0
    assert "与清单不符" in done.stderr


def test_a_file_that_is_no_backup_is_refused(manage: Manage, tmp_path: Path):
    stray = tmp_path / "stray"
    stray.write_text(json.dumps({}))
    done = manage("restore", str(stray))
    assert done.returncode != 0
    assert "不是完整的备份文件" in done.stderr


def test_a_backup_is_readable_by_its_owner_alone(backup: Path):
    assert backup.stat().st_mode & 0o077 == 0
