"""Days in the field of the demo: rhythms, some visits of chiefs and grid workers, and the lists of today."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.roles import Role
from louzhang.demo.district import Community, District
from louzhang.demo.moving_in import COMMUNITIES
from louzhang.fieldwork.actions.company import ask_company
from louzhang.fieldwork.actions.days import add_item, refuse_item
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.proposing import lay_down_presets
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.actions.visiting import Learnt, write_visit
from louzhang.fieldwork.models import DayItem, DayList, Met, Span, Whom, Why
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.models import Household

# What came of it, how long, in which words, what was learnt; hours before now.
VISITS = (
    (26, Met.MET, 20, "聊了聊家常，一切都好。", Learnt(is_unchanged=True)),
    (27, Met.MET, 15, "", Learnt(reach={"hour": "supper"})),
    (28, Met.NOBODY, None, "", Learnt()),
    (50, Met.MET, 30, "说楼道扶手有点松。", Learnt(need="把楼道扶手紧一紧")),
    (51, Met.LATER, None, "在忙，约了周末。", Learnt()),
    (74, Met.DECLINED, None, "", Learnt()),
    (98, Met.MET, 10, "送了停水通知。", Learnt()),
)
CHIEFS_PER_COMMUNITY = 2


def go_round(district: District, at: datetime) -> None:
    """Set the rhythms of the rows, let two chiefs and a grid worker of each community go round, lay out today."""
    lay_down_presets(actor=SYSTEM, at=at - timedelta(days=30))
    built = district.built_up()[:COMMUNITIES]
    monthly = RhythmDraft("楼长每月走访每一户", Whom.EACH, Role.CHIEF, Span.MONTH)
    for community in built:
        begun = at - timedelta(days=30)
        set_rhythm(draft=monthly, area=community.area, starts_on=clock.local_date(begun), actor=SYSTEM, at=begun)
        _visit(district, community, at)
    today = clock.local_date(at)
    keep_dues(day=today)
    make_days(day=today, at=at)
    for community in built:
        _plan(district, community, at)


def _visit(district: District, community: Community, at: datetime) -> None:
    for building in community.buildings[:CHIEFS_PER_COMMUNITY]:
        if building.chief is not None:
            _call_on(district, building.chief.user, building.area.path, at)
    for building in community.buildings[CHIEFS_PER_COMMUNITY : CHIEFS_PER_COMMUNITY + 1]:
        if building.grid.worker is not None:
            _call_on(district, building.grid.worker.user, building.area.path, at)


def _call_on(district: District, visitor: User, path: str, at: datetime) -> None:
    homes = Household.objects.filter(ends_on=None, dwelling__area__path__startswith=path).order_by("pk")
    for home, (hours, outcome, minutes, words, learnt) in zip(homes[: len(VISITS)], VISITS, strict=False):
        write_visit(
            dwelling_id=home.dwelling_id, household_id=home.pk, outcome=outcome, minutes=minutes, words=words,
            learnt=learnt, actor=district.actor(visitor), at=at - timedelta(hours=hours),
        )  # fmt: skip


def _plan(district: District, community: Community, at: datetime) -> None:
    """The office lays something on a chief's day; the chief refuses one thing and would like company for another."""
    chief = next((building.chief for building in community.buildings if building.chief is not None), None)
    desk = district.desks[community.area.pk][0]
    lists = DayList.objects.filter(post=chief) if chief is not None else DayList.objects.none()
    for day_list in lists[:1]:
        add_item(
            list_uid=day_list.uid, title="把停水通知贴到每个单元门口", area=day_list.area, minutes=15,
            actor=district.actor(desk), at=at,
        )  # fmt: skip
        mine = district.actor(day_list.holder)
        homes = list(DayItem.objects.filter(day_list=day_list, kind="visit", ended="", fits=True).order_by("ordinal"))
        for item in homes[:1]:
            refuse_item(uid=item.uid, why=Why.ARRANGED, words="约了明天晚饭后。", actor=mine, at=at)
        for item in homes[1:2]:
            ask_company(dwelling_id=item.dwelling_id or 0, actor=mine, at=at)
