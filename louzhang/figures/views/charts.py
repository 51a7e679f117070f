"""What the charts draw: plain values the page carries beside its tables, which say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from louzhang.figures.measures import Figures
from louzhang.figures.models import CLOCKS
from louzhang.figures.queries.behind import CLOCK_LABELS
from louzhang.figures.queries.labels import LEVELS, Line
from louzhang.figures.views.speaking import bucket_labels

BARS_AT_MOST = 20

Chart = dict[str, Any]


def trend(days: Sequence[Line], behind: Callable[..., str]) -> Chart:
    """Reported and settled by day of the report."""
    return {
        "kind": "line",
        "labels": [f"{day.month}月{day.day}日" for day, _, _ in days],
        "series": [
            {"name": "反映", "tone": "blue", "values": [row.orders for _, _, row in days]},
            {"name": "其中已办结", "tone": "brand", "values": [row.count("settled") for _, _, row in days]},
        ],
        "urls": [behind(key, figure="orders") for key, _, _ in days],
    }


def bars(lines: Sequence[Line], behind: Callable[..., str]) -> Chart:
    """The largest lines: what is in hand, what waits for the resident, what has ended."""
    shown = lines[:BARS_AT_MOST]
    return {
        "kind": "stacked",
        "labels": [label for _, label, _ in shown],
        "series": [
            {"name": "在办", "tone": "amber", "values": [row.open for _, _, row in shown]},
            {
                "name": "等反映人评价",
                "tone": "blue",
                "values": [row.orders - row.open - row.ended for _, _, row in shown],
            },
            {"name": "已结束", "tone": "brand", "values": [row.ended for _, _, row in shown]},
        ],
        "urls": [behind(key, figure="orders") for key, _, _ in shown],
    }


Share = tuple[int, str, int, float]


def levels(found: Sequence[Share], urls: list[str]) -> Chart:
    """The share settled at each level."""
    return {
        "kind": "across",
        "unit": "%",
        "labels": [label for _, label, _, _ in found],
        "series": [{"name": "占办结的", "tone": "brand", "values": [share for _, _, _, share in found]}],
        "urls": urls,
    }


def level_shares(lines: Sequence[Line]) -> list[Share]:
    """(rank, level, settled, share in percent) from the grid up, levels that are known only."""
    settled = {key: row.count("settled") for key, _, row in lines}
    whole = sum(count for key, count in settled.items() if key)
    ranks = sorted((rank for rank in LEVELS if rank), reverse=True)
    return [
        (rank, LEVELS[rank], settled.get(rank, 0), round(100 * settled.get(rank, 0) / whole, 1))
        for rank in ranks
        if whole
    ]


def times(total: Figures) -> Chart:
    """How many took how long, for each clock."""
    tones = ("blue", "amber", "brand")
    return {
        "kind": "bar",
        "labels": bucket_labels(),
        "series": [
            {"name": CLOCK_LABELS[name], "tone": tone, "values": total.buckets(name)}
            for name, tone in zip(CLOCKS, tones, strict=True)
        ],
        "urls": [],
    }
