"""What an import would do: each line new, changed, the same or wrong, and the homes and families to be made.

The same lines against the same register always give the same plan, so what is shown before is what is done after.
Nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from louzhang.register.imports.doors import floor_of, folded, position_of
from louzhang.register.imports.lines import Entry
from louzhang.register.imports.standing import Family, Home, Leaf, Person, Standing
from louzhang.register.models import HIGHEST_FLOOR, LOWEST_FLOOR, Tie, id_index, phone_index

ELSEWHERE = "这个证件号码已经登记过，请逐位核对。没有写错的，请在住户页面上办迁入。"
VACANT = ("空置", "空房", "空", "无人居住", "闲置", "空关")

DoorKey = tuple[int, str]


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(slots=True)
class NewHome:
    """A door to be entered."""

    area_id: int
    door: str
    floor: int | None
    position: int
    kind_id: int | None
    is_vacant: bool = False


@dataclass(slots=True)
class Settling:
    """People to be entered into a household: one that stands, or a new one behind a door."""

    door: DoorKey
    starts_on: date
    household_id: int | None = None
    people: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Change:
    """Columns of a registered person to be corrected."""

    resident_id: int
    entry: Entry
    columns: tuple[str, ...]


@dataclass
class Plan:
    """Everything an import would do; `outcomes` and `reasons` go with the entries by their place."""

    outcomes: list[Outcome] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    homes: dict[DoorKey, NewHome] = field(default_factory=dict)
    settlings: list[Settling] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    met: list[int] = field(default_factory=list)  # residents elsewhere whose ID numbers stand in the file

    def counts(self) -> dict[str, int]:
        """What a page shows of it."""
        people = sum(len(settling.people) for settling in self.settlings)
        made = {
            "homes": len(self.homes),
            "households": sum(settling.household_id is None for settling in self.settlings),
            "people": people,
            "changes": len(self.changes),
        }
        return {outcome.value: self.outcomes.count(outcome) for outcome in Outcome} | made


class _Refused(ValueError):
    """A line that cannot be carried in; the sentence says what to do."""


@dataclass(slots=True)
class _Numbered:
    """A line with its place among all and the door it belongs to."""

    place: int
    entry: Entry
    door: DoorKey
    person: Person | None = None


def plan_entries(entries: Sequence[Entry], standing: Standing, *, today: date) -> Plan:
    """Hold the lines of a file against a register."""
    return _Planner(standing, today).plan(entries)


class _Planner:
    def __init__(self, standing: Standing, today: date) -> None:
        self.standing, self.today = standing, today
        self.places = _Places(standing.leaves)
        self.result = Plan()
        self._first_line: dict[str, Entry] = {}
        self._met: set[int] = set()

    def plan(self, entries: Sequence[Entry]) -> Plan:
        by_door: dict[DoorKey, list[_Numbered]] = {}
        self.result.outcomes = [Outcome.SAME] * len(entries)
        for place, entry in enumerate(entries):
            try:
                door = self.places.door_of(entry)
                self._kind_of(entry)
            except _Refused as refused:
                self._refuse(place, str(refused))
            else:
                by_door.setdefault(door, []).append(_Numbered(place, entry, door))
        for door, lines in by_door.items():
            self._plan_door(door, lines)
        return self.result

    def _refuse(self, place: int, reason: str) -> None:
        self.result.outcomes[place] = Outcome.WRONG
        self.result.reasons[place] = reason

    def _plan_door(self, door: DoorKey, lines: list[_Numbered]) -> None:
        home = self.standing.homes.get(door)
        people = [line for line in lines if line.entry.name]
        known = [line for line in people if self._recognise(line, home)]
        fresh = [line for line in people if line.person is None and self._is_open(line)]
        settled = self._settle(door, home, known, fresh)
        empty = [line for line in lines if not line.entry.name]
        if home is None and (settled or empty):
            self._enter_home(door, lines, is_settled=bool(settled))
            for line in empty:
                self.result.outcomes[line.place] = Outcome.NEW

    def _is_open(self, line: _Numbered) -> bool:
        return self.result.outcomes[line.place] is not Outcome.WRONG

    def _enter_home(self, door: DoorKey, lines: list[_Numbered], *, is_settled: bool) -> None:
        said = [line.entry for line in lines if self._is_open(line)]
        kind_id = next((kind for entry in said if (kind := self._kind_of(entry)) is not None), None)
        floor = next((entry.floor for entry in said if entry.floor is not None), None)
        number = door[1].rpartition("-")[2]
        floor = floor_of(number) if floor is None else floor
        is_vacant = not is_settled and any(entry.kind in VACANT for entry in said)
        self.result.homes[door] = NewHome(*door, floor, position_of(number), kind_id, is_vacant)

    def _kind_of(self, entry: Entry) -> int | None:
        if not entry.kind or entry.kind in VACANT:
            return None
        if entry.kind not in self.standing.kinds:
            known = "、".join(list(self.standing.kinds)[:12])
            raise _Refused(f"房屋类型认不出来，可以填：{known}，或空置。")
        return self.standing.kinds[entry.kind]

    # --- Who is registered already -----------------------------------------------------------------

    def _recognise(self, line: _Numbered, home: Home | None) -> bool:
        """Whether the line is about somebody registered behind this door; then it is the same or a change."""
        try:
            line.person = self._person_of(line.entry, home)
        except _Refused as refused:
            self._refuse(line.place, str(refused))
            return False
        if line.person is None:
            return False
        self._met.add(line.person.resident_id)
        columns = _differing(line.entry, line.person)
        self.result.outcomes[line.place] = Outcome.CHANGED if columns else Outcome.SAME
        if columns:
            self.result.changes.append(Change(line.person.resident_id, line.entry, columns))
        return True

    def _person_of(self, entry: Entry, home: Home | None) -> Person | None:
        index = id_index(entry.id_number)
        here = [person for family in home.families for person in family.people] if home else []
        if index:
            self._refuse_second(self._first_line.setdefault(index, entry), entry)
            if (person := self.standing.people.get(index)) is not None:
                if person.household_id is None and not person.is_near:
                    self.result.met.append(person.resident_id)
                return _registered(person, entry, here)
        named = [one for one in here if one.name == entry.name and not (index and one.id_index)]
        if len(named) > 1:
            raise _Refused("这个门里登记着两个同名的人，分不清是哪一个，请填写证件号码。")
        if named and named[0].resident_id in self._met:
            raise _Refused("同一个门里有两行是同一个人，请只留一行，或填写证件号码。")
        return named[0] if named else None

    def _refuse_second(self, first: Entry, entry: Entry) -> None:
        if first is not entry:
            raise _Refused(f"这个证件号码在第 {first.line} 行已经有了，请只留一行。")

    # --- Into which household ----------------------------------------------------------------------

    def _settle(self, door: DoorKey, home: Home | None, known: list[_Numbered], fresh: list[_Numbered]) -> bool:
        """Put new people into households; whether any was put into one."""
        settled = False
        for group in _groups(fresh):
            try:
                settling = self._settling(door, home, group, known)
            except _Refused as refused:
                for line in group:
                    self._refuse(line.place, str(refused))
                continue
            self._fill(settling, group)
            if settling.people:
                self.result.settlings.append(settling)
                settled = True
        return settled

    def _settling(self, door: DoorKey, home: Home | None, group: list[_Numbered], known: list[_Numbered]) -> Settling:
        family = self._family_of(home, group, known)
        if family is not None:
            return Settling(door, family.starts_on, family.household_id)
        days = [date.fromisoformat(line.entry.since) for line in group if line.entry.since]
        return Settling(door, min(days, default=self.today))

    def _family_of(self, home: Home | None, group: list[_Numbered], known: list[_Numbered]) -> Family | None:
        """The household that stands and the group belongs to; None where the group is one of its own."""
        families = home.families if home else []
        if not families:
            return None
        key = group[0].entry.family
        named = {one.person.household_id for one in known if one.person and one.entry.family == key}
        if len(named) == 1 and (key or len(families) == 1):
            return next(family for family in families if family.household_id in named)
        brings_head = any(line.entry.tie == Tie.HEAD for line in group)
        if len(families) == 1 and not (brings_head and _head_of(families[0])):
            return families[0]
        if brings_head and key:
            return None
        if len(families) == 1:
            raise _Refused("这一户已经登记了户主。另一户人家请填写户编号或户主姓名这一列；换户主请在住户页面上改。")
        raise _Refused("这个门里登记着几户人家，分不清是哪一户，请在住户页面上登记这个人。")

    def _fill(self, settling: Settling, group: list[_Numbered]) -> None:
        family = self._standing_family(settling)
        has_head = bool(family and _head_of(family))
        names = {one.name for one in family.people} if family else set()
        for line in group:
            entry = line.entry
            reason = ""
            if entry.tie == Tie.HEAD and has_head:
                reason = "一户只有一个户主，请核对与户主关系。"
            elif entry.name in names and not entry.id_number:
                reason = "同一户里有两个同名的人，又没有证件号码，请填写证件号码，或只留一行。"
            elif family and entry.since and date.fromisoformat(entry.since) < family.starts_on:
                reason = "入住日期早于这一户登记的日期，请核对日期，或空着。"
            if reason:
                self._refuse(line.place, reason)
                continue
            has_head = has_head or entry.tie == Tie.HEAD
            names.add(entry.name)
            settling.people.append(entry)
            self.result.outcomes[line.place] = Outcome.NEW

    def _standing_family(self, settling: Settling) -> Family | None:
        home = self.standing.homes.get(settling.door)
        families = home.families if home else []
        return next((one for one in families if one.household_id == settling.household_id), None)


def _registered(person: Person, entry: Entry, here: Iterable[Person]) -> Person:
    """The person of an ID number, where that is who lives behind this door; of whom it is elsewhere nothing is told."""
    if person.household_id is None and not person.is_near:
        raise _Refused(ELSEWHERE)
    if person.name != entry.name:
        raise _Refused("这个证件号码登记在另一个人名下，请逐位核对。")
    if person.is_dead:
        raise _Refused("这个人已登记去世，请核对。")
    if person.household_id is None:
        raise _Refused("这个人登记过、已经迁出，请在住户页面上办迁入。")
    if any(one.resident_id == person.resident_id for one in here):
        return person
    raise _Refused("这个人还登记在别处居住，请先在那里办迁出，再导入。")


def _differing(entry: Entry, person: Person) -> tuple[str, ...]:
    """Columns of which the line says something else, or something where nothing stands."""
    said = {
        "sex": (entry.sex, person.sex),
        "birth_year": (entry.birth_year, person.birth_year),
        "id_number": (id_index(entry.id_number), person.id_index),
        "phone": (phone_index(entry.phone), person.phone_index),
    }
    return tuple(name for name, (new, old) in said.items() if new and new != old)


def _head_of(family: Family) -> Person | None:
    return next((person for person in family.people if person.tie == Tie.HEAD), None)


def _groups(lines: list[_Numbered]) -> list[list[_Numbered]]:
    """The families of a door: by their number or head where the file says one, else a new one at each head."""
    groups: dict[tuple[str, int], list[_Numbered]] = {}
    heads = 0
    for line in lines:
        key = line.entry.family
        if not key and line.entry.tie == Tie.HEAD:
            heads += 1
        groups.setdefault((key, 0 if key else max(heads, 1)), []).append(line)
    return list(groups.values())


class _Places:
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
            raise _Refused(found)
        if entry.floor is not None and not LOWEST_FLOOR <= entry.floor <= HIGHEST_FLOOR:
            raise _Refused("没有这样的楼层，请核对。")
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
