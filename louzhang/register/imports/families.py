"""Which household of a door each person of a file belongs to, and who is its head."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from louzhang.register.imports.plans import (
    Answer,
    DoorKey,
    LineRefused,
    Moving,
    Numbered,
    Outcome,
    Settling,
    TieChange,
)
from louzhang.register.imports.standing import Family, Home
from louzhang.register.models import Tie

SECOND_HEAD = (
    "这一户已经登记了户主，一户只有一个。换户主请把原户主的关系也写上；是另一户人家的，请填写户编号或户主姓名这一列。"
)
MANY = "这个门里登记着几户人家，分不清是哪一户，请填写户编号或户主姓名这一列，或在住户页面上登记这个人。"


class Families:
    """The households behind one door; `leaving` are people whom the file puts elsewhere."""

    def __init__(self, door: DoorKey, home: Home | None, leaving: Collection[int], answer: Answer, today: date) -> None:
        self.door, self.answer, self.today = door, answer, today
        families = home.families if home else []
        self._people = {
            one.household_id: [who for who in one.people if who.resident_id not in leaving] for one in families
        }
        self.remaining = [one for one in families if not one.people or self._people[one.household_id]]
        self._heads = {
            pk: {who.resident_id for who in people if who.tie == Tie.HEAD} for pk, people in self._people.items()
        }

    def change_ties(self, known: Sequence[Numbered]) -> list[TieChange]:
        """What people here are to the head, where the file says another; one head stays at most."""
        changing = [line for line in known if line.person and line.entry.tie not in ("", line.person.tie)]
        changes = []
        for line in sorted(changing, key=lambda line: line.entry.tie == Tie.HEAD):
            person = line.person
            if person is None or person.household_id is None:
                continue
            heads = self._heads[person.household_id]
            if line.entry.tie == Tie.HEAD and heads:
                self.answer.refuse(line.place, SECOND_HEAD)
                continue
            if line.entry.tie == Tie.HEAD:
                heads.add(person.resident_id)
            else:
                heads.discard(person.resident_id)
            changes.append(TieChange(person.resident_id, person.household_id, person.tie, line.entry.tie))
            before, after = Tie(person.tie).label, Tie(line.entry.tie).label
            self.answer.becomes(line.place, Outcome.CHANGED, f"与户主关系：{before} → {after}")
        return changes

    def settle(self, coming: Sequence[Numbered], known: Sequence[Numbered]) -> list[Settling]:
        """Put people who come into households that stand or are new; lines that fit into none go back."""
        settlings = []
        for group in _groups(coming):
            try:
                settling = self._settling(group, known)
            except LineRefused as refused:
                for line in group:
                    self.answer.refuse(line.place, str(refused))
                continue
            self._fill(settling, group)
            if settling.size:
                settlings.append(settling)
        return settlings

    def _settling(self, group: list[Numbered], known: Sequence[Numbered]) -> Settling:
        family = self._family_of(group, known)
        if family is not None:
            return Settling(self.door, family.starts_on, family.household_id)
        days = [date.fromisoformat(line.entry.since) for line in group if line.entry.since]
        return Settling(self.door, min(days, default=self.today))

    def _family_of(self, group: list[Numbered], known: Sequence[Numbered]) -> Family | None:
        """The household that stands and the group belongs to; None where the group is one of its own."""
        families = self.remaining
        if not families:
            return None
        key = group[0].entry.family
        named = {line.person.household_id for line in known if line.person and line.entry.family == key}
        if len(named) == 1 and (key or len(families) == 1):
            return next(family for family in families if family.household_id in named)
        brings_head = any(line.entry.tie == Tie.HEAD for line in group)
        if len(families) == 1 and not (brings_head and self._heads[families[0].household_id]):
            return families[0]
        if brings_head and key:
            return None
        raise LineRefused(SECOND_HEAD if len(families) == 1 else MANY)

    def _fill(self, settling: Settling, group: list[Numbered]) -> None:
        standing = settling.household_id
        heads = self._heads.get(standing or 0, set())
        names = {who.name for who in self._people.get(standing or 0, ())}
        for line in group:
            if reason := self._reason(line, settling, has_head=bool(heads), names=names):
                self.answer.refuse(line.place, reason)
                continue
            if line.entry.tie == Tie.HEAD:
                heads.add(0)
            names.add(line.entry.name)
            self._put(line, settling)

    def _reason(self, line: Numbered, settling: Settling, *, has_head: bool, names: Collection[str]) -> str:
        entry = line.entry
        if entry.tie == Tie.HEAD and has_head:
            return SECOND_HEAD
        if entry.name in names and not entry.id_number:
            return "同一户里有两个同名的人，又没有证件号码，请填写证件号码，或只留一行。"
        if settling.household_id and entry.since and date.fromisoformat(entry.since) < settling.starts_on:
            return "入住日期早于这一户登记的日期，请核对日期，或空着。"
        return ""

    def _put(self, line: Numbered, settling: Settling) -> None:
        person = line.person
        if person is None:
            settling.people.append(line.entry)
            self.answer.becomes(line.place, Outcome.NEW)
            return
        on = date.fromisoformat(line.entry.since) if line.entry.since else self.today
        settling.moves.append(Moving(person.resident_id, person.household_id, on, line.entry))
        self.answer.becomes(line.place, Outcome.MOVED)


def _groups(lines: Sequence[Numbered]) -> list[list[Numbered]]:
    """The families of a door: by their number or head where the file says one, else a new one at each head."""
    groups: dict[tuple[str, int], list[Numbered]] = {}
    heads = 0
    for line in lines:
        key = line.entry.family
        if not key and line.entry.tie == Tie.HEAD:
            heads += 1
        groups.setdefault((key, 0 if key else max(heads, 1)), []).append(line)
    return list(groups.values())
