"""Whatever anybody presses in whatever order: states stay those of the loop and every chain holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import VERBS, Draft, add_policy, report_workorder
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.lifecycle import ENDED, IN_PROGRESS, LOOP, OPEN, SHELVABLE, State
from louzhang.workorders.models import AnswerWay, Category, Channel, Report, WorkOrder
from tests.cast import Cast, make_cast
from tests.clock_proof import prove_columns, prove_parts

PEOPLE = ("desk", "secretary", "street", "chief", "grid_worker", "property", "department", "department_lead", "device",
          "stranger_desk", "other_device", "next_chief", "system")  # fmt: skip
UNITS = ("property_unit", "department_unit", "community_office", "street_office", "owners_unit")
SEATS = ("chief", "grid_worker", "property", "department", "secretary", "next_chief")
PLACES = ("stairwell", "building", "next_building", "community", "next_community", "other_building", "district")
KINDS = ("leak", "lamp", "complaint", "guarded", "wall")
WORDS = ("办好了。", "", "   ", "不归我们管。")

steps = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(sorted(VERBS)),
        "person": st.sampled_from(PEOPLE),
        "words": st.sampled_from(WORDS),
        "unit": st.sampled_from(UNITS),
        "seat": st.sampled_from((None, *SEATS)),
        "area": st.sampled_from(PLACES),
        "category": st.sampled_from(KINDS),
        "stars": st.sampled_from((None, 0, 1, 5)),
        "solved": st.sampled_from((None, True, False)),
        "call_result": st.sampled_from(("", "satisfied", "unsatisfied", "unreached")),
        "amount": st.sampled_from((None, 0, 1, 3, 50)),
        "pause_for": st.sampled_from(("", "wait", "pause")),
        "contact_result": st.sampled_from(("", "reached", "unreached")),
        "hours": st.sampled_from((0, 1, 30, 24 * 40)),
        "day": st.sampled_from((None, date(2026, 3, 1), date(2026, 3, 3), date(2026, 4, 1), date(2026, 12, 1))),
    }
)
firsts = st.fixed_dictionaries(
    {
        "category": st.sampled_from(KINDS),
        "way": st.sampled_from(sorted(AnswerWay)),
        "area": st.sampled_from(PLACES),
        "is_about_unit": st.booleans(),
    }
)
# A course that goes all the way, so that the far states are reached too; any step may be replaced.
USUAL = (("accept", "desk"), ("dispatch", "desk"), ("take", "property"), ("settle", "property"),
         ("report_back", "desk"), ("rate", "device"), ("close", "desk"), ("reopen", "device"))  # fmt: skip
# The same beside the main loop: supervised, on the shelf, explained, looked at.
OVERSEEN = (("accept", "desk"), ("dispatch", "desk"), ("supervise", "street"), ("take", "property"),
            ("sign_supervision", "property"), ("shelve", "desk"), ("settle_by_explanation", "property"),
            ("confirm_explanation", "desk"), ("reply_supervision", "property"), ("reopen", "desk"),
            ("settle", "property"), ("verify", "chief"))  # fmt: skip

# The same about time: asked for, paused, extended, told of.
TIMED = (("accept", "desk"), ("dispatch", "desk"), ("ask_pause", "property"), ("grant_pause", "desk"),
         ("take", "property"), ("resume", "property"), ("ask_extension", "property"), ("contact", "property"),
         ("grant_extension", "desk"), ("remind", "system"), ("overdue", "system"), ("recompute", "system"))  # fmt: skip

# The same with a part of another unit: its clocks follow those of the order.
HELPED = (("accept", "desk"), ("dispatch", "desk"), ("take", "property"), ("ask_assist", "desk"), ("pause", "desk"),
          ("take_part", "department"), ("recategorise", "desk"), ("resume", "desk"), ("shelve", "desk"),
          ("unshelve", "desk"), ("reply_part", "department"), ("settle", "property"))  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# Rows and moments that a course does not name: the verb finds its own, or refuses.
NOT_NAMED = ("part", "meeting", "due_at", "held_at", "promises", "assists", "photo", "boxes")


def begin(cast: Cast, first: dict[str, Any]) -> WorkOrder:
    chief = Target(user_id=cast.people["chief"].pk, area=cast.areas["building"], role="chief")
    target = Target(unit=cast.units["property_unit"]) if first["is_about_unit"] else chief
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories[first["category"]],
        area=cast.areas[first["area"]],
        words="水管爆了",
        phone="13911112222",
        door="301",
        answer_way=first["way"],
        target=target if first["category"] == "complaint" else None,
    )
    return report_workorder(draft=draft, actor=cast.device, at=cast.at).order


def given_for(verb: str, step: dict[str, Any], cast: Cast) -> dict[str, Any]:
    words = step["words"]
    names = (*LOOP[verb].needs, *LOOP[verb].takes)
    known = {
        "unit": cast.units[step["unit"]],
        "seat": cast.posts[step["seat"]] if step["seat"] else None,
        "area": cast.areas[step["area"]],
        "category": cast.categories[step["category"]],
        "stars": step["stars"],
        "solved": step["solved"],
        "call_result": step["call_result"],
        "amount": step["amount"],
        "pause_for": step["pause_for"],
        "contact_result": step["contact_result"],
        "due_date": step["day"],
        "review_date": step["day"],
        "clause": None,
        "units": [cast.units[step["unit"]]],
        "others": [],
    } | dict.fromkeys(NOT_NAMED)
    skipped = {"photos", "assignee"}
    return {name: known.get(name, words) if name in known else words for name in names if name not in skipped}


def press(cast: Cast, order: WorkOrder, step: dict[str, Any], at: datetime) -> None:
    """Do one step; a refusal has a sentence and changes nothing."""
    verb, person = step["verb"], step["person"]
    known = {"device": cast.device, "other_device": cast.other_device, "system": SYSTEM}
    actor = known.get(person) or cast.actor(person, at)
    before = WorkOrder.objects.filter(pk=order.pk).values().get()
    action: Any = VERBS[verb]
    said = ""
    try:
        with transaction.atomic():
            action(order_id=order.pk, actor=actor, at=at, **given_for(verb, step, cast))
    except Refusal as refusal:
        said = refusal.message
    if said:
        assert said.endswith("。")
        assert WorkOrder.objects.filter(pk=order.pk).values().get() == before


def check(order: WorkOrder) -> None:
    """What holds of any order at any time."""
    now = WorkOrder.objects.get(pk=order.pk)
    assert now.status in set(State)
    assert (now.closed_at is not None) == (now.status in ENDED), now.status
    assert now.settled_at is None or now.status not in OPEN - {State.SETTLED}
    assert now.lead_unit_id is None or now.lead_unit_id in now.involved_unit_ids
    assert now.lead_unit_id is None or now.lead_unit_id != now.about_unit_id
    events = list(Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, now.chain_seq + 1))
    moves = [event.payload for event in events if "from" in event.payload]
    reached = [events[0].payload["to"], *(move["to"] for move in moves)]
    assert [move["from"] for move in moves] == reached[:-1]
    assert reached[-1] == now.status
    for event in events[1:]:
        row = LOOP[event.verb]
        assert event.payload["from"] in row.sources
        assert event.payload["to"] in (row.targets or (event.payload["from"],))
    assert not Report.objects.filter(order=now, told_at=None).exclude(told_result="").exists()
    check_marks(now)


def check_marks(now: WorkOrder) -> None:
    """The marks of an order say what stands, and none outlives what it is about."""
    standing = list(now.supervisions.exclude(status="lifted").values_list("status", flat=True))
    assert standing == ([now.supervision] if now.supervision else [])
    assert now.shelved_until is None or now.status in SHELVABLE
    assert now.explanation != "asked" or now.status == State.TAKEN
    assert not now.is_to_verify or now.status not in IN_PROGRESS | {State.CLOSED}


SETTLED_IN_HASTE = {"words": "办好了。", "unit": "property_unit", "seat": None, "stars": 5, "solved": True, "hours": 1,
                    "day": date(2026, 4, 1), "pause_for": "wait", "amount": 3, "contact_result": "reached"}  # fmt: skip
SEARCH = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def go(cast: Cast, first: dict[str, Any], course: list[dict[str, Any]], planned: tuple[tuple[str, str], ...]) -> None:
    """Walk the planned verbs, then whatever comes; everything holds after each step."""
    with transaction.atomic():
        order = begin(cast, first)
        at = cast.at
        for place, made_up in enumerate(course):
            step = made_up
            if place < len(planned):
                verb, person = planned[place]
                unit = "department_unit" if verb == "ask_assist" else "property_unit"
                step = made_up | SETTLED_IN_HASTE | {"verb": verb, "person": person, "unit": unit}
            at += timedelta(hours=step["hours"])
            press(cast, order, step, at)
            check(order)
            prove_columns(order, at)
            prove_parts(order, at)
        prove_journal()
        transaction.set_rollback(True)


@SEARCH
@given(first=firsts, course=st.lists(steps, min_size=12, max_size=12), usual=st.integers(0, len(USUAL)))
def test_any_course_of_verbs_keeps_states_constraints_and_chains(cast: Cast, first, course, usual):
    go(cast, first, course, USUAL[:usual])


@SEARCH
@given(first=firsts, course=st.lists(steps, min_size=16, max_size=16), usual=st.integers(2, len(OVERSEEN)))
def test_any_course_beside_the_main_loop_keeps_the_marks(cast: Cast, first, course, usual):
    Category.objects.update(is_verified_on_spot=True)
    go(cast, first | {"category": "leak"}, course, OVERSEEN[:usual])


@pytest.fixture
def limits(cast: Cast) -> None:
    """Every clock runs, and the settling one may be extended."""
    facts: dict[str, Any] = {"is_urgent": None, "actor": cast.actor("system_admin"), "at": cast.at}
    add_policy(category=None, kind="take", amount=60, measure="working_minutes", **facts)
    add_policy(category=None, kind="contact", amount=3, measure="hours", **facts)
    add_policy(category=None, kind="settle", amount=5, measure="working_days", cap=10, **facts)
    add_policy(category=cast.categories["lamp"], kind="settle", amount=9, measure="hours", cap=4, **facts)


@SEARCH
@given(first=firsts, course=st.lists(steps, min_size=16, max_size=16), usual=st.integers(2, len(TIMED)))
def test_any_course_about_time_keeps_the_columns_to_the_events(limits, cast: Cast, first, course, usual):
    go(cast, first | {"category": "leak"}, course, TIMED[:usual])


@SEARCH
@given(first=firsts, course=st.lists(steps, min_size=16, max_size=16), usual=st.integers(4, len(HELPED)))
def test_any_course_with_help_keeps_the_clocks_of_parts_to_their_events(limits, cast: Cast, first, course, usual):
    go(cast, first | {"category": "leak"}, course, HELPED[:usual])
