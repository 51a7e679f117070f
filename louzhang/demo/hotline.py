"""Two matters of the 12345 hotline: one declined, its answer waiting to be told, one still in hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.demo.district import District
from louzhang.workorders.actions import Draft, accept_workorder, decline_workorder
from louzhang.workorders.actions.exchange import take_from_hotline
from louzhang.workorders.models import Category, Channel, WorkOrder

NUMBER = "演示-12345-{:04d}"


def answer_the_hotline(district: District, at: datetime) -> None:
    """Have the first community with buildings work on what the hotline sent."""
    community = district.built_up()[0]
    desk = district.actor(district.desks[community.area.pk][0])

    def taken(number: int, code: str, words: str, hours: int) -> WorkOrder:
        draft = Draft(
            channel=Channel.HOTLINE,
            category=Category.objects.get(code=code),
            area=community.buildings[0].area,
            words=words,
            hotline_number=NUMBER.format(number),
        )
        return take_from_hotline(draft=draft, actor=desk, at=at - timedelta(hours=hours)).order

    lamp = taken(1, "street-lamp", "市民来电：小区外大路的路灯不亮。", 20)
    decline_workorder(
        order_id=lamp.pk,
        reason="这段路由市里管养，不归本区。",
        advice="已经转告市路灯管理处，您也可以拨打它的电话。",
        actor=desk,
        at=at - timedelta(hours=18),
    )
    dark = taken(2, "stairwell-lamp", "市民来电：楼道灯不亮，老人上下楼看不清。", 3)
    accept_workorder(order_id=dark.pk, actor=desk, at=at - timedelta(hours=2))
