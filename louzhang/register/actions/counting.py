"""Counting communities: counts kept for offices above them, made again where anything happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area, LevelKind
from louzhang.kit import clock
from louzhang.register.models import CommunityCount, Counted, CountedCommunity
from louzhang.register.queries.counts import COMMUNITY_PATH, count_rows, stale_communities


def count_stale(*, at: datetime) -> int:
    """Count the communities again in which something happened; all others are known to hold at this moment too."""
    stale = stale_communities(at)
    count_again(stale, at=at)
    CountedCommunity.objects.filter(as_of__lt=at).exclude(area__path__in=stale).update(as_of=at)
    return len(stale)


def count_all(*, at: datetime) -> int:
    """Count every community again, whatever the journal says."""
    rows = Area.objects.of_kind(LevelKind.COMMUNITY).order_by("path")
    paths = list(rows.values_list("path", flat=True))
    count_again(paths, at=at)
    return len(paths)


def count_again(paths: Collection[str], *, at: datetime) -> None:
    """Count these communities as they are now, each in a transaction of its own; who counted later is not undone."""
    for pk, path in Area.objects.filter(path__in=paths).order_by("path").values_list("pk", "path"):
        CountedCommunity.objects.bulk_create([CountedCommunity(area_id=pk, as_of=at)], ignore_conflicts=True)
        with transaction.atomic():
            mark = CountedCommunity.objects.select_for_update(no_key=True).get(area=pk)
            if mark.as_of > at:
                continue
            _write(pk, path, at)
            mark.as_of = at
            mark.save(update_fields=["as_of"])


def _write(area_id: int, path: str, at: datetime) -> None:
    numbers = count_rows([path], step=COMMUNITY_PATH, day=clock.local_date(at))
    CommunityCount.objects.filter(area=area_id).delete()
    CommunityCount.objects.bulk_create(
        CommunityCount(area_id=area_id, counted=counted, key=key, number=number)
        for counted in Counted
        for (_, key), number in numbers.of(counted).items()
    )
