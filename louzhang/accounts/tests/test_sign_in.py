"""Signing in: with a code once, with a password, never by guessing, never as somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import signing
from django.test import Client

from louzhang.accounts import cookies, demo_people
from louzhang.accounts.actions import end_person, set_password
from louzhang.accounts.actions.signing_in import WRONG, WRONG_PASSWORD
from louzhang.accounts.models import Device, phone_index
from louzhang.areas.models import Setting
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from tests.cast import MORNING

SIGN_IN = "/sign-in/"


def try_code(client: Client, phone: str, code: str, **more: str) -> Any:
    return client.post(SIGN_IN, {"phone": phone, "code": code, **more})


def test_a_code_signs_in_and_leads_to_the_start_page(cast, phone, code_for):
    client = Client()
    answer = try_code(client, phone("chief"), code_for("chief"))
    assert answer.status_code == 302
    device = Device.objects.get()
    assert (device.user, device.way) == (cast.people["chief"], "code")
    assert device.expires_at == MORNING + timedelta(days=30)
    assert "演示楼长" in client.get("/account/").content.decode()
    assert Event.objects.filter(subject_kind="user", verb="sign_in", user_id=device.user_id).exists()


def test_the_cookie_is_signed_http_only_and_lax(cast, phone, code_for):
    answer = try_code(Client(), phone("chief"), code_for("chief"))
    kept = answer.cookies[cookies.DEVICE]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert int(kept["max-age"]) == 30 * 24 * 3600
    assert Device.objects.get().token_hash not in kept.value


def test_a_code_may_be_typed_with_blanks_and_full_width_digits(cast, phone, code_for):
    code = code_for("chief")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code[:4]) + " " + code[4:]
    assert try_code(Client(), "139 0000 0001", wide).status_code == 302
    assert phone("chief") == "13900000001"


def test_a_code_works_once(cast, phone, code_for):
    code = code_for("chief")
    assert try_code(Client(), phone("chief"), code).status_code == 302
    again = try_code(Client(), phone("chief"), code)
    assert again.status_code == 400
    assert WRONG in again.content.decode()


def test_a_newer_code_ends_the_older_one(cast, phone, code_for):
    older, newer = code_for("chief"), code_for("chief")
    assert try_code(Client(), phone("chief"), older).status_code == 400
    assert try_code(Client(), phone("chief"), newer).status_code == 302


def test_an_expired_code_is_refused(cast, phone, code_for, clock_of_the_test, later):
    code = code_for("chief")
    clock_of_the_test.move_to(later(hours=73), tick=False)
    assert try_code(Client(), phone("chief"), code).status_code == 400


def test_a_code_of_somebody_else_is_refused(cast, phone, code_for):
    code = code_for("chief")
    assert try_code(Client(), phone("next_chief"), code).status_code == 400


def test_an_ended_account_does_not_sign_in(cast, phone, code_for):
    code = code_for("chief")
    end_person(user=cast.people["chief"], reason="搬走", actor=SYSTEM, at=MORNING)
    assert try_code(Client(), phone("chief"), code).status_code == 400


def test_wrong_number_and_wrong_code_read_the_same(cast, phone, code_for):
    code_for("chief")
    wrong_code = try_code(Client(), phone("chief"), "00000000")
    unknown = try_code(Client(), "13711112222", "00000000")
    assert wrong_code.status_code == unknown.status_code == 400
    for answer in (wrong_code, unknown):
        assert answer.content.decode().count(WRONG) == 1


def test_the_number_typed_is_kept_after_a_mistake(cast, phone, code_for):
    answer = try_code(Client(), phone("chief"), "1")
    assert f'value="{phone("chief")}"' in answer.content.decode()


def test_what_is_no_number_is_said_at_the_field(cast):
    answer = try_code(Client(), "12345", "00000000")
    assert answer.status_code == 400
    assert "手机号码应为 11 位数字" in answer.content.decode()


def test_a_password_signs_office_staff_in(cast, phone):
    desk = cast.people["desk"]
    set_password(
        user=desk, password="彩虹社区的长密码一二三", current="", device=None, actor=cast.actor("desk"), at=MORNING
    )
    address = f"{SIGN_IN}?way=password"
    right = Client().post(address, {"phone": phone("desk"), "password": "彩虹社区的长密码一二三"})
    wrong = Client().post(address, {"phone": phone("desk"), "password": "别的"})
    without = Client().post(address, {"phone": phone("chief"), "password": "别的"})
    unknown = Client().post(address, {"phone": "13711112222", "password": "别的"})
    assert right.status_code == 302
    assert all(WRONG_PASSWORD in answer.content.decode() for answer in (wrong, without, unknown))


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_to_another_site(cast, phone, code_for, target):
    answer = try_code(Client(), phone("chief"), code_for("chief"), next=target)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


def test_next_leads_back_to_a_page_of_ours(cast, phone, code_for):
    asked = Client().get("/account/?a=1")
    assert asked["Location"] == "/sign-in/?next=%2Faccount%2F%3Fa%3D1"
    answer = try_code(Client(), phone("chief"), code_for("chief"), next="/account/?a=1")
    assert answer["Location"] == "/account/?a=1"


def test_signing_in_as_another_person_ends_the_device_before(cast, phone, code_for):
    client = Client()
    try_code(client, phone("chief"), code_for("chief"))
    try_code(client, phone("grid_worker"), code_for("grid_worker"))
    assert Device.objects.get(user=cast.people["chief"]).ended_at == MORNING
    assert Device.objects.get(user=cast.people["grid_worker"]).ended_at is None


def test_signing_out_ends_the_device_and_the_cookie(cast, browser_of):
    client = browser_of("chief")
    kept = client.cookies[cookies.DEVICE].value
    client.post("/sign-out/")
    assert Device.objects.get().ended_at == MORNING
    client.cookies[cookies.DEVICE] = kept
    assert client.get("/account/").status_code == 302


def test_a_get_signs_nobody_out(cast, browser_of):
    client = browser_of("chief")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200


def test_five_failures_lock_the_number_and_the_sentence_says_how_long(cast, phone, code_for):
    code = code_for("chief")
    answers = [try_code(Client(), phone("chief"), "00000000") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 429]
    assert "请 15 分钟后再试" in answers[-1].content.decode()
    assert try_code(Client(), phone("chief"), code).status_code == 429
    assert Event.objects.filter(subject_kind="user", subject_id=cast.people["chief"].pk, verb="lock").count() == 1


def test_a_number_without_an_account_is_locked_alike(cast):
    answers = [try_code(Client(), "13711112222", "00000000") for _ in range(6)]
    assert [answer.status_code for answer in answers][-2:] == [429, 429]


def test_a_lock_of_one_number_leaves_the_others_free(cast, phone, code_for):
    for _ in range(5):
        try_code(Client(), phone("chief"), "00000000")
    assert try_code(Client(), phone("next_chief"), code_for("next_chief")).status_code == 302


def test_the_lock_ends_by_itself_and_trying_does_not_make_it_longer(cast, phone, code_for, clock_of_the_test, later):
    code = code_for("chief")
    for _ in range(5):
        try_code(Client(), phone("chief"), "00000000")
    clock_of_the_test.move_to(later(minutes=10), tick=False)
    held = try_code(Client(), phone("chief"), code)
    assert held.status_code == 429
    assert "请 5 分钟后再试" in held.content.decode()
    clock_of_the_test.move_to(later(minutes=16), tick=False)
    assert try_code(Client(), phone("chief"), code).status_code == 302


def test_a_good_sign_in_forgets_the_failures(cast, phone, code_for):
    for _ in range(4):
        try_code(Client(), phone("chief"), "00000000")
    assert try_code(Client(), phone("chief"), code_for("chief")).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_no_number_and_no_code_is_stored_or_logged_about_a_failure(cast, phone, caplog):
    for _ in range(5):
        try_code(Client(), phone("chief"), "13812345678", next="/account/?q=13812345678")
    row = AccessAttempt.objects.get()
    assert row.username == phone_index(phone("chief"))
    stored = " ".join(str(value) for value in vars(row).values())
    assert phone("chief") not in stored + caplog.text
    assert "13812345678" not in stored + caplog.text


def test_many_failures_behind_one_address_are_stopped_loosely(cast, phone, code_for, monkeypatch):
    from louzhang.accounts import limits

    monkeypatch.setitem(limits.LIMITS, "sign_in.address", (limits.Limit(3600, 3, "这个网络上登录失败的次数太多了"),))
    for tail in range(3):
        try_code(Client(), f"1371111000{tail}", "00000000")
    refused = try_code(Client(), phone("chief"), code_for("chief"))
    assert refused.status_code == 429
    assert "以后再试" in refused.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert try_code(elsewhere, phone("chief"), code_for("chief")).status_code == 302


def test_the_post_needs_the_csrf_token(cast, phone, code_for):
    assert try_code(Client(enforce_csrf_checks=True), phone("chief"), code_for("chief")).status_code == 403


@pytest.mark.parametrize("forged", ["x", "x:y:z", "eyJ9:1:2"])
def test_a_forged_cookie_is_nobody(cast, browser_of, forged):
    client = browser_of("chief")
    client.cookies[cookies.DEVICE] = forged
    assert client.get("/account/").status_code == 302


def test_a_cookie_signed_for_another_use_is_nobody(cast, browser_of):
    client = browser_of("chief")
    token = client.cookies[cookies.DEVICE].value.rsplit(":", 2)[0]
    client.cookies[cookies.DEVICE] = cookies.signed(cookies.VISITOR, token)
    assert client.get("/account/").status_code == 302
    client.cookies[cookies.DEVICE] = signing.TimestampSigner(salt="other").sign(token)
    assert client.get("/account/").status_code == 302


class TestDemo:
    @pytest.fixture
    def demo(self, cast):
        Setting.objects.create(key="is_demo", value=True, starts_at=MORNING)

    @pytest.fixture
    def made_up(self, cast):
        chief = cast.people["chief"]
        chief.is_demo = True
        chief.save(update_fields=["is_demo"])
        return chief

    def test_one_tap_signs_a_made_up_person_in(self, demo, made_up):
        client = Client()
        assert client.post("/sign-in/demo/", {"uid": made_up.uid}).status_code == 302
        assert Device.objects.get().way == "demo"
        assert client.get("/account/").status_code == 200

    def test_outside_the_demo_nobody_signs_in_by_a_tap(self, made_up):
        assert Client().post("/sign-in/demo/", {"uid": made_up.uid}).status_code == 404
        assert not Device.objects.exists()
        assert "演示" not in Client().get(SIGN_IN).content.decode()

    def test_in_the_demo_a_real_person_does_not_sign_in_by_a_tap(self, demo, cast):
        assert Client().post("/sign-in/demo/", {"uid": cast.people["desk"].uid}).status_code == 404
        assert Client().post("/sign-in/demo/", {"uid": "nonsense"}).status_code == 404
        assert not Device.objects.exists()

    def test_the_others_are_found_by_two_characters(self, demo, made_up):
        found = Client().post("/sign-in/demo/find/", {"words": "楼长"}).content.decode()
        assert str(made_up.uid) in found
        assert "彩虹社区 3号网格 12号楼" in found
        assert Client().post("/sign-in/demo/find/", {"words": "楼"}).status_code == 400

    def test_nobody_is_found_outside_the_demo(self, made_up):
        assert str(made_up.uid) not in Client().post("/sign-in/demo/find/", {"words": "楼长"}).content.decode()

    def test_one_person_of_each_role_is_offered(self, demo, made_up, monkeypatch):
        person = demo_people.DemoPerson(role_label="楼长", name="演示楼长", uid=made_up.uid)
        monkeypatch.setattr(demo_people, "_providers", [lambda: [person]])
        assert str(made_up.uid) in Client().get(SIGN_IN).content.decode()
