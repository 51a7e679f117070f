"""The register of Xingcheng (handbook R1): 2,204 buildings, 79,143 residents, 1,466 chiefs.

Shouyang community first had 18 grid workers for all its people, then 240 chiefs. What nobody says is assumed: its
17,760 residents (240 × 74), a building for each of its chiefs, twelve communities, homes without stairwells,
families. Everything is poured in by the bulk actions; the figures are counted from the rows that stand, by the
query behind the page 到岗.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.kit.id_numbers import check_digit
from louzhang.register.actions import Batch, ResidentDraft, lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import DwellingKind, Tie
from louzhang.register.queries.coverage import Coverage, NetDay, NetLine, coverage_of
from louzhang.scenarios.ground import founded_district
from louzhang.scenarios.scenario import Scenario, Told

BUILDINGS, RESIDENTS, CHIEFS = 2_204, 79_143, 1_466
SHOUYANG_RESIDENTS, SHOUYANG_CHIEFS, SHOUYANG_WORKERS, SHOUYANG_OFFICE = 17_760, 240, 18, 6
OTHERS, GRIDS_OF_OTHERS = 11, 6
SEED = 1466
LONG_AGO = timedelta(days=60)
CHIEFS_COME = timedelta(days=30)
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
    """A community with its buildings and who works in its office."""

    size: Size
    area: Area
    office: Actor
    buildings: list[Area]


def play(told: Told) -> Mapping[str, int | float | str]:
    """Build it and count."""
    began = clock.now() - LONG_AGO
    ground = founded_district(began)
    lay_down_kinds(actor=SYSTEM, at=began)
    lay_down_assessments(actor=SYSTEM, at=began, in_use=True)
    street = ground.area(LevelKind.STREET, "情景街道", ground.root)
    town = _Town(street, began)
    communities = []
    for size in _sizes():
        told(f"{size.name}：{size.buildings} 栋楼，{size.residents} 位居民")
        communities.append(town.build(size))
    told("任命楼长")
    town.appoint_chiefs(communities, began + CHIEFS_COME)
    while read_new_events(at=clock.now()):
        pass
    return _counted(ground.root, communities[0].area, began)


def _sizes() -> list[Size]:
    """Shouyang first, then the others, who share the rest evenly."""
    shouyang = Size("首阳社区", SHOUYANG_CHIEFS, SHOUYANG_RESIDENTS, SHOUYANG_CHIEFS, SHOUYANG_WORKERS, SHOUYANG_OFFICE)
    shared = zip(
        _shares(BUILDINGS - shouyang.buildings, OTHERS),
        _shares(RESIDENTS - shouyang.residents, OTHERS),
        _shares(CHIEFS - shouyang.chiefs, OTHERS),
        strict=True,
    )
    return [
        shouyang,
        *(Size(f"情景{number}社区", *share, GRIDS_OF_OTHERS, 1) for number, share in enumerate(shared, start=1)),
    ]


def _shares(whole: int, parts: int) -> list[int]:
    """A number in nearly equal parts."""
    return [whole // parts + (place < whole % parts) for place in range(parts)]


def _counted(root: Area, shouyang: Area, began: datetime) -> dict[str, int]:
    """The figures, from the rows that stand."""
    before, now = clock.local_date(began + timedelta(days=1)), clock.local_date(clock.now())
    whole, one = coverage_of(root, before, now), coverage_of(shouyang, before, now)
    buildings = _line(whole, "building")
    return {
        "buildings": buildings.places,
        "residents": whole.people_now,
        "chiefs": buildings.now.holders,
        "buildings_without_chief": buildings.without,
        "density_before": _density(one.finest_before, "before"),
        "density_after": _density(one.finest_now, "now"),
    }


def _density(line: NetLine | None, day: str) -> int:
    """People for each holder of the finest net in which everybody has one."""
    on: NetDay | None = getattr(line, day) if line else None
    return on.density or 0 if on else 0


def _line(coverage: Coverage, key: str) -> NetLine:
    return next(line for line in coverage.lines if line.net.key == key)


class _Town:
    """Builds communities below a street and fills them."""

    def __init__(self, street: Area, at: datetime) -> None:
        self._street, self._at = street, at
        self._phones, self._codes = count(1), count(1)
        self._kinds = {kind.code: kind for kind in DwellingKind.objects.all()}
        self._families = _Families(Random(SEED), clock.local_date(at))  # noqa: S311 - the same people every time

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
        community = Community(size, area, actor_for(staff[0], self._at), buildings)
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
        shares = _shares(community.size.residents, community.size.buildings)
        for building, residents in zip(community.buildings, shares, strict=True):
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
            chiefs = self._people("情景楼长", community.size.chiefs)
            pairs = zip(community.buildings, cycle(chiefs), strict=False)
            self._appoint([NewPost(chief, Role.CHIEF, area=building) for building, chief in pairs], at)


class _Families:
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


XINGCHENG = Scenario(
    "xingcheng",
    "兴城楼长制的人房登记：2204 栋楼，79143 位居民，1466 位楼长；首阳社区由 18 名网格员变为 240 名楼长",
    play,
    part="register",
)
