"""A members' day of Guta (handbook R13): 313 matters put on the table, 224 done at once, 89 discussed and assigned.

The seven kinds of people who speak are written down by the desk. What can be done at once a grid worker settles
on the spot; the rest goes to a member organisation (共建单位) and through the loop. The sessions themselves are
another part of the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.roles import Role
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.scenarios.ground import small_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    close_workorder,
    dispatch_workorder,
    report_back_workorder,
    report_workorder,
    settle_on_spot_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import Category, Channel, Report, WorkOrder

GATHERED = 313
AT_ONCE = 224
MEMBERS = 5
SPEAKERS = ("老党员", "楼长", "居民代表", "网格员", "物业", "商户", "志愿者")
WORDS = "{}提出：楼道里的灯坏了，请安排。"
LONG_AGO = timedelta(days=30)
MINUTE = timedelta(minutes=1)
WINDOW = timedelta(days=8)


def play(told: Told) -> Mapping[str, int | float | str]:
    """Play the day and what followed from it, and count."""
    began = clock.now() - LONG_AGO
    ground = small_district(began)
    assert ground.community is not None
    desk = ground.actor(ground.person("情景受理", Role.OFFICE_STAFF, area=ground.community))
    keeper = ground.actor(ground.person("情景网格员", Role.GRID_WORKER, area=ground.grid))
    members = [ground.unit(f"情景共建单位{n}", UnitKind.PARTNER, ground.community) for n in range(MEMBERS)]
    people = [ground.person(f"情景联络员{n}", Role.UNIT_MEMBER, unit=unit) for n, unit in enumerate(members)]
    workers = [ground.actor(person) for person in people]
    told("党日说事")
    category = Category.objects.get(code="stairwell-lamp")
    for number in range(GATHERED):
        at = began + number * MINUTE
        order = _said(number, category, ground.buildings[number % len(ground.buildings)], desk, at)
        if number < AT_ONCE:
            settle_on_spot_workorder(order_id=order.pk, note="当场换好了灯。", actor=keeper, at=at + MINUTE)
            _answered(order, desk, at + MINUTE)
        else:
            place = number % MEMBERS
            _discussed(order, members[place], workers[place], desk, at)
    while read_new_events(at=clock.now()):
        pass
    return {
        "gathered": Report.objects.count(),
        "at_once": WorkOrder.objects.filter(is_settled_on_spot=True, closed_at__isnull=False).count(),
        "discussed": WorkOrder.objects.filter(lead_unit__kind=UnitKind.PARTNER, closed_at__isnull=False).count(),
    }


def _said(number: int, category: Category, area: Area, desk: Actor, at: datetime) -> WorkOrder:
    draft = Draft(
        channel=Channel.WALK_IN,
        category=category,
        area=area,
        words=WORDS.format(SPEAKERS[number % len(SPEAKERS)]),
        is_for_another=True,
    )
    return report_workorder(draft=draft, actor=desk, at=at).order


def _discussed(order: WorkOrder, member: Unit, worker: Actor, desk: Actor, at: datetime) -> None:
    """Agreed at the table, assigned to a member organisation, done and told."""
    accept_workorder(order_id=order.pk, actor=desk, at=at + MINUTE)
    dispatch_workorder(order_id=order.pk, unit=member, note="协商交办。", actor=desk, at=at + 2 * MINUTE)
    take_workorder(order_id=order.pk, actor=worker, at=at + timedelta(hours=1))
    settle_workorder(order_id=order.pk, note="共建单位已经办好。", actor=worker, at=at + timedelta(days=2))
    _answered(order, desk, at + timedelta(days=2))


def _answered(order: WorkOrder, desk: Actor, at: datetime) -> None:
    order.refresh_from_db()
    if order.closed_at is None:
        report_back_workorder(order_id=order.pk, answer="办好了，请您看看。", actor=desk, at=at + MINUTE)
        close_workorder(order_id=order.pk, actor=SYSTEM, at=at + WINDOW)


GUTA = Scenario("guta", "古塔党日说事：收集 313 件，即知即办 224 件，协商交办 89 件", play)
