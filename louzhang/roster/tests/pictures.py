"""Photos as phones send them, for the tests of honours."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image

from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor


def upload(actor: Actor, at: datetime, colour: str = "red") -> str:
    """A draft of this actor; gives its id."""
    kept = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(kept, "JPEG")
    content = kept.getvalue()
    stream = io.BytesIO(content)
    made = receive_attachment(stream=stream, declared_type="image/jpeg", size=len(content), actor=actor, at=at)
    return str(made.uid)
