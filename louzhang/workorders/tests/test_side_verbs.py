"""Beside the main loop: urging, the shelf, escalating, verifying, explaining, calling back."""

from datetime import date

import pytest

from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions.shelving import unshelve_due_orders
from louzhang.workorders.actions.timing import close_due_orders
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.queries import find_order, timeline, verbs_now
from tests.at_once import at_once, winners

DAY = date(2026, 3, 20)


@pytest.fixture
def act(do):
    """Do one verb of one order by somebody of the cast, so many hours after its morning."""
    return do


@pytest.fixture
def accepted(act, report):
    return act(report().order, "accept", "desk")


@pytest.fixture
def taken(act, accepted, cast):
    act(accepted, "dispatch", "desk", unit=cast.units["property_unit"])
    return act(accepted, "take", "property", 2)


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def verbs(cast, order, person):
    found = find_order(cast.device if person == "device" else cast.actor(person), order.number)
    assert found is not None
    return {verb.verb for verb in verbs_now(found)}


def read_by(actor, order):
    """The words the actor reads in the history, oldest first."""
    found = find_order(actor, order.number)
    assert found is not None
    return [moment.spoken for moment in timeline(found, actor)]


def test_a_reporter_urges_once_a_day_and_it_is_counted(act, taken):
    act(taken, "urge", "device", 3)
    with pytest.raises(TransitionRefused, match="今天已经催办过"):
        act(taken, "urge", "device", 5)
    act(taken, "urge", "device", 24)
    act(taken, "urge", "desk", 25)
    act(taken, "urge", "street", 25)
    assert now(taken).urge_count == 4
    with pytest.raises(NotYours):
        act(taken, "urge", "property", 26)


@pytest.mark.django_db(transaction=True)
def test_a_reporter_urges_twice_at_once_and_once_counts(transactional_db, act, taken):
    answers = at_once(*[lambda: act(taken, "urge", "device", 3)] * 2)
    assert len(winners(answers)) == 1
    assert now(taken).urge_count == 1


def test_an_order_waits_on_the_shelf_until_the_day_of_its_review(act, cast, later, taken):
    act(taken, "shelve", "desk", 3, explanation="要等大修资金。", review_date=DAY)
    assert now(taken).shelved_until == DAY
    assert "shelve" not in verbs(cast, taken, "desk")
    assert "urge" not in verbs(cast, taken, "device")
    assert {"explanation": "要等大修资金。"} in read_by(cast.device, taken)
    assert unshelve_due_orders(at=later(24 * 17)) == 0
    assert unshelve_due_orders(at=later(24 * 18)) == 1
    assert (now(taken).shelved_until, now(taken).status) == (None, "taken")
    assert unshelve_due_orders(at=later(24 * 19)) == 0
    prove_journal()


def test_only_the_desk_shelves_and_only_into_the_future(act, taken):
    for person in ("property", "street", "chief"):
        with pytest.raises(NotYours):
            act(taken, "shelve", person, 3, explanation="等。", review_date=DAY)
    with pytest.raises(InputRefused, match="今天以后"):
        act(taken, "shelve", "desk", 3, explanation="等。", review_date=date(2026, 3, 2))


def test_whoever_goes_on_leaves_the_shelf(act, taken):
    act(taken, "shelve", "desk", 3, explanation="等。", review_date=DAY)
    act(taken, "settle", "property", 4, note="提前修好了。")
    assert (now(taken).status, now(taken).shelved_until) == ("settled", None)


@pytest.mark.django_db(transaction=True)
def test_the_desk_takes_it_down_while_the_clock_does(transactional_db, act, later, taken):
    act(taken, "shelve", "desk", 3, explanation="等。", review_date=DAY)
    at = later(24 * 18)
    at_once(lambda: unshelve_due_orders(at=at), lambda: act(taken, "unshelve", "desk", 24 * 18))
    assert now(taken).shelved_until is None
    assert Event.objects.filter(subject_kind="workorder", verb="unshelve").count() == 1
    prove_journal()


def test_a_matter_goes_up_level_by_level_to_the_district(act, cast, accepted):
    act(accepted, "escalate", "desk", 2, reason="要街道协调。")
    assert now(accepted).desk_area == cast.areas["street"]
    assert "dispatch" not in verbs(cast, accepted, "desk")
    assert "dispatch" in verbs(cast, accepted, "street")
    act(accepted, "escalate", "street", 3, reason="要区里协调。")
    with pytest.raises(TransitionRefused, match="没有更高的一级"):
        act(accepted, "escalate", "commander", 4, reason="再上。")
    assert now(accepted).desk_area == cast.areas["district"]


@pytest.fixture
def to_verify(act, cast, taken):
    type(taken.category).objects.filter(pk=taken.category_id).update(is_verified_on_spot=True)
    return act(taken, "settle", "property", 4, note="修好了。")


def test_nothing_is_closed_before_somebody_has_looked(act, cast, later, to_verify):
    assert now(to_verify).is_to_verify
    act(to_verify, "report_back", "desk", 5, answer="修好了，请评价。")
    act(to_verify, "rate", "device", 6, stars=5, solved=True)
    assert now(to_verify).status == "rated"
    with pytest.raises(TransitionRefused, match="先到现场核实"):
        act(to_verify, "close", "desk", 7)
    assert close_due_orders(at=later(24 * 30)) == 0
    act(to_verify, "verify", "chief", 8, note="看过了，不漏了。")
    assert close_due_orders(at=later(24 * 30)) == 1
    prove_journal()


def test_whoever_settled_it_does_not_verify_it(act, cast, later, accepted):
    type(accepted.category).objects.filter(pk=accepted.category_id).update(is_verified_on_spot=True)
    act(accepted, "dispatch", "desk", unit=cast.units["community_office"])
    act(accepted, "take", "desk", 2)
    act(accepted, "settle", "desk", 3, note="修好了。")
    with pytest.raises(NotYours, match="不能自己核实"):
        act(accepted, "verify", "desk", 4, note="好了。")
    act(accepted, "verify", "secretary", 4, note="看过了。")
    assert not now(accepted).is_to_verify


def test_what_is_not_done_goes_back_to_whoever_had_it(act, to_verify):
    act(to_verify, "refute", "grid_worker", 5, reason="三楼还在漏。")
    order = now(to_verify)
    assert (order.status, order.is_to_verify, order.settled_at) == ("taken", False, None)
    act(to_verify, "settle", "property", 6, note="又修了一次。")
    assert now(to_verify).is_to_verify


def explain(act, order, person="property", hours=3):
    words = {"explanation": "这面墙是自家的，公共资金不能修。", "basis": "《民法典》第二百七十一条。"}
    return act(order, "settle_by_explanation", person, hours, **words)


def test_an_explanation_is_read_by_a_second_person_before_the_resident(act, cast, taken):
    explain(act, taken)
    assert (now(taken).status, now(taken).explanation) == ("taken", "asked")
    assert not any("explanation" in spoken for spoken in read_by(cast.device, taken))
    with pytest.raises(NotYours):
        act(taken, "confirm_explanation", "property", 4)
    settled = act(taken, "confirm_explanation", "desk", 4)
    assert (settled.status, settled.is_explained) == ("settled", True)
    assert read_by(cast.device, taken)[-1] == {
        "explanation": "这面墙是自家的，公共资金不能修。",
        "basis": "《民法典》第二百七十一条。",
    }
    prove_journal()


def test_nobody_confirms_the_own_explanation(act, cast, accepted):
    act(accepted, "dispatch", "desk", unit=cast.units["community_office"])
    act(accepted, "take", "desk", 2)
    explain(act, accepted, "desk")
    with pytest.raises(NotYours, match="另一个人复核"):
        act(accepted, "confirm_explanation", "desk", 4)
    assert act(accepted, "confirm_explanation", "secretary", 4).is_explained


def test_an_explanation_that_is_not_agreed_to_leaves_the_work_to_do(act, taken):
    explain(act, taken)
    act(taken, "return_explanation", "street", 4, reason="共用管道要修。")
    assert (now(taken).status, now(taken).explanation) == ("taken", "")
    explain(act, taken, hours=5)
    act(taken, "settle", "property", 6, note="还是修了。")
    assert now(taken).explanation == ""


def test_a_reopened_order_is_explained_no_more(act, taken):
    explain(act, taken)
    act(taken, "confirm_explanation", "desk", 4)
    act(taken, "report_back", "desk", 5, answer="请看说明。")
    act(taken, "rate", "device", 6, stars=1, solved=False)
    assert (now(taken).status, now(taken).explanation) == ("taken", "")


@pytest.mark.django_db(transaction=True)
def test_one_agrees_while_the_other_does_not(transactional_db, act, taken):
    explain(act, taken)
    answers = at_once(
        lambda: act(taken, "confirm_explanation", "desk", 4),
        lambda: act(taken, "return_explanation", "secretary", 4, reason="再想想。"),
    )
    assert len(winners(answers)) == 1
    prove_journal()


def test_the_words_of_an_explanation_can_be_erased_with_the_order(act, taken):
    explain(act, taken)
    act(taken, "confirm_explanation", "desk", 4)
    held = Words.objects.filter(subject_kind="workorder", subject_id=taken.pk)
    assert sum("basis" in words.spoken for words in held) == 2


@pytest.fixture
def answered(act, cast, report):
    order = report(phone="13911112222", answer_way=AnswerWay.HERE).order
    act(order, "accept", "desk")
    act(order, "dispatch", "desk", unit=cast.units["property_unit"])
    act(order, "take", "property", 2)
    act(order, "settle", "property", 3, note="修好了。")
    return act(order, "report_back", "desk", 4, answer="修好了，请评价。")


def test_the_desk_calls_back_whoever_left_a_number_and_has_not_rated(act, answered):
    act(answered, "tell", "desk", 5, call_result="satisfied", solved=True)
    voice = Report.objects.get(order=answered)
    assert (voice.told_result, voice.told_solved) == ("satisfied", True)
    with pytest.raises(TransitionRefused, match="没有要回访的人"):
        act(answered, "tell", "desk", 6, call_result="satisfied")


def test_what_is_not_solved_on_the_phone_is_opened_again(act, answered):
    act(answered, "close", "desk", 5)
    reopened = act(answered, "tell", "desk", 6, call_result="unsatisfied", solved=False, words="还在漏。")
    assert reopened.status == "taken"
    assert Report.objects.get(order=answered).told_solved is None
    prove_journal()


def test_nobody_is_called_back_after_the_window(act, answered):
    act(answered, "close", "desk", 5)
    with pytest.raises(TransitionRefused, match="期限"):
        act(answered, "tell", "desk", 24 * 90, call_result="unsatisfied", solved=False)
