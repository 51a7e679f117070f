"""Figures in words: rates, lengths of time, and the address of the orders behind a count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from louzhang.figures.buckets import BOUNDS, HOUR, Percentile
from louzhang.figures.queries.counting import By
from louzhang.figures.queries.reach import Reach

NOTHING = "—"


def rate(value: float | None) -> str:
    """A rate as people read it; a dash where there was nothing to count."""
    return NOTHING if value is None else f"{value:g}%"


def length(found: Percentile | None) -> str:
    """A length of time: 35 分钟, 2.5 小时, 43.2 小时, 720 小时以上."""
    if found is None:
        return NOTHING
    spoken = minutes(found.minutes)
    return f"{spoken}以上" if found.is_open else spoken


def minutes(value: float) -> str:
    """Minutes, or hours of them: never days, since many clocks count working time only."""
    return f"{value:.0f} 分钟" if value < HOUR else f"{value / HOUR:.1f}".removesuffix(".0") + " 小时"


def bucket_labels() -> list[str]:
    """The buckets in words, from 15 分钟内 to 720 小时以上."""
    return [*(f"{minutes(bound)}内" for bound in BOUNDS), f"{minutes(BOUNDS[-1])}以上"]


def orders_behind(reach: Reach, by: By, key: Any, codes: Mapping[int, str], **more: str) -> str:
    """The list of the orders behind a count of one line; blank where the list has no such filter."""
    narrowed = _narrowed(by, key, codes)
    if narrowed is None:
        return ""
    usual = {"area": str(reach.area.pk), "since": str(reach.since), "until": str(reach.until)}
    return f"{reverse('desk:orders')}?{urlencode(usual | narrowed | more)}"


def all_behind(reach: Reach, **more: str) -> str:
    """The list of the orders behind a count of the whole page."""
    usual = {"area": str(reach.area.pk), "since": str(reach.since), "until": str(reach.until)}
    return f"{reverse('desk:orders')}?{urlencode(usual | more)}"


def _narrowed(by: By, key: Any, codes: Mapping[int, str]) -> dict[str, str] | None:
    if by is By.DAY:
        assert isinstance(key, date)
        return {"since": key.isoformat(), "until": key.isoformat()}
    if by is By.CATEGORY:
        return {"category": codes[key]} if key in codes else None
    name = {By.COMMUNITY: "area", By.UNIT: "unit", By.CHANNEL: "channel"}.get(by)
    return {name: str(key)} if name else None
