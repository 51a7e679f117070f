"""Entries of phones: noted once, held beside another change, settled."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from louzhang.journal.actions import drop_set_aside, hand_over, set_aside
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.register.doorstep import PHOTOS, Entry, photos_of
from louzhang.register.models import DoorEntry, Outcome

REASON_LENGTH = 200
NOT_WANTED = "没有采用"
LONGEST_AWAY = timedelta(days=400)


def note_entry(
    *,
    entry: Entry,
    row: Any,
    columns: Collection[str],
    actor: Actor,
    at: datetime,
    reason: str = "",
    review_area_id: int | None = None,
) -> DoorEntry:
    """Note an entry; with a reason it is held with what it says, sealed, until somebody settles it.

    With a `review_area_id` the office of its community does. Raises `NotYours` for nobody in particular.
    """
    if actor.user_id is None:
        raise NotYours("请先登录，再上传离线登记。")
    noted = DoorEntry(
        uid=entry.uid,
        user_id=actor.user_id,
        kind=entry.kind,
        row_kind=row.subject_kind,
        row_id=row.pk,
        columns=sorted(columns),
        happened_at=entry.happened_at,
        received_at=at,
        outcome=Outcome.HELD if reason else Outcome.DONE,
        reason=reason[:REASON_LENGTH],
        review_area_id=review_area_id,
    )
    if reason:
        set_aside(_photos(entry.fields), key=held_key(noted), actor=actor)
        noted.seal(said=json.dumps({"row": str(entry.row), "fields": dict(entry.fields)}, ensure_ascii=False))
    noted.save(force_insert=True)
    return noted


def forget_entries(*, at: datetime) -> int:
    """Forget entries that are settled and older than any that may still come; gives how many (worker)."""
    old = DoorEntry.objects.exclude(outcome=Outcome.HELD).filter(received_at__lt=at - LONGEST_AWAY)
    gone, _ = old.delete()
    return gone


def forget_said(row_kind: str, row_ids: Collection[int], *, at: datetime) -> None:
    """What waits to be settled about rows that are emptied goes with them; what stands holds."""
    held = DoorEntry.objects.held().filter(row_kind=row_kind, row_id__in=row_ids)
    drop_set_aside(*map(held_key, held), rule=NOT_WANTED, at=at)
    held.update(outcome=Outcome.THEIRS, settled_at=at, said_sealed="")


def held_entry(*, uid: UUID, actor: Actor) -> DoorEntry:
    """An entry that waits for this actor to settle it, locked; raises `NotThere`."""
    rows = DoorEntry.objects.visible_to(actor).held().filter(uid=uid).order_by("pk")
    entry = rows.select_for_update(no_key=True, of=("self",)).first()
    if entry is None:
        raise NotThere("没有找到这一条，它可能已经定过了。")
    return entry


def said_by(entry: DoorEntry) -> tuple[UUID, Mapping[str, str]]:
    """Of a held entry: the row it is about, and its fields."""
    said = json.loads(entry.open_field("said"))
    return UUID(said["row"]), said["fields"]


def held_key(entry: DoorEntry) -> str:
    """Under which the photos of an entry wait until it is settled."""
    return f"entry:{entry.user_id}:{entry.uid}"


def _photos(fields: Mapping[str, str]) -> list[UUID]:
    try:
        return photos_of(fields)
    except ValueError:
        return []  # no kind that takes photos has read it so


def with_photos(entry: DoorEntry, fields: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """The fields of a held entry for whoever carries it out now: its photos are theirs, those that can be shown."""
    if not fields.get(PHOTOS):
        return dict(fields)
    arrived = hand_over(key=held_key(entry), actor=actor)
    return {**fields, PHOTOS: ",".join(str(uid) for uid in _photos(fields) if uid in arrived)}


def settle_entry(*, entry: DoorEntry, outcome: str, at: datetime) -> None:
    """The version that holds from now on has been chosen; what was said is forgotten here."""
    if outcome == Outcome.THEIRS:
        drop_set_aside(held_key(entry), rule=NOT_WANTED, at=at)
    entry.outcome, entry.settled_at, entry.said_sealed = outcome, at, ""
    entry.save(update_fields=["outcome", "settled_at", "said_sealed"])
