"""The rows that went into one, over any number of merges."""

from __future__ import annotations

from louzhang.register.models import Resident


def merged_into(resident: Resident) -> list[int]:
    """The ids of all rows that are this person now: merged into it, or into a row that was; a query a generation."""
    found: list[int] = []
    generation = [resident.pk]
    while generation:
        generation = list(
            Resident.objects.filter(merged_into__in=generation).order_by("pk").values_list("pk", flat=True)
        )
        found += generation
    return found
