"""Requests of pages and programs: parsed once, carried out once."""

import uuid

import pytest

from louzhang.journal.models import Event, RequestKey
from louzhang.journal.refusals import Conflict, InputRefused, TransitionRefused
from louzhang.kit import crypto
from louzhang.workorders.forms import ReportForm, file_report, perform, verb_form
from louzhang.workorders.models import Channel, Report, WorkOrder

ENTRY = uuid.UUID("00000000-0000-4000-8000-000000000001")


def burst_pipe(cast, **changes):
    return {
        "entry_id": str(ENTRY),
        "category": "leak",
        "words": "水管爆了",
        "area": str(cast.areas["stairwell"].pk),
        "phone": "139 0000 9999",
        "answer_way": "phone",
    } | changes


def file(cast, **changes):
    return file_report(ReportForm(burst_pipe(cast, **changes)), channel=Channel.RESIDENT, actor=cast.device, at=cast.at)


def test_a_repeated_submit_files_one_report_and_gets_the_same_code(cast):
    first, second = file(cast), file(cast)
    assert first == second
    assert WorkOrder.objects.count() == 1
    assert Report.objects.get().tracking_hash == crypto.token_hash(first.tracking_code)


def test_the_code_stands_nowhere_in_plain(cast):
    receipt = file(cast)
    assert receipt.tracking_code not in str(list(RequestKey.objects.values())) + str(list(Event.objects.values()))


def test_the_same_key_with_other_words_is_a_conflict(cast):
    file(cast)
    with pytest.raises(Conflict):
        file(cast, words="别的事")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "水" * 6000}, "words"),
        ({"category": "nothing"}, "category"),
        ({"area": "999999"}, "area"),
        ({"area": ""}, "area"),
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"answer_way": "visit"}, "door"),
        ({"category": "complaint"}, "target"),
        ({"category": "complaint", "target": "post:999999"}, "target"),
        ({"longitude": "120"}, "area"),
        ({"photos": ["not-an-id"]}, "photos"),
        ({"photos": [str(ENTRY)]}, "photos"),
    ],
)
def test_wrong_input_is_refused_by_its_field_and_stores_nothing(cast, changes, field):
    with pytest.raises(InputRefused) as refusal:
        file(cast, **changes)
    assert refusal.value.field == field
    assert WorkOrder.objects.count() == Event.objects.filter(subject_kind="workorder").count() == 0


def test_pressing_a_verb_twice_is_one_act(cast, report):
    filed = report()
    desk = cast.actor("desk")
    data = {"entry_id": str(ENTRY), "note": ""}
    answers = [
        perform("accept", number=filed.order.number, form=verb_form("accept", data), actor=desk, at=cast.at)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Event.objects.filter(subject_kind="workorder", verb="accept").count() == 1


def test_a_stale_page_learns_the_state_before_its_missing_input(cast, report):
    filed = report()
    desk = cast.actor("desk")
    with pytest.raises(TransitionRefused, match="待受理"):
        perform("dispatch", number=filed.order.number, form=verb_form("dispatch", {}), actor=desk, at=cast.at)
