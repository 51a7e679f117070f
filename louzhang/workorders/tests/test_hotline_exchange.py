"""An order of the hotline keeps its number; its answer is typed once and goes back once."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import python_calamine
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import Conflict, NotYours
from louzhang.workorders.actions import Draft, decline_workorder
from louzhang.workorders.actions.exchange import send_replies, take_from_hotline, take_replies_back
from louzhang.workorders.models import AnswerWay, Channel, HotlineReply, Report, WorkOrder
from louzhang.workorders.queries import Filters, list_orders
from louzhang.workorders.queries.exchange import replies_seen, reply_lines
from tests.cast import MORNING, Cast, browser_as

NUMBER = "HL-2026-0042"


@pytest.fixture(autouse=True)
def clock_of_the_test() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return Draft(
        channel=Channel.API,
        category=cast.categories["leak"],
        area=cast.areas["stairwell"],
        words="热线转来：楼道漏水。",
        answer_way=AnswerWay.HERE,
        hotline_number=NUMBER,
    )


@pytest.fixture
def declined(cast: Cast, draft: Draft) -> WorkOrder:
    """An order of the hotline, answered by a decline that the readers have read."""
    order = take_from_hotline(draft=draft, actor=cast.actor("desk"), at=cast.at).order
    decline_workorder(
        order_id=order.pk, reason="不属于本区。", advice="请找邻区。", actor=cast.actor("desk"), at=cast.at
    )
    read_new_events(at=cast.at)
    return order


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    return lambda key: browser_as(cast, key, label="办公电脑", at=cast.at)


def test_an_order_keeps_the_number_of_the_hotline_and_is_found_by_it(cast: Cast, draft: Draft) -> None:
    desk = cast.actor("desk")
    order = take_from_hotline(draft=draft, actor=desk, at=cast.at).order
    assert (order.source, order.source_number) == ("12345", NUMBER)
    assert Report.objects.get(order=order).channel == Channel.HOTLINE
    assert list(list_orders(desk, Filters(number=NUMBER))) == [order]


def test_the_same_number_again_is_the_same_order(cast: Cast, draft: Draft) -> None:
    desk = cast.actor("desk")
    first = take_from_hotline(draft=draft, actor=desk, at=cast.at)
    again = take_from_hotline(draft=replace(draft, words="再来一次"), actor=desk, at=cast.at)
    assert again.order == first.order
    assert again.tracking_code == ""
    assert WorkOrder.objects.count() == 1


def test_nobody_but_an_office_takes_orders_of_the_hotline(cast: Cast, draft: Draft) -> None:
    with pytest.raises(NotYours):
        take_from_hotline(draft=draft, actor=cast.actor("chief"), at=cast.at)


def test_a_page_without_a_signal_from_the_hotline_cannot_claim_its_number(cast: Cast, report: Any) -> None:
    filed = report(hotline_number=NUMBER)
    assert (filed.order.source, filed.order.source_number) == ("", "")


def test_an_answer_waits_to_be_told_once_with_the_words_that_were_typed(cast: Cast, declined: WorkOrder) -> None:
    (line,) = reply_lines(HotlineReply.objects.all())
    assert (line.hotline_number, line.number) == (NUMBER, declined.number)
    assert line.words == "不属于本区。\n请找邻区。"


def test_an_order_from_elsewhere_waits_for_nothing(cast: Cast, report: Any) -> None:
    order = report().order
    decline_workorder(order_id=order.pk, reason="不属于。", advice="请找。", actor=cast.actor("desk"), at=cast.at)
    read_new_events(at=cast.at)
    assert not HotlineReply.objects.exists()


def test_what_is_taken_is_taken_once_and_logged_and_can_be_put_back(cast: Cast, declined: WorkOrder) -> None:
    desk = cast.actor("desk")
    assert [reply.order_id for reply in send_replies(actor=desk, at=cast.at)] == [declined.pk]
    assert send_replies(actor=desk, at=cast.at) == []
    assert Reveal.objects.filter(what="export").count() == 2
    assert take_replies_back(sent_at=cast.at, actor=desk) == 1
    with pytest.raises(Conflict):
        take_replies_back(sent_at=cast.at, actor=desk)
    assert len(send_replies(actor=desk, at=cast.at)) == 1


def test_another_persons_taking_is_not_put_back(cast: Cast, declined: WorkOrder) -> None:
    send_replies(actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict):
        take_replies_back(sent_at=cast.at, actor=cast.actor("commander"))


def test_a_strangers_office_sees_and_takes_nothing(cast: Cast, declined: WorkOrder) -> None:
    assert send_replies(actor=cast.actor("stranger_desk"), at=cast.at) == []


def test_the_page_hands_out_a_workbook_and_then_has_nothing_left(cast: Cast, declined: WorkOrder, browser_of) -> None:
    client = browser_of("desk")
    assert NUMBER in client.get("/desk/hotline/").content.decode()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(client.post("/desk/hotline/take/").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:4] == [NUMBER, declined.number, "没有受理", "不属于本区。\n请找邻区。"]
    again = client.post("/desk/hotline/take/")
    assert again.status_code == 409
    page = client.get("/desk/hotline/").content.decode()
    assert "没有要回传的答复" in page
    sent_at = HotlineReply.objects.get().sent_at
    assert sent_at is not None
    client.post("/desk/hotline/put-back/", {"sent_at": sent_at.isoformat()})
    assert NUMBER in client.get("/desk/hotline/").content.decode()
    assert client.post("/desk/hotline/put-back/", {"sent_at": "gestern"}).status_code == 409


def test_the_search_box_knows_the_number_of_the_hotline(
    declined: WorkOrder, browser_of: Callable[[str], Client]
) -> None:
    response = browser_of("desk").post("/desk/find/", {"q": NUMBER})
    assert response["Location"] == f"/desk/orders/{declined.number}/"


def test_a_sheet_with_numbers_of_the_hotline_brings_each_in_once(cast: Cast, browser_of) -> None:
    client = browser_of("desk")
    sheet = f"类别,楼栋,内容,热线工单号\n漏水,12号楼,漏水了,{NUMBER}\n漏水,12号楼,灯坏了,\n"
    for _ in range(2):
        page = client.post("/desk/reports/upload/", {"file": SimpleUploadedFile("热线.csv", sheet.encode())})
        form = page.context["store_form"]
        client.post("/desk/reports/upload/store/", {name: form.initial[name] for name in ("entry_id", "rows")})
    assert WorkOrder.objects.filter(source="12345", source_number=NUMBER).count() == 1
    assert WorkOrder.objects.filter(source="").count() == 2


def _program_of(cast: Cast, key: str) -> Client:
    _, token = make_api_token(
        user=cast.people[key], label="热线", is_read_only=False, actor=cast.actor(key), at=cast.at
    )
    return Client(headers={"authorization": f"Bearer {token}"})


def test_a_program_brings_an_order_reads_the_answer_and_says_that_it_arrived(cast: Cast, browser_of) -> None:
    client = _program_of(cast, "desk")

    def post(path: str, body: dict[str, Any], key: str) -> Any:
        return client.post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers={"idempotency-key": key}
        )

    body = {"category": "leak", "words": "漏水", "area": cast.areas["stairwell"].pk, "hotline_number": NUMBER}
    number = post("reports", body, "1").json()["number"]
    assert post("reports", body, "2").json()["number"] == number
    post(f"workorders/{number}/decline", {"reason": "不属于。", "advice": "请找。"}, "3")
    read_new_events(at=cast.at)
    (row,) = client.get("/api/v1/exchange/replies").json()["rows"]
    assert (row["hotline_number"], row["words"]) == (NUMBER, "不属于。\n请找。")
    key = str(uuid.uuid4())
    assert post("exchange/replies/taken", {"ids": [row["id"]]}, key).json() == {"ids": [row["id"]]}
    assert post("exchange/replies/taken", {"ids": [row["id"]]}, key).json() == {"ids": [row["id"]]}
    assert post("exchange/replies/taken", {"ids": [row["id"]]}, "4").json() == {"ids": []}
    assert client.get("/api/v1/exchange/replies").json()["rows"] == []


def test_a_program_of_no_office_is_refused(cast: Cast) -> None:
    assert _program_of(cast, "chief").get("/api/v1/exchange/replies").status_code == 403


def test_who_only_had_or_reported_an_order_of_the_hotline_gets_no_answers_of_it(
    cast: Cast, declined: WorkOrder
) -> None:
    other = cast.units["other_community_office"]
    WorkOrder.objects.filter(pk=declined.pk).update(involved_unit_ids=[other.pk])
    former = cast.actor("stranger_desk")
    assert WorkOrder.objects.visible_to(former).filter(pk=declined.pk).exists()
    assert not replies_seen(former).exists()
    assert send_replies(actor=former, at=cast.at) == []
    assert [reply.order_id for reply in send_replies(actor=cast.actor("street"), at=cast.at)] == [declined.pk]


def test_an_order_of_the_hotline_that_was_merged_is_given_back_when_it_comes_again(
    cast: Cast, draft: Draft, report: Callable[..., Any], do: Callable[..., WorkOrder]
) -> None:
    first = report().order
    taken = take_from_hotline(draft=draft, actor=cast.actor("desk"), at=cast.at)
    do(taken.order, "merge", "desk", into=first.number)
    again = take_from_hotline(draft=draft, actor=cast.actor("desk"), at=cast.at)
    assert (again.order.pk, again.report.pk, again.tracking_code) == (taken.order.pk, taken.report.pk, "")


def test_the_answer_of_the_order_it_was_merged_into_goes_back_to_the_hotline_once(
    cast: Cast, draft: Draft, report: Callable[..., Any], do: Callable[..., WorkOrder]
) -> None:
    lead = report().order
    taken = take_from_hotline(draft=draft, actor=cast.actor("desk"), at=cast.at).order
    second = take_from_hotline(draft=replace(draft, hotline_number="HL-2"), actor=cast.actor("desk"), at=cast.at).order
    do(second, "merge", "desk", into=taken.number)
    do(taken, "merge", "desk", into=lead.number)
    do(lead, "accept", "desk")
    do(lead, "dispatch", "desk", unit=cast.units["property_unit"])
    do(lead, "take", "property")
    do(lead, "settle", "property", note="阀门换好了")
    do(lead, "report_back", "desk", answer="阀门已经换好，请放心使用。")
    read_new_events(at=cast.at)
    read_new_events(at=cast.at)
    waiting = send_replies(actor=cast.actor("desk"), at=cast.at)
    lines = reply_lines(waiting)
    assert [(line.hotline_number, line.words, line.unit) for line in lines] == [
        (NUMBER, "阀门已经换好，请放心使用。", "演示安居物业"),
        ("HL-2", "阀门已经换好，请放心使用。", "演示安居物业"),
    ]
    assert send_replies(actor=cast.actor("desk"), at=cast.at) == []


def test_an_order_taken_out_again_waits_for_its_own_answer(
    cast: Cast, draft: Draft, report: Callable[..., Any], do: Callable[..., WorkOrder]
) -> None:
    lead = report().order
    taken = take_from_hotline(draft=draft, actor=cast.actor("desk"), at=cast.at).order
    do(taken, "merge", "desk", into=lead.number)
    do(taken, "unmerge", "desk")
    do(lead, "decline", "desk", reason="不属于。", advice="请找邻区。")
    read_new_events(at=cast.at)
    assert not HotlineReply.objects.exists()
