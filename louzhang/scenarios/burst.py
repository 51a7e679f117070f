"""One burst pipe, 300 reports in ten minutes: one order with 300 reporters, one notice to the unit, one result to each.

The first report is accepted and dispatched; the others come in meanwhile, and once a minute the desk merges
what has come with one tap. When the pipe is mended, every reporter reads the answer in the own report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from louzhang.areas.models import UnitKind
from louzhang.areas.roles import Role
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import Actor, ActorKind
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.scenarios.ground import Ground, small_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    gather_workorders,
    report_back_workorder,
    report_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import Category, Channel, Report, WorkOrder
from louzhang.workorders.queries import find_order, timeline
from louzhang.workorders.queries.duplicates import bursts_of, candidates_for, matter_of

REPORTS = 300
MINUTES = 10
SEED = 300
PIPE = (121.1, 41.1)
SCATTER = 0.0004  # degrees: within some fifty metres of the pipe
ANSWER = "主管已换好，18 点前恢复供水。"
WORDS = ("水管爆了，路上全是水。", "楼下水管喷水。", "一楼进水了，快来人。", "爆管了，家里停水。")


def play(told: Told) -> Mapping[str, int | float | str]:
    """Play it and count."""
    began = clock.now() - timedelta(hours=3)
    ground = small_district(began)
    assert ground.community is not None
    company = ground.unit("情景物业", UnitKind.PROPERTY, ground.community)
    desk = ground.actor(ground.person("情景受理", Role.OFFICE_STAFF, area=ground.community))
    plumber = ground.person("情景维修", Role.UNIT_MEMBER, unit=company)
    told("反映和合并")
    head = _first(ground, desk, began)
    dispatch_workorder(order_id=head.pk, unit=company, actor=desk, at=began + timedelta(minutes=1))
    take_workorder(order_id=head.pk, actor=ground.actor(plumber), at=began + timedelta(minutes=2))
    _others(ground, desk, head, began)
    told("办结和反馈")
    done = began + timedelta(hours=2)
    settle_workorder(order_id=head.pk, note="换了主管。", actor=ground.actor(plumber), at=done)
    report_back_workorder(order_id=head.pk, answer=ANSWER, actor=desk, at=done + timedelta(minutes=5))
    while read_new_events(at=clock.now()):
        pass
    return {
        "reports": Report.objects.filter(order=head).count(),
        "orders": WorkOrder.objects.filter(merged_into=None).count(),
        "unit_notices": Notice.objects.filter(user=plumber).count(),
        "results": sum(_has_heard(_phone(number), head.number) for number in range(REPORTS)),
    }


def _phone(number: int) -> Actor:
    """A resident's phone without an account."""
    return Actor(kind=ActorKind.DEVICE, device=f"{number:064d}")


def _first(ground: Ground, desk: Actor, at: datetime) -> WorkOrder:
    order = _report(ground, 0, at, Random(SEED))  # noqa: S311 - the same course every time, nothing secret
    return accept_workorder(order_id=order.pk, actor=desk, at=at)


def _report(ground: Ground, number: int, at: datetime, rng: Random) -> WorkOrder:
    longitude, latitude = (part + rng.uniform(-SCATTER, SCATTER) for part in PIPE)
    draft = Draft(
        channel=Channel.RESIDENT,
        category=Category.objects.get(code="pipe-leak"),
        area=rng.choice([*ground.buildings, *ground.stairwells]),
        words=rng.choice(WORDS),
        longitude=longitude,
        latitude=latitude,
    )
    return report_workorder(draft=draft, actor=_phone(number), at=at).order


def _others(ground: Ground, desk: Actor, head: WorkOrder, began: datetime) -> None:
    """The others, evenly over ten minutes; at the end of each the desk merges all of them with one tap."""
    rng = Random(SEED + 1)  # noqa: S311 - as above
    each = REPORTS // MINUTES
    for minute in range(MINUTES):
        for place in range(each):
            number = minute * each + place
            if number:
                at = began + timedelta(minutes=minute, seconds=60 * place / each)
                _report(ground, number, at, rng)
        _merge_all(desk, head, began + timedelta(minutes=minute + 1))


def _merge_all(desk: Actor, head: WorkOrder, at: datetime) -> None:
    for burst in bursts_of(desk):
        others = [order.number for order in burst.others]
        gather_workorders(order_id=burst.head.pk, others=others, actor=desk, at=at)
    left = candidates_for(matter_of(WorkOrder.objects.get(pk=head.pk)), desk)
    if left:
        others = [candidate.order.number for candidate in left]
        gather_workorders(order_id=head.pk, others=others, actor=desk, at=at)


def _has_heard(reporter: Actor, number: str) -> bool:
    """Whether a reporter reads the answer in the own report."""
    order = find_order(reporter, number)
    moments = timeline(order, reporter) if order is not None else []
    return [moment.spoken.get("answer") for moment in moments].count(ANSWER) == 1


BURST = Scenario("burst", "一处爆管，十分钟 300 人反映：一件工单、单位收到一条消息、每人得到一次答复", play)
