"""One's own account: posts, devices, tokens and password of oneself, and of nobody else."""

import re

import pytest
from django.test import Client

from louzhang.accounts.actions import make_api_token
from louzhang.accounts.models import ApiToken, Device
from louzhang.accounts.tokens import actor_of_token
from louzhang.areas.actions import name_stand_in
from louzhang.journal.actor import SYSTEM
from tests.cast import MORNING

ACCOUNT = "/account/"


def test_it_tells_who_i_am_my_posts_and_who_stands_in(cast, browser_of):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["next_chief"], actor=SYSTEM, at=MORNING)
    mine = browser_of("chief").get(ACCOUNT).content.decode()
    assert "139****0001" in mine
    assert "彩虹社区 3号网格 12号楼" in mine
    assert "替岗人：演示邻楼长" in mine
    assert "替 演示楼长 代管" in browser_of("next_chief").get(ACCOUNT).content.decode()


@pytest.mark.parametrize("key", ["resident", "chief", "desk", "commander", "audit_admin"])
def test_everybody_has_the_page_on_the_own_face(cast, browser_of, key):
    assert browser_of(key).get(ACCOUNT).status_code == 200


def test_it_costs_few_queries(cast, browser_of, django_assert_max_num_queries):
    client = browser_of("chief")
    with django_assert_max_num_queries(10):
        client.get(ACCOUNT)


def test_i_end_another_device_of_mine(cast, browser_of):
    lost, client = browser_of("chief"), browser_of("chief")
    device = Device.objects.order_by("pk")[0]
    assert client.post(f"{ACCOUNT}devices/{device.pk}/end/").status_code == 302
    assert lost.get(ACCOUNT).status_code == 302
    assert client.get(ACCOUNT).status_code == 200


def test_a_device_of_somebody_else_is_not_there(cast, browser_of):
    theirs, client = browser_of("next_chief"), browser_of("chief")
    device = Device.objects.get(user=cast.people["next_chief"])
    assert client.post(f"{ACCOUNT}devices/{device.pk}/end/").status_code == 404
    assert theirs.get(ACCOUNT).status_code == 200


def test_i_end_all_others_and_stay(cast, browser_of):
    browser_of("chief"), browser_of("chief")
    client = browser_of("chief")
    client.post(f"{ACCOUNT}devices/end-others/")
    assert Device.objects.filter(ended_at=None).count() == 1
    assert client.get(ACCOUNT).status_code == 200


def test_a_token_is_shown_once_and_revoked(cast, browser_of):
    client = browser_of("desk")
    made = client.post(f"{ACCOUNT}tokens/", {"label": "大屏", "is_read_only": "on"})
    found = re.search(r"lz_[\w-]{43}", made.content.decode())
    assert found is not None
    assert "no-store" in made["Cache-Control"]
    assert found[0] not in client.get(ACCOUNT).content.decode()
    actor = actor_of_token(found[0], MORNING)
    assert actor is not None
    assert actor.is_read_only
    client.post(f"{ACCOUNT}tokens/{ApiToken.objects.get().pk}/end/")
    assert actor_of_token(found[0], MORNING) is None


def test_a_token_needs_a_purpose(cast, browser_of):
    answer = browser_of("desk").post(f"{ACCOUNT}tokens/", {"label": " "})
    assert answer.status_code == 400
    assert "请写明这个令牌给谁用" in answer.content.decode()


def test_a_token_of_somebody_else_is_not_there(cast, browser_of):
    row, _ = make_api_token(
        user=cast.people["street"], label="大屏", is_read_only=True, actor=cast.actor("street"), at=MORNING
    )
    assert browser_of("desk").post(f"{ACCOUNT}tokens/{row.pk}/end/").status_code == 404
    assert ApiToken.objects.get().ended_at is None


class TestPassword:
    LONG = "彩虹社区的长密码一二三"

    def change(self, client: Client, **typed: str) -> int:
        return client.post(f"{ACCOUNT}password/", {"password": self.LONG, "again": self.LONG} | typed).status_code

    def test_staff_set_one_and_a_change_signs_the_others_out(self, cast, browser_of):
        client, other = browser_of("desk"), browser_of("desk")
        assert self.change(client) == 302
        assert other.get(ACCOUNT).status_code == 200
        changed = {"current": self.LONG, "password": self.LONG + "四", "again": self.LONG + "四"}
        assert self.change(client, **changed) == 302
        assert client.get(ACCOUNT).status_code == 200
        assert other.get(ACCOUNT).status_code == 302

    @pytest.mark.parametrize(
        "typed",
        [{"again": "别的"}, {"password": "短", "again": "短"}, {"password": "1234567890123", "again": "1234567890123"}],
    )
    def test_a_weak_or_mistyped_one_is_refused(self, cast, browser_of, typed):
        assert self.change(browser_of("desk"), **typed) == 400
        cast.people["desk"].refresh_from_db()
        assert not cast.people["desk"].has_usable_password()

    def test_the_one_that_holds_is_asked_for(self, cast, browser_of):
        client = browser_of("desk")
        self.change(client)
        assert self.change(client, current="别的") == 400
        assert self.change(client) == 400

    def test_without_a_post_there_is_none(self, cast, browser_of):
        assert self.change(browser_of("resident")) == 403
