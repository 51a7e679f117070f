"""Photos in the forms of surveys: what came with a form, the pickers, and the strips that show what was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Refusal
from louzhang.shell.parts import Photo
from louzhang.surveys.forms.sheet import Block
from louzhang.surveys.queries.photographs import Pictures, photo_questions
from louzhang.surveys.questions import Asked
from louzhang.workorders.views.telling import photos_of
from louzhang.workorders.views.uploads import entry_fields, picker

Shown = list[tuple[Asked, list[Photo]]]


def posted_fields(
    request: HttpRequest, asked: Sequence[Asked], actor: Actor, at: datetime
) -> tuple[dict[str, str], Refusal | None]:
    """What a form sent, and why a plain file was not kept."""
    return entry_fields(request, actor, at, names=[f"q_{each.key}" for each in photo_questions(asked)])


def with_pickers(blocks: Iterable[Block], actor: Actor, at: datetime) -> list[Block]:
    """The questions with the photos that were chosen before the form came back."""
    return [
        replace(block, photos=tuple(picker(actor, at, block.value.split(","))["chosen_photos"]))
        if block.kind == "photo" and block.value
        else block
        for block in blocks
    ]


def upload_place() -> dict[str, str]:
    """Where a form sends its photos."""
    return {"upload_url": reverse("journal:upload")}


def shown_photos(pictures: Pictures, asked: Sequence[Asked], target_id: int, actor: Actor, at: datetime) -> Shown:
    """The photos of one household, question by question, with links that are good for this actor and hour."""
    rows = [(each, photos_of(pictures.get((target_id, each.key), ()), actor, at)) for each in photo_questions(asked)]
    return [(each, photos) for each, photos in rows if photos]


def with_photos(blocks: Iterable[Block], pictures: Pictures, target_id: int, actor: Actor, at: datetime) -> list[Block]:
    """The questions of one household with the photos that were given."""
    return [
        replace(block, photos=tuple(photos_of(pictures.get((target_id, block.asked.key), ()), actor, at)))
        if block.kind == "photo"
        else block
        for block in blocks
    ]
