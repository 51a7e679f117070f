"""Whatever is merged and taken apart in whatever order: every report is counted once, and goes home in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.refusals import Refusal
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import VERBS, Draft, report_too, report_workorder
from louzhang.workorders.models import Channel, PublicLine, Report, WorkOrder
from tests.cast import Cast, make_cast

ORDERS = 5
steps = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(
            ("merge", "merge", "gather", "unmerge", "unmerge", "split_off", "accept", "dispatch", "take", "settle",
             "report_back", "reopen", "decline", "announce", "unannounce", "join")
        ),
        "one": st.integers(0, ORDERS - 1),
        "other": st.integers(0, ORDERS - 1),
        "more": st.integers(0, ORDERS - 1),
    }
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def phone(number: int) -> Actor:
    return Actor(kind=ActorKind.DEVICE, device=f"{number:064d}")


def draft(cast: Cast, **more: Any) -> Draft:
    facts: dict[str, Any] = {
        "channel": Channel.RESIDENT,
        "category": cast.categories["lamp"],
        "area": cast.areas["stairwell"],
    }
    return Draft(**facts, words="灯不亮。", **more)


def press(cast: Cast, step: dict[str, Any], orders: list[WorkOrder], number: int) -> None:
    one, other, more = (orders[step[name]] for name in ("one", "other", "more"))
    verb, at = step["verb"], cast.at + timedelta(hours=number)
    if verb == "join":
        line = PublicLine.objects.filter(order=one, ended_at=None).first()
        if line is not None:
            report_too(draft=draft(cast, same=line.uid), actor=phone(100 + number), at=at)
        return
    given: dict[str, Any] = {
        "merge": {"into": other.number},
        "gather": {"others": [other.number, more.number]},
        "split_off": {"other": other.number},
        "dispatch": {"unit": cast.units["property_unit"]},
        "settle": {"note": "换好了。"},
        "report_back": {"answer": "换好了。"},
        "reopen": {"reason": "又坏了。"},
        "decline": {"reason": "不归社区管。", "advice": "请找物业。"},
        "announce": {"words": "灯不亮，已交物业。"},
    }.get(verb, {})
    person = "property" if verb in ("take", "settle") else "desk"
    action: Any = VERBS[verb]
    action(order_id=one.pk, actor=cast.actor(person), at=at, **given)


def check() -> None:
    rows = WorkOrder.objects.in_bulk()
    for order in rows.values():
        assert order.report_count == Report.objects.filter(order=order).count(), order.number
        assert (order.status == "merged") == (order.merged_into_id is not None)
        assert order.status != "merged" or order.report_count == 0
    for report in Report.objects.all():
        assert report.home_id != report.order_id
        assert report.home_id is None or rows[report.home_id].status == "merged"


@settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(course=st.lists(steps, min_size=18, max_size=18))
def test_any_course_of_merging_counts_every_report_once(cast: Cast, course):
    lamp = cast.categories["lamp"]
    lamp.is_public_space = True
    lamp.save(update_fields=["is_public_space"])
    with transaction.atomic():
        orders = [
            report_workorder(draft=draft(cast), actor=phone(number), at=cast.at).order for number in range(ORDERS)
        ]
        for number, step in enumerate(course):
            said = "。"
            try:
                with transaction.atomic():
                    press(cast, step, orders, number)
            except Refusal as refusal:
                said = refusal.message
            assert said.endswith("。")
            check()
        prove_journal()
        transaction.set_rollback(True)
