"""A need of the register follows the order it became: done, taken up again, not done; its chief is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import Conflict, NotThere
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.register.actions import raise_need, reopen_need, tick_off_need
from louzhang.register.forms.courses import make_once
from louzhang.register.models import Asking, Need
from louzhang.workorders.forms.needs import NEED_BECOMES_ORDER
from louzhang.workorders.models import WorkOrder
from tests.cast import Cast

Do = Callable[..., WorkOrder]


@pytest.fixture
def need(cast: Cast) -> Need:
    """A lamp the whole building asked for, reported by its chief."""
    chief = cast.actor("chief")
    row = raise_need(
        summary="楼道灯不亮", asking=Asking.DELIBERATION, area=cast.areas["building"], actor=chief, at=cast.at
    )
    said = {"entry_id": "5c2f4f0e-2b0c-4f4e-9a52-3f6b0f1c2d3e", "category": "lamp", "words": "三楼楼道灯不亮，请修"}
    form = NEED_BECOMES_ORDER.form(said, need=row)
    make_once(NEED_BECOMES_ORDER, form, row, actor=chief, at=cast.at)
    row.refresh_from_db()
    return row


def told(need: Need) -> list[tuple[str, str]]:
    """Who was told what of a need."""
    rows = Notice.objects.filter(subject_kind="need", subject_id=need.pk).order_by("pk")
    return [(row.user.name if row.user else "", row.title) for row in rows]


def heard(need: Need, at: datetime) -> Need:
    read_new_events(at=at)
    need.refresh_from_db()
    return need


def test_a_need_is_ticked_off_with_its_order_and_opens_again_with_it(
    cast: Cast, need: Need, do: Do, later: Callable[[float], Any]
) -> None:
    order = WorkOrder.objects.get(number=need.reference)
    assert heard(need, later(1)).ticked_at is None
    assert do(order, "settle_on_spot", "chief", 2, note="灯已换好").status == "closed"
    assert heard(need, later(4)).ticked_at is not None
    words = Words.objects.filter(subject_kind="need", subject_id=need.pk).order_by("seq").last()
    assert words is not None
    assert words.spoken == {"words": f"{need.reference} 已办结，自动销号。"}
    assert told(need) == [("演示楼长", "一条需求办好了，请回头问一声")]
    do(order, "reopen", "chief", 5, reason="灯又不亮了")
    assert heard(need, later(6)).ticked_at is None
    assert [title for _, title in told(need)][-1] == "一条需求要重新办理"
    prove_journal()


def test_of_an_order_that_was_declined_the_chief_hears_and_the_need_stays_open(
    cast: Cast, need: Need, do: Do, later: Callable[[float], Any]
) -> None:
    do(WorkOrder.objects.get(), "decline", "desk", 2, reason="不归社区管", advice="请找物业")
    assert heard(need, later(3)).ticked_at is None
    assert told(need) == [("演示楼长", "一条需求转出去没有办成，请再看一下")]


def test_what_was_ticked_off_is_opened_again_by_who_keeps_the_place(cast: Cast, need: Need) -> None:
    chief = cast.actor("chief")
    with pytest.raises(Conflict):
        reopen_need(need_id=need.pk, actor=chief, at=cast.at)
    tick_off_need(need_id=need.pk, actor=chief, at=cast.at)
    with pytest.raises(NotThere):
        reopen_need(need_id=need.pk, actor=cast.actor("next_chief"), at=cast.at)
    assert reopen_need(need_id=need.pk, actor=chief, at=cast.at, words="只换了一盏").ticked_at is None
    assert Event.objects.filter(subject_kind="need", verb="reopen").count() == 1


def test_an_order_that_no_need_became_touches_none(cast: Cast, need: Need, report: Any, do: Do) -> None:
    other = report().order
    do(other, "decline", "desk", 2, reason="不归社区管", advice="请找物业")
    assert heard(need, cast.at).ticked_at is None
    assert told(need) == []
