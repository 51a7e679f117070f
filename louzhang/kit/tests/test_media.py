import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from pytest_django import Settings

from louzhang.kit import media
from louzhang.kit.media import NoSuchMedia


@pytest.fixture
def place(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "var" / "media"
    settings.MEDIA_PLACE = folder
    return folder


def files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_a_content_is_found_under_its_digest(place: Path) -> None:
    digest = media.store(b"a photo", ".jpg")
    assert digest == hashlib.sha256(b"a photo").hexdigest()
    with media.open_stored(digest) as stored:
        assert stored.read() == b"a photo"


def test_the_same_content_is_kept_once(place: Path) -> None:
    assert media.store(b"a photo", ".jpg") == media.store(b"a photo", ".png")
    assert len(files(place)) == 1


def test_storing_again_heals_a_damaged_file(place: Path) -> None:
    digest = media.store(b"a photo", ".jpg")
    files(place)[0].write_bytes(b"damaged")
    media.store(b"a photo", ".jpg")
    with media.open_stored(digest) as stored:
        assert stored.read() == b"a photo"


def test_only_the_owner_may_read_files_and_folders(place: Path) -> None:
    media.store(b"a photo", ".jpg")
    (file,) = files(place)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (file.parent, place, place.parent)} == {0o700}


def test_what_was_removed_is_gone_and_may_be_removed_again(place: Path) -> None:
    digest = media.store(b"a photo", ".jpg")
    media.remove(digest)
    media.remove(digest)
    with pytest.raises(NoSuchMedia):
        media.open_stored(digest)


@pytest.mark.parametrize(
    "digest", ["", "../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "..", "ab/" + "a" * 61]
)
def test_nothing_but_a_digest_reaches_the_storage(place: Path, digest: str) -> None:
    with pytest.raises(NoSuchMedia):
        media.open_stored(digest)
    with pytest.raises(NoSuchMedia):
        media.remove(digest)


def test_a_write_that_fails_leaves_nothing_behind(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("louzhang.kit.media.os.fsync", full_disk)
    place.mkdir(parents=True)
    (place / hashlib.sha256(b"a photo").hexdigest()[:2]).mkdir()
    with pytest.raises(OSError, match="No space"):
        media.store(b"a photo", ".jpg")
    assert files(place) == []


def test_another_storage_can_take_the_place(settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "media": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    digest = media.store(b"a photo", ".jpg")
    assert isinstance(storages["media"], InMemoryStorage)
    with media.open_stored(digest) as stored:
        assert stored.read() == b"a photo"
    media.remove(digest)
    with pytest.raises(NoSuchMedia):
        media.open_stored(digest)


def test_a_storage_elsewhere_learns_the_media_type(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def note(storage: media.DigestStorage, name: str, content: Any) -> str:
        seen.append(content.content_type)
        return name

    monkeypatch.setattr(media.DigestStorage, "_save", note)
    media.store(b"a photo", ".jpg")
    media.store(b"a file", ".pdf")
    media.store(b"something", "")
    assert seen == ["image/jpeg", "application/pdf", "application/octet-stream"]


def test_the_storage_is_plain_django(place: Path) -> None:
    storage = storages["media"]
    assert storage.save("plain/name.txt", ContentFile(b"text")) == "plain/name.txt"
    assert storage.exists("plain/name.txt")
    assert storage.size("plain/name.txt") == 4
