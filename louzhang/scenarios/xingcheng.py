"""The register of Xingcheng (handbook R1): 2,204 buildings, 79,143 residents, 1,466 chiefs.

Shouyang community first had 18 grid workers for all its people, then 240 chiefs. What nobody says is assumed: its
17,760 residents (240 × 74), a building for each of its chiefs, twelve communities, homes without stairwells,
families. Everything is poured in by the bulk actions; the figures are counted from the rows that stand, by the
query behind the page 到岗.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from louzhang.areas.models import Area, LevelKind
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.queries.coverage import Coverage, NetDay, NetLine, coverage_of
from louzhang.scenarios.ground import founded_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.scenarios.town import Size, Town, shares

BUILDINGS, RESIDENTS, CHIEFS = 2_204, 79_143, 1_466
SHOUYANG_RESIDENTS, SHOUYANG_CHIEFS, SHOUYANG_WORKERS, SHOUYANG_OFFICE = 17_760, 240, 18, 6
OTHERS, GRIDS_OF_OTHERS = 11, 6
LONG_AGO = timedelta(days=60)
CHIEFS_COME = timedelta(days=30)


def play(told: Told) -> Mapping[str, int | float | str]:
    """Build it and count."""
    began = clock.now() - LONG_AGO
    ground = founded_district(began)
    lay_down_kinds(actor=SYSTEM, at=began)
    lay_down_assessments(actor=SYSTEM, at=began, in_use=True)
    street = ground.area(LevelKind.STREET, "情景街道", ground.root)
    town = Town(street, began)
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
        shares(BUILDINGS - shouyang.buildings, OTHERS),
        shares(RESIDENTS - shouyang.residents, OTHERS),
        shares(CHIEFS - shouyang.chiefs, OTHERS),
        strict=True,
    )
    return [
        shouyang,
        *(Size(f"情景{number}社区", *share, GRIDS_OF_OTHERS, 1) for number, share in enumerate(shared, start=1)),
    ]


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


XINGCHENG = Scenario(
    "xingcheng",
    "兴城楼长制的人房登记：2204 栋楼，79143 位居民，1466 位楼长；首阳社区由 18 名网格员变为 240 名楼长",
    play,
    part="register",
)
