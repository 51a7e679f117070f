"""The register of two communities of the demo: doors, households, people who never were, and a few events.

ID numbers begin with 999999, a region that does not exist; telephone numbers keep to the range of the demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from louzhang.areas.models import Area
from louzhang.demo.district import Building, Community, District
from louzhang.demo.looking_after import look_after_some, take_care_into_use
from louzhang.demo.names import GIVEN, MARK, SURNAMES, Namer
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.kit.id_numbers import check_digit
from louzhang.register.actions import (
    Batch,
    ResidentDraft,
    change_kind,
    lay_down_kinds,
    leave,
    raise_need,
    record_reach,
    tick_off_need,
    vacate_dwelling,
)
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.actions.newcomers import NewDwelling
from louzhang.register.models import Asking, DwellingKind, Household, ReachHour, ReachWay, Speech, Stay, Tie

COMMUNITIES = 2
REGION = "999999"
FLOORS = (5, 6, 6, 7, 11)
DOORS = 2
KINDS = ("own", "own", "own", "own", "own", "own", "long_let", "long_let", "short_let", "public")
EMPTY_OF_TEN = 1
# Ties and ages of the people of a household, the head first.
FAMILIES: Sequence[Sequence[tuple[Tie, int]]] = (
    ((Tie.HEAD, 38), (Tie.SPOUSE, 36), (Tie.CHILD, 9)),
    ((Tie.HEAD, 71), (Tie.SPOUSE, 69)),
    ((Tie.HEAD, 78),),
    ((Tie.HEAD, 45), (Tie.SPOUSE, 44), (Tie.CHILD, 17), (Tie.PARENT, 70)),
    ((Tie.HEAD, 29),),
    ((Tie.HEAD, 33), (Tie.OTHER, 31)),
    ((Tie.HEAD, 52), (Tie.SPOUSE, 51)),
)
ELSEWHERE = ("演示省东县", "演示省西市", "演示市南区")
REACHES: Sequence[Mapping[str, str]] = (
    {"way": ReachWay.DOOR, "hour": ReachHour.SUPPER, "speech": Speech.LOUD},
    {"way": ReachWay.THROUGH, "hour": ReachHour.ANY, "through": "女儿"},
    {"way": ReachWay.PHONE, "hour": ReachHour.MORNING},
    {"way": ReachWay.MESSAGE, "hour": ReachHour.WEEKEND, "language": "东北话"},
)
NEEDS = (
    ("楼道加一个扶手", Asking.DOOR),
    ("想要一个给孩子写作业的地方", Asking.ONLINE),
    ("楼下长椅修一修", Asking.DELIBERATION),
    ("帮忙教手机挂号", Asking.DOOR),
)


def move_everybody_in(district: District, namer: Namer, rng: Random, at: datetime) -> None:
    """Fill the buildings of two communities, then let chiefs write down a few things."""
    lay_down_kinds(actor=SYSTEM, at=district.at)
    lay_down_assessments(actor=SYSTEM, at=district.at, in_use=True)
    take_care_into_use(district.at)
    people = _People(namer, rng, clock.local_date(district.at))
    for community in district.built_up()[:COMMUNITIES]:
        _fill(community, district.at, people, rng)
        _live(district, community, at)


def _fill(community: Community, at: datetime, people: _People, rng: Random) -> None:
    kinds = {kind.code: kind for kind in DwellingKind.objects.filter(ended_at=None)}
    batch = Batch(actor=SYSTEM, at=at)
    for building in community.buildings:
        for leaf, floor, number in _doors(building, rng.choice(FLOORS)):
            is_empty = rng.randrange(10) < EMPTY_OF_TEN
            home = batch.add_dwelling(
                area=leaf,
                door=f"{floor}{number:02d}",
                floor=floor,
                position=number,
                kind=kinds[rng.choice(KINDS)],
                vacant_since=people.long_ago() if is_empty else None,
            )
            if not is_empty:
                people.settle(batch, home)
    batch.store()


def _doors(building: Building, floors: int) -> Iterator[tuple[Area, int, int]]:
    for leaf in building.stairwells or [building.area]:
        for floor in range(1, floors + 1):
            for number in range(1, DOORS + 1):
                yield leaf, floor, number


class _People:
    """Families of nobody, one after another."""

    def __init__(self, namer: Namer, rng: Random, today: date) -> None:
        self._namer, self._rng, self._today = namer, rng, today
        self._number = 0
        self._seen: set[str] = set()

    def long_ago(self) -> date:
        """A day of the last years."""
        return self._today - timedelta(days=self._rng.randrange(60, 4000))

    def settle(self, batch: Batch, home: NewDwelling) -> None:
        """Put a family behind a door, whose people share a surname but for the married and the lodgers."""
        since = self.long_ago()
        household = batch.add_household(dwelling=home, starts_on=since)
        surname = self._rng.choice(SURNAMES)
        elsewhere = self._rng.choice(ELSEWHERE) if home.kind is not None and home.kind.is_let else ""
        for tie, age in self._rng.choice(FAMILIES):
            shared = tie in (Tie.HEAD, Tie.CHILD)
            family_name = surname if shared else self._rng.choice(SURNAMES)
            batch.add_resident(household=household, draft=self._draft(family_name, tie, age, elsewhere))

    def _draft(self, surname: str, tie: Tie, age: int, elsewhere: str) -> ResidentDraft:
        self._number += 1
        born = date(self._today.year - age, 1, 1) + timedelta(days=self._rng.randrange(365))
        first = f"{REGION}{born:%Y%m%d}{self._number % 1000:03d}"
        phone = self._namer.number() if age > 18 and self._rng.random() < 0.6 else ""
        return ResidentDraft(
            name=f"{surname}{self._rng.choice(GIVEN)}{MARK}",
            tie=tie,
            sex="f" if self._number % 2 == 0 else "m",
            birth_date=born,
            id_number=first + check_digit(first) if self._is_new(first) else "",
            phone=phone,
            registered_address=elsewhere,
        )

    def _is_new(self, first: str) -> bool:
        """Numbers repeat after a thousand people born on the same day; those few have none."""
        known = first in self._seen
        self._seen.add(first)
        return not known


def _live(district: District, community: Community, at: datetime) -> None:
    """What the chief of the first building wrote down of late."""
    building = community.buildings[0]
    if building.chief is None:
        return
    chief = district.actor(building.chief.user)
    ids = [leaf.pk for leaf in building.stairwells or [building.area]]
    homes = list(islice(Household.objects.filter(dwelling__area__in=ids, ends_on=None).order_by("pk"), 8))
    for household, wishes in zip(homes, REACHES, strict=False):
        record_reach(household_id=household.pk, actor=chief, at=at - timedelta(days=9), **wishes)
    _ask_for_needs(homes, chief, at)
    look_after_some(chief, ids, at)
    _let_somebody_go(homes[-1], chief, at)


def _ask_for_needs(homes: Sequence[Household], chief: Actor, at: datetime) -> None:
    for days, (household, (summary, asking)) in enumerate(zip(homes, NEEDS, strict=False), start=2):
        asked = at - timedelta(days=days)
        need = raise_need(summary=summary, asking=asking, household_id=household.pk, actor=chief, at=asked)
    tick_off_need(need_id=need.pk, words="教会了，儿女也知道了。", actor=chief, at=at - timedelta(days=1))


def _let_somebody_go(household: Household, chief: Actor, at: datetime) -> None:
    """The last household of those moves away, and the home stands empty."""
    day = clock.local_date(at) - timedelta(days=5)
    for stay in Stay.objects.filter(household=household, ends_on=None).order_by("pk"):
        leave(resident_id=stay.resident_id, on=day, where="演示外地", actor=chief, at=at - timedelta(days=5))
    vacate_dwelling(dwelling_id=household.dwelling_id, since=day, actor=chief, at=at - timedelta(days=4))
    let = DwellingKind.objects.get(code="long_let", ended_at=None)
    change_kind(dwelling_id=household.dwelling_id, kind=let, actor=chief, at=at - timedelta(days=3))
