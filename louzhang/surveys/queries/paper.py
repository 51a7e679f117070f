"""Paper: the forms of a building, blank or filled in, and the lines of a stairwell to type from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.surveys.home_codes import spoken_code
from louzhang.surveys.models import Answer, Survey, Target
from louzhang.surveys.models.targets import DONE
from louzhang.surveys.queries.doors import BUILDING_RANK, Stairs, doors_of

UNKNOWN = "这里没有您负责的住户，请换一栋楼。"


@dataclass(frozen=True, slots=True)
class Place:
    """A building or stairwell with how many of its homes have answered."""

    area: Area
    name: str
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class House:
    """A building and its stairwells."""

    area: Area
    stairs: tuple[Stairs, ...]

    @property
    def total(self) -> int:
        """How many homes are asked."""
        return sum(len(each.doors) for each in self.stairs)

    @property
    def done(self) -> int:
        """How many of them are done."""
        return self.total - sum(each.left for each in self.stairs)


def houses_of(survey: Survey, actor: Actor, area: Area | None = None) -> list[House]:
    """The buildings with homes the actor asks, each with its stairwells; three queries."""
    stairs = doors_of(survey, actor, area)
    paths = {_house_path(each.area) for each in stairs}
    houses = {house.path: house for house in Area.objects.filter(path__in=paths).defer("outline")}
    grouped: dict[str, list[Stairs]] = {}
    for each in stairs:
        grouped.setdefault(_house_path(each.area), []).append(each)
    return [House(houses[path], tuple(some)) for path, some in grouped.items()]


def _house_path(area: Area) -> str:
    return area.path[: min(len(area.path), BUILDING_RANK * Area.steplen)]


def stairs_at(survey: Survey, actor: Actor, area_id: int) -> list[Stairs]:
    """The homes of one place the actor asks; raises `NotThere` where there is none."""
    area = Area.objects.select_related("level").defer("outline").filter(pk=area_id).first()
    stairs = doors_of(survey, actor, area) if area is not None else []
    if not stairs:
        raise NotThere(UNKNOWN)
    return stairs


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: whose, with the code by which they may answer themselves."""

    target: Target
    place: str
    code: str
    answer: Answer | None = None


def blank_sheets(stairs: Sequence[Stairs], *, with_done: bool) -> list[Sheet]:
    """A form for each home, or each that is still to be asked."""
    return [
        Sheet(door.target, f"{each.name} {door.name}", spoken_code(door.target.uid))
        for each in stairs
        for door in each.doors
        if with_done or not door.is_done
    ]


def filled_sheets(stairs: Sequence[Stairs]) -> list[Sheet]:
    """A form for each home that has answered, with its answer; who would rather not gets none."""
    targets = {door.target.pk: (each, door) for each in stairs for door in each.doors if door.target.state in DONE}
    rows = Answer.objects.current().filter(target__in=targets, outcome="answered").order_by("pk")
    answers = {row.target_id: row for row in rows.select_related("target")}
    return [
        Sheet(door.target, f"{each.name} {door.name}", "", answers[pk])
        for pk, (each, door) in targets.items()
        if pk in answers
    ]


def said_in(answer: Answer) -> dict[str, object]:
    """What lies sealed in an answer; whoever opens it has logged it."""
    sealed = answer.open_field("said")
    return dict(json.loads(sealed)) if sealed else {}
