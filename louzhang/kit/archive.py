"""A backup is one tar file: a manifest, PostgreSQL's own dump of the database, and the stored files.

The dump is taken from a snapshot, so the place may stay open meanwhile; files are stored under their
digest and never change, so copying them after the dump loses nothing the dump knows of. A restore
goes into an empty database only, all or nothing, and is compared with the manifest afterwards.
"""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
MEDIA: Final = "media"
FORMAT: Final = 1


class ArchiveRefused(Exception):
    """The backup cannot be made or used; the text says why and what to do next."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, to be compared after a restore."""

    made_at: str
    server_version: int
    dump_sha256: str
    rows: dict[str, int]
    files: int
    format: int = FORMAT


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's own client programs, and how they reach the database."""

    folder: Path | None
    connection: Mapping[str, str]

    def run(self, program: str, *arguments: str, into: IO[bytes] | None = None) -> None:
        """Run a program; its complaint becomes the refusal."""
        found = self.folder / program if self.folder else shutil.which(program)
        if found is None:
            raise ArchiveRefused(f"本机没有 {program}。请安装与数据库同版本的 PostgreSQL 客户端（postgresql-client）。")
        done = subprocess.run(
            [str(found), *arguments], env=self._env(), stdout=into, stderr=subprocess.PIPE, text=False, check=False
        )
        if done.returncode:
            raise ArchiveRefused(f"{program} 没有成功：{done.stderr.decode(errors='replace').strip()}")

    def _env(self) -> dict[str, str]:
        names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
        # Through the environment: a password on the command line could be read by everybody on the machine.
        found = {names[key]: str(value) for key, value in self.connection.items() if key in names and value}
        return found | {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def write(target: Path, dump: Path, media: Path, **facts: Any) -> Manifest:
    """Write the backup beside its final name first, so that a half one never carries it."""
    if target.exists():
        raise ArchiveRefused(f"{target} 已经存在，备份不会覆盖它。请换一个文件名。")
    files = sorted(path for path in media.rglob("*") if path.is_file()) if media.is_dir() else []
    manifest = Manifest(dump_sha256=_digest(dump), files=len(files), **facts)
    draft = target.with_name(f".{target.name}.part")
    try:
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w") as tar:
            text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode = len(text), 0o600
            tar.addfile(entry, io.BytesIO(text))
            tar.add(dump, DUMP)
            for path in files:
                tar.add(path, f"{MEDIA}/{path.relative_to(media).as_posix()}")
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder and check the dump against its digest."""
    if not source.is_file():
        raise ArchiveRefused(f"找不到备份文件 {source}。请检查路径。")
    try:
        _extract(source, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (tarfile.TarError, OSError, ValueError, TypeError) as error:
        raise ArchiveRefused(f"{source} 不是完整的备份文件，请换一份。（{error}）") from error
    if manifest.format != FORMAT:
        raise ArchiveRefused(f"这份备份的格式是 {manifest.format}，本版只认识 {FORMAT}。请先升级程序。")
    if _digest(folder / DUMP) != manifest.dump_sha256:
        raise ArchiveRefused(f"{source} 里的数据库内容与清单不符，文件可能已损坏，没有恢复任何东西。请换一份备份。")
    return manifest


def _extract(source: Path, folder: Path) -> None:
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            place = (folder / member.name).resolve()
            if not member.isfile() or not place.is_relative_to(folder.resolve()):
                raise ValueError(member.name)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            content = tar.extractfile(member)
            if content is not None:
                with place.open("xb") as file:
                    place.chmod(0o600)
                    shutil.copyfileobj(content, file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
