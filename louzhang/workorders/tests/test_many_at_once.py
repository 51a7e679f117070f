"""Many at once: each order of a selection is its own act, and nothing is done twice."""

import uuid

import pytest
from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.journal.verifying import prove_journal
from louzhang.workorders import actions
from louzhang.workorders.forms.many import AT_MOST, chosen_numbers, many_form, perform_many
from louzhang.workorders.models import WorkOrder
from tests.at_once import at_once

BATCH = uuid.UUID(int=77)


@pytest.fixture
def taken(cast, report, later):
    """Three leaks that the property company has taken."""
    orders = [report(words=f"第 {number} 处漏水。").order for number in range(3)]
    for order in orders:
        actions.accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1))
        unit = cast.units["property_unit"]
        actions.dispatch_workorder(order_id=order.pk, unit=unit, actor=cast.actor("desk"), at=later(1))
        actions.take_workorder(order_id=order.pk, actor=cast.actor("property"), at=later(2))
    return orders


@pytest.fixture
def settle(cast, later):
    def act(numbers, person="property", batch=BATCH, note="一起修好了。"):
        form = many_form("settle", {"note": note, "entry_id": batch})
        assert form.is_valid()
        return perform_many("settle", numbers, form, actor=cast.actor(person), at=later(3))

    return act


def settled():
    return Event.objects.filter(subject_kind="workorder", verb="settle").count()


def test_each_order_is_settled_by_itself_and_one_refusal_leaves_the_others(taken, settle, cast, later, report):
    fresh = report().order
    actions.accept_workorder(order_id=fresh.pk, actor=cast.actor("desk"), at=later(1))
    unit = cast.units["property_unit"]
    actions.dispatch_workorder(order_id=fresh.pk, unit=unit, actor=cast.actor("desk"), at=later(1))
    first, second, third = settle([taken[0].number, fresh.number, "LZ2603020000010"])
    assert (first.is_done, first.words) == (True, "待反馈")
    assert (second.is_done, third.is_done) == (False, False)
    assert "待签收" in second.words
    assert third.words.endswith("。")
    assert settled() == 1
    prove_journal()


def test_the_same_batch_sent_again_does_nothing_twice_and_goes_on_where_it_stopped(taken, settle):
    numbers = [order.number for order in taken]
    settle(numbers[:2])  # the connection was lost after these
    again = settle(numbers)
    assert [outcome.is_done for outcome in again] == [True] * 3
    assert settled() == 3


def test_another_batch_reads_that_it_is_done_already(taken, settle):
    settle([taken[0].number])
    (again,) = settle([taken[0].number], batch=uuid.UUID(int=78))
    assert not again.is_done
    assert settled() == 1


def test_somebody_else_with_the_same_batch_gets_no_answer_of_ours(taken, settle):
    settle([taken[0].number])
    (other,) = settle([taken[0].number], person="other_property")
    assert not other.is_done


@pytest.mark.parametrize("given", [[], [" "], [f"LZ{number}" for number in range(AT_MOST + 1)]])
def test_a_selection_has_one_to_two_hundred_orders(given):
    with pytest.raises(InputRefused):
        chosen_numbers(given)


def test_only_three_verbs_are_done_many_at_once():
    for verb in ("decline", "merge", "nothing"):
        with pytest.raises(NotThere):
            many_form(verb)


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_sent_twice_at_once_is_one_batch(transactional_db, taken, settle):
    numbers = [order.number for order in taken]
    first, second = at_once(lambda: settle(numbers), lambda: settle(numbers))
    assert [outcome.is_done for outcome in (*first, *second)] == [True] * 6
    assert settled() == 3
    prove_journal()


@pytest.fixture
def post(sign_in):
    def send(person, **fields):
        return sign_in(person).post(reverse("desk:many"), fields)

    return send


def text(answer):
    return answer.content.decode()


def test_the_page_without_javascript_asks_once_and_tells_the_result_of_each(taken, post):
    numbers = [order.number for order in taken]
    asked = post("property", verb="settle", orders=numbers)
    assert asked.status_code == 200
    assert "办结 3 件" in text(asked)
    missing = post("property", verb="settle", orders=numbers, go="1", entry_id=str(BATCH), note="")
    assert (missing.status_code, settled()) == (400, 0)
    assert "请写一句办理情况" in text(missing)
    done = post("property", verb="settle", orders=numbers, go="1", entry_id=str(BATCH), note="一起修好了。")
    assert "办好了 3 件" in text(done)
    assert {order.status for order in WorkOrder.objects.all()} == {"settled"}


def test_an_office_dispatches_a_selection_to_one_unit(cast, report, post):
    orders = [report().order for _ in range(2)]
    for order in orders:
        actions.accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    unit = cast.units["property_unit"]
    numbers = [order.number for order in orders]
    part = post("desk", verb="dispatch", orders=numbers, go="1", part="1", entry_id=str(BATCH), unit=str(unit.pk))
    assert text(part).count('data-many-result="done"') == 2
    assert set(WorkOrder.objects.values_list("lead_unit", flat=True)) == {unit.pk}


def test_nothing_is_chosen_and_the_page_says_so(post):
    answer = post("desk", verb="report_back")
    assert answer.status_code == 400
    assert "请先在列表里勾选" in text(answer)


def test_out_of_scope_shows_neither_title_nor_that_it_is_there(taken, post):
    sent = {"verb": "settle", "go": "1", "entry_id": str(BATCH), "note": "办好了。"}
    there = text(post("stranger_desk", orders=[taken[0].number], **sent))
    never = text(post("stranger_desk", orders=["LZ2603020000010"], **sent))
    assert "漏水" not in there
    assert ("没有找到" in there, "没有找到" in never) == (True, True)
