"""The pages of the questions: asked on a phone, answered in two taps, turned into an order, shown when late."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.inquiries.lifecycle import InquiryState
from louzhang.inquiries.models import Inquiry
from louzhang.kit import clock
from louzhang.workorders.models import Report, WorkOrder

OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
KEEPERS = {"chief", "next_chief", "grid_worker", "grid_lead", "stranger_chief"}
PLACES = {
    "inquiries:ask": "everybody",
    "inquiries:mine": "everybody",
    "inquiries:field": KEEPERS,
    "inquiries:desk": OFFICES,
}
OF_ONE = {
    "inquiries:one": set(),
    "inquiries:turn": set(),
    "inquiries:field_one": {"chief", "grid_worker", "grid_lead"},
    "inquiries:field_turn": {"chief", "grid_worker", "grid_lead"},
    "inquiries:desk_one": {"desk", "secretary"},
    "inquiries:desk_turn": {"desk", "secretary"},
}


def asked(cast, client, **changes):
    given = {
        "community": cast.areas["community"].pk,
        "building": cast.areas["building"].pk,
        "stairwell": cast.areas["stairwell"].pk,
        "words": "老年卡在哪里办？",
        "entry_id": str(uuid4()),
    }
    return client.post(reverse("inquiries:ask"), given | changes)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_who_opens_which_list(cast, browser_of, name):
    everybody = {"", *cast.people}
    opened = {key for key in everybody if browser_of(key).get(reverse(name)).status_code == 200}
    assert opened == (everybody if PLACES[name] == "everybody" else PLACES[name])


@pytest.mark.parametrize("name", sorted(OF_ONE))
def test_who_opens_a_question(cast, browser_of, ask, name):
    url = reverse(name, args=[ask().uid])
    opened = {key for key in ["", *cast.people] if browser_of(key).get(url).status_code == 200}
    assert opened == OF_ONE[name]


def test_a_phone_without_an_account_asks_and_reads_the_answer(cast, browser_of):
    phone = browser_of("")
    phone.get(reverse("inquiries:ask"))
    sent = asked(cast, phone)
    assert sent.status_code == 302
    inquiry = Inquiry.objects.get()
    worker = browser_of("grid_worker")
    assert "等您回答" in worker.get(reverse("field:today")).content.decode()
    page = worker.get(reverse("inquiries:field_one", args=[inquiry.uid])).content.decode()
    assert "老年卡在哪里办" in page
    assert "data-fill=" in page
    given = {"answer": "带身份证到社区办。", "entry_id": str(uuid4())}
    assert worker.post(reverse("inquiries:field_one", args=[inquiry.uid]), given).status_code == 302
    assert "有新的回答" in phone.get(reverse("phone:home")).content.decode()
    assert "带身份证到社区办。" in phone.get(sent["Location"]).content.decode()
    closed = phone.post(reverse("inquiries:close", args=[inquiry.uid]), {"entry_id": str(uuid4())})
    assert closed.status_code == 302
    assert Inquiry.objects.get().status == InquiryState.CLOSED


def test_the_same_question_sent_twice_is_asked_once(cast, browser_of):
    phone, entry = browser_of(""), str(uuid4())
    phone.get(reverse("inquiries:ask"))
    first, second = (asked(cast, phone, entry_id=entry) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Inquiry.objects.count() == 1


def test_a_question_without_a_place_keeps_what_was_typed(cast, browser_of):
    phone = browser_of("")
    phone.get(reverse("inquiries:ask"))
    answer = asked(cast, phone, community="")
    assert answer.status_code == 400
    assert "老年卡在哪里办" in answer.content.decode()
    assert "还没有选地点" in answer.content.decode()


def test_a_phone_that_asks_too_often_is_told_when_to_try_again(cast, browser_of):
    phone = browser_of("")
    phone.get(reverse("inquiries:ask"))
    statuses = [asked(cast, phone).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]


def test_both_sides_turn_a_question_into_an_order(cast, browser_of, ask):
    inquiry = ask(words="三楼灯不亮，找谁？")
    worker = browser_of("grid_worker")
    url = reverse("inquiries:field_turn", args=[inquiry.uid])
    assert "三楼灯不亮，找谁？" in worker.get(url).content.decode()
    missing = worker.post(url, {"words": "", "category": "lamp", "entry_id": str(uuid4())})
    assert missing.status_code == 400
    done = worker.post(url, {"words": "三楼灯不亮", "category": "lamp", "entry_id": str(uuid4())})
    assert (done.status_code, done["Location"]) == (302, reverse("field:one", args=[WorkOrder.objects.get().number]))
    assert Report.objects.get().device_hash == cast.device.device
    again = worker.post(url, {"words": "三楼灯不亮", "category": "lamp", "entry_id": str(uuid4())})
    assert again.status_code == 409


def test_the_asker_turns_it_on_the_own_phone(cast, browser_of):
    phone = browser_of("")
    phone.get(reverse("inquiries:ask"))
    asked(cast, phone)
    inquiry = Inquiry.objects.get()
    url = reverse("inquiries:turn", args=[inquiry.uid])
    done = phone.post(url, {"words": "三楼灯不亮", "category": "lamp", "entry_id": str(uuid4())})
    assert done["Location"] == reverse("phone:one", args=[WorkOrder.objects.get().number])
    assert phone.get(done["Location"]).status_code == 200


def test_a_complaint_is_made_elsewhere(cast, browser_of, ask):
    url = reverse("inquiries:field_turn", args=[ask().uid])
    given = {"words": "投诉", "category": "complaint", "entry_id": str(uuid4())}
    answer = browser_of("grid_worker").post(url, given)
    assert answer.status_code == 400
    assert "随手拍" in answer.content.decode()


def test_the_desk_finds_what_nobody_has_answered_in_time(cast, browser_of, ask):
    ask(at=clock.now() - timedelta(hours=25))
    ask(words="刚问的", at=clock.now())
    page = browser_of("desk").get(reverse("inquiries:desk")).content.decode()
    assert "老年卡在哪里办" in page
    assert "刚问的" not in page


def test_a_number_is_shown_masked_and_opened_with_a_reason(cast, browser_of, ask):
    inquiry = ask(phone="13911112222")
    worker = browser_of("grid_worker")
    assert "13911112222" not in worker.get(reverse("inquiries:field_one", args=[inquiry.uid])).content.decode()
    opened = worker.post(reverse("inquiries:reveal", args=[inquiry.uid]), {"reason": "打电话问清楚"})
    assert "13911112222" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"


def test_the_pages_cost_at_most_twelve_queries(cast, browser_of, ask, django_assert_max_num_queries):
    inquiry = ask(phone="13911112222")
    worker, desk, phone = browser_of("grid_worker"), browser_of("desk"), browser_of("")
    for client, name, args in (
        (worker, "inquiries:field", []),
        (worker, "inquiries:field_one", [inquiry.uid]),
        (worker, "field:today", []),
        (desk, "inquiries:desk", []),
        (desk, "inquiries:desk_one", [inquiry.uid]),
        (desk, "desk:inbox", []),
        (phone, "inquiries:ask", []),
        (phone, "phone:home", []),
    ):
        client.get(reverse(name, args=args))
        with django_assert_max_num_queries(12):
            assert client.get(reverse(name, args=args)).status_code == 200
