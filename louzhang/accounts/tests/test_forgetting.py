"""What a phone is asked to forget when its person is signed out there, and when it is not."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from louzhang.accounts import forgetting
from louzhang.accounts.actions import end_device
from louzhang.accounts.models import Device
from louzhang.journal.actor import SYSTEM
from tests.cast import MORNING

COOKIE = forgetting.COOKIE


def owner_at(client: Client) -> str:
    return str(client.get(reverse("shell:outbox")).json()["owner"])


def test_the_mark_of_a_person_is_on_their_pages_and_says_nothing(cast, browser_of):
    chief, other = browser_of("chief"), browser_of("grid_worker")
    assert owner_at(chief) == forgetting.mark_of(cast.people["chief"])
    assert len({owner_at(chief), owner_at(other), owner_at(Client())}) == 3
    assert owner_at(Client()) == ""
    assert f'content="{owner_at(chief)}"' in chief.get("/account/").content.decode()


def test_signing_out_asks_the_phone_to_forget_this_person(cast, browser_of):
    answer = browser_of("chief").post(reverse("accounts:sign_out"))
    kept = answer.cookies[COOKIE]
    assert kept.value == forgetting.mark_of(cast.people["chief"])
    assert not kept["httponly"]


def test_a_phone_ended_at_the_desk_is_asked_when_it_comes_again(cast, browser_of):
    chief = browser_of("chief")
    end_device(device=Device.objects.get(user=cast.people["chief"]), actor=SYSTEM, at=MORNING)
    answer = chief.get("/field/")
    assert answer.cookies[COOKIE].value == forgetting.mark_of(cast.people["chief"])


def test_a_sign_in_that_only_ran_out_keeps_what_was_written(cast, browser_of, clock_of_the_test):
    chief = browser_of("chief")
    clock_of_the_test.move_to(MORNING + timedelta(days=40))
    assert COOKIE not in chief.get("/field/").cookies


def test_another_person_on_the_same_phone_ends_the_drafts_of_the_first(cast, browser_of, code_for, phone):
    shared = browser_of("chief")
    code = code_for("grid_worker")
    answer = shared.post(reverse("accounts:sign_in"), {"phone": phone("grid_worker"), "code": code})
    assert answer.status_code == 302
    assert answer.cookies[COOKIE].value == forgetting.mark_of(cast.people["chief"])


def test_whoever_signs_in_again_keeps_the_own_drafts(cast, browser_of, code_for, phone):
    answer = browser_of("chief").post(reverse("accounts:sign_in"), {"phone": phone("chief"), "code": code_for("chief")})
    assert answer.status_code == 302
    assert COOKIE not in answer.cookies
