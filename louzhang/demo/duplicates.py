"""The same matter more than once: a leak merged and one to compare, a burst pipe, a lamp told to neighbours."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from louzhang.demo.district import Building, Community, District
from louzhang.journal.actor import Actor, ActorKind
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    announce_workorder,
    merge_workorder,
    report_too,
    report_workorder,
)
from louzhang.workorders.models import Category, Channel, PublicLine, WorkOrder

LEAK = ("楼道水管漏水，地上全是水，老人下楼怕滑倒。", "一楼门口一直滴水，墙都湿了。", "水从二楼流下来了，请来看看。")
BURST = (
    "楼前水管爆了，水喷得很高。", "爆管了，家里停水了。", "门口马路上全是水，车过不去。", "水管破裂，请快来关阀门。",
)  # fmt: skip
LAMP = ("三楼楼道灯不亮，晚上看不见台阶。", "楼道灯坏了好几天了。")
LINE = "三楼楼道灯不亮，已经报给物业。"


def tell_duplicates(district: District, at: datetime) -> None:
    """Have the first community with several buildings deal with reports of the same matters (R9)."""
    community = next((each for each in district.built_up() if len(each.buildings) > 2), district.built_up()[0])
    desk = district.actor(district.desks[community.area.pk][0])
    buildings = community.buildings
    _leak(buildings[0], desk, at - timedelta(hours=5))
    _burst(community, buildings[len(buildings) // 2], at - timedelta(minutes=40))
    _lamp(buildings[-1], desk, at - timedelta(hours=20))


def _phone(word: str) -> Actor:
    """A phone that nobody holds."""
    return Actor(kind=ActorKind.DEVICE, device=hashlib.sha256(f"demo duplicate {word}".encode()).hexdigest())


def _report(building: Building, code: str, words: str, who: str, at: datetime, step: int = 0) -> WorkOrder:
    longitude, latitude = building.place
    draft = Draft(
        channel=Channel.RESIDENT,
        category=Category.objects.get(code=code),
        area=building.area,
        words=words,
        answers={"still_leaking": "还在漏"} if code == "pipe-leak" else {},
        longitude=round(longitude + step * 0.00005, 6),
        latitude=latitude,
    )
    return report_workorder(draft=draft, actor=_phone(who), at=at).order


def _leak(building: Building, desk: Actor, at: datetime) -> None:
    """Three reports: the second merged into the first, the third still to be compared."""
    first, second, _ = (
        _report(building, "pipe-leak", words, f"leak {number}", at + timedelta(minutes=12 * number), number)
        for number, words in enumerate(LEAK)
    )
    accept_workorder(order_id=first.pk, actor=desk, at=at + timedelta(minutes=30))
    merge_workorder(order_id=second.pk, into=first.number, actor=desk, at=at + timedelta(minutes=31))


def _burst(community: Community, building: Building, at: datetime) -> None:
    """Many at once, for the desk to merge with one tap."""
    for number, words in enumerate(_twice(BURST)):
        _report(building, "pipe-leak", words, f"burst {number}", at + timedelta(minutes=number), number)


def _twice(words: Sequence[str]) -> list[str]:
    return [*words, *words]


def _lamp(building: Building, desk: Actor, at: datetime) -> None:
    """Neighbours were told, and one of them joined."""
    order = _report(building, "stairwell-lamp", LAMP[0], "lamp 0", at)
    accept_workorder(order_id=order.pk, actor=desk, at=at + timedelta(minutes=20))
    announce_workorder(order_id=order.pk, words=LINE, actor=desk, at=at + timedelta(minutes=21))
    draft = Draft(
        channel=Channel.RESIDENT,
        category=order.category,
        area=building.area,
        words=LAMP[1],
        same=PublicLine.objects.get(order=order).uid,
    )
    report_too(draft=draft, actor=_phone("lamp 1"), at=at + timedelta(hours=1))
