"""An entry that waits for the office, in words: what its form says, and how many photos came with it."""

from __future__ import annotations

from collections.abc import Mapping

from louzhang.journal.forms import VerbForm
from louzhang.register.doorstep import PHOTOS
from louzhang.register.forms.door_kinds import spoken


def spoken_with_photos(form: type[VerbForm], fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of label and value."""
    said = list(spoken(form, {name: value for name, value in fields.items() if name != PHOTOS}))
    photos = [uid for uid in fields.get(PHOTOS, "").split(",") if uid]
    return [*said, ("照片", f"{len(photos)} 张")] if photos else said
