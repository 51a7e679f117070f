"""Giving a new district its first categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.workorders.models import Category
from louzhang.workorders.starter import Group, Leaf, starter_groups


def load_starter_categories(*, actor: Actor, at: datetime) -> int:
    """Make the starter categories that are not there yet and return how many that were.

    A code the district has ever had is left as it is, ended ones too, so running it again adds
    nothing and brings nothing back. Letters that the district uses for another category stay
    with that one.
    """
    with transaction.atomic():
        rows = Category.objects.select_for_update(no_key=True)
        known = {row.code: row for row in rows}
        letters = {row.letters for row in known.values() if row.ended_at is None}
        made = 0
        for position, group in enumerate(starter_groups(), start=1):
            made += _load_group(group, position, known, letters, actor, at)
    return made


def _load_group(
    group: Group, position: int, known: dict[str, Category], letters: set[str], actor: Actor, at: datetime
) -> int:
    new = [leaf for leaf in group.leaves if leaf.code not in known]
    if not new:
        return 0
    parent = known.get(group.code)
    if parent is None:
        parent = _make(actor, at, code=group.code, name=group.name, position=position)
    for leaf in new:
        _make(actor, at, parent=parent, position=group.leaves.index(leaf) + 1, **_columns(leaf, letters))
    return len(new) + (group.code not in known)


def _columns(leaf: Leaf, letters: set[str]) -> dict[str, Any]:
    return {
        "code": leaf.code,
        "name": leaf.name,
        "letters": "" if leaf.letters in letters else leaf.letters,
        "keywords": leaf.keywords,
        "handling": leaf.handling,
        "is_urgent": leaf.urgent,
        "promised_hours": leaf.hours,
        "questions": leaf.questions,
        "photo_reason": leaf.photo_reason,
        "keep_days": leaf.keep_days,
        "is_public_space": leaf.public,
        "same_metres": leaf.metres,
        "groups_bursts": leaf.bursts,
    }


def _make(actor: Actor, at: datetime, **columns: Any) -> Category:
    category = Category.objects.create(**columns)
    facts = {"code": category.code, "name": category.name}
    record(category, "add", actor=actor, at=at, audience=Audience.DESK, payload=facts)
    return category
