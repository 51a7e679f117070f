"""How long a visit took last time, measured."""

from __future__ import annotations

from collections.abc import Sequence

from louzhang.areas.models import Area
from louzhang.fieldwork.models import Met, Visit

FEWEST, LAST = 10, 200


def visit_pace(paths: Sequence[str]) -> int | None:
    """The middle length of the last visits below these places, in seconds; None from fewer than ten that say it."""
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    rows = Visit.objects.filter(area_id__in=areas, minutes__isnull=False, outcome=Met.MET).order_by("-day", "-pk")
    minutes = sorted(each for each in rows.values_list("minutes", flat=True)[:LAST] if each is not None)
    return minutes[len(minutes) // 2] * 60 if len(minutes) >= FEWEST else None
