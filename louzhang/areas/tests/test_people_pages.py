"""The people pages of the desk: finding, codes once, lost phones, and the stranger from the other street."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from louzhang.accounts.models import Device, SignInCode, User
from louzhang.areas.actions import end_post
from louzhang.areas.models import Unit
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from tests.cast import MORNING, Cast

PEOPLE = "/desk/people/"


def page_of(cast: Cast, key: str) -> str:
    return f"{PEOPLE}{cast.people[key].uid}/"


def code_on(answer: Any) -> str:
    return re.search(r"data-code>(\d{4} \d{4})<", answer.content.decode())[1]  # type: ignore[index]  # a page without it fails the test


def handle_on(answer: Any) -> str:
    return re.search(r'name="handle" value="([^"]+)"', answer.content.decode())[1]  # type: ignore[index]  # a page without it fails the test


def test_the_list_shows_the_people_of_the_community_and_no_stranger(cast, browser_of):
    page = browser_of("desk").get(PEOPLE).content.decode()
    assert "演示楼长" in page
    assert "彩虹社区 3号网格 12号楼" in page
    assert "演示外街楼长" not in page


def test_the_list_costs_the_same_however_many_people(cast, browser_of, django_assert_max_num_queries):
    client = browser_of("commander")
    with django_assert_max_num_queries(12):
        client.get(PEOPLE)


@pytest.mark.parametrize("key", ["chief", "property", "system_admin", "audit_admin", "resident", "department_lead"])
def test_others_do_not_open_the_list(cast, browser_of, key):
    assert browser_of(key).get(PEOPLE).status_code == 403


def test_nobody_signed_in_is_sent_to_the_sign_in_page(cast, in_the_morning):
    assert Client().get(PEOPLE)["Location"].startswith("/sign-in/")


def test_the_list_is_narrowed_by_role_and_by_who_never_signed_in(cast, browser_of):
    client = browser_of("desk")
    chiefs = client.get(f"{PEOPLE}?role=chief").content.decode()
    assert "演示邻楼长" in chiefs
    assert "演示网格员" not in chiefs
    never = client.get(f"{PEOPLE}?never=1").content.decode()
    assert f"{cast.people['chief'].uid}" in never
    assert f"{cast.people['desk'].uid}" not in never


@pytest.mark.parametrize("asked", ["role=boss", "area=99999999999999999999", "area=x", "found=forged", "area=4242"])
def test_a_broken_filter_breaks_nothing(cast, browser_of, asked):
    assert browser_of("desk").get(f"{PEOPLE}?{asked}").status_code == 200


def test_a_broken_cursor_gets_a_sentence(cast, browser_of):
    answer = browser_of("desk").get(f"{PEOPLE}?cursor=x")
    assert answer.status_code == 400
    assert "翻页链接已经失效" in answer.content.decode()


def test_a_name_is_posted_and_becomes_an_opaque_handle(cast, browser_of):
    client = browser_of("desk")
    answer = client.post(f"{PEOPLE}find/", {"words": "楼长"})
    assert answer.status_code == 302
    assert "%E6%A5%BC" not in answer["Location"]
    found = client.get(answer["Location"]).content.decode()
    assert "演示邻楼长" in found
    assert "演示书记" not in found
    assert "演示外街楼长" not in found


def test_a_handle_of_somebody_else_finds_nothing_by_name(cast, browser_of):
    handle = browser_of("desk").post(f"{PEOPLE}find/", {"words": "楼长"})["Location"]
    assert "演示书记" in browser_of("secretary").get(handle).content.decode()


def test_an_exact_number_leads_to_the_person_in_scope_only(cast, browser_of):
    client = browser_of("desk")
    assert client.post(f"{PEOPLE}find/", {"words": "139 0000 0001"})["Location"] == page_of(cast, "chief")
    stranger = client.post(f"{PEOPLE}find/", {"words": "13900000020"})
    unknown = client.post(f"{PEOPLE}find/", {"words": "13711112222"})
    assert stranger.status_code == unknown.status_code == 404


def test_one_sign_finds_nobody(cast, browser_of):
    assert browser_of("desk").post(f"{PEOPLE}find/", {"words": "演"}).status_code == 400


def test_the_page_of_a_person_shows_posts_and_a_masked_number(cast, browser_of):
    page = browser_of("desk").get(page_of(cast, "chief")).content.decode()
    assert "139****0001" in page
    assert "13900000001" not in page
    assert "2026年3月2日起" in page


@pytest.mark.parametrize("address", ["", "devices/end/", "code/", "code/slip/", "password/clear/"])
def test_a_person_of_the_other_street_is_not_there(cast, browser_of, address):
    client = browser_of("stranger_desk")
    ask = client.post if address else client.get
    assert ask(page_of(cast, "chief") + address).status_code == 404


def test_a_code_is_shown_once_and_signs_in(cast, browser_of):
    client = browser_of("desk")
    code = code_on(client.post(page_of(cast, "chief") + "code/"))
    assert code not in client.get(page_of(cast, "chief")).content.decode()
    assert SignInCode.objects.get().issued_by == cast.people["desk"]
    answer = Client().post("/sign-in/", {"phone": "13900000001", "code": code})
    assert answer.status_code == 302
    assert Device.objects.filter(user=cast.people["chief"]).count() == 1


def test_a_code_for_ones_own_colleague_is_the_street_s_to_issue(cast, browser_of):
    refused = browser_of("desk").post(page_of(cast, "secretary") + "code/")
    assert refused.status_code == 403
    assert "由上一级" in refused.content.decode()
    assert not SignInCode.objects.exists()
    assert browser_of("street").post(page_of(cast, "secretary") + "code/").status_code == 200


@pytest.mark.parametrize("key", ["system_admin", "audit_admin"])
def test_the_two_other_administrators_issue_no_code(cast, browser_of, key):
    assert browser_of(key).post(page_of(cast, "desk") + "code/").status_code == 403
    assert not SignInCode.objects.exists()


def test_the_security_administrator_issues_for_the_office_and_not_for_a_chief(cast, browser_of):
    client = browser_of("security_admin")
    assert client.post(page_of(cast, "commander") + "code/").status_code == 200
    assert client.post(page_of(cast, "chief") + "code/").status_code == 403
    assert client.post(page_of(cast, "audit_admin") + "code/").status_code == 403


def test_the_slip_carries_code_name_way_time_and_the_community_s_number(cast, browser_of):
    Unit.objects.filter(office_area=cast.areas["community"]).update(phone="0414-2345678")
    client = browser_of("desk")
    issued = client.post(page_of(cast, "chief") + "code/")
    slip = client.post(page_of(cast, "chief") + "code/slip/", {"handle": handle_on(issued)})
    words = slip.content.decode()
    for expected in (code_on(issued), "演示楼长", "http://testserver/sign-in/", "2026年3月5日 10:00", "0414-2345678"):
        assert expected in words
    assert "no-store" in slip["Cache-Control"]


def test_a_slip_is_printed_by_its_issuer_for_half_an_hour(cast, browser_of, in_the_morning):
    client = browser_of("desk")
    handle = handle_on(client.post(page_of(cast, "chief") + "code/"))
    assert browser_of("secretary").post(page_of(cast, "chief") + "code/slip/", {"handle": handle}).status_code == 404
    assert client.post(page_of(cast, "next_chief") + "code/slip/", {"handle": handle}).status_code == 404
    assert client.post(page_of(cast, "chief") + "code/slip/", {"handle": "k1.forged"}).status_code == 404
    in_the_morning.move_to(MORNING + timedelta(minutes=31), tick=False)
    assert client.post(page_of(cast, "chief") + "code/slip/", {"handle": handle}).status_code == 404


def test_a_lost_phone_is_ended_with_one_tap(cast, browser_of):
    lost = browser_of("chief")
    device = Device.objects.get()
    answer = browser_of("desk").post(page_of(cast, "chief") + f"devices/{device.pk}/end/")
    assert answer.status_code == 302
    assert lost.get("/account/").status_code == 302
    event = Event.objects.get(subject_kind="user", subject_id=cast.people["chief"].pk, verb="end_device")
    assert event.user_id == cast.people["desk"].pk


def test_a_device_of_another_person_is_not_ended_through_this_one(cast, browser_of):
    browser_of("stranger_chief")
    device = Device.objects.get()
    answer = browser_of("desk").post(page_of(cast, "chief") + f"devices/{device.pk}/end/")
    assert answer.status_code == 404
    assert Device.objects.get(pk=device.pk).ended_at is None


def test_all_devices_end_at_once(cast, browser_of):
    for _ in range(3):
        browser_of("chief")
    browser_of("desk").post(page_of(cast, "chief") + "devices/end/")
    assert not Device.objects.filter(user=cast.people["chief"], ended_at=None).exists()


def test_a_new_person_is_registered_and_found_by_the_registrar(cast, browser_of):
    client = browser_of("desk")
    answer = client.post(f"{PEOPLE}new/", {"name": "演示新人", "phone": "137 0000 0001"})
    newcomer = User.objects.get(name="演示新人")
    assert answer["Location"] == f"{PEOPLE}{newcomer.uid}/"
    assert client.get(answer["Location"]).status_code == 200
    assert browser_of("stranger_desk").get(answer["Location"]).status_code == 404


def test_a_number_with_a_post_elsewhere_is_refused_and_what_was_typed_stays(cast, browser_of):
    answer = browser_of("desk").post(f"{PEOPLE}new/", {"name": "演示新人", "phone": "13900000020"})
    assert answer.status_code == 409
    assert 'value="演示新人"' in answer.content.decode()
    assert "请联系上一级办公室" in answer.content.decode()


def test_somebody_without_a_post_any_more_is_taken_up_anew(cast, browser_of):
    end_post(post=cast.posts["stranger_chief"], actor=SYSTEM, at=MORNING)
    client = browser_of("desk")
    answer = client.post(f"{PEOPLE}new/", {"name": "演示新人", "phone": "13900000020"})
    assert answer["Location"] == page_of(cast, "stranger_chief")
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(("name", "phone"), [("", "13700000001"), ("演示新人", "123"), ("演示新人", "")])
def test_a_person_needs_name_and_number(cast, browser_of, name, phone):
    answer = browser_of("desk").post(f"{PEOPLE}new/", {"name": name, "phone": phone})
    assert answer.status_code == 400
    assert User.objects.count() == len(cast.people)


def test_a_forgotten_password_is_taken_away_by_who_issues_codes(cast, browser_of):
    secretary = cast.people["secretary"]
    secretary.set_password("彩虹社区的长密码一二三")
    secretary.save(update_fields=["password"])
    assert browser_of("desk").post(page_of(cast, "secretary") + "password/clear/").status_code == 403
    assert browser_of("street").post(page_of(cast, "secretary") + "password/clear/").status_code == 302
    secretary.refresh_from_db()
    assert not secretary.has_usable_password()
