"""An option whose person does not want to be named any more: the count stays, the name and what was said go."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from louzhang.ballots.models import Item

UNNAMED = "一位不留名的人"


def blank_options(*, poll_ids: Iterable[int], label: str) -> int:
    """Take a name out of the options of these polls, also out of what stands beside yes and no; gives how many.

    For the app that holds the polls, which has asked its own scope and writes down that it did.
    """
    named = Q(label=label) | Q(label__startswith=f"{label}（")
    rows = Item.objects.filter(poll_id__in=list(poll_ids))
    found = list(rows.filter(named | Q(note__startswith=label)).select_for_update(of=("self",)).order_by("pk"))
    for item in found:
        item.note, item.resident = "", None
        if item.label.startswith(label):
            item.label = f"{UNNAMED}（{item.position}）"
        item.save(update_fields=["label", "note", "resident"])
    return len(found)
