"""Photos that come with a form: those the picker has sent before, and plain files without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from louzhang.journal import links
from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Refusal
from louzhang.kit.writable import writable
from louzhang.workorders.queries.choices import own_drafts


def with_plain_files(
    request: HttpRequest, given: QueryDict, actor: Actor, at: datetime, *, name: str = "photos"
) -> QueryDict:
    """Keep the files of a browser without JavaScript as drafts and name them beside the others.

    Their ids follow from the request's own id, so that a repeated submit means the same files.
    Raises what `receive_attachment` raises.
    """
    for number, file in enumerate(request.FILES.getlist(f"{name}_files")):
        if not file.size or file.file is None:
            continue
        uid = _uid_of(given.get("entry_id", ""), f"{name}:{number}", str(file.name), file.size)
        draft = receive_attachment(
            stream=cast("BinaryIO", file.file),
            declared_type=file.content_type or "",
            size=file.size,
            actor=actor,
            at=at,
            uid=uid,
        )
        given.appendlist(name, str(draft.uid))
    return given


def entry_fields(
    request: HttpRequest, actor: Actor, at: datetime, *, names: Sequence[str]
) -> tuple[dict[str, str], Refusal | None]:
    """What a page posted as the fields of an entry: of each of these names the ids of its photos, commas between.

    A browser with scripts has sent its photos before; the files of one without are kept here. Why one was not kept
    comes beside what was typed.
    """
    given, refused = request.POST.copy(), None
    try:
        for name in names:
            given = with_plain_files(request, given, actor, at, name=name)
    except Refusal as refusal:
        refused = refusal
    fields = {name: writable(str(value)) for name, value in given.items()}
    return fields | {name: ",".join(filter(None, given.getlist(name))) for name in names if name in given}, refused


def _uid_of(entry_id: str, number: str, name: str, size: int) -> UUID | None:
    return uuid5(NAMESPACE_URL, f"{entry_id}:{number}:{name}:{size}") if entry_id else None


def picker(actor: Actor, at: datetime, chosen: list[str]) -> dict[str, Any]:
    """What the photo picker of a page needs: where to send, and what is there already."""
    drafts = own_drafts(actor, chosen)
    return {
        "upload_url": reverse("journal:upload"),
        "chosen_photos": [
            {
                "id": str(draft.uid),
                "url": links.signed_link(draft, actor, at=at),
                "thumbnail": links.signed_link(draft, actor, size="thumb", at=at),
            }
            for draft in drafts
        ],
    }
