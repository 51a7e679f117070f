"""Whatever a file says of whatever stands: a plan that can be carried in, the same for any order of its doors."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from louzhang.register.imports.lines import Entry
from louzhang.register.imports.planning import plan_entries
from louzhang.register.imports.plans import Outcome, Plan
from louzhang.register.imports.standing import Family, Home, Leaf, Person, Standing
from louzhang.register.models import Tie, id_index

TODAY = date(2026, 3, 2)
DOORS = ("301", "302", "401")
NAMES = "甲乙丙丁戊己"
LEAF = Leaf(1, 1, "12", "", "", "12号楼", "12号楼")
ties = st.sampled_from([*Tie.values[:3], ""])


@st.composite
def registers(draw: st.DrawFn) -> Standing:
    """Three doors, up to two families behind each, six people of whom some live nowhere."""
    standing = Standing(leaves=[LEAF], kinds={"自住": 1, "出租": 2}, kind_names={1: "自住", 2: "出租"})
    families = [Family(pk, TODAY - timedelta(days=draw(st.integers(0, 2)))) for pk in range(1, 5)]
    for pk, door in enumerate(DOORS[: draw(st.integers(1, 3))], start=1):
        standing.homes[1, door] = Home(pk, draw(st.sampled_from([None, 1, 2])))
    doors = list(standing.homes.values())
    for one in families[: draw(st.integers(0, 4))]:
        draw(st.sampled_from(doors)).families.append(one)
    placed = [one for home in doors for one in home.families]
    homes: list[Family | None] = [None, *placed]
    for number, name in enumerate(NAMES):
        family = draw(st.sampled_from(homes))
        person = Person(number, name, id_index=id_index(str(number)), is_near=True, since=TODAY)
        if family is not None:
            has_head = any(one.tie == Tie.HEAD for one in family.people)
            person.tie = draw(st.sampled_from(Tie.values[1:3] if has_head else Tie.values[:3]))
            person.household_id, person.since = family.household_id, family.starts_on
            family.people.append(person)
        standing.people[person.id_index] = person
    return standing


@st.composite
def files(draw: st.DrawFn) -> list[Entry]:
    """Everybody of the six at most once, and a few who are new."""
    who = draw(st.lists(st.integers(0, 8), max_size=7, unique=True))
    entries = []
    for line, number in enumerate(who):
        entry = Entry(0, line, building="12", door=draw(st.sampled_from(DOORS)), tie=draw(ties))
        entry.name = NAMES[number] if number < len(NAMES) else f"新{number}"
        entry.id_number = str(number) if number < len(NAMES) or draw(st.booleans()) else ""
        entry.family, entry.kind = (
            draw(st.sampled_from(["", "", "1", "2"])),
            draw(st.sampled_from(["", "自住", "出租"])),
        )
        entry.since = draw(st.sampled_from(["", TODAY.isoformat(), (TODAY - timedelta(days=1)).isoformat()]))
        entries.append(entry)
    return entries


def lives(standing: Standing, plan: Plan) -> dict[str, list[tuple[object, str]]]:
    """Who would live in which household as what."""
    found: dict[str, list[tuple[object, str]]] = {}
    gone = {move.resident_id for settling in plan.settlings for move in settling.moves}
    changed = {tie.resident_id: tie.tie for tie in plan.ties}
    for person in standing.people.values():
        if person.household_id is not None and person.resident_id not in gone:
            found.setdefault(person.name, []).append((person.household_id, changed.get(person.resident_id, person.tie)))
    for place, settling in enumerate(plan.settlings):
        home = settling.household_id or f"new{place}"
        for entry in (*settling.people, *(move.entry for move in settling.moves)):
            found.setdefault(entry.name, []).append((home, entry.tie or "other"))
    return found


@settings(max_examples=400, deadline=None)
@given(registers(), files())
def test_nobody_lives_twice_and_no_household_has_two_heads(standing: Standing, entries: list[Entry]) -> None:
    plan = plan_entries(entries, standing, today=TODAY)
    found = lives(standing, plan)
    assert {name: homes for name, homes in found.items() if len(homes) > 1} == {}
    heads = Counter(home for homes in found.values() for home, tie in homes if tie == Tie.HEAD)
    assert {home: count for home, count in heads.items() if count > 1} == {}


@settings(max_examples=400, deadline=None)
@given(registers(), files())
def test_every_move_and_tie_begins_where_the_database_lets_it(standing: Standing, entries: list[Entry]) -> None:
    plan = plan_entries(entries, standing, today=TODAY)
    starts = {family.household_id: family.starts_on for home in standing.homes.values() for family in home.families}
    people = {person.resident_id: person for person in standing.people.values()}
    for settling in plan.settlings:
        began = starts.get(settling.household_id or 0, settling.starts_on)
        assert settling.starts_on == began <= TODAY
        for move in settling.moves:
            since = people[move.resident_id].since
            assert move.before == people[move.resident_id].household_id
            assert move.before is None or move.before != settling.household_id
            assert max(began, since or began) <= move.on
    for tie in plan.ties:
        assert people[tie.resident_id].household_id == tie.household_id
        assert tie.tie != tie.before == people[tie.resident_id].tie


@settings(max_examples=200, deadline=None)
@given(registers(), files(), st.permutations(DOORS))
def test_the_order_of_the_doors_does_not_matter(
    standing: Standing, entries: list[Entry], order: tuple[str, ...]
) -> None:
    moved = sorted(entries, key=lambda entry: order.index(entry.door))
    plans = [plan_entries(given, standing, today=TODAY) for given in (entries, moved)]
    told = [
        {entry.line: (plan.outcomes[place], plan.reasons.get(place)) for place, entry in enumerate(given)}
        for plan, given in zip(plans, (entries, moved), strict=True)
    ]
    assert told[0] == told[1]


@settings(max_examples=200, deadline=None)
@given(registers(), files())
def test_each_line_is_counted_once_and_each_wrong_one_has_its_reason(standing: Standing, entries: list[Entry]) -> None:
    plan = plan_entries(entries, standing, today=TODAY)
    counts = plan.counts()
    assert sum(counts[outcome.value] for outcome in Outcome) == len(entries)
    assert {place for place, outcome in enumerate(plan.outcomes) if outcome is Outcome.WRONG} == set(plan.reasons)
    assert (counts["new"], counts["moved"]) == (counts["people"], counts["moves"])
    assert all(plan.outcomes[place] in (Outcome.MOVED, Outcome.CHANGED, Outcome.NEW) for place in plan.notes)
