"""What one matter of the demo is about: where, in whose words, by which category, about whom."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from louzhang.areas.models import Area, Post, Unit
from louzhang.demo.district import Building, Community, District, Grid
from louzhang.demo.stories import Story
from louzhang.demo.voices import Voices
from louzhang.journal.actor import Actor
from louzhang.workorders.actions import Draft
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import Category

FILE = Path(__file__).with_name("matters.toml")
SPOTS = "早市东口 公交站旁 小学门口 广场西侧 河边步道 菜店对面 老粮站旁边 卫生站门口 桥头路口 车棚边上".split()
AT_HOME = 0.2  # of all matters in the first community, where the people offered for signing in are
IN_BUILT_UP = 0.55
HAS_POSITION = 0.75
ANSWERS_QUESTION = 0.7
HOUSE = 0.0002  # degrees: some twenty metres


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something happens; `building` only where one is meant."""

    community: Community
    grid: Grid
    building: Building | None

    @property
    def keeper(self) -> Post:
        """The chief of the building, else the worker of the grid."""
        post = self.building.chief if self.building is not None else self.grid.worker
        assert post is not None  # everyone was seated before the first matter
        return post


@dataclass(frozen=True, slots=True)
class Case:
    """One matter: the parsed report, who files it, and what its course needs to know."""

    draft: Draft
    reporter: Actor
    spot: Spot
    unit: str
    settled: Sequence[str]
    kind: str


class CaseBook:
    """Makes one case after another, going round the texts so that few come twice."""

    def __init__(self, district: District, voices: Voices, rng: Random) -> None:
        self.district = district
        self.voices = voices
        self.rng = rng
        with FILE.open("rb") as file:
            self.written = tomllib.load(file)
        self.categories = {row.code: row for row in Category.objects.exclude(parent=None)}
        self._round: dict[str, int] = {}

    def phrase(self, name: str) -> str:
        """One of the sentences that explain a step."""
        return str(self.rng.choice(self.written["endings"][name]))

    def make(self, story: Story) -> Case:
        """A case for this story."""
        matter = self._matter(story)
        spot = self._spot(story, is_at_home=matter.get("where", "home") == "home")
        category = self.categories[matter["category"]]
        facts: dict[str, Any] = {"category": category, "words": self._words(matter), "answers": self._answers(category)}
        place = self._nowhere() if story.kind == "unplaced" else self._place(spot)
        voice = self.voices.speak(story.by, spot.community, spot.keeper)
        target = self._target(matter["about"], spot) if story.kind == "complaint" else None
        return Case(
            draft=Draft(**(facts | place | dict(voice.facts) | {"target": target})),
            reporter=voice.actor,
            spot=spot,
            unit=matter.get("unit", "police" if story.kind == "guarded" else "office"),
            settled=matter["settled"],
            kind=story.kind,
        )

    def _matter(self, story: Story) -> dict[str, Any]:
        if story.kind in ("complaint", "guarded"):
            return dict(self.rng.choice(self.written[story.kind]))
        urgent = story.kind == "urgent"
        matters = [
            matter
            for matter in self.written["matter"]
            if self.categories[matter["category"]].is_urgent == urgent
            and (story.kind != "unplaced" or matter["where"] == "open")
            and ("on_spot" not in story.steps or matter["unit"] in ("property", "office"))
            and ("decline" not in story.steps or matter.get("may_be_declined"))
        ]
        return dict(self.rng.choices(matters, [matter.get("often", 1) for matter in matters])[0])

    def _words(self, matter: dict[str, Any]) -> str:
        number = self._round.get(matter["category"], 0)
        self._round[matter["category"]] = number + 1
        said = str(matter["words"][number % len(matter["words"])])
        ending = "" if matter.get("stands_alone") else self.phrase("words")
        return said.replace("{floor}", str(self.rng.randint(2, 6))) + ending

    def _answers(self, category: Category) -> dict[str, str]:
        return {
            question["key"]: self.rng.choice(question["choices"])
            for question in category.questions
            if question.get("choices") and (question["required"] or self.rng.random() < ANSWERS_QUESTION)
        }

    def _spot(self, story: Story, *, is_at_home: bool) -> Spot:
        built_up = self.district.built_up()
        if self.rng.random() < AT_HOME:
            community = built_up[0]
        elif story.kind in ("complaint", "guarded") or self.rng.random() < IN_BUILT_UP:
            community = self.rng.choice(built_up)
        else:
            community = self.rng.choice(self.district.communities)
        if community.buildings and is_at_home:
            building = self.rng.choice(community.buildings)
            return Spot(community, building.grid, building)
        return Spot(community, self.rng.choice(community.grids), None)

    def _place(self, spot: Spot) -> dict[str, Any]:
        if spot.building is not None:
            area: Area = self.rng.choice([spot.building.area, *spot.building.stairwells * 2])
            return {"area": area, **self._position(spot.building.place, HOUSE)}
        note = f"{self.rng.choice(SPOTS)}" if self.rng.random() < HAS_POSITION else ""
        return {"area": spot.grid.area, "place_note": note, **self._position(spot.grid.place, 3 * HOUSE)}

    def _position(self, place: tuple[float, float], reach: float) -> dict[str, float]:
        if self.rng.random() > HAS_POSITION:
            return {}
        longitude, latitude = (round(part + self.rng.uniform(-reach, reach), 6) for part in place)
        return {"longitude": longitude, "latitude": latitude}

    def _nowhere(self) -> dict[str, Any]:
        note = f"{self.rng.choice(SPOTS)}，具体是哪个社区说不清"
        return {"area": self.district.root, "is_unplaced": True, "place_note": note}

    def _target(self, about: str, spot: Spot) -> Target:
        post = {"chief": spot.keeper, "grid_worker": spot.grid.worker}.get(about)
        if post is not None:
            return Target(user_id=post.user_id, area=post.area, role=post.role)
        return Target(unit=self._unit_about(about, spot))

    def _unit_about(self, about: str, spot: Spot) -> Unit:
        assert spot.building is not None  # complaints happen where there are buildings
        units = {"property": spot.community.properties, "owners": spot.community.owners}
        return units[about][spot.building.estate] if about in units else spot.community.office
