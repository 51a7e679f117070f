"""An option whose person is not named any more: the count stays, the name and what was said go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from louzhang.ballots.models import Item
from louzhang.journal.actor import Actor
from louzhang.register.models import Resident

UNNAMED = "一位不留名的人"
EVERY_OPTION = Q()


def blank_options(*, poll_ids: Iterable[int], label: str = "") -> int:
    """Take a name out of the options of these polls, also out of what stands beside yes and no; gives how many.

    Without a name every option loses the own one. For the app that holds the polls, which has asked its own scope and
    writes down that it did.
    """
    named = Q(label=label) | Q(label__startswith=f"{label}（") | Q(note__startswith=label) if label else EVERY_OPTION
    return _blank(Q(poll_id__in=list(poll_ids)) & named, label)


def forget_candidate(resident: Resident, rule: str, actor: Actor, at: datetime) -> None:
    """Whoever is erased from the register is named on no ballot either; `register.following` asks."""
    _blank(Q(resident=resident), "")


def _blank(which: Q, label: str) -> int:
    found = list(Item.objects.filter(which).select_for_update(of=("self",)).order_by("pk"))
    for item in found:
        item.note, item.resident = "", None
        if item.label.startswith(label):
            item.label = f"{UNNAMED}（{item.position}）"
        item.save(update_fields=["label", "note", "resident"])
    return len(found)
