"""The pages of mediation: the mediator's, the sides', and what desk and above get to see."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.kit import clock
from louzhang.mediation.actions import add_party, agree, talk
from louzhang.mediation.models import Mediation, Party
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel

OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
UNITS = {"department", "department_lead", "property", "other_property", "owners", "enforcement"}
KEEPERS = {"stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "stranger_chief"}
SECRET = "楼上夜里有噪声"


def post(client, address, /, *args, **given):
    return client.post(reverse(address, args=args), {"entry_id": str(uuid4())} | given)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("mediation:list", OFFICES | UNITS | KEEPERS),
        ("mediation:start", OFFICES | KEEPERS),
    ],
)
def test_who_opens_which_page(cast, browser_of, name, who):
    opened = {key for key in ["", *cast.people] if browser_of(key).get(reverse(name)).status_code == 200}
    assert opened == who


def test_who_opens_one_and_who_reads_what_it_is_about(cast, browser_of, start):
    url = reverse("mediation:one", args=[start().uid])
    opened, read = set(), set()
    for key in ["", *cast.people]:
        answer = browser_of(key).get(url)
        opened |= {key} if answer.status_code == 200 else set()
        read |= {key} if SECRET in answer.content.decode() else set()
    assert opened == {"chief", "desk", "secretary", "street", "commander"}
    assert read == {"chief"}


def test_a_chief_mediates_from_the_first_word_to_the_printed_agreement(cast, browser_of):
    chief = browser_of("chief")
    begun = post(chief, "mediation:start", area=cast.areas["building"].pk, words=SECRET)
    mediation = Mediation.objects.get()
    assert begun["Location"] == reverse("mediation:one", args=[mediation.uid])
    for name in ("王大明", "李小红"):
        assert post(chief, "mediation:move", mediation.uid, "add_party", name=name).status_code == 302
    today = clock.local_date(clock.now())
    given = {"talked_on": today.isoformat(), "words": "双方都说了话。"}
    assert post(chief, "mediation:move", mediation.uid, "talk", **given).status_code == 302
    assert chief.post(reverse("mediation:agreement", args=[mediation.uid])).status_code == 409
    page = chief.get(reverse("mediation:move", args=[mediation.uid, "agree"])).content.decode()
    assert "哪一天回访" in page
    given = {"terms": "十点后不动家具。", "follow_up_on": (today + timedelta(days=14)).isoformat()}
    assert post(chief, "mediation:move", mediation.uid, "agree", **given).status_code == 302
    paper = chief.post(reverse("mediation:agreement", args=[mediation.uid])).content.decode()
    assert all(words in paper for words in ("王大明", "李小红", "十点后不动家具。", "签字"))
    stale = post(chief, "mediation:move", mediation.uid, "talk", talked_on=today.isoformat(), words="又谈")
    assert stale.status_code == 409


def test_a_wrong_input_keeps_what_was_typed(cast, browser_of, start):
    answer = post(browser_of("chief"), "mediation:move", start().uid, "talk", words="谈了很久", talked_on="")
    assert answer.status_code == 400
    assert "谈了很久" in answer.content.decode()


def test_a_side_reads_it_on_the_own_phone_by_the_code(cast, browser_of, start):
    mediation = start()
    party = add_party(mediation_id=mediation.pk, name="王大明", actor=cast.actor("chief"), at=cast.at)
    phone, stranger = browser_of(""), browser_of("")
    assert phone.post(reverse("mediation:open"), {"code": "wrong"}).status_code == 404
    code = Party.objects.get(pk=party.pk).open_field("code")
    opened = phone.post(reverse("mediation:open"), {"code": code.lower()})
    assert opened.status_code == 302
    assert SECRET in phone.get(opened["Location"]).content.decode()
    assert stranger.get(opened["Location"]).status_code == 404


def test_the_desk_hands_on_from_its_page_without_reading(cast, browser_of, start):
    mediation = start()
    desk = browser_of("desk")
    page = desk.get(reverse("mediation:move", args=[mediation.uid, "hand_on"])).content.decode()
    assert SECRET not in page
    given = {"mediator": cast.people["grid_worker"].pk}
    assert post(desk, "mediation:move", mediation.uid, "hand_on", **given).status_code == 302
    assert Mediation.objects.get().mediator_id == cast.people["grid_worker"].pk
    assert post(desk, "mediation:move", mediation.uid, "talk", talked_on="2026-03-02", words="x").status_code == 403


def test_an_order_offers_to_start_one_and_then_shows_its_state(cast, browser_of):
    draft = Draft(
        channel=Channel.RESIDENT, category=cast.categories["lamp"], area=cast.areas["building"], words="楼上吵"
    )
    order = report_workorder(draft=draft, actor=cast.device, at=cast.at).order
    chief, url = browser_of("chief"), f"{reverse('mediation:start')}?order={order.number}"
    assert f"?order={order.number}" in chief.get(reverse("field:one", args=[order.number])).content.decode()
    assert chief.post(url, {"words": SECRET, "entry_id": str(uuid4())}).status_code == 302
    for key, name in (("chief", "field:one"), ("desk", "desk:order")):
        page = browser_of(key).get(reverse(name, args=[order.number])).content.decode()
        assert "矛盾调解：已发起" in page
        assert SECRET not in page
    assert browser_of("stranger_chief").get(url).status_code == 404


def test_a_number_is_opened_with_a_reason(cast, browser_of, start):
    mediation = start()
    party = add_party(
        mediation_id=mediation.pk, name="王大明", phone="13911112222", actor=cast.actor("chief"), at=cast.at
    )
    chief = browser_of("chief")
    assert "13911112222" not in chief.get(reverse("mediation:one", args=[mediation.uid])).content.decode()
    url = reverse("mediation:reveal", args=[mediation.uid, party.pk])
    opened = chief.post(url, {"what": "phone", "reason": "约时间谈话"})
    assert "13911112222" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"


def test_the_pages_cost_at_most_twelve_queries(cast, browser_of, start, django_assert_max_num_queries):
    mediation = start()
    act = {"mediation_id": mediation.pk, "actor": cast.actor("chief"), "at": cast.at}
    for name in ("王大明", "李小红"):
        add_party(**act, name=name)
    talk(**act, talked_on=clock.local_date(cast.at), words="谈了。")
    agree(**act, terms="各让一步。", follow_up_on=clock.local_date(cast.at) + timedelta(days=9))
    for key, name, args in (
        ("chief", "mediation:list", []),
        ("chief", "mediation:one", [mediation.uid]),
        ("chief", "mediation:move", [mediation.uid, "follow_up"]),
        ("desk", "mediation:list", []),
        ("desk", "mediation:one", [mediation.uid]),
        ("chief", "field:today", []),
    ):
        client = browser_of(key)
        client.get(reverse(name, args=args))
        with django_assert_max_num_queries(12):
            assert client.get(reverse(name, args=args)).status_code == 200
