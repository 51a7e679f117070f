"""What the journal's tests share: actors without posts, pictures, and ways to upload them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment
from louzhang.kit import media

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def picture(size: tuple[int, int] = (640, 480), colour: str = "red", kind: str = "JPEG", **options: Any) -> bytes:
    """Give a photo of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def pdf() -> bytes:
    """Give something that begins as a PDF does."""
    return b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def stored(digest: str) -> bytes:
    """Read a stored content."""
    with media.open_stored(digest) as content:
        return bytes(content.read())


@pytest.fixture
def at() -> datetime:
    return MORNING


@pytest.fixture
def phone() -> Actor:
    return Actor(kind=ActorKind.DEVICE, device="a" * 64)


@pytest.fixture
def other_phone() -> Actor:
    return Actor(kind=ActorKind.DEVICE, device="b" * 64)


@pytest.fixture
def upload(db: None, phone: Actor) -> Callable[..., Attachment]:
    """Upload a content as the phone; anything can be changed."""

    def receive(content: bytes | None = None, **changes: Any) -> Attachment:
        content = picture() if content is None else content
        given: dict[str, Any] = {
            "stream": io.BytesIO(content),
            "declared_type": "",
            "size": len(content),
            "actor": phone,
            "at": MORNING,
        } | changes
        return receive_attachment(**given)

    return receive
