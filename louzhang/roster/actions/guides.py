"""Keeping 遇到…怎么办: the district's words, and a street's own instead of them where it wants others."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries import district, line_of
from louzhang.areas.rights import may_keep_district, offices_of
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.roster.models.duties import CALLEES_AT_MOST, NAME_LENGTH, STEP_LENGTH, STEPS_AT_MOST, Callee, Guide
from louzhang.roster.presets.duties import GUIDES
from louzhang.roster.queries.guides import UNKNOWN

WRITERS_RANK = RANKS[LevelKind.STREET]  # streets and the district; communities read theirs


@dataclass(frozen=True, slots=True)
class GuideDraft:
    """What a page says; see `models.Guide`."""

    title: str
    steps: Sequence[str]
    callees: Sequence[str]
    never: str = ""


def may_write(actor: Actor, area: Area) -> bool:
    """Whether an area's words are the actor's: the street's office for the street, the district's for the district."""
    if actor.is_read_only:
        return False
    own = any(seat.area_id == area.pk and seat.rank <= WRITERS_RANK for seat in offices_of(actor))
    return own or (area.rank == RANKS[LevelKind.DISTRICT] and may_keep_district(actor))


def lay_down_guides(*, actor: Actor, at: datetime) -> int:
    """Lay down the preset as the district's words where there are none yet; gives how many."""
    root = district()
    if root is None or not may_write(actor, root):
        raise NotYours("范例由区里的办公室或系统管理员载入。")
    standing = set(Guide.objects.filter(area=root, ended_at=None).values_list("key", flat=True))
    with transaction.atomic():
        for position, preset in enumerate(GUIDES, start=1):
            if preset.key not in standing:
                facts = _facts(GuideDraft(preset.title, preset.steps, preset.callees, preset.never))
                _add(root, preset.key, position, facts, actor, at)
    return len([preset for preset in GUIDES if preset.key not in standing])


def write_guide(
    *, area: Area, draft: GuideDraft, actor: Actor, at: datetime, key: str = "", entry_id: uuid.UUID | None = None
) -> Guide:
    """A further page, or under a `key` that stands above a place's own words instead of those above.

    Raises `NotYours` elsewhere, `InputRefused`, `Conflict` where the place has its own words already.
    """
    if not may_write(actor, area):
        raise NotYours("这里的办法由本街道或区里的办公室来写。")
    facts = _facts(draft)
    above = Guide.objects.filter(area_id__in=[node.pk for node in line_of(area)], key=key, ended_at=None)
    position = above.values_list("position", flat=True).first() if key else None
    if key and position is None:
        raise NotThere(UNKNOWN)
    if position is None:
        position = (Guide.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return _add(area, key or f"own-{uuid.uuid4().hex[:12]}", position, facts, actor, at, entry_id)
    except IntegrityError:
        raise Conflict("这里已经有自己的办法了，请改原来那一页。", field="title") from None


def change_guide(
    *, uid: uuid.UUID, draft: GuideDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Guide:
    """Say it otherwise; what it said before stays in its history."""
    facts = _facts(draft)
    with transaction.atomic():
        row = _locked(uid, actor)
        before = {name: getattr(row, name) for name in facts}
        for name, value in facts.items():
            setattr(row, name, value)
        if before != facts:
            payload = {"before": before, "after": facts}
            _tell(row, "change", actor, at, payload, tuple(facts), entry_id)
    return row


def end_guide(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Guide:
    """Away with it; where a street had its own words, those of the district hold again."""
    with transaction.atomic():
        row = _locked(uid, actor)
        row.ended_at = at
        _tell(row, "end", actor, at, {}, ("ended_at",), None)
    return row


def _add(
    area: Area, key: str, position: int, facts: dict[str, Any], actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Guide:  # fmt: skip
    row = Guide(area=area, key=key, position=position, written_at=at, **facts)
    row.save(force_insert=True)
    _tell(row, "write", actor, at, {"after": facts}, (), entry_id)
    return row


def _tell(
    row: Guide, verb: str, actor: Actor, at: datetime, payload: dict[str, Any], save: tuple[str, ...],
    entry_id: uuid.UUID | None,
) -> None:  # fmt: skip
    area_ids = [node.pk for node in line_of(row.area)]
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=payload, area_ids=area_ids, save=save,
           entry_id=entry_id)  # fmt: skip


def _locked(uid: uuid.UUID, actor: Actor) -> Guide:
    rows = Guide.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level")
    row = rows.select_for_update(no_key=True, of=("self",)).first()
    if row is None:
        raise NotThere(UNKNOWN)
    if not may_write(actor, row.area):
        raise NotYours("这一页由写它的街道或区里来改。您可以给本街道另写一份。")
    return row


def _facts(draft: GuideDraft) -> dict[str, Any]:
    title, never = " ".join(draft.title.split()), " ".join(draft.never.split())
    steps = [" ".join(step.split()) for step in draft.steps if step.strip()]
    if not title or len(title) > NAME_LENGTH:
        raise InputRefused(f"请写遇到什么，最多 {NAME_LENGTH} 个字。", field="title")
    if not 1 <= len(steps) <= STEPS_AT_MOST or any(len(step) > STEP_LENGTH for step in steps):
        raise InputRefused(
            f"请一行写一步，一到 {STEPS_AT_MOST} 步，每步最多 {STEP_LENGTH} 个字。急的时候没人读得完更多。",
            field="steps",
        )
    if len(never) > STEP_LENGTH:
        raise InputRefused(f"“千万不要”最多 {STEP_LENGTH} 个字。", field="never")
    callees = list(dict.fromkeys(draft.callees))
    if not 1 <= len(callees) <= CALLEES_AT_MOST or not set(callees) <= set(Callee.values):
        raise InputRefused(f"请选打给谁，一到 {CALLEES_AT_MOST} 个。", field="callees")
    return {"title": title, "steps": steps, "never": never, "callees": callees}
