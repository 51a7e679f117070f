"""Asking and answering through the actions: who may, what ends it, what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from louzhang.inquiries.actions import (
    answer_inquiry,
    ask_more,
    close_due_inquiries,
    close_inquiry,
    erase_due_inquiries,
    reveal_asker,
    turn_inquiry,
)
from louzhang.inquiries.lifecycle import InquiryState, Tie
from louzhang.inquiries.models import Inquiry
from louzhang.inquiries.notices import BOOK
from louzhang.inquiries.queries import count_waiting, keepers_at, late_inquiries, said_in
from louzhang.journal.models import Event, Reveal
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TooLarge, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.workorders.actions import VERBS, Draft
from louzhang.workorders.models import Channel, WorkOrder
from louzhang.workorders.queries import find_order, hidden_reporters, reports_of
from louzhang.workorders.queries.phone_lists import my_orders
from tests.at_once import at_once, winners
from tests.cast import make_cast

SEES = {"chief", "grid_worker", "grid_lead", "desk", "secretary", "device"}


def again(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def draft(cast, **changes):
    facts = {"channel": Channel.FIELD, "category": cast.categories["lamp"], "area": cast.areas["stairwell"]}
    return Draft(**(facts | {"words": "三楼灯不亮"} | changes))


def test_only_the_asker_the_keepers_and_the_community_see_a_question(cast, ask):
    inquiry = ask()
    seen = {
        key for key, actor in cast.everyone().items()
        if key != "system" and Inquiry.objects.visible_to(actor).filter(pk=inquiry.pk).exists()
    }  # fmt: skip
    assert seen == SEES


def test_scope_needs_an_actor(cast):
    with pytest.raises(TypeError):
        Inquiry.objects.visible_to(None)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("key", sorted(SEES - {"device"}))
def test_each_of_them_answers_and_the_asker_reads_it(cast, ask, key):
    inquiry = ask()
    answer_inquiry(inquiry_id=inquiry.pk, answer="带身份证到社区办。", actor=cast.actor(key), at=cast.at)
    talk = said_in(again(inquiry))
    assert [said.words for said in talk] == ["老年卡在哪里办？", "带身份证到社区办。"]
    assert [said.is_asker for said in talk] == [True, False]
    assert talk[1].who


def test_nobody_else_answers(cast, ask):
    inquiry = ask()
    for key in ("next_chief", "stairwell_head", "street", "property", "stranger_desk", "nobody", "system_admin"):
        with pytest.raises(NotThere):
            answer_inquiry(inquiry_id=inquiry.pk, answer="好", actor=cast.actor(key), at=cast.at)
    with pytest.raises(NotYours):
        answer_inquiry(inquiry_id=inquiry.pk, answer="好", actor=cast.device, at=cast.at)


def test_a_question_without_words_or_too_long_is_refused(cast, ask):
    with pytest.raises(InputRefused):
        ask(words="  ")
    with pytest.raises(TooLarge):
        ask(words="问" * 501)


def test_one_thing_more_waits_for_an_answer_again_and_the_asker_ends_it(cast, ask):
    inquiry = ask()
    actor, later = cast.actor("grid_worker"), cast.at + timedelta(hours=2)
    assert count_waiting(actor) == 1
    answer_inquiry(inquiry_id=inquiry.pk, answer="到社区办。", actor=actor, at=cast.at)
    assert count_waiting(actor) == 0
    ask_more(inquiry_id=inquiry.pk, words="几点下班？", actor=cast.device, at=later)
    assert (count_waiting(actor), again(inquiry).waiting_since) == (1, later)
    close_inquiry(inquiry_id=inquiry.pk, actor=cast.device, at=later)
    with pytest.raises(TransitionRefused):
        answer_inquiry(inquiry_id=inquiry.pk, answer="五点", actor=actor, at=later)


def test_the_keeper_turns_it_into_an_order_that_stays_the_askers(cast, ask):
    inquiry = ask(words="三楼灯不亮，找谁？", name="王芳", phone="13911112222")
    filed = turn_inquiry(inquiry_id=inquiry.pk, draft=draft(cast), actor=cast.actor("grid_worker"), at=cast.at)
    moved = again(inquiry)
    assert (moved.status, moved.order_id) == (InquiryState.TURNED, filed.order.pk)
    assert list(my_orders(cast.device)) == [filed.order]
    assert filed.report.open_field("phone") == "13911112222"
    assert filed.report.entered_by_id == cast.people["grid_worker"].pk
    assert not Reveal.objects.exists()
    with pytest.raises(TransitionRefused):
        turn_inquiry(inquiry_id=inquiry.pk, draft=draft(cast), actor=cast.device, at=cast.at)


def test_the_asker_turns_it_as_an_own_report(cast, ask):
    inquiry = ask()
    filed = turn_inquiry(
        inquiry_id=inquiry.pk, draft=draft(cast, channel=Channel.RESIDENT), actor=cast.device, at=cast.at
    )
    assert (filed.report.device_hash, filed.report.entered_by_id) == (cast.device.device, None)


def test_a_refused_order_leaves_the_question_open(cast, ask):
    inquiry = ask()
    with pytest.raises(InputRefused):
        turn_inquiry(inquiry_id=inquiry.pk, draft=draft(cast, words=""), actor=cast.device, at=cast.at)
    assert again(inquiry).status == InquiryState.ASKED
    assert not WorkOrder.objects.exists()


def test_after_a_day_without_an_answer_it_stands_at_the_communitys_desk(cast, ask):
    inquiry = ask()
    desk = cast.actor("desk")
    assert not late_inquiries(desk, cast.at + timedelta(hours=24)).exists()
    late = cast.at + timedelta(hours=24, seconds=1)
    assert list(late_inquiries(desk, late)) == [inquiry]
    assert not late_inquiries(cast.actor("stranger_desk"), late).exists()


def test_a_phone_number_is_opened_for_a_reason_and_logged(cast, ask):
    inquiry = ask(phone="13911112222")
    worker = cast.actor("grid_worker")
    with pytest.raises(InputRefused):
        reveal_asker(inquiry_id=inquiry.pk, reason=" ", actor=worker, at=cast.at)
    with pytest.raises(NotThere):
        reveal_asker(inquiry_id=inquiry.pk, reason="问清楚", actor=cast.actor("street"), at=cast.at)
    assert reveal_asker(inquiry_id=inquiry.pk, reason="问清楚", actor=worker, at=cast.at) == "13911112222"
    assert Reveal.objects.filter(subject_kind="inquiry", subject_id=inquiry.pk, what="phone").count() == 1
    close_inquiry(inquiry_id=inquiry.pk, actor=cast.device, at=cast.at)
    with pytest.raises(NotYours):
        reveal_asker(inquiry_id=inquiry.pk, reason="问清楚", actor=worker, at=cast.at)


def test_the_clock_closes_what_was_answered_and_erases_a_year_later(cast, ask):
    answered, waiting = ask(phone="13911112222"), ask()
    answer_inquiry(inquiry_id=answered.pk, answer="到社区办。", actor=cast.actor("chief"), at=cast.at)
    assert close_due_inquiries(at=cast.at + timedelta(days=7)) == 0
    closing = cast.at + timedelta(days=7, seconds=1)
    assert close_due_inquiries(at=closing) == 1
    assert {again(answered).status, again(waiting).status} == {InquiryState.CLOSED, InquiryState.ASKED}
    assert erase_due_inquiries(at=closing + timedelta(days=366)) == 1
    assert erase_due_inquiries(at=closing + timedelta(days=366)) == 0
    gone = again(answered)
    assert gone.contact_phone_sealed == ""
    assert all(said.is_erased and not said.words for said in said_in(gone))
    prove_journal()


def test_keepers_hear_of_a_question_and_the_asker_of_the_answer(cast, ask):
    inquiry = ask()
    answer_inquiry(inquiry_id=inquiry.pk, answer="到社区办。", actor=cast.actor("chief"), at=cast.at)
    BOOK.read(list(Event.objects.filter(subject_kind="inquiry").order_by("seq")), news=timedelta(days=9999))
    told = {notice.user_id or notice.device_hash: notice.title for notice in Notice.objects.all()}
    keepers = {cast.people[key].pk for key in ("chief", "grid_worker", "grid_lead")}
    assert set(told) == keepers | {cast.device.device}
    assert all("老年卡" not in title for title in told.values())


def test_a_resident_learns_who_will_answer(cast):
    assert keepers_at(cast.areas["stairwell"], cast.at)[0] == "3号网格网格员"


@pytest.mark.django_db(transaction=True)
def test_two_keepers_at_once_answer_once_and_two_sides_make_one_order():
    cast = make_cast()
    from louzhang.inquiries.actions import ask_inquiry

    inquiry = ask_inquiry(area=cast.areas["stairwell"], words="老年卡在哪里办？", actor=cast.device, at=cast.at)
    act = partial(answer_inquiry, inquiry_id=inquiry.pk, answer="到社区办。", at=cast.at)
    answers = at_once(*(partial(act, actor=cast.actor(key)) for key in ("chief", "grid_worker")))
    assert len(winners(answers)) == 1
    turn = partial(turn_inquiry, inquiry_id=inquiry.pk, draft=draft(cast), at=cast.at)
    answers = at_once(partial(turn, actor=cast.actor("grid_worker")), partial(turn, actor=cast.device))
    assert len(winners(answers)) == 1
    assert WorkOrder.objects.count() == 1
    assert again(inquiry).status == InquiryState.TURNED


def test_ties_are_told_by_the_row(cast, ask):
    inquiry = ask(actor=cast.actor("chief"))
    held = Inquiry.objects.with_ties(cast.actor("chief")).get(pk=inquiry.pk).relations_now
    assert held == {Tie.ASKER, Tie.KEEPER}


def test_whose_question_became_an_order_is_named_to_nobody_who_handles_it(cast, ask):
    inquiry = ask(actor=cast.actor("resident"))
    filed = turn_inquiry(inquiry_id=inquiry.pk, draft=draft(cast), actor=cast.actor("grid_worker"), at=cast.at)
    comment: Any = VERBS["comment"]
    comment(order_id=filed.order.pk, words="还没来", actor=cast.actor("resident"), at=cast.at)
    order = find_order(cast.actor("desk"), filed.order.number)
    assert order is not None
    hidden = hidden_reporters(order, reports_of(order, cast.actor("desk")), ())
    assert hidden == {cast.people["resident"].pk}
