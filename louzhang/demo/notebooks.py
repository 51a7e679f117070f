"""What the chiefs of the two communities with a register keep beside it: card, notes, sites and a firm."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from louzhang.demo.district import Building, District
from louzhang.demo.moving_in import COMMUNITIES
from louzhang.demo.names import MARK, Namer
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.actions.cards import make_card
from louzhang.register.actions.notes import write_note
from louzhang.register.actions.sites import check_site, enter_firm, enter_site
from louzhang.register.models import SiteKind

# Kind, name after the building, days of a round, days since the last check.
SITES: Sequence[tuple[SiteKind, str, int | None, int]] = (
    (SiteKind.HYDRANT, "东侧消火栓", 30, 33),
    (SiteKind.LIFT, "电梯", 15, 6),
    (SiteKind.PARKING, "门前停车位", None, 0),
    (SiteKind.PATROL, "楼顶巡查点", 7, 3),
)
NOTES = (("三楼门铃坏了，敲门要重一点。", None), ("周末帮出差的邻居看看阳台的花。", 2), ("问物业楼道灯的灯泡型号。", 0))
STEP = 0.0002


def keep_notebooks(district: District, namer: Namer, at: datetime) -> None:
    """Let the chief of the first building of each community write down what a chief writes down."""
    for community in district.built_up()[:COMMUNITIES]:
        building = community.buildings[0]
        if building.chief is not None:
            _keep(building, district.actor(building.chief.user), namer, at)


def _keep(building: Building, chief: Actor, namer: Namer, at: datetime) -> None:
    made = at - timedelta(days=20)
    make_card(post_id=chief.seats[0].post_id, hours="晚饭后和周末", actor=chief, at=made)
    for place, (words, days) in enumerate(NOTES):
        due = clock.local_date(at) + timedelta(days=days) if days is not None else None
        uid = uuid.uuid5(uuid.NAMESPACE_OID, f"note {building.area.code} {place}")
        write_note(uid=uid, words=words, due_on=due, actor=chief, at=at - timedelta(days=place + 1))
    area = building.area
    firm = enter_firm(
        area=area, name="楼下便民药店", trade="药店", contact=f"店主{MARK}", phone=namer.number(), actor=chief, at=made
    )
    for place, (kind, name, round_days, since) in enumerate(SITES):
        site = enter_site(
            area=area,
            kind=kind,
            name=f"{area.name}{name}",
            check_days=round_days,
            longitude=area.longitude + STEP * place if area.longitude is not None else None,
            latitude=area.latitude,
            actor=chief,
            at=made - timedelta(days=20),
        )
        if round_days is not None:
            check_site(site_id=site.pk, words="看过，正常。", actor=chief, at=at - timedelta(days=since))
    enter_site(area=area, kind=SiteKind.SHOP, name=firm.name, keeper_firm_id=firm.pk, actor=chief, at=made)
