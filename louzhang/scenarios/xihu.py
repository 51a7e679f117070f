"""A year of the command centre of Xihu (handbook R11): 7,971 matters, 7,894 closed, 77 in hand, 9 supervised.

Every change of a state is an action of its own, with its own transaction and event, at its own moment of the
year. Most matters walk the whole loop through a unit; a grid worker settles every fourth on the spot; every
fiftieth is sent back once; some residents rate, the others' window runs out and the clock closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from louzhang.areas.models import Area, LevelKind, Unit, UnitKind
from louzhang.areas.roles import Role
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.scenarios.ground import Ground, founded_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    close_workorder,
    dispatch_workorder,
    rate_workorder,
    report_and_settle_on_spot,
    report_back_workorder,
    report_workorder,
    send_back_workorder,
    settle_workorder,
    supervise_workorder,
    take_workorder,
)
from louzhang.workorders.lifecycle import ENDED
from louzhang.workorders.models import Category, Channel, Handling, WorkOrder

ORDERS = 7_971
OPEN = 77
SUPERVISED = 9
STREETS, COMMUNITIES, GRIDS = 7, 52, 315
SEED = 7971
HOUR = timedelta(hours=1)
TOLD_EACH = 500


@dataclass(frozen=True, slots=True)
class Community:
    """A community with those who work on its matters."""

    desk: Actor
    grids: list[tuple[Area, Actor]]
    company: Unit
    worker: Actor


def play(told: Told) -> Mapping[str, int | float | str]:
    """Play the year and count."""
    year_began = clock.now() - timedelta(days=365)
    told("建区、街道、社区和网格")
    ground = founded_district(year_began)
    communities = list(_communities(ground))
    centre = ground.actor(ground.person("情景指挥", Role.COMMANDER, area=ground.root))
    year = _Year(communities, centre, Random(SEED))  # noqa: S311 - the same year every time, nothing secret
    for number in range(ORDERS):
        year.matter(number, year_began + timedelta(minutes=number * 60))
        if number % TOLD_EACH == 0:
            told(f"第 {number} 件，共 {ORDERS} 件")
    while read_new_events(at=clock.now()):
        pass
    return {
        "orders": WorkOrder.objects.count(),
        "closed": WorkOrder.objects.filter(status__in=sorted(ENDED)).count(),
        "open": WorkOrder.objects.exclude(status__in=sorted(ENDED)).count(),
        "supervised": WorkOrder.objects.exclude(supervision="").count(),
        "events": Event.objects.filter(subject_kind=WorkOrder.subject_kind).count(),
    }


def _communities(ground: Ground) -> Iterator[Community]:
    """The seven streets with their communities, grids and companies."""
    streets = [ground.area(LevelKind.STREET, f"情景{number}街道", ground.root) for number in range(1, STREETS + 1)]
    for number in range(COMMUNITIES):
        area = ground.area(LevelKind.COMMUNITY, f"情景{number + 1}社区", streets[number % STREETS])
        company = ground.unit(f"情景{number + 1}物业", UnitKind.PROPERTY, area)
        worker = ground.person(f"情景维修{number + 1}", Role.UNIT_MEMBER, unit=company)
        mine = range(number, GRIDS, COMMUNITIES)
        yield Community(
            desk=ground.actor(ground.person(f"情景受理{number + 1}", Role.OFFICE_STAFF, area=area)),
            grids=[_grid(ground, area, grid) for grid in mine],
            company=company,
            worker=ground.actor(worker),
        )


def _grid(ground: Ground, community: Area, number: int) -> tuple[Area, Actor]:
    grid = ground.area(LevelKind.GRID, f"{number + 1}号网格", community)
    return grid, ground.actor(ground.person(f"情景网格员{number + 1}", Role.GRID_WORKER, area=grid))


class _Year:
    """The matters of a year, one after another."""

    def __init__(self, communities: list[Community], centre: Actor, rng: Random) -> None:
        self.communities = communities
        self.centre = centre
        self.rng = rng
        leaves = Category.objects.filter(ended_at=None, parent__isnull=False, handling=Handling.PLAIN, photo_reason="")
        self.categories = [leaf for leaf in leaves.order_by("pk") if not any(q.get("required") for q in leaf.questions)]

    def matter(self, number: int, at: datetime) -> None:
        """One matter from its report to where it stands at the end of the year."""
        community = self.communities[number % len(self.communities)]
        area, keeper = self.rng.choice(community.grids)
        is_open = number >= ORDERS - OPEN
        draft = Draft(
            channel=Channel.RESIDENT,
            category=self.rng.choice(self.categories),
            area=area,
            words=f"情景：第 {number} 件事，请来看看。",
        )
        if number % 4 == 0 and not is_open:
            self._on_the_spot(draft, keeper, at)
            return
        phone = Actor(kind=ActorKind.DEVICE, device=f"{number:064d}")
        order = report_workorder(draft=draft, actor=phone, at=at).order
        if is_open:
            self._in_hand(order, community, at, number)
        else:
            self._whole_loop(order, community, phone, at, number)

    def _on_the_spot(self, draft: Draft, keeper: Actor, at: datetime) -> None:
        order = report_and_settle_on_spot(draft=draft, note="当场办好了。", actor=keeper, at=at).order
        if order.status not in ENDED:
            close_workorder(order_id=order.pk, actor=SYSTEM, at=at + HOUR)

    def _to_the_unit(self, order: WorkOrder, community: Community, at: datetime) -> None:
        accept_workorder(order_id=order.pk, actor=community.desk, at=at + HOUR / 4)
        dispatch_workorder(order_id=order.pk, unit=community.company, actor=community.desk, at=at + HOUR / 2)

    def _whole_loop(self, order: WorkOrder, community: Community, phone: Actor, at: datetime, number: int) -> None:
        self._to_the_unit(order, community, at)
        if number % 50 == 1:
            send_back_workorder(order_id=order.pk, reason="要先断电。", actor=community.worker, at=at + HOUR)
            dispatch_workorder(order_id=order.pk, unit=community.company, actor=community.desk, at=at + 2 * HOUR)
        took = at + timedelta(hours=self.rng.uniform(3, 20))
        take_workorder(order_id=order.pk, actor=community.worker, at=took)
        done = took + timedelta(hours=self.rng.uniform(1, 40))
        settle_workorder(order_id=order.pk, note="修好了。", actor=community.worker, at=done)
        told_at = done + HOUR
        report_back_workorder(order_id=order.pk, answer="修好了，请您看看。", actor=community.desk, at=told_at)
        if number % 3 == 0:
            rate_workorder(order_id=order.pk, stars=5, solved=True, actor=phone, at=told_at + HOUR)
            return  # a matter whose every reporter calls it solved is closed by that
        close_workorder(order_id=order.pk, actor=SYSTEM, at=told_at + timedelta(days=8))

    def _in_hand(self, order: WorkOrder, community: Community, at: datetime, number: int) -> None:
        """One of those still in hand: reported, accepted, with a unit or being worked on; the last ones supervised."""
        place = number - (ORDERS - OPEN)
        is_supervised = place >= OPEN - SUPERVISED
        if place % 4 == 0 and not is_supervised:
            return
        self._to_the_unit(order, community, at)
        if place % 4 >= 2 or is_supervised:
            take_workorder(order_id=order.pk, actor=community.worker, at=at + HOUR)
        if is_supervised:
            when = at + 2 * HOUR
            due = clock.local_date(when) + timedelta(days=7)
            supervise_workorder(order_id=order.pk, demand="请一周内办结。", due_date=due, actor=self.centre, at=when)


XIHU = Scenario("xihu", "溪湖指挥中心的一年：7971 件，办结 7894 件，在办 77 件，其中督办 9 件", play)
