"""Which door of a community a line means, however the place is written."""

from __future__ import annotations

from collections.abc import Sequence

from louzhang.register.imports.doors import folded
from louzhang.register.imports.lines import Entry
from louzhang.register.imports.plans import DoorKey, LineRefused
from louzhang.register.imports.standing import Leaf
from louzhang.register.models import HIGHEST_FLOOR, LOWEST_FLOOR


class Places:
    """The doors' places of a community by what people write of them."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._by_building: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            for key in {leaf.building, leaf.name}:
                self._by_building.setdefault(key, []).append(leaf)
        self._buildings = {leaf.building_id for leaf in leaves}
        self._leaves = leaves
        self._found: dict[tuple[str, str, str], Leaf | str] = {}

    def door_of(self, entry: Entry) -> DoorKey:
        """Where a line's door is, and how it is written there."""
        asked = (entry.estate, entry.building, entry.stairwell)
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        found = self._found[asked]
        if isinstance(found, str):
            raise LineRefused(found)
        if entry.floor is not None and not LOWEST_FLOOR <= entry.floor <= HIGHEST_FLOOR:
            raise LineRefused("没有这样的楼层，请核对。")
        is_apart = entry.stairwell and not found.stairwell
        return found.area_id, f"{entry.stairwell}-{entry.door}" if is_apart else entry.door

    def _find(self, estate: str, building: str, stairwell: str) -> Leaf | str:
        leaves = self._by_building.get(building, []) if building else list(self._leaves)
        if not building and len(self._buildings) > 1:
            return "没有写是哪栋楼，请填写楼栋。"
        if not leaves:
            return "本社区没有这栋楼，请核对楼栋；新楼请系统管理员先在区划里添加。"
        leaves = [leaf for leaf in leaves if not estate or _is_same(leaf.estate, estate)] or (
            leaves if len({leaf.building_id for leaf in leaves}) == 1 else []
        )
        if len({leaf.building_id for leaf in leaves}) != 1:
            return "有几个小区都有这栋楼，请填写小区名称。"
        return _stairwell_of(leaves, stairwell)


def _stairwell_of(leaves: list[Leaf], stairwell: str) -> Leaf | str:
    if len(leaves) == 1 and (not stairwell or leaves[0].stairwell in ("", stairwell)):
        return leaves[0]
    found = [leaf for leaf in leaves if stairwell and leaf.stairwell == stairwell]
    if found:
        return found[0]
    return "这栋楼没有这个单元，请核对单元。" if stairwell else "这栋楼有几个单元，请填写单元。"


def _is_same(estate: str, said: str) -> bool:
    short, asked = (folded(words).removesuffix("小区") for words in (estate, said))
    return bool(short) and (short in asked or asked in short)
