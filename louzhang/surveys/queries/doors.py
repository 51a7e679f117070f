"""The homes of a survey as whoever asks at the door sees them: building by building, door by door."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.beside import Mark, Marked
from louzhang.register.models import Reach
from louzhang.surveys.models import Answer, Survey, Target, TargetState
from louzhang.surveys.models.targets import DONE

BUILDING_RANK = RANKS[LevelKind.BUILDING]
NARROW = 2
UNKNOWN = "没有找到这一户，或它不在您负责的范围内。"
LETTERS = {
    TargetState.WAITING: "",
    TargetState.ABSENT: "未遇",
    TargetState.ANSWERED: "已答",
    TargetState.DECLINED: "已问",
}


@dataclass(frozen=True, slots=True)
class Door:
    """One home on the picture."""

    target: Target
    name: str

    @property
    def mark(self) -> str:
        """What stands under the door."""
        return LETTERS[TargetState(self.target.state)]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to ask."""
        return self.target.state in DONE


@dataclass(frozen=True, slots=True)
class Stairs:
    """The homes of one stairwell or building, from the top down."""

    area: Area
    name: str
    doors: tuple[Door, ...]

    @property
    def floors(self) -> list[list[Door]]:
        """The same, a list a storey."""
        storeys = groupby(self.doors, key=lambda door: door.target.dwelling.floor)
        return [list(doors) for _, doors in storeys]

    @property
    def is_narrow(self) -> bool:
        """Whether two of it fit side by side on a phone."""
        return max((len(storey) for storey in self.floors), default=0) <= NARROW

    @property
    def first(self) -> Door | None:
        """The first home still to be asked."""
        return next((door for door in self.doors if not door.is_done), None)

    @property
    def left(self) -> int:
        """Still to be asked."""
        return sum(not door.is_done for door in self.doors)


def doors_of(survey: Survey, actor: Actor, area: Area | None = None) -> list[Stairs]:
    """The homes the actor asks, by stairwell; of one place where it is named. Two queries."""
    rows = Target.objects.handled_by(actor).filter(survey=survey)
    if area is not None:
        rows = rows.filter(area__path__gte=area.path, area__path__lt=area.path + "~")
    targets = list(
        rows.select_related("dwelling", "area")
        .defer("area__outline")
        .order_by("area__path", "-dwelling__floor", "dwelling__position", "dwelling__door", "pk")
    )
    places = spoken_places({target.area for target in targets}, from_rank=BUILDING_RANK) if targets else {}
    groups: dict[int, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.area_id, []).append(target)
    return [
        Stairs(some[0].area, places[area_id], tuple(Door(target, target.dwelling.door) for target in some))
        for area_id, some in groups.items()
    ]


def doors_to_choose(survey: Survey, actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same as choices of a select, by stairwell; what is done is marked."""
    return [(stairs.name, [_choice(stairs, door) for door in stairs.doors]) for stairs in doors_of(survey, actor)]


def _choice(stairs: Stairs, door: Door) -> tuple[str, str]:
    return str(door.target.uid), f"{stairs.name} {door.name} {door.mark}".strip()


def find_target(actor: Actor, uid: UUID) -> Target:
    """A household where the actor asks at the door; raises `NotThere`."""
    rows = Target.objects.handled_by(actor).select_related("survey__asker_area__level", "dwelling", "area__level")
    target = rows.filter(uid=uid).first()
    if target is None:
        raise NotThere(UNKNOWN)
    return target


def reach_of(target: Target) -> Reach | None:
    """How the household wishes to be reached, where it said so."""
    return Reach.objects.filter(household_id=target.household_id).first() if target.household_id else None


def versions_of(target: Target) -> list[Answer]:
    """What was said, the newest first, with who wrote it down."""
    return list(Answer.objects.filter(target=target).select_related("user").order_by("-number"))


def next_door(target: Target, actor: Actor) -> Target | None:
    """The next home of the same stairwell that is still to be asked, else of the same building."""
    rows = Target.objects.handled_by(actor).filter(survey_id=target.survey_id).behind().exclude(pk=target.pk)
    here = rows.filter(area_id=target.area_id).select_related("dwelling")
    order = ("-dwelling__floor", "dwelling__position", "dwelling__door", "pk")
    ahead = list(here.order_by(*order))
    after = [each for each in ahead if _place(each) > _place(target)]
    return next(iter(after or ahead), None)


def _place(target: Target) -> tuple[int, int, str, int]:
    home = target.dwelling
    return (-(home.floor or 0), home.position, home.door, target.pk)


def due_marks(dwelling_ids: Collection[int], actor: Actor, _at: datetime) -> Iterable[Marked]:
    """A dot on each home that an open survey of the actor still has to ask."""
    rows = Target.objects.handled_by(actor).behind().filter(survey__in=Survey.objects.open().values("pk"))
    yield Marked(Mark(is_due=True), rows.filter(dwelling_id__in=dwelling_ids), "dwelling_id")
