"""Whatever units press on a joint order: who helps, who is waited for and who sees it stay one truth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.refusals import Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import VERBS, Draft, report_workorder
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.lifecycle import JOINT_STATES, OPEN_PARTS, PartState, State
from louzhang.workorders.models import Channel, DutyClause, Meeting, Part, WorkOrder
from tests.cast import Cast, make_cast

PEOPLE = ("desk", "street", "property", "department", "enforcement", "owners", "device", "stranger_desk", "chief")
UNITS = ("property_unit", "department_unit", "enforcement_unit", "owners_unit", "community_office")
WORDS = ("办好了。", " ")
VERBS_HERE = ("ask_assist", "take_part", "take_part", "reply_part", "reply_part", "release_part", "ask_contact",
              "grant_contact", "transfer", "arbitrate", "call_meeting", "record_meeting", "cancel_meeting", "dispatch",
              "take", "send_back", "settle", "decline", "withdraw", "reopen")  # fmt: skip

steps = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(VERBS_HERE),
        "person": st.sampled_from(PEOPLE),
        "words": st.sampled_from(WORDS),
        "unit": st.sampled_from(UNITS),
        "others": st.lists(st.sampled_from(UNITS), max_size=3, unique=True),
        "place": st.integers(0, 5),
        "names_part": st.booleans(),
    }
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def begin(cast: Cast) -> WorkOrder:
    draft = Draft(
        channel=Channel.RESIDENT, category=cast.categories["leak"], area=cast.areas["stairwell"], words="水管爆了"
    )
    order = report_workorder(draft=draft, actor=cast.device, at=cast.at).order
    desk: Any = cast.actor("desk")
    verbs: Any = VERBS
    verbs["accept"](order_id=order.pk, actor=desk, at=cast.at)
    verbs["dispatch"](
        order_id=order.pk,
        actor=desk,
        at=cast.at,
        unit=cast.units["property_unit"],
        assists=[cast.units["department_unit"], cast.units["owners_unit"]],
    )
    return order


def given_for(step: dict[str, Any], order: WorkOrder, cast: Cast, clause: DutyClause) -> dict[str, Any]:
    words, unit = step["words"], cast.units[step["unit"]]
    others = [cast.units[key] for key in step["others"]]
    parts = list(Part.objects.filter(order=order).order_by("pk").values_list("pk", flat=True))
    part = parts[step["place"] % len(parts)] if parts else None
    meeting = Meeting.objects.filter(order=order).order_by("-pk").values_list("pk", flat=True).first()
    named = {"part": part} if step["names_part"] else {}
    return {
        "ask_assist": {"units": others, "task": words},
        "take_part": named,
        "reply_part": {"reply": words, **named},
        "release_part": {"part": part, "reason": words},
        "ask_contact": {"reason": words, **named},
        "grant_contact": {"part": part},
        "transfer": {"unit": unit, "reason": words},
        "arbitrate": {"unit": unit, "clause": clause, "decision": words, "assists": others},
        "call_meeting": {"units": others, "place": words, "held_at": cast.at + timedelta(days=1)},
        "record_meeting": {"meeting": meeting, "minutes": words, "promises": [Promise(each, words) for each in others]},
        "cancel_meeting": {"meeting": meeting, "reason": words},
        "dispatch": {"unit": unit, "assists": others},
        "take": {},
        "send_back": {"reason": words},
        "settle": {"note": words},
        "decline": {"reason": words, "advice": words},
        "withdraw": {},
        "reopen": {"reason": words},
    }[step["verb"]]


def press(cast: Cast, order: WorkOrder, step: dict[str, Any], at: Any, clause: DutyClause) -> None:
    """Do one step; a refusal has a sentence and changes nothing."""
    actor = cast.device if step["person"] == "device" else cast.actor(step["person"], at)
    before = (WorkOrder.objects.filter(pk=order.pk).values().get(), list(Part.objects.order_by("pk").values()))
    action: Any = VERBS[step["verb"]]
    refused = ""
    try:
        with transaction.atomic():
            action(order_id=order.pk, actor=actor, at=at, **given_for(step, order, cast, clause))
    except Refusal as refusal:
        refused = refusal.message
    if refused:
        assert refused.endswith("。")
        now = (WorkOrder.objects.filter(pk=order.pk).values().get(), list(Part.objects.order_by("pk").values()))
        assert now == before


def check(cast: Cast, order: WorkOrder) -> None:
    now = WorkOrder.objects.get(pk=order.pk)
    parts = list(Part.objects.filter(order=order))

    def units(*states: PartState) -> list[int]:
        return sorted({part.unit_id for part in parts if part.status in states})

    assert now.asked_unit_ids == units(PartState.ASKED)
    assert now.helping_unit_ids == units(PartState.TAKEN)
    assert now.assist_unit_ids == units(PartState.ASKED, PartState.TAKEN, PartState.REPLIED)
    assert now.open_part_count == sum(part.status in OPEN_PARTS for part in parts)
    assert set(now.assist_unit_ids) | ({now.lead_unit_id} - {None}) <= set(now.involved_unit_ids)
    assert set(now.contact_unit_ids) <= set(now.assist_unit_ids)
    assert not now.open_part_count or now.status in JOINT_STATES
    asked = [part for part in parts if part.meeting_id is None and part.is_open]
    assert now.lead_unit_id not in {part.unit_id for part in asked} or now.status == State.ACCEPTED
    for key in ("property", "owners", "department", "other_property", "stranger_desk", "desk"):
        actor = cast.actor(key)
        sees = WorkOrder.objects.visible_to(actor).filter(pk=order.pk).exists()
        seen = set(Part.objects.visible_to(actor).values_list("pk", flat=True))
        assert sees or not seen
        assert {part.pk for part in parts if part.unit_id in actor.unit_ids and part.status != "released"} <= seen


@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(course=st.lists(steps, min_size=14, max_size=14))
def test_any_course_of_a_joint_order_keeps_one_truth(cast: Cast, course):
    with transaction.atomic():
        clause = DutyClause.objects.create(
            code="QZ-1", title="漏水维修", unit=cast.units["property_unit"], starts_on=cast.at.date()
        )
        order, at = begin(cast), cast.at
        check(cast, order)
        for step in course:
            at += timedelta(hours=1)
            press(cast, order, step, at, clause)
            check(cast, order)
        DutyClause.objects.filter(pk=clause.pk).delete()  # it was made beside the actions, without a chain
        prove_journal()
        transaction.set_rollback(True)


# Who sees the part of the department, a meeting to which the owners were called, a motion.
DESKS = {"desk", "secretary", "street", "commander", "system"}
KEEPERS = {"chief", "stairwell_head", "grid_worker", "grid_lead"}
SEEN_BY = {
    "part": DESKS | KEEPERS | {"property", "department", "department_lead"},
    "meeting": DESKS | KEEPERS | {"property", "department", "department_lead", "owners"},
    "motion": DESKS | KEEPERS | {"property", "department", "department_lead"},
}


def test_who_sees_what_lies_beside_an_order(cast: Cast):
    draft = Draft(
        channel=Channel.RESIDENT, category=cast.categories["leak"], area=cast.areas["stairwell"], words="水管爆了"
    )
    order = report_workorder(draft=draft, actor=cast.device, at=cast.at).order
    desk = cast.actor("desk")
    act: Any = VERBS
    act["accept"](order_id=order.pk, actor=desk, at=cast.at)
    lead, helper = cast.units["property_unit"], cast.units["department_unit"]
    act["dispatch"](order_id=order.pk, actor=desk, at=cast.at, unit=lead, assists=[helper])
    called = {"units": [cast.units["owners_unit"]], "place": "门口", "held_at": cast.at + timedelta(days=1)}
    act["call_meeting"](order_id=order.pk, actor=desk, at=cast.at, **called)
    act["raise_motion"](order_id=order.pk, actor=desk, at=cast.at, title="改造", words="请列入。")
    from louzhang.workorders.models import Motion

    tables: dict[str, Any] = {"part": Part, "meeting": Meeting, "motion": Motion}
    for name, table in tables.items():
        seen = {key for key, actor in cast.everyone().items() if table.objects.visible_to(actor).exists()}
        assert seen == SEEN_BY[name], name
        with pytest.raises(TypeError):
            table.objects.visible_to(None)
