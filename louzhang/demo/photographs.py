"""Drawn photos for the demo: simple scenes of no real place, sent through the same door as any upload."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw

from louzhang.journal.actions.attachments import receive_attachment
from louzhang.journal.actions.developing import reencode_attachment
from louzhang.journal.actor import Actor

SIZE = (960, 720)
SKIES = ((188, 208, 224), (214, 222, 226), (236, 214, 188), (120, 134, 158))
WALLS = ((196, 178, 150), (178, 158, 146), (206, 200, 188), (160, 170, 176))
GROUNDS = ((120, 116, 110), (138, 128, 112), (104, 110, 104))
BRAND = (11, 122, 67)


class Album:
    """Draws a scene, uploads it for somebody and develops it, until the film is full."""

    def __init__(self, rng: Random, film: int) -> None:
        self.rng = rng
        self.left = film

    def take(self, actor: Actor, at: datetime, *, shows_result: bool = False, must: bool = False) -> list[UUID]:
        """One photo as an open draft of this person; none when the film is used up, unless it must be."""
        if self.left <= 0 and not must:
            return []
        self.left -= 1
        content = draw(self.rng, shows_result=shows_result)
        photo = receive_attachment(
            stream=io.BytesIO(content), declared_type="image/jpeg", size=len(content), actor=actor, at=at
        )
        reencode_attachment(attachment_id=photo.pk, at=at)
        return [photo.uid]


def draw(rng: Random, *, shows_result: bool) -> bytes:
    """A house with a street before it, a puddle, heap or hole in it, or a green tick where it was."""
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    pen = ImageDraw.Draw(picture)
    horizon = rng.randint(430, 500)
    pen.rectangle((0, horizon, *SIZE), fill=rng.choice(GROUNDS))
    _draw_house(pen, rng, horizon)
    if shows_result:
        _draw_tick(pen)
    else:
        _draw_trouble(pen, rng, horizon)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def _draw_house(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    left, width, top = rng.randint(40, 160), rng.randint(560, 720), rng.randint(60, 120)
    pen.rectangle((left, top, left + width, horizon), fill=rng.choice(WALLS))
    for floor in range(top + 30, horizon - 70, 80):
        for window in range(left + 30, left + width - 60, 90):
            lit = rng.random() < 0.3
            pen.rectangle((window, floor, window + 48, floor + 50), fill=(250, 226, 160) if lit else (92, 108, 124))
    door = left + width // 2
    pen.rectangle((door, horizon - 90, door + 60, horizon), fill=(84, 66, 56))


def _draw_trouble(pen: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    x, y = rng.randint(180, 620), rng.randint(horizon + 50, 620)
    kind = rng.choice(("puddle", "heap", "hole"))
    if kind == "puddle":
        pen.ellipse((x, y, x + 260, y + 70), fill=(86, 116, 146))
        pen.ellipse((x + 40, y + 14, x + 150, y + 40), fill=(128, 156, 182))
    elif kind == "heap":
        for _ in range(14):
            a, b = x + rng.randint(0, 200), y - rng.randint(0, 70)
            pen.rectangle(
                (a, b, a + 46, b + 34), fill=(rng.randint(60, 190), rng.randint(60, 150), rng.randint(50, 120))
            )
    else:
        pen.ellipse((x, y, x + 180, y + 60), fill=(32, 30, 30), outline=(200, 180, 60), width=8)


def _draw_tick(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((400, 530, 540, 670), fill="white", outline=BRAND, width=10)
    pen.line(((434, 602), (462, 632), (510, 570)), fill=BRAND, width=16, joint="curve")
