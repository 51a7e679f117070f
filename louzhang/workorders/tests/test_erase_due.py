"""Keeping times: the words of an ended order go when its category's time is over, and nothing earlier."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from louzhang.journal.actions import receive_attachment, reencode_attachment
from louzhang.journal.models import Attachment, Event, RequestKey, Words
from louzhang.journal.tests.conftest import picture
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock, queue
from louzhang.workorders import tasks
from louzhang.workorders.actions import (
    accept_workorder,
    close_workorder,
    comment_workorder,
    decline_workorder,
    dispatch_workorder,
    rate_workorder,
    report_back_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.actions.erasing import erase_due_orders, erase_order, past_keeping
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, Category, WorkOrder


@pytest.fixture
def photo(cast):
    content = picture()
    draft = receive_attachment(
        stream=io.BytesIO(content), declared_type="", size=len(content), actor=cast.device, at=cast.at
    )
    reencode_attachment(attachment_id=draft.pk, at=cast.at)
    return draft


@pytest.fixture
def filed(cast, report, photo):
    return report(
        name="张三",
        phone="13900001111",
        door="302",
        place_note="张三家门口",
        answer_way=AnswerWay.PHONE,
        photos=[photo.uid],
    )


@pytest.fixture
def ended(cast, filed, later):
    """An order declined one hour after the cast's morning, of a category that keeps 30 days."""
    Category.objects.filter(pk=filed.order.category_id).update(keep_days=30)
    decline_workorder(
        order_id=filed.order.pk, reason="不在这里。", advice="请找物业。", actor=cast.actor("desk"), at=later(1)
    )
    return WorkOrder.objects.get(pk=filed.order.pk)


def test_nothing_goes_before_its_time(ended, later):
    assert erase_due_orders(at=later(1) + timedelta(days=30)) == 0
    assert Words.objects.filter(erased_at=None, subject_kind="workorder").count() == 2


def test_words_files_and_contacts_go_and_the_proof_accepts_it(ended, photo, later):
    at = later(2) + timedelta(days=30)
    assert erase_due_orders(at=at) == 1
    order = WorkOrder.objects.get(pk=ended.pk)
    assert (order.summary, order.place_note, order.search_terms, order.erased_at) == ("", "", [], at)
    report = order.reports.get()
    assert {report.contact_name_sealed, report.contact_phone_sealed, report.phone_index, report.door_sealed} == {""}
    assert report.erased_at == at
    said = Words.objects.filter(subject_kind="workorder")
    left = [(words.spoken, bytes(words.salt), words.erased_rule) for words in said]
    assert left == [({}, b"", "保存期满 30 天")] * 2
    assert Attachment.objects.get(pk=photo.pk).stage == "erased"
    erase = Event.objects.get(subject_kind="workorder", subject_id=order.pk, verb="erase")
    assert erase.payload == {
        "rule": "保存期满 30 天",
        "seqs": [1, 2],
        "attachments_erased": [str(photo.uid)],
        "reports": [report.pk],
    }
    assert (erase.actor_kind, erase.audience, len(erase.area_ids)) == ("system", "handlers", 6)
    assert prove_journal(with_files=True).tombstones == 3


def test_erasing_twice_changes_nothing_more(ended, later):
    at = later(2) + timedelta(days=30)
    assert erase_order(order_id=ended.pk, at=at)
    assert not erase_order(order_id=ended.pk, at=at)
    assert erase_due_orders(at=at + timedelta(days=100)) == 0
    assert Event.objects.filter(verb="erase").count() == 1


def test_an_open_order_is_kept_however_old(cast, report, later):
    order = report().order
    Category.objects.update(keep_days=1)
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1))
    assert not past_keeping(later(1) + timedelta(days=5000)).exists()


def test_each_category_has_its_own_time(cast, report, ended, later):
    lamp = report(category=cast.categories["lamp"]).order
    decline_workorder(order_id=lamp.pk, reason="灯亮着。", advice="请看开关。", actor=cast.actor("desk"), at=later(1))
    assert set(past_keeping(later(2) + timedelta(days=30))) == {ended}
    assert set(past_keeping(later(2) + timedelta(days=1095))) == {ended, lamp}


def test_nothing_goes_while_it_can_still_be_opened_again(ended, later):
    Category.objects.update(keep_days=1)
    assert not past_keeping(later(2) + timedelta(days=9)).exists()
    assert past_keeping(later(2) + timedelta(days=10)).exists()


def test_the_command_erases_and_purges(ended, monkeypatch, capsys, later):
    RequestKey.objects.create(owner_key="device:a", entry_id=ended.uid, digest="d", stored_at=later(0))
    monkeypatch.setattr(clock, "now", lambda: later(2) + timedelta(days=31))
    call_command("erase_due")
    assert "1 orders, 0 drafts, 1 request keys" in capsys.readouterr().out
    assert not RequestKey.objects.exists()
    tasks.erase_due(timestamp=0)


# --- closed by the clock --------------------------------------------------------------------------


def answer(cast, order, later):
    desk, unit = cast.actor("desk"), cast.actor("property")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=later(2))
    take_workorder(order_id=order.pk, actor=unit, at=later(3))
    settle_workorder(order_id=order.pk, note="换了水管。", actor=unit, at=later(5))
    report_back_workorder(order_id=order.pk, answer="水管已换好。", actor=desk, at=later(6))


@pytest.fixture
def close_at(monkeypatch):
    """Let the worker's clock stand at a moment and run the timed job."""

    def run(at):
        monkeypatch.setattr(clock, "now", lambda: at)
        tasks.close_due(timestamp=0)

    return run


def state(order):
    return WorkOrder.objects.get(pk=order.pk).status


def test_the_clock_closes_an_answered_order_after_the_window_as_not_asked(cast, report, later, close_at):
    order = report().order
    answer(cast, order, later)
    close_at(later(6) + timedelta(days=7))
    assert state(order) == State.ANSWERED
    close_at(later(7) + timedelta(days=7))
    assert state(order) == State.CLOSED
    voice = WorkOrder.objects.get(pk=order.pk).reports.get()
    assert (voice.stars, voice.is_solved, voice.rated_at, voice.told_result) == (None, None, None, "")
    last = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).latest("seq")
    assert (last.verb, last.actor_kind) == ("close", "system")
    assert prove_journal().events


def test_somebody_who_must_still_be_called_keeps_the_order_open(cast, report, later, close_at):
    order = report(phone="13900001111", answer_way=AnswerWay.PHONE).order
    answer(cast, order, later)
    close_at(later(7) + timedelta(days=70))
    assert state(order) == State.ANSWERED
    close_workorder(
        order_id=order.pk, actor=cast.actor("desk"), at=later(8) + timedelta(days=70), call_result="satisfied"
    )
    assert state(order) == State.CLOSED


def test_a_rated_order_of_several_voices_is_closed_too(cast, report, later, close_at):
    order = report().order
    answer(cast, order, later)
    other = report(actor=cast.other_device)
    other.report.order = order
    other.report.save(update_fields=["order"])
    rate_workorder(order_id=order.pk, stars=4, solved=True, actor=cast.device, at=later(8))
    assert state(order) == State.RATED
    close_at(later(7) + timedelta(days=7))
    assert state(order) == State.CLOSED


def test_two_runs_of_the_clock_close_once(cast, report, later, close_at):
    order = report().order
    answer(cast, order, later)
    close_at(later(7) + timedelta(days=7))
    close_at(later(7) + timedelta(days=7))
    assert Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb="close").count() == 1


def test_comments_do_not_stop_the_clock(cast, report, later, close_at):
    order = report().order
    answer(cast, order, later)
    comment_workorder(order_id=order.pk, words="谢谢。", actor=cast.device, at=later(10))
    close_at(later(7) + timedelta(days=7))
    assert state(order) == State.CLOSED


def test_a_long_queue_is_done_in_parts_so_that_photos_get_their_turn(cast, report, later, close_at, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    orders = [report().order, report().order]
    for order in orders:
        answer(cast, order, later)
    close_at(later(7) + timedelta(days=7))
    assert sorted(state(order) for order in orders) == [State.ANSWERED, State.CLOSED]
    (job,) = queue.app.job_manager.list_jobs(task="louzhang.workorders.tasks.close_due")
    assert job.status == "todo"
    close_at(later(7) + timedelta(days=7))
    assert [state(order) for order in orders] == [State.CLOSED, State.CLOSED]


def test_what_was_merged_into_an_erased_order_goes_with_it(cast, ended, report, later):
    other = report(words="李四家也漏。", phone="13900002222", answer_way=AnswerWay.PHONE).order
    WorkOrder.objects.filter(pk=other.pk).update(status="merged", merged_from="reported", merged_into=ended)
    assert erase_due_orders(at=later(24 * 10)) == 0
    assert erase_due_orders(at=later(24 * 400)) == 2
    order = WorkOrder.objects.get(pk=other.pk)
    assert (order.summary, order.search_terms) == ("", [])
    assert not Words.objects.filter(subject_kind="workorder", subject_id=other.pk, erased_at=None).exists()
    prove_journal()
