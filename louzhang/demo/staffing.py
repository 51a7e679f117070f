"""The second half of the demo's ground: made-up people, each in a post, none with a password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from louzhang.accounts.actions.registering import register_people
from louzhang.accounts.models import User
from louzhang.areas.actions.appointing import NewPost, appoint_posts
from louzhang.areas.models import Area, Post, PostKind, Unit, UnitKind
from louzhang.areas.roles import KEEPER_ROLES, Role
from louzhang.demo.district import Community, District
from louzhang.demo.names import Namer
from louzhang.demo.sizes import Sizes
from louzhang.journal.actor import SYSTEM

BUILDINGS_PER_CHIEF = 2
OFFICE = (Role.OFFICE_STAFF, Role.OFFICE_STAFF, Role.SECRETARY)
VOLUNTEERS = (Role.CHIEF, Role.STAIRWELL_HEAD)


Keep = Callable[[Post], None]


class Staffing:
    """Fills the seats of a district that is laid out: first written down, then stored all at once."""

    def __init__(self, district: District, sizes: Sizes, namer: Namer) -> None:
        self.district = district
        self.sizes = sizes
        self.namer = namer
        self.people: list[tuple[str, str]] = []
        self.seats: list[tuple[int, Role, Area | None, Unit | None, Keep]] = []

    def fill(self) -> None:
        """Seat everyone, from the command centre down to the stairwells."""
        self._fill_district()
        self._fill_units()
        for community in self.district.communities:
            self._fill_community(community)
        residents = [self._person() for _ in range(self.sizes.residents)]
        users = self._store()
        self.district.residents = [users[index] for index in residents]

    def _store(self) -> list[User]:
        at = self.district.at
        users = register_people(people=self.people, is_demo=True, actor=SYSTEM, at=at)
        posts = [
            NewPost(
                user=users[index],
                role=role,
                area=area,
                unit=unit,
                kind=PostKind.VOLUNTEER if role in VOLUNTEERS else PostKind.PAID,
            )
            for index, role, area, unit, _ in self.seats
        ]
        stored = appoint_posts(posts=posts, actor=SYSTEM, at=at)
        for post, (*_, keep) in zip(stored, self.seats, strict=True):
            keep(post)
        return users

    def _fill_district(self) -> None:
        district = self.district
        self._office(district.root, (Role.SECRETARY, Role.COMMANDER, Role.COMMANDER, Role.OFFICE_STAFF))
        for role in KEEPER_ROLES:
            self._seat(role, area=district.root)
        for street in {community.street.pk: community.street for community in district.communities}.values():
            self._office(street)

    def _office(self, area: Area, roles: Sequence[Role] = OFFICE) -> None:
        """Seat an office; whoever works in it is a member of its unit."""
        desk = self.district.desks.setdefault(area.pk, [])
        self.district.members[self.district.offices[area.pk].pk] = desk
        for role in roles:
            self._seat(role, area=area, keep=_add_to(desk))

    def _fill_units(self) -> None:
        for unit in Unit.objects.exclude(kind=UnitKind.OFFICE).order_by("pk"):
            members = self.district.members.setdefault(unit.pk, [])
            roles = [Role.UNIT_MEMBER] if unit.kind == UnitKind.OWNERS else [Role.UNIT_MEMBER, Role.UNIT_LEAD]
            for role in roles:
                self._seat(role, unit=unit, keep=_add_to(members))

    def _fill_community(self, community: Community) -> None:
        self._office(community.area)
        for grid in community.grids:
            self._seat(Role.GRID_WORKER, area=grid.area, keep=partial(setattr, grid, "worker"))
            if community.buildings:
                self._seat(Role.GRID_LEAD, area=grid.area)
        self._fill_buildings(community)

    def _fill_buildings(self, community: Community) -> None:
        """A chief for one or several buildings next to each other; a unit head in two of three stairwells."""
        chief = 0
        for position, building in enumerate(community.buildings):
            if position % BUILDINGS_PER_CHIEF == 0:
                chief = self._person()
            self._seat(Role.CHIEF, area=building.area, keep=partial(setattr, building, "chief"), person=chief)
            for number, stairwell in enumerate(building.stairwells):
                if (position + number) % 3:
                    self._seat(Role.STAIRWELL_HEAD, area=stairwell)

    def _person(self) -> int:
        self.people.append((self.namer.name(), self.namer.number()))
        return len(self.people) - 1

    def _seat(
        self,
        role: Role,
        *,
        area: Area | None = None,
        unit: Unit | None = None,
        keep: Keep = lambda post: None,
        person: int | None = None,
    ) -> None:
        index = self._person() if person is None else person
        self.seats.append((index, role, area, unit, keep))


def _add_to(people: list[User]) -> Keep:
    """Keep the person of a post in a list."""

    def add(post: Post) -> None:
        people.append(post.user)

    return add
