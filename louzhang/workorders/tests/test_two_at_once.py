"""Two people press at the same moment: one of them is first, the other reads why not, and nothing is half done."""

import io
import uuid

import pytest

from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment, Event
from louzhang.journal.refusals import InputRefused, Refusal, TransitionRefused
from louzhang.journal.tests.conftest import picture
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import (
    Draft,
    accept_rule,
    add_rule,
    decline_rule,
    end_rule,
    move_rule,
    propose_rule,
    report_too,
)
from louzhang.workorders.forms import ReportForm, file_report, perform, verb_form
from louzhang.workorders.models import Channel, PublicLine, Report, RoutingRule, WorkOrder
from tests.at_once import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def verbs_of(order):
    events = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq")
    return list(events.values_list("verb", flat=True))


@pytest.fixture
def accepted(act, report):
    order = report().order
    act(order, "accept", "desk")()
    return order


@pytest.fixture
def taken(act, accepted, cast):
    act(accepted, "dispatch", "desk", unit=cast.units["property_unit"])()
    act(accepted, "take", "property")()
    return accepted


@pytest.fixture
def answered(act, taken):
    act(taken, "settle", "property", note="已修好")()
    act(taken, "report_back", "desk", answer="已修好")()
    return taken


def test_two_accept_the_same_order(act, report):
    order = report().order
    answers = at_once(act(order, "accept", "desk"), act(order, "accept", "secretary"))
    assert len(winners(answers)) == 1
    assert [type(answer) for answer in answers].count(TransitionRefused) == 1
    assert verbs_of(order) == ["report", "accept"]
    prove_journal()


def test_one_accepts_while_the_other_declines(act, report):
    order = report().order
    declines = act(order, "decline", "secretary", reason="不归社区管", advice="请找交警")
    answers = at_once(act(order, "accept", "desk"), declines)
    # Declining is still possible after accepting: then both were done, one after the other.
    assert verbs_of(order) in (["report", "accept"], ["report", "decline"], ["report", "accept", "decline"])
    assert len(winners(answers)) == len(verbs_of(order)) - 1
    prove_journal()


def test_two_dispatch_to_different_units(act, accepted, cast):
    units = [cast.units["property_unit"], cast.units["department_unit"]]
    acts = [
        act(accepted, "dispatch", person, unit=unit) for person, unit in zip(("desk", "secretary"), units, strict=True)
    ]
    (first,) = winners(at_once(*acts))
    order = now(accepted)
    assert order.lead_unit in units
    assert order.involved_unit_ids == [order.lead_unit_id] == [first.lead_unit_id]
    prove_journal()


def test_one_settles_while_another_sends_back(act, taken):
    answers = at_once(
        act(taken, "settle", "property", note="已修好"), act(taken, "send_back", "property", reason="不归我们")
    )
    assert len(winners(answers)) == 1
    order = now(taken)
    if order.status == "settled":
        assert (order.lead_unit_id is None, order.return_count, order.settled_at is None) == (False, 0, False)
    else:
        assert (order.status, order.lead_unit_id, order.return_count, order.settled_at) == ("accepted", None, 1, None)
    prove_journal()


def test_the_reporter_rates_twice_at_once(act, answered):
    answers = at_once(*[act(answered, "rate", "device", stars=stars, solved=True) for stars in (5, 1)])
    assert len(winners(answers)) == 1
    assert verbs_of(answered).count("rate") == 1
    assert Report.objects.get(order=answered).stars in {1, 5}
    assert now(answered).status == "closed"
    prove_journal()


def test_the_reporter_rates_while_the_desk_closes(act, answered):
    at_once(act(answered, "rate", "device", stars=5, solved=True), act(answered, "close", "desk"))
    order = now(answered)
    assert order.status == "closed"
    assert verbs_of(order).count("close") == 1
    prove_journal()


def test_the_reporter_withdraws_while_the_desk_accepts(act, report):
    order = report().order
    answers = at_once(act(order, "withdraw", "device"), act(order, "accept", "desk"))
    assert now(order).status == "withdrawn"  # withdrawing is possible after accepting too
    assert verbs_of(order) in (["report", "withdraw"], ["report", "accept", "withdraw"])
    assert len(winners(answers)) == len(verbs_of(order)) - 1
    prove_journal()


def test_the_reporter_withdraws_while_the_unit_takes(act, accepted, cast):
    act(accepted, "dispatch", "desk", unit=cast.units["property_unit"])()
    answers = at_once(act(accepted, "withdraw", "device"), act(accepted, "take", "property"))
    assert len(winners(answers)) == 1
    assert now(accepted).status in {"withdrawn", "taken"}
    prove_journal()


@pytest.mark.parametrize("copies", [2, 4])
def test_the_same_form_sent_at_once_is_one_report_with_one_answer(transactional_db, cast, copies):
    entry_id = uuid.UUID(int=7)
    body = {
        "category": "leak", "words": "水管爆了", "area": cast.areas["stairwell"].pk,
        "phone": "13911112222", "entry_id": entry_id,
    }  # fmt: skip

    def send():
        return file_report(ReportForm(dict(body)), channel=Channel.RESIDENT, actor=cast.device, at=cast.at)

    receipts = at_once(*[send] * copies)
    assert len(winners(receipts)) == copies
    assert len(set(receipts)) == 1
    assert (WorkOrder.objects.count(), Report.objects.count()) == (1, 1)
    prove_journal()


def test_the_same_key_with_two_bodies_at_once_files_one_and_refuses_the_other(transactional_db, cast):
    def send(words):
        body = {"category": "leak", "words": words, "area": cast.areas["stairwell"].pk, "entry_id": uuid.UUID(int=7)}
        return lambda: file_report(ReportForm(body), channel=Channel.RESIDENT, actor=cast.device, at=cast.at)

    answers = at_once(send("水管爆了"), send("灯不亮了"))
    assert len(winners(answers)) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"conflict"}
    assert WorkOrder.objects.count() == 1


def test_the_same_button_pressed_twice_at_once_gives_the_same_answer_twice(transactional_db, cast, report):
    order = report().order

    def press():
        form = verb_form("accept", {"entry_id": uuid.UUID(int=8), "note": ""})
        return dict(perform("accept", number=order.number, form=form, actor=cast.actor("desk"), at=cast.at))

    first, second = at_once(press, press)
    assert first == second == {"number": order.number, "status": "accepted", "label": now(order).status_label}
    assert verbs_of(order) == ["report", "accept"]


def test_the_same_photo_hangs_on_one_of_two_reports(transactional_db, cast, report):
    content = picture(colour="red")
    photo = receive_attachment(
        stream=io.BytesIO(content), declared_type="", size=len(content), actor=cast.device, at=cast.at
    )
    answers = at_once(lambda: report(photos=[photo.uid]), lambda: report(photos=[photo.uid]))
    (filed,) = winners(answers)
    assert [type(answer) for answer in answers].count(InputRefused) == 1
    assert WorkOrder.objects.count() == Report.objects.count() == 1
    assert Attachment.objects.get(pk=photo.pk).subject_id == filed.order.pk
    prove_journal()


def test_two_settle_the_same_matter_on_the_spot(act, report):
    order = report().order
    answers = at_once(*[act(order, "settle_on_spot", who, note="关了阀门") for who in ("chief", "grid_worker")])
    assert len(winners(answers)) == 1
    assert verbs_of(order) == ["report", "settle_on_spot"]


def test_one_settles_on_the_spot_while_the_desk_dispatches(act, accepted, cast):
    unit = cast.units["property_unit"]
    at_once(act(accepted, "settle_on_spot", "chief", note="关了阀门"), act(accepted, "dispatch", "desk", unit=unit))
    order = now(accepted)
    assert (order.status, order.is_settled_on_spot) == ("settled", True)
    prove_journal()


@pytest.fixture
def four_rules(transactional_db, cast):
    keeper = cast.actor("system_admin")
    return [add_rule(unit=cast.units["property_unit"], actor=keeper, at=cast.at) for _ in range(4)]


def rules_in_order():
    return list(RoutingRule.objects.in_force().values_list("position", "pk"))


def test_two_move_the_same_rule(four_rules, cast):
    keeper, last = cast.actor("system_admin"), four_rules[3]
    acts = [
        lambda number=number: move_rule(rule=last, number=number, seen=4, actor=keeper, at=cast.at) for number in (1, 2)
    ]
    (first,) = winners(at_once(*acts))
    assert dict(rules_in_order())[first.position] == last.pk
    assert [number for number, _ in rules_in_order()] == [1, 2, 3, 4]
    prove_journal()


def test_one_moves_a_rule_while_another_ends_one_and_a_third_adds_one(four_rules, cast):
    keeper = cast.actor("system_admin")
    a, b, c, _ = four_rules
    unit = cast.units["owners_unit"]
    answers = at_once(
        lambda: move_rule(rule=c, number=1, seen=3, actor=keeper, at=cast.at),
        lambda: end_rule(rule=a, reason="不再需要", actor=keeper, at=cast.at),
        lambda: add_rule(unit=unit, number=2, actor=keeper, at=cast.at),
    )
    assert len(winners(answers)) >= 2  # the move may find that its rule has another number by now
    assert [number for number, _ in rules_in_order()] == [1, 2, 3, 4]
    assert {b.pk, c.pk} < {pk for _, pk in rules_in_order()}
    prove_journal()


def test_two_decide_the_same_proposed_rule(transactional_db, cast, report):
    order, keeper = report().order, cast.actor("system_admin")
    unit = cast.units["owners_unit"]
    rule = propose_rule(clause=None, order=order, unit=unit, actor=cast.actor("desk"), at=cast.at)
    answers = at_once(
        lambda: accept_rule(rule=rule, actor=keeper, at=cast.at),
        lambda: accept_rule(rule=rule, actor=keeper, at=cast.at),
        lambda: decline_rule(rule=rule, reason="不合适", actor=keeper, at=cast.at),
    )
    # An accepted rule may not be declined any more, a declined one is over.
    assert len(winners(answers)) == 1
    assert len(rules_in_order()) in (0, 1)
    prove_journal()


@pytest.fixture
def twins(act, accepted, report):
    """Two orders of one leak, the first accepted."""
    return accepted, report().order


def test_two_orders_merged_into_each_other_at_once_are_one(act, twins):
    first, second = twins
    answers = at_once(
        act(first, "merge", "desk", into=second.number), act(second, "merge", "secretary", into=first.number)
    )
    assert len(winners(answers)) == 1
    merged = WorkOrder.objects.get(status="merged")
    kept = WorkOrder.objects.exclude(pk=merged.pk).get()
    assert (merged.merged_into, merged.report_count, kept.report_count) == (kept, 0, 2)
    assert Report.objects.filter(order=kept).count() == 2
    prove_journal()


def test_one_merges_while_the_other_dispatches(act, twins, cast):
    first, second = twins
    unit = cast.units["property_unit"]
    answers = at_once(act(first, "merge", "desk", into=second.number), act(first, "dispatch", "secretary", unit=unit))
    assert len(winners(answers)) >= 1
    order = now(first)
    assert (order.status, order.merged_from) in {("merged", "accepted"), ("merged", "dispatched")}
    assert verbs_of(first)[-1] == "merge"
    assert now(second).report_count == 2
    prove_journal()


def test_two_take_a_merged_order_out_at_once(act, twins):
    first, second = twins
    act(second, "merge", "desk", into=first.number)()
    answers = at_once(act(second, "unmerge", "desk"), act(first, "split_off", "secretary", other=second.number))
    assert len(winners(answers)) == 1
    assert [now(order).report_count for order in twins] == [1, 1]
    assert verbs_of(second).count("unmerge") == 1
    prove_journal()


def test_one_takes_out_what_another_gathers_again(act, twins):
    first, second = twins
    act(second, "merge", "desk", into=first.number)()
    at_once(act(second, "unmerge", "desk"), act(first, "gather", "secretary", others=[second.number]))
    assert now(first).report_count + now(second).report_count == 2
    assert all(now(order).report_count == Report.objects.filter(order=order).count() for order in twins)
    prove_journal()


def test_neighbours_who_join_at_once_are_all_counted(transactional_db, act, report, cast, later):
    lamp = cast.categories["lamp"]
    lamp.is_public_space = True
    lamp.save(update_fields=["is_public_space"])
    order = report(category=lamp).order
    act(order, "announce", "desk", words="楼道灯不亮，已交物业。")()
    line = PublicLine.objects.get()

    def join(number):
        draft = Draft(
            channel=Channel.RESIDENT, category=lamp, area=cast.areas["building"], words="也不亮。", same=line.uid
        )
        phone = Actor(kind=ActorKind.DEVICE, device=f"{number:064d}")
        return lambda: report_too(draft=draft, actor=phone, at=later(1))

    at_once(*[join(number) for number in range(6)])
    assert now(order).report_count == Report.objects.filter(order=order).count() == 7
    prove_journal()
