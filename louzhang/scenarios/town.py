"""A town to play on: communities with their offices, grid workers, buildings and families of nobody (handbook R1).

What nobody says is assumed: homes without stairwells, three doors a floor, families of one to four. Everything is
poured in by the bulk actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, cycle
from random import Random

from louzhang.accounts.actions.registering import register_people
from louzhang.accounts.models import User
from louzhang.areas.actions.appointing import NewPost, appoint_posts
from louzhang.areas.actions.bulk import NewArea, add_areas
from louzhang.areas.models import Area, LevelKind, PostKind
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.kit.id_numbers import check_digit
from louzhang.register.actions import Batch, ResidentDraft
from louzhang.register.models import DwellingKind, Tie

SEED = 1466
REGION = "999999"  # no region of the country
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "秀英 桂兰 淑珍 建国 国强 志明 晓东 文斌 雪梅 春华 子涵 雨欣 浩然 宇航 丽 静 军 伟 强 芳".split()
# Ties and ages of a family of one to four, the head first.
FAMILIES: Mapping[int, Sequence[tuple[Tie, int]]] = {
    1: ((Tie.HEAD, 73),),
    2: ((Tie.HEAD, 64), (Tie.SPOUSE, 62)),
    3: ((Tie.HEAD, 41), (Tie.SPOUSE, 39), (Tie.CHILD, 12)),
    4: ((Tie.HEAD, 46), (Tie.SPOUSE, 45), (Tie.CHILD, 17), (Tie.PARENT, 71)),
}
SIZES = (3, 2, 3, 1, 4)
DOORS_A_FLOOR = 3
ADULT = 18


@dataclass(frozen=True, slots=True)
class Size:
    """How large a community is."""

    name: str
    buildings: int
    residents: int
    chiefs: int
    grids: int
    staff: int


@dataclass
class Community:
    """A community with its buildings and those who work there; `chiefs` as far as they are appointed."""

    size: Size
    area: Area
    office: Actor
    staff: list[User]
    workers: list[User]
    buildings: list[Area]
    chiefs: list[User] = field(default_factory=list)


def shares(whole: int, parts: int) -> list[int]:
    """A number in nearly equal parts."""
    return [whole // parts + (place < whole % parts) for place in range(parts)]


class Town:
    """Builds communities below a street and fills them."""

    def __init__(self, street: Area, at: datetime, *, start: int = 0) -> None:
        self._street, self._at = street, at
        self._phones, self._codes = count(start + 1), count(start + 1)
        self._kinds = {kind.code: kind for kind in DwellingKind.objects.all()}
        self._families = Families(Random(SEED), clock.local_date(at))  # noqa: S311 - the same people every time

    def build(self, size: Size) -> Community:
        """One community: places, workers, homes with people."""
        area = self._areas(LevelKind.COMMUNITY, [size.name], [self._street])[0]
        staff = self._people("情景工作人员", size.staff)
        self._appoint([NewPost(user, Role.OFFICE_STAFF, area=area, kind=PostKind.PAID) for user in staff], self._at)
        grids = self._areas(LevelKind.GRID, [f"{n}号网格" for n in range(1, size.grids + 1)], [area])
        workers = self._people("情景网格员", size.grids)
        posts = zip(workers, grids, strict=True)
        self._appoint(
            [NewPost(user, Role.GRID_WORKER, area=grid, kind=PostKind.PAID) for user, grid in posts], self._at
        )
        names = [f"{number}号楼" for number in range(1, size.buildings + 1)]
        buildings = self._areas(LevelKind.BUILDING, names, grids)
        community = Community(size, area, actor_for(staff[0], self._at), staff, workers, buildings)
        self._settle(community)
        return community

    def _areas(self, kind: str, names: Sequence[str], parents: Sequence[Area]) -> list[Area]:
        """Places of a kind, below the parents in turn."""
        new = [
            NewArea(code=f"{kind}-{next(self._codes)}", name=name, kind=kind, parent_code=parent.code)
            for name, parent in zip(names, cycle(parents), strict=False)
        ]
        return add_areas(areas=new, actor=SYSTEM, at=self._at)

    def _people(self, name: str, many: int) -> list[User]:
        named = [(f"{name}{number}", f"137{next(self._phones):08d}") for number in range(1, many + 1)]
        return register_people(people=named, actor=SYSTEM, at=self._at)

    def _appoint(self, posts: Sequence[NewPost], at: datetime) -> None:
        appoint_posts(posts=posts, actor=SYSTEM, at=at)

    def _settle(self, community: Community) -> None:
        """Homes, households and residents of a community, by its office, in one batch."""
        batch = Batch(actor=community.office, at=self._at)
        people = shares(community.size.residents, community.size.buildings)
        for building, residents in zip(community.buildings, people, strict=True):
            for place, family in enumerate(self._families.of(residents)):
                floor, position = place // DOORS_A_FLOOR + 1, place % DOORS_A_FLOOR + 1
                home = batch.add_dwelling(
                    area=building,
                    door=f"{floor}{position:02d}",
                    floor=floor,
                    position=position,
                    kind=self._kinds["own"],
                )
                household = batch.add_household(dwelling=home, starts_on=clock.local_date(self._at))
                for draft in family:
                    batch.add_resident(household=household, draft=draft)
        batch.store()

    def appoint_chiefs(self, communities: Sequence[Community], at: datetime) -> None:
        """A chief for every building; where there are fewer chiefs than buildings, some answer for two."""
        for community in communities:
            community.chiefs = self._people("情景楼长", community.size.chiefs)
            pairs = zip(community.buildings, cycle(community.chiefs), strict=False)
            self._appoint([NewPost(chief, Role.CHIEF, area=building) for building, chief in pairs], at)


class Families:
    """Families of nobody, one after another."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng, self._today = rng, today
        self._numbers, self._sizes = count(1), cycle(SIZES)

    def of(self, residents: int) -> Iterator[list[ResidentDraft]]:
        """Families that are together exactly so many people."""
        left = residents
        while left:
            size = min(next(self._sizes), left)
            left -= size
            surname = self._rng.choice(SURNAMES)
            yield [self._draft(surname, tie, age) for tie, age in FAMILIES[size]]

    def _draft(self, surname: str, tie: Tie, age: int) -> ResidentDraft:
        number = next(self._numbers)
        family_name = surname if tie in (Tie.HEAD, Tie.CHILD) else self._rng.choice(SURNAMES)
        born = date(self._today.year - age, 1, 1) + timedelta(days=number // 1000)
        first = f"{REGION}{born:%Y%m%d}{number % 1000:03d}"
        return ResidentDraft(
            name=family_name + self._rng.choice(GIVEN),
            tie=tie,
            sex="f" if number % 2 == 0 else "m",
            birth_date=born,
            id_number=first + check_digit(first),
            phone=f"136{number:08d}" if age >= ADULT else "",
        )
