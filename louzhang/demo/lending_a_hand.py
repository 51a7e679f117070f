"""Rounds, errands, good deeds, logs and a stand-in of the demo: each in a few rows of one community."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.demo.district import Building, Community, District, Grid
from louzhang.fieldwork.actions.deeds import tell_deed
from louzhang.fieldwork.actions.errands import (
    ErrandDraft,
    ask_errand,
    collect_papers,
    confirm_errand,
    hand_over,
    take_errand,
)
from louzhang.fieldwork.actions.handing import ask_leave
from louzhang.fieldwork.actions.patrols import confirm_point
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.actions.work_logs import comment_log, send_log
from louzhang.fieldwork.models import Route, Way
from louzhang.fieldwork.queries.handing import stand_ins_for
from louzhang.kit import clock

ROUTES = (
    (RouteDraft("夜间安全巡查", every_days=2), ("大门口", "自行车棚", "配电箱", "东侧消火栓", "垃圾分类点")),
    (RouteDraft("消防通道", times_a_week=2), ("1号通道", "2号通道", "地下车库入口")),
)
# Hours before now, kind, what, papers, what came of it, how it was confirmed.
ERRANDS = (
    (
        50,
        "papers",
        "帮老人把医保材料交到社区窗口。",
        "医保卡复印件\n申请表一份",
        "材料交了，回执放回信封给您。",
        "word",
    ),
    (26, "absent", "出门一周，请看看门窗、浇一下花。", "钥匙一把", "门窗都关着，花浇了。", ""),
    (5, "paying", "腿脚不便，帮忙取一次慢性病的药。", "", "", ""),
)
WAITING = ("pension", "养老金认证在手机上弄不来，请教一下。", 3)
DEEDS = ("二楼小伙子替四楼老人抬水上楼。", "拾到一串钥匙，挂在单元门口等人来领。", "雪后一早，几户一起扫了楼前的路。")
LOGS = ((1, "晚上陪一位老人去了趟医院，家属已经接上。"), (2, ""))
LEAVE = (3, 5)  # days from now, how many


def lend_a_hand(district: District, at: datetime) -> None:
    """Everything in the first community that has a grid worker and a chief."""
    community = district.built_up()[0]
    building = next(each for each in community.buildings if each.chief is not None and each.grid.worker is not None)
    if building.chief is None or building.grid.worker is None:
        raise LookupError("no building of the community has a chief and a grid worker")
    worker, chief = building.grid.worker.user, building.chief.user
    for grid in community.grids:
        if grid.worker is not None:
            _walk(district, grid, grid.worker.user, at)
    _run_errands(district, building, chief, at)
    _tell_of_good(district, building.area, chief, at)
    _write_logs(district, community, (worker, chief), at)
    _go_away(district, building, at)


def _walk(district: District, grid: Grid, worker: User, at: datetime) -> None:
    """Two routes with their points; one was walked whole yesterday, the other lies before the worker today."""
    actor, began = district.actor(worker), at - timedelta(days=20)
    longitude, latitude = grid.place
    for draft, names in ROUTES:
        route = lay_route(area=grid.area, draft=draft, actor=actor, at=began)
        for number, name in enumerate(names):
            add_point(
                uid=route.uid, name=name, longitude=longitude + number / 2000, latitude=latitude, actor=actor, at=began
            )
        if draft.every_days:
            _walk_whole(route, district, worker, at - timedelta(hours=26))


def _walk_whole(route: Route, district: District, worker: User, at: datetime) -> None:
    for number, point in enumerate(route.points.order_by("position")):
        is_broken = number == 1
        confirm_point(
            uid=point.uid, way=Way.REASON if is_broken else Way.CODE, code=point.code, actor=district.actor(worker),
            reason="牌子被车挡住了" if is_broken else "", at=at + timedelta(minutes=number),
        )  # fmt: skip


def _run_errands(district: District, building: Building, chief: User, at: datetime) -> None:
    """One confirmed, one handed back, one in hand, one that nobody has taken."""
    actor = district.actor(chief)
    place = building.stairwells[0] if building.stairwells else building.area
    for hours, kind, words, papers, done, way in ERRANDS:
        asked_at = at - timedelta(hours=hours)
        draft = ErrandDraft(kind=kind, area=place, words=words, name="王大妈", door="302", is_for_another=True)
        errand = ask_errand(draft=draft, actor=actor, at=asked_at)
        take_errand(errand_id=errand.pk, actor=actor, at=asked_at + timedelta(minutes=5))
        if papers:
            collect_papers(errand_id=errand.pk, papers=papers, actor=actor, at=asked_at + timedelta(minutes=30))
        if done:
            hand_over(errand_id=errand.pk, words=done, actor=actor, at=asked_at + timedelta(hours=3))
        if way:
            confirm_errand(errand_id=errand.pk, way=way, actor=actor, at=asked_at + timedelta(hours=4))
    kind, words, hours = WAITING
    asker = district.actor(district.residents[0])
    ask_errand(draft=ErrandDraft(kind=kind, area=place, words=words), actor=asker, at=at - timedelta(hours=hours))


def _tell_of_good(district: District, area: Area, chief: User, at: datetime) -> None:
    for number, words in enumerate(DEEDS, start=1):
        day = clock.local_date(at - timedelta(days=4 * number))
        tell_deed(area=area, day=day, words=words, actor=district.actor(chief), at=at - timedelta(hours=number))


def _write_logs(district: District, community: Community, people: tuple[User, ...], at: datetime) -> None:
    """Logs of two days; the office has answered one."""
    sent = [
        send_log(
            day=clock.local_date(at - timedelta(days=ago)), sentence=sentence, actor=district.actor(person),
            at=at - timedelta(hours=24 * ago - 1),
        )
        for person in people
        for ago, sentence in LOGS
    ]  # fmt: skip
    desk = district.actor(district.desks[community.area.pk][0])
    comment_log(log_id=sent[0].pk, comment="辛苦了，费用请家属留好票据。", actor=desk, at=at - timedelta(minutes=40))


def _go_away(district: District, building: Building, at: datetime) -> None:
    """The chief is away in a few days; somebody of the grid stands in."""
    chief = building.chief
    if chief is None:
        return
    others = stand_ins_for(building.area, at, but=[chief.user_id])
    first = clock.local_date(at) + timedelta(days=LEAVE[0])
    ask_leave(
        post_id=chief.pk, stand_in=others[0].user, starts_on=first, ends_on=first + timedelta(days=LEAVE[1]),
        actor=district.actor(chief.user), at=at,
    )  # fmt: skip
