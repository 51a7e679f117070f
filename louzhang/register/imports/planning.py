"""Holding the lines of a file against a register: who is new, who moves, what changes, which lines go back.

The same lines against the same register always give the same plan, so what is shown before is what is done after.
Nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from louzhang.register.imports.doors import floor_of, position_of
from louzhang.register.imports.families import Families
from louzhang.register.imports.lines import Entry
from louzhang.register.imports.places import Places
from louzhang.register.imports.plans import (
    Answer,
    Change,
    DoorChange,
    DoorKey,
    LineRefused,
    NewHome,
    Numbered,
    Outcome,
    Plan,
    Settling,
)
from louzhang.register.imports.standing import Home, Person, Standing
from louzhang.register.models import Tie, id_index, phone_index

ELSEWHERE = "这个证件号码已经登记过，请逐位核对。没有写错的，请在住户页面上办迁入。"
VACANT = ("空置", "空房", "空", "无人居住", "闲置", "空关")
LABELS = {"sex": "性别", "birth_year": "出生年", "id_number": "证件号码", "phone": "电话"}
MOST_PASSES = 10


def plan_entries(entries: Sequence[Entry], standing: Standing, *, today: date) -> Plan:
    """Hold the lines of a file against a register.

    Whoever moves away makes room for another head. Where somebody turns out not to be able to move, the plan is made
    again with them in the way.
    """
    staying: set[int] = set()
    for last in range(MOST_PASSES + 1):
        planner = _Planner(standing, today, staying)
        plan = planner.plan(entries)
        stuck = planner.wished - planner.moved
        if stuck <= staying:
            break
        staying = staying | (planner.wished if last == MOST_PASSES - 1 else stuck)
    return plan


class _Planner:
    """One pass over all lines; `staying` are people who are in the way of another head though their line moves them."""

    def __init__(self, standing: Standing, today: date, staying: set[int]) -> None:
        self.standing, self.today, self.staying = standing, today, staying
        self.places = Places(standing.leaves)
        self.result = Plan()
        self.answer = Answer(self.result)
        self.wished: set[int] = set()
        self.moved: set[int] = set()
        self._first_line: dict[str, Entry] = {}
        self._met: set[int] = set()

    def plan(self, entries: Sequence[Entry]) -> Plan:
        """Find out whom every line is about, then what becomes of them, door by door."""
        by_door: dict[DoorKey, list[Numbered]] = {}
        self.result.outcomes = [Outcome.SAME] * len(entries)
        for place, entry in enumerate(entries):
            try:
                door = self.places.door_of(entry)
                self._kind_of(entry)
            except LineRefused as refused:
                self.answer.refuse(place, str(refused))
            else:
                by_door.setdefault(door, []).append(Numbered(place, entry))
        for door, lines in by_door.items():
            self._recognise_all(door, lines)
        for door, lines in by_door.items():
            self._plan_door(door, lines)
        return self.result

    # --- Who is registered already -----------------------------------------------------------------

    def _recognise_all(self, door: DoorKey, lines: list[Numbered]) -> None:
        home = self.standing.homes.get(door)
        kinds = [kind for line in lines if (kind := self._kind_of(line.entry)) is not None]
        for line in lines:
            try:
                self._refuse_second_kind(line.entry, kinds)
                if line.entry.name:
                    self._recognise(line, home)
            except LineRefused as refused:
                self.answer.refuse(line.place, str(refused))
        if home is not None:
            self._regroup([line for line in lines if line.person and not line.moves])

    def _refuse_second_kind(self, entry: Entry, kinds: list[int]) -> None:
        if self._kind_of(entry) not in (None, *kinds[:1]):
            raise LineRefused("同一个门里房屋类型写得不一样，请核对。")

    def _recognise(self, line: Numbered, home: Home | None) -> None:
        here = [person for family in home.families for person in family.people] if home else []
        person = self._person_of(line.entry, here)
        if person is None:
            return
        if person.resident_id in self._met:
            raise LineRefused("文件里有两行是同一个人，请只留一行，或填写证件号码。")
        self._met.add(person.resident_id)
        line.person = person
        if not any(one.resident_id == person.resident_id for one in here):
            self._wish(line, person)

    def _wish(self, line: Numbered, person: Person) -> None:
        """The line takes somebody to another household."""
        if line.entry.since and person.since and date.fromisoformat(line.entry.since) < person.since:
            raise LineRefused("入住日期早于这个人在原来住处登记的日期，请核对日期，或空着。")
        line.moves = True
        self.wished.add(person.resident_id)

    def _regroup(self, known: list[Numbered]) -> None:
        """Behind one door, whom the file names in the family of another head moves there."""
        homes = {
            line.entry.family: line.person.household_id
            for line in known
            if line.person and line.entry.family and line.entry.tie == Tie.HEAD == line.person.tie
        }
        for line in known:
            family = homes.get(line.entry.family)
            if line.person and family not in (None, line.person.household_id):
                try:
                    self._wish(line, line.person)
                except LineRefused as refused:
                    self.answer.refuse(line.place, str(refused))

    def _person_of(self, entry: Entry, here: list[Person]) -> Person | None:
        index = id_index(entry.id_number)
        if index:
            first = self._first_line.setdefault(index, entry)
            if first is not entry:
                raise LineRefused(f"这个证件号码在第 {first.line} 行已经有了，请只留一行。")
            if (person := self.standing.people.get(index)) is not None:
                if person.household_id is None and not person.is_near:
                    self.result.met.append(person.resident_id)
                return _registered(person, entry)
        named = [one for one in here if one.name == entry.name and not (index and one.id_index)]
        if len(named) > 1:
            raise LineRefused("这个门里登记着两个同名的人，分不清是哪一个，请填写证件号码。")
        return named[0] if named else None

    # --- What becomes of a door and whom it is about -----------------------------------------------

    def _plan_door(self, door: DoorKey, lines: list[Numbered]) -> None:
        home = self.standing.homes.get(door)
        opened = [line for line in lines if self.answer.is_open(line.place)]
        people = [line for line in opened if line.entry.name]
        known = [line for line in people if line.person and not line.moves]
        families = Families(door, home, self.wished - self.staying, self.answer, self.today)
        self.result.ties += families.change_ties(known)
        for line in known:
            if self.answer.is_open(line.place):
                self._change(line)
        settlings = families.settle([line for line in people if not line.person or line.moves], known)
        self.result.settlings += settlings
        for line in people:
            if line.moves and self.answer.is_open(line.place):
                self._move(line)
        self._plan_home(door, home, opened, families, settlings)

    def _change(self, line: Numbered) -> None:
        """Columns of which the line says something else, or something where nothing stands."""
        if line.person is None:
            return
        columns = _differing(line.entry, line.person)
        if columns:
            self.result.changes.append(Change(line.person.resident_id, line.entry, tuple(columns)))
            notes = [f"{'改' if old else '补'}{LABELS[name]}" for name, old in columns.items()]
            self.answer.becomes(line.place, Outcome.CHANGED, *notes)

    def _move(self, line: Numbered) -> None:
        if line.person is not None:
            self.moved.add(line.person.resident_id)
            self.answer.becomes(line.place, Outcome.MOVED, self._came_from(line.person))
            self._change(line)

    def _came_from(self, person: Person) -> str:
        door = self._door_of.get(person.household_id or 0)
        if door is None:
            return "登记过、已经迁出，现在迁入"
        return f"从{self._words_of.get(door[0], '')}{door[1]}搬来"

    @cached_property
    def _door_of(self) -> dict[int, DoorKey]:
        homes = self.standing.homes.items()
        return {family.household_id: door for door, home in homes for family in home.families}

    @cached_property
    def _words_of(self) -> dict[int, str]:
        return {leaf.area_id: leaf.words for leaf in self.standing.leaves}

    # --- The home itself ---------------------------------------------------------------------------

    def _plan_home(
        self,
        door: DoorKey,
        home: Home | None,
        lines: list[Numbered],
        families: Families,
        settlings: Sequence[Settling],
    ) -> None:
        is_lived_in = bool(settlings) or bool(families.remaining)
        for line in lines:
            if is_lived_in and not line.entry.name and line.entry.kind in VACANT:
                self.answer.refuse(line.place, "这里登记着住户，又写空置，请核对。搬走了的，请先办迁出。")
        said = [line for line in lines if self.answer.is_open(line.place)]
        empty = [line for line in said if not line.entry.name]
        if home is not None:
            self._change_home(home, said, is_lived_in=is_lived_in)
        elif settlings or empty:
            self._enter_home(door, [line.entry for line in said], is_settled=bool(settlings))
            for line in empty:
                self.answer.becomes(line.place, Outcome.NEW)

    def _enter_home(self, door: DoorKey, said: list[Entry], *, is_settled: bool) -> None:
        kind_id = next((kind for entry in said if (kind := self._kind_of(entry)) is not None), None)
        floor = next((entry.floor for entry in said if entry.floor is not None), None)
        number = door[1].rpartition("-")[2]
        floor = floor_of(number) if floor is None else floor
        is_vacant = not is_settled and any(entry.kind in VACANT for entry in said)
        self.result.homes[door] = NewHome(*door, floor, position_of(number), kind_id, is_vacant)

    def _change_home(self, home: Home, said: list[Numbered], *, is_lived_in: bool) -> None:
        """A standing home gets the kind the file says, or stands empty from today."""
        change = DoorChange(home.dwelling_id)
        telling = next((line for line in said if self._kind_of(line.entry) not in (None, home.kind_id)), None)
        if telling is not None:
            change.kind_id = self._kind_of(telling.entry)
            before, after = (self.standing.kind_names.get(kind or 0, "") for kind in (home.kind_id, change.kind_id))
            self.answer.becomes(telling.place, Outcome.CHANGED, f"房屋类型：{before or '空着'} → {after}")
        emptied = next((line for line in said if not line.entry.name and line.entry.kind in VACANT), None)
        if emptied is not None and not home.is_vacant and not is_lived_in:
            change.is_vacated = True
            self.answer.becomes(emptied.place, Outcome.CHANGED, "记为空置")
        if change.kind_id is not None or change.is_vacated:
            self.result.doors.append(change)

    def _kind_of(self, entry: Entry) -> int | None:
        if not entry.kind or entry.kind in VACANT:
            return None
        if entry.kind not in self.standing.kinds:
            known = "、".join(list(self.standing.kinds)[:12])
            raise LineRefused(f"房屋类型认不出来，可以填：{known}，或空置。")
        return self.standing.kinds[entry.kind]


def _registered(person: Person, entry: Entry) -> Person:
    """The person of an ID number, who lives in this community or was last known here; of others nothing is told."""
    if person.household_id is None and not person.is_near:
        raise LineRefused(ELSEWHERE)
    if person.name != entry.name:
        raise LineRefused("这个证件号码登记在另一个人名下，请逐位核对。")
    if person.is_dead:
        raise LineRefused("这个人已登记去世，请核对。")
    return person


def _differing(entry: Entry, person: Person) -> dict[str, bool]:
    """The columns that differ, and whether something stood there."""
    said = {
        "sex": (entry.sex, person.sex),
        "birth_year": (entry.birth_year, person.birth_year),
        "id_number": (id_index(entry.id_number), person.id_index),
        "phone": (phone_index(entry.phone), person.phone_index),
    }
    return {name: bool(old) for name, (new, old) in said.items() if new and new != old}
