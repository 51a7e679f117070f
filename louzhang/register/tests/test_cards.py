"""Contact cards and the page of a building: what residents read, today's digits, and what is never shown."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts import limits
from louzhang.accounts.limits import LIMITS
from louzhang.areas.actions import end_post, name_stand_in
from louzhang.areas.models import Unit
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.actions.cards import make_card
from louzhang.register.models import Card
from louzhang.register.queries.cards import public_card, whose_code
from louzhang.register.tests.conftest import Homes
from louzhang.register.visit_codes import code_of, is_code_of
from tests.cast import Cast, browser_as

OWN_PHONE = "13900000001"


@pytest.fixture
def card(cast: Cast) -> Card:
    return make_card(
        post_id=cast.posts["chief"].pk, hours="晚饭后", duties="照看12号楼", actor=cast.actor("chief"), at=cast.at
    )


def shown(card: Card, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(reverse("cards:card", args=[card.uid]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_digits_change_every_day_and_with_every_post() -> None:
    days = [code_of(1, date(2026, 3, day)) for day in range(1, 29)]
    assert len(set(days)) == 28
    assert code_of(1, date(2026, 3, 1)) != code_of(2, date(2026, 3, 1))
    assert all(len(code) == 6 and code.isdecimal() for code in days)
    assert is_code_of(1, date(2026, 3, 1), f" {days[0][:3]} {days[0][3:]} ")
    assert not is_code_of(1, date(2026, 3, 2), days[0])
    assert not is_code_of(1, date(2026, 3, 1), "")


def test_a_card_says_who_and_the_community_and_no_number_of_ones_own_unless_chosen(cast: Cast, card: Card) -> None:
    Unit.objects.filter(office_area=cast.areas["community"]).update(phone="024-5550101")
    page = shown(card)
    assert [
        words for words in ("演示楼长", "照看12号楼", "晚饭后", "024-5550101", "不要身份证") if words not in page
    ] == []
    assert OWN_PHONE not in page
    chosen = make_card(post_id=cast.posts["chief"].pk, phone=OWN_PHONE, actor=cast.actor("chief"), at=cast.at)
    assert OWN_PHONE in shown(chosen)
    assert OWN_PHONE not in chosen.phone_sealed


def test_todays_digits_are_checked_and_yesterdays_are_not_right(cast: Cast, card: Card) -> None:
    browser, url = Client(), reverse("cards:card", args=[card.uid])
    today = clock.local_date(clock.now())
    code = code_of(card.post_id, today)
    assert code not in shown(card)
    right = browser.post(url, {"code": f"{code[:3]} {code[3:]}"}).content.decode()
    wrong = browser.post(url, {"code": code_of(card.post_id, today - timedelta(days=1))}).content.decode()
    assert ("数对得上" in right, "数对得上" in wrong, "数对不上" in wrong) == (True, False, True)
    assert browser.post(url, {"code": "12"}).status_code == 400
    tries = [browser.post(url, {"code": "000000"}).status_code for _ in range(20)]
    assert tries[-1] == 429


def test_the_community_reads_on_a_call_whose_digits_they_are(cast: Cast, card: Card) -> None:
    code = code_of(card.post_id, clock.local_date(cast.at))
    found = whose_code(cast.actor("desk"), code, cast.at)
    assert [one.spoken for one in found] == ["楼长 演示楼长"]
    assert whose_code(cast.actor("stranger_desk"), code, cast.at) == []
    assert whose_code(cast.actor("chief"), code, cast.at) == []
    page = browser_as(cast, "desk").post(
        reverse("register:visitor"), {"code": code_of(card.post_id, clock.local_date(clock.now()))}
    )
    assert "楼长 演示楼长" in page.content.decode()


def test_nobody_at_the_desk_tries_all_digits(cast: Cast, card: Card) -> None:
    desk, url = browser_as(cast, "desk"), reverse("register:visitor")
    most = LIMITS["visit.desk"][0].most
    for _ in range(most):
        limits.refuse_too_often({"visit.desk": str(cast.people["desk"].pk)}, clock.now())
    assert desk.post(url, {"code": "000000"}).status_code == 429


def test_only_the_holder_makes_a_card_and_a_stand_in_stands_on_it(cast: Cast, card: Card) -> None:
    post = cast.posts["chief"]
    name_stand_in(post=post, stand_in=cast.people["next_chief"], actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotThere, match="由任职的本人来做"):
        make_card(post_id=post.pk, actor=cast.actor("next_chief"), at=cast.at)
    with pytest.raises(NotThere):
        make_card(post_id=post.pk, actor=cast.actor("grid_worker"), at=cast.at)
    page = shown(card)
    assert cast.people["next_chief"].masked_name in page
    assert cast.people["next_chief"].name not in page


def test_a_card_is_changed_by_who_holds_the_post_and_seen_by_nobody_else_inside(cast: Cast, card: Card) -> None:
    assert {key for key, actor in cast.everyone().items() if Card.objects.visible_to(actor).exists()} == {"chief"}
    with pytest.raises(TypeError):
        Card.objects.visible_to(None)  # type: ignore[arg-type]


def test_a_card_ends_with_its_post(cast: Cast, card: Card) -> None:
    end_post(post=cast.posts["chief"], ends_on=clock.local_date(cast.at), actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotThere, match="已经停用"):
        public_card(card.uid, cast.at + timedelta(days=1))
    answer = Client().get(reverse("cards:card", args=[card.uid]))
    assert (answer.status_code, "先打社区电话核实" in answer.content.decode()) == (404, True)
    assert Client().get(reverse("cards:card", args=[uuid.UUID(int=1)])).status_code == 404


def test_the_page_of_a_building_names_who_looks_after_it_and_tells_nothing_of_its_homes(
    cast: Cast, homes: Homes, card: Card
) -> None:
    page = Client().get(reverse("cards:house", args=[cast.areas["building"].uid])).content.decode()
    worker, head = cast.people["grid_worker"], cast.people["stairwell_head"]
    seen = (
        "演示楼长",
        worker.masked_name,
        head.masked_name,
        f"/report/?place={cast.areas['building'].pk}",
        "testserver",
    )
    assert [words for words in seen if words not in page] == []
    hidden = (
        worker.name,
        head.name,
        "空置",
        "关照",
        "301",
        "演示父亲",
        "套房屋",
    )
    assert [words for words in hidden if words in page] == []
    report = Client().get(f"/report/?place={cast.areas['building'].pk}").content.decode()
    assert "12号楼" in report


@pytest.mark.parametrize("name", ["card_print", "poster"])
def test_what_is_printed_carries_the_code_to_scan_the_domain_and_no_digits(
    cast: Cast, homes: Homes, card: Card, name: str
) -> None:
    key: Any = card.post_id if name == "card_print" else cast.areas["building"].pk
    page = browser_as(cast, "chief").get(reverse(f"register:{name}", args=[key])).content.decode()
    assert "<svg" in page
    assert "testserver" in page
    assert code_of(card.post_id, clock.local_date(clock.now())) not in page
    assert [words for words in ("空置", "关照", "301", "演示父亲") if words in page] == []


def test_the_card_is_made_on_its_page_once(cast: Cast) -> None:
    browser = browser_as(cast, "chief")
    url = reverse("register:card_make", args=[cast.posts["chief"].pk])
    assert browser.get(url).status_code == 200
    form = {"entry_id": str(uuid.uuid4()), "phone": "", "hours": "晚上", "duties": ""}
    assert [browser.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Card.objects.get().chain_seq == 1
    assert "今天的六位数" in browser.get(reverse("register:cards")).content.decode()
    refused = browser.post(url, {**form, "entry_id": str(uuid.uuid4()), "phone": "123"})
    assert refused.status_code == 400
