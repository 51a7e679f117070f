"""Stored files under the digest of their content, in whatever storage ``STORAGES["media"]`` names.

The default keeps them in ``settings.MEDIA_PLACE``, readable by the system user alone; an S3-compatible storage can
take its place by that setting. A digest names a content, not an upload: two uploads of the same photo share one
file, so a caller removes it only when nothing else refers to it.
"""

import hashlib
import mimetypes
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

FOLDER_MODE = 0o700

_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchMedia(LookupError):
    """Nothing is stored under this digest."""


class DigestStorage(FileSystemStorage):
    """Files in one folder of this machine, each written whole or not at all."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=FOLDER_MODE)

    @property
    def base_location(self) -> str:
        """The folder the setting names."""
        return str(settings.MEDIA_PLACE)

    @property
    def location(self) -> str:
        """The same, absolute."""
        return str(Path(self.base_location).absolute())

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep the name: the same name is the same content."""
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        place = Path(self.path(name))
        _make_folders(place.parent)
        handle, part = tempfile.mkstemp(dir=place.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(place)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)
        return name


class _TypedContent(ContentFile[bytes]):
    """A content that tells an S3-compatible storage its media type."""

    def __init__(self, content: bytes, suffix: str) -> None:
        super().__init__(content)
        self.content_type = mimetypes.guess_type(f"content{suffix}")[0] or "application/octet-stream"


def store(content: bytes, suffix: str) -> str:
    """Keep a content and give its digest (SHA-256, 64 hex characters); the same content twice is kept once.

    ``suffix`` (".jpg") tells a storage elsewhere the media type; it is no part of the name.
    """
    digest = hashlib.sha256(content).hexdigest()
    _storage().save(_name(digest), _TypedContent(content, suffix))
    return digest


def open_stored(digest: str) -> File[bytes]:
    """Open a stored content for reading, else raise ``NoSuchMedia``."""
    try:
        return _storage().open(_name(digest), "rb")
    except FileNotFoundError as error:
        raise NoSuchMedia("nothing is stored under this digest") from error


def remove(digest: str) -> None:
    """Delete a stored content; what is gone already stays gone."""
    _storage().delete(_name(digest))


def _storage() -> Storage:
    return storages["media"]


def _name(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise NoSuchMedia("this is no digest")
    return f"{digest[:2]}/{digest}"


def _make_folders(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
