"""Two press at the same moment beside the main loop: one is first, the other reads why not, nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import Draft
from louzhang.workorders.actions.exchange import send_replies, take_from_hotline
from louzhang.workorders.actions.part_alarms import alarm_due_parts, recompute_open_parts
from louzhang.workorders.models import AnswerWay, Category, Channel, Part, WorkOrder
from tests.at_once import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[..., Callable[[], Any]]
REVIEW = date(2026, 3, 20)


def now(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def count(order: WorkOrder, *verbs: str) -> int:
    return Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb__in=verbs).count()


@pytest.fixture
def dispatched(act: Act, report: Any, cast: Any) -> WorkOrder:
    order: WorkOrder = report(answer_way=AnswerWay.PHONE, phone="13911112222").order
    act(order, "accept", "desk")()
    act(order, "dispatch", "desk", unit=cast.units["property_unit"])()
    return order


@pytest.fixture
def taken(act: Act, dispatched: WorkOrder) -> WorkOrder:
    act(dispatched, "take", "property")()
    return dispatched


@pytest.fixture
def to_look_at(act: Act, taken: WorkOrder) -> WorkOrder:
    Category.objects.filter(pk=taken.category_id).update(is_verified_on_spot=True)
    act(taken, "settle", "property", 2, note="换好了")()
    return taken


def test_two_keepers_verify_and_one_does(act, to_look_at):
    acts = [act(to_look_at, "verify", who, 3, note="看过了") for who in ("chief", "grid_worker")]
    assert len(winners(at_once(*acts))) == 1
    assert (count(to_look_at, "verify"), now(to_look_at).is_to_verify) == (1, False)
    prove_journal()


def test_one_verifies_while_the_other_says_that_it_is_not_done(act, to_look_at):
    answers = at_once(
        act(to_look_at, "verify", "chief", 3, note="看过了"), act(to_look_at, "refute", "desk", 3, reason="还在漏")
    )
    assert len(winners(answers)) == 1
    assert count(to_look_at, "verify", "refute") == 1
    assert now(to_look_at).status == ("settled" if count(to_look_at, "verify") else "taken")
    prove_journal()


def test_a_reporter_opens_it_again_on_one_page_while_rating_on_another(act, to_look_at):
    act(to_look_at, "verify", "grid_worker", 3, note="看过了")()
    act(to_look_at, "report_back", "desk", 3, answer="换好了")()
    answers = at_once(
        act(to_look_at, "reopen", "device", 4, reason="还在漏"),
        act(to_look_at, "rate", "device", 4, stars=5, solved=True),
    )
    assert len(winners(answers)) == count(to_look_at, "reopen", "rate") >= 1
    prove_journal()


def test_two_of_a_desk_escalate_and_it_goes_up_one_level(act, taken, cast):
    answers = at_once(*[act(taken, "escalate", who, 2, reason="要跨社区协调") for who in ("desk", "secretary")])
    assert len(winners(answers)) == 1
    assert now(taken).desk_area_id == cast.areas["street"].pk
    assert count(taken, "escalate") == 1
    prove_journal()


def test_the_desk_escalates_while_the_unit_gives_it_back(act, taken, cast):
    answers = at_once(
        act(taken, "escalate", "desk", 2, reason="要跨社区协调"),
        act(taken, "send_back", "property", 2, reason="不归我们"),
    )
    assert len(winners(answers)) == 2, "either is possible after the other"
    order = now(taken)
    assert (order.desk_area_id, order.status, order.lead_unit_id) == (cast.areas["street"].pk, "accepted", None)
    prove_journal()


def test_two_of_a_unit_sign_and_one_does(act, dispatched):
    answers = at_once(*[act(dispatched, "take", "property", 2)] * 2)
    assert len(winners(answers)) == 1
    assert count(dispatched, "take") == 1
    prove_journal()


def test_the_unit_signs_while_the_desk_shelves_and_both_hold(act, dispatched):
    shelve = act(dispatched, "shelve", "desk", 2, explanation="等配件", review_date=REVIEW)
    done = winners(at_once(shelve, act(dispatched, "take", "property", 2)))
    assert len(done) == count(dispatched, "take", "shelve")
    assert now(dispatched).due_at is None if count(dispatched, "shelve") else True
    prove_journal()


@pytest.mark.parametrize(
    ("verb", "given"),
    [("shelve", {"explanation": "等配件", "review_date": REVIEW}),
     ("escalate", {"reason": "要跨社区协调"}),
     ("ask_pause", {"pause_for": "pause", "reason": "等配件"}),
     ("settle_by_explanation", {"explanation": "管道属于自来水公司。", "basis": "《城市供水条例》"})],
)  # fmt: skip
def test_a_verb_that_changes_a_mark_does_so_once(act, taken, verb, given):
    person = "property" if verb in ("ask_pause", "settle_by_explanation") else "desk"
    assert len(winners(at_once(*[act(taken, verb, person, 2, **given)] * 2))) == 1
    assert count(taken, verb) == 1
    prove_journal()


@pytest.fixture
def settled(act: Act, taken: WorkOrder) -> WorkOrder:
    act(taken, "settle", "property", 2, note="换好了")()
    return taken


def test_two_of_a_desk_answer_and_the_reporter_hears_one_of_them(act, settled):
    acts = [act(settled, "report_back", who, 3, answer=f"{who}的答复") for who in ("desk", "secretary")]
    assert len(winners(at_once(*acts))) == 1
    assert count(settled, "report_back") == 1
    prove_journal()


def test_an_answered_order_is_opened_again_once(act, settled):
    act(settled, "report_back", "desk", 3, answer="换好了")()
    acts = [act(settled, "reopen", who, 4, reason="还在漏") for who in ("device", "desk")]
    assert len(winners(at_once(*acts))) == 1
    assert (count(settled, "reopen"), now(settled).status) == (1, "taken")
    prove_journal()


@pytest.fixture
def joint(act: Act, report: Any, cast: Any) -> WorkOrder:
    order: WorkOrder = report().order
    act(order, "accept", "desk")()
    act(order, "dispatch", "desk", unit=cast.units["department_unit"], assists=[cast.units["property_unit"]])()
    act(order, "take", "department")()
    return order


def test_a_helper_asks_for_contacts_once_and_is_granted_them_once(act, joint):
    asked = at_once(*[act(joint, "ask_contact", "property", 2, reason="要进户")] * 2)
    assert (len(winners(asked)), count(joint, "ask_contact")) == (1, 1)
    part = Part.objects.get(order=joint).pk
    granted = at_once(*[act(joint, "grant_contact", who, 3, part=part) for who in ("desk", "department")])
    assert (len(winners(granted)), count(joint, "grant_contact")) == (1, 1)
    prove_journal()


def test_workers_tell_of_a_part_once(act, joint, later):
    told = at_once(*[lambda: alarm_due_parts(at=later(24 * 9 + 1)) for _ in range(3)])
    assert (sum(told), count(joint, "overdue_part")) == (1, 1)
    prove_journal()


def test_a_worker_tells_of_a_part_while_its_unit_replies(act, joint, later):
    act(joint, "take_part", "property")()
    at = 24 * 9 + 1
    at_once(lambda: alarm_due_parts(at=later(at)), act(joint, "reply_part", "property", at, reply="好了。"))
    part = Part.objects.get(order=joint)
    assert (part.status, part.late_at, part.alarm_at) == ("replied", None, None)
    prove_journal()


def test_time_of_a_part_is_stopped_while_it_is_replied_to(act, joint):
    act(joint, "take_part", "property")()
    at_once(
        act(joint, "pause", "desk", 3, pause_for="wait", reason="反映人出差"),
        act(joint, "reply_part", "property", 3, reply="好了。"),
    )
    part = Part.objects.get(order=joint)
    assert (part.status, part.paused_at, part.late_at) == ("replied", None, None)
    prove_journal()


def test_workers_compute_a_part_again_once(joint, later):
    Part.objects.update(clocks={}, late_at=None, alarm_at=None)
    moved = at_once(*[lambda: recompute_open_parts(at=later(2))[0] for _ in range(3)])
    assert (sum(moved), count(joint, "recompute_part")) == (1, 1)
    prove_journal()


def test_two_share_the_answers_for_the_hotline(act, cast):
    desk = cast.actor("desk")
    for number in ("HL-1", "HL-2", "HL-3"):
        draft = Draft(
            channel=Channel.API, category=cast.categories["leak"], area=cast.areas["stairwell"], words="漏水",
            answer_way=AnswerWay.HERE, hotline_number=number,
        )  # fmt: skip
        order = take_from_hotline(draft=draft, actor=desk, at=cast.at).order
        act(order, "decline", "desk", reason="不属于。", advice="请找邻区。")()
    read_new_events(at=cast.at)
    given = at_once(*[partial(send_replies, actor=cast.actor(who), at=cast.at) for who in ("desk", "secretary")])
    ids = [reply.pk for replies in given for reply in replies]
    assert (len(ids), len(set(ids))) == (3, 3)


@pytest.fixture
def supervised(act: Act, taken: WorkOrder) -> WorkOrder:
    act(taken, "supervise", "street", 2, demand="三天内修好。", due_date=REVIEW)()
    act(taken, "sign_supervision", "property", 3)()
    act(taken, "reply_supervision", "property", 4, reply="已修好。")()
    return taken


def test_two_offices_lift_a_supervision_and_one_does(act, supervised):
    acts = [act(supervised, "lift_supervision", who, 5, reason="按期回复。") for who in ("street", "commander")]
    assert len(winners(at_once(*acts))) == 1
    assert (count(supervised, "lift_supervision"), now(supervised).supervision) == (1, "")
    prove_journal()


def test_two_of_a_unit_answer_a_supervision_and_one_does(act, taken):
    act(taken, "supervise", "street", 2, demand="三天内修好。", due_date=REVIEW)()
    act(taken, "sign_supervision", "property", 3)()
    assert len(winners(at_once(*[act(taken, "reply_supervision", "property", 4, reply="已修好。")] * 2))) == 1
    assert count(taken, "reply_supervision") == 1
    prove_journal()


def test_two_of_a_desk_tell_a_reporter_and_it_is_told_once(act, settled):
    act(settled, "report_back", "desk", 3, answer="已修好")()
    tell = [act(settled, "tell", who, 4, call_result="satisfied", solved=True) for who in ("desk", "secretary")]
    assert len(winners(at_once(*tell))) == 1
    assert count(settled, "tell") == 1
    prove_journal()
