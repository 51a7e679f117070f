"""The pages: one's own inbox on three faces, preferences, channels of the place."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.accounts import cookies
from louzhang.kit import clock, crypto
from louzhang.notices.models import Delivery, DeliveryState, Notice, Preference
from louzhang.notices.queries import inbox


@pytest.fixture
def notice(cast, report, read):
    report(at=clock.now())
    read()
    return inbox(cast.actor("desk")).get()


@pytest.mark.parametrize("name", ["notices:inbox", "notices:field_inbox", "notices:desk_inbox"])
def test_an_inbox_shows_the_own_lines_and_nobody_elses(notice, browser_of, name):
    assert notice.title in browser_of("desk").get(reverse(name)).content.decode()
    other = browser_of("department").get(reverse(name)).content.decode()
    assert notice.title not in other
    assert "还没有消息" in other


def test_opening_a_line_marks_it_and_leads_to_the_order(notice, browser_of):
    desk = browser_of("desk")
    answer = desk.post(reverse("notices:open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, notice.url)
    assert desk.get(notice.url).status_code == 200
    assert Notice.objects.get(pk=notice.pk).read_at is not None
    assert browser_of("stranger_desk").post(reverse("notices:open", args=[notice.pk])).status_code == 404


def test_looking_marks_nothing(notice, browser_of):
    desk = browser_of("desk")
    desk.get(reverse("notices:desk_inbox"))
    assert desk.get(reverse("notices:open", args=[notice.pk])).status_code == 405
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_the_navigation_counts_what_is_unread_until_all_is_read(notice, browser_of):
    desk = browser_of("desk")
    assert "未读" in desk.get(reverse("notices:desk_inbox")).content.decode()
    answer = desk.post(reverse("notices:read_all", args=["desk"]))
    assert answer["Location"] == reverse("notices:desk_inbox")
    assert "未读" not in desk.get(reverse("notices:desk_inbox")).content.decode()


def test_the_count_in_the_navigation_comes_with_the_counts_of_the_orders(notice, browser_of):
    desk = browser_of("desk")
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(reverse("desk:orders")).content.decode()
    assert '<span class="lz-side-label">消息</span>\n        <span class="lz-side-count">1<' in page
    assert sum("notices_notice" in str(query["sql"]) for query in asked.captured_queries) == 1


def test_a_phone_without_an_account_reads_its_own_inbox(cast, report, read, client):
    from louzhang.workorders.actions import accept_workorder

    visitor = "a-visitor"
    client.cookies[cookies.VISITOR] = cookies.signed(cookies.VISITOR, visitor)
    from louzhang.journal.actor import Actor, ActorKind

    phone = Actor(kind=ActorKind.DEVICE, device=crypto.token_hash(visitor))
    order = report(actor=phone, at=clock.now()).order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=clock.now())
    read()
    page = client.get(reverse("notices:inbox")).content.decode()
    assert "已经受理" in page
    assert "1 条未读" in client.get("/").content.decode()
    line = Notice.objects.get(device_hash=phone.device)
    assert client.post(reverse("notices:open", args=[line.pk]))["Location"] == f"/mine/{order.number}/"


@pytest.mark.parametrize("name", ["notices:inbox", "notices:field_inbox", "notices:desk_inbox"])
def test_an_inbox_costs_at_most_twelve_queries(
    cast, report, read, later, browser_of, name, django_assert_max_num_queries
):
    for number in range(15):
        report(at=later(6 * number))
    read()
    desk = browser_of("desk")
    desk.get(reverse(name))
    with django_assert_max_num_queries(12):
        assert desk.get(reverse(name)).status_code == 200


def test_a_broken_cursor_is_answered_with_a_sentence(browser_of, cast):
    answer = browser_of("desk").get(reverse("notices:desk_inbox"), {"cursor": "x"})
    assert answer.status_code == 400
    assert "翻页链接" in answer.content.decode()


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


def wish(**changes):
    return {"channels": ["email"], "email": "a@example.org", "digest_hour": "", "quiet_from": "22", "quiet_to": "7"} | (
        changes
    )


def test_preferences_are_kept_and_shown_again(cast, browser_of, mail_server):
    desk, url = browser_of("desk"), reverse("notices:preferences")
    assert desk.post(url, wish(digest_hour="18")).status_code == 302
    kept = Preference.objects.get(user=cast.people["desk"])
    assert (kept.channels, kept.digest_hour, kept.email) == (["email"], 18, "a@example.org")
    assert 'value="a@example.org"' in desk.get(url).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "请填写收件的邮箱"),
        ({"email": "不是邮箱"}, "请填写完整的邮箱地址"),
        ({"digest_hour": "23"}, "免打扰时段里"),
        ({"quiet_from": "25"}, "选一个整点"),
    ],
)
def test_wrong_preferences_are_said_and_nothing_is_kept(cast, browser_of, mail_server, changes, sentence):
    answer = browser_of("desk").post(reverse("notices:preferences"), wish(**changes))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Preference.objects.exists()


def test_without_any_channel_the_page_says_so(cast, browser_of):
    assert "还没有别的通道" in browser_of("desk").get(reverse("notices:preferences")).content.decode()


def test_the_account_page_leads_to_the_preferences(cast, browser_of):
    for key in ("desk", "chief", "resident"):
        assert reverse("notices:preferences") in browser_of(key).get("/account/").content.decode(), key


def test_the_settings_show_what_failed_and_only_the_administrator_decides(cast, browser_of, mail_server, later):
    batch = Delivery.objects.create(
        user=cast.people["desk"], channel="email", state=DeliveryState.FAILED, attempts=8, error="OSError",
        due_at=later(0), made_at=clock.now(),
    )  # fmt: skip
    page = browser_of("secretary").get(reverse("channels:list")).content.decode()
    assert "OSError" in page
    assert "再发一次" not in page.replace("再发一次，对方", "")
    repeat = reverse("channels:repeat", args=[batch.pk])
    assert browser_of("secretary").post(repeat).status_code == 403
    keeper = browser_of("system_admin")
    assert repeat in keeper.get(reverse("channels:list")).content.decode()
    assert keeper.post(repeat).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert keeper.post(reverse("channels:give_up", args=[batch.pk])).status_code == 409
