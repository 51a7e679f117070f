"""Looking into office files (zip archives and OLE containers) from strangers without unpacking them anywhere."""

import lzma
import struct
import zipfile
import zlib
from typing import BinaryIO, Final

MOST_ENTRIES = 5000
MOST_BYTES = 300 * 1024 * 1024
OLE_MAGIC: Final = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP_MAGIC: Final = b"PK\x03\x04"

_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
)


class BadContainer(ValueError):
    """The container is broken, locked or unpacks to too much; the caller says so in its own words."""


def entry_names(stream: BinaryIO, *, most_bytes: int = MOST_BYTES) -> frozenset[str]:
    """Name what a zip archive holds, after reading every entry once without keeping it.

    Refuses with ``BadContainer`` what is broken, encrypted or unpacks to more than ``most_bytes``.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise BadContainer("too many or locked entries")
            _read_through(archive, entries, most_bytes)
            return frozenset(entry.filename for entry in entries)
    except _BROKEN as error:
        raise error if isinstance(error, BadContainer) else BadContainer("broken archive") from error


def entry_text(stream: BinaryIO, name: str) -> bytes:
    """Read one entry of an archive that ``entry_names`` has let through."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        return archive.read(name)


def ole_holds(content: bytes, name: str) -> bool:
    """Tell whether an OLE container (doc, xls, encrypted office files) has a stream of this name."""
    return name.encode("utf-16-le") in content


def _read_through(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most_bytes: int) -> None:
    left = most_bytes
    for entry in entries:
        with archive.open(entry) as content:
            while chunk := content.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise BadContainer("unpacks to too much")
