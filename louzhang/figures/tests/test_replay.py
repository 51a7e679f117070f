"""The roll-ups are what the journal tells, however it is read: event by event, in batches, or anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.figures.actions import read_events, rebuild_figures
from louzhang.figures.actions.rolling_up import RowsMissing, stored_rows
from louzhang.figures.course import Course
from louzhang.figures.models import PlaceDay, UnitDay
from louzhang.figures.queries.chains import all_chains
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Stuck, Unread
from louzhang.workorders.actions import accept_workorder, recategorise_workorder, relocate_workorder
from louzhang.workorders.actions.importing import HistoryDraft, Source, import_history
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import WorkOrder
from tests.cast import Cast
from tests.matrices.test_any_course import USUAL, begin, firsts, press, steps


def import_some(cast: Cast) -> None:
    """Two orders of another system: one closed by a unit of its own, one still waiting."""
    drafts = [
        HistoryDraft(
            number=str(number),
            status=status,
            reported_at=cast.at - timedelta(days=number),
            closed_at=cast.at if status is State.CLOSED else None,
            kind="lamp",
            kind_name="路灯",
            area_id=cast.areas["building"].pk,
            unit_name="老路灯所",
        )
        for number, status in enumerate((State.CLOSED, State.REPORTED), start=1)
    ]
    import_history(source=Source("旧系统", cast.areas["district"]), drafts=drafts, actor=SYSTEM, at=cast.at)


def courses() -> dict[int, Course]:
    found = {}
    for chain in all_chains():
        course = chain.begin()
        for _, event in chain.events:
            course.follow(event)
        found[chain.order_id] = course
    return found


def check_what_the_chains_tell() -> None:
    """The chain alone tells what the row says: another verb that moves a count without a word fails here."""
    told = courses()
    for order in WorkOrder.objects.all():
        course = told[order.pk]
        assert (course.step, course.category_id) == (order.status, order.category_id)
        assert course.unit_id == order.lead_unit_id, order.pk
        assert course.settled_at == order.settled_at
        assert course.is_on_spot == order.is_settled_on_spot
        assert course.reported_at == order.reported_at
        assert course.channel == order.reports.order_by("pk")[0].channel if order.reports.exists() else True


@settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    beginnings=st.lists(firsts, min_size=1, max_size=3),
    course=st.lists(st.tuples(st.integers(0, 2), steps), min_size=14, max_size=14),
    usual=st.integers(0, len(USUAL)),
    batch=st.sampled_from((1, 2, 5, 500)),
    reads=st.sets(st.integers(0, 13)),
)
def test_a_replay_writes_the_same_rows_after_any_course(cast: Cast, beginnings, course, usual, batch, reads):
    with transaction.atomic():
        import_some(cast)
        orders = [begin(cast, first) for first in beginnings]
        at = cast.at
        for place, (which, made_up) in enumerate(course):
            step, order = made_up, orders[which % len(orders)]
            if place < usual:
                verb, person = USUAL[place]
                step = made_up | {"verb": verb, "person": person, "words": "办好了。", "unit": "property_unit",
                                  "seat": None, "stars": 5, "solved": True, "hours": 1}  # fmt: skip
                order = orders[0]
            at += timedelta(hours=step["hours"])
            press(cast, order, step, at)
            if place in reads:
                read_new_events(at=at, most=batch)
        compare_replays(batch)
        check_what_the_chains_tell()
        transaction.set_rollback(True)


def compare_replays(batch: int) -> None:
    """Rebuilt with events still unread and read on, or read on alone, or rebuilt at the end: the same rows."""
    part_read = list(stored_rows())
    rebuild_figures()
    assert list(stored_rows()) == part_read
    while read_new_events(at=Event.objects.latest("pk").recorded_at, most=batch):
        pass
    followed = list(stored_rows())
    assert not Stuck.objects.exists()
    rebuild_figures()
    assert list(stored_rows()) == followed
    counted = WorkOrder.objects.exclude(status="merged").count()
    assert sum(PlaceDay.objects.values_list("orders", flat=True)) == counted
    assert followed


def test_a_corrected_order_moves_from_one_row_to_another(cast, file, read):
    order = file()
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    read()
    at_first = PlaceDay.objects.get()
    assert (at_first.area_id, at_first.category_id, at_first.step) == (
        cast.areas["community"].pk,
        cast.categories["leak"].pk,
        "accepted",
    )
    desk = cast.actor("desk")
    recategorise_workorder(order_id=order.pk, category=cast.categories["lamp"], actor=desk, at=cast.at)
    relocate_workorder(order_id=order.pk, area=cast.areas["next_community"], actor=desk, at=cast.at)
    read()
    moved = PlaceDay.objects.get()
    assert (moved.area_id, moved.category_id, moved.orders) == (
        cast.areas["next_community"].pk,
        cast.categories["lamp"].pk,
        1,
    )


def test_what_is_not_read_yet_is_left_to_the_reader(cast, file, read):
    file()
    read()
    file()
    assert Unread.objects.count() == 1
    rebuild_figures()
    assert [row.orders for row in PlaceDay.objects.all()] == [1]
    read()
    assert [row.orders for row in PlaceDay.objects.all()] == [2]


def test_an_event_read_before_the_one_it_follows_waits(cast, file):
    order = file()
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    first, second = Event.objects.filter(subject_kind="workorder").order_by("seq")
    with pytest.raises(RowsMissing), transaction.atomic():
        read_events([second])
    read_events([first])
    read_events([second])
    assert [(row.step, row.orders) for row in PlaceDay.objects.all()] == [("accepted", 1)]


def test_the_command_heals_what_was_stuck_and_says_how_fast(cast, file, capsys):
    order = file()
    place = {"subject_kind": "workorder", "subject_id": order.pk, "seq": 1}
    Unread.objects.all().delete()
    Stuck.objects.create(reader="figures", error="ValueError", next_at=cast.at, **place)
    call_command("rebuild_figures")
    assert "1 orders" in capsys.readouterr().out
    assert not Stuck.objects.exists()
    assert PlaceDay.objects.get().orders == 1
    assert not UnitDay.objects.exists()
