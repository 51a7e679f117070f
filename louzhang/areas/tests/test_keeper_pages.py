"""三员分立 on the pages: each administrator opens the own pages, and none of the others'."""

import csv
from typing import Any

import pytest
from django.test import Client

from louzhang.accounts.actions import rename_person
from louzhang.accounts.models import Device
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from tests.cast import MORNING, PEOPLE, Cast

SECURITY, AUDIT, CSV = "/desk/security/", "/desk/audit/", "/desk/audit/csv/"
EVERYBODY = [key for key, *_ in PEOPLE]


def rows_of(answer: Any) -> list[list[str]]:
    words = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(words.splitlines()))


@pytest.mark.parametrize("key", EVERYBODY)
def test_each_page_opens_to_its_administrator_alone(cast, browser_of, key):
    client = browser_of(key)
    opened = {address for address in (SECURITY, AUDIT, CSV) if client.get(address).status_code == 200}
    assert opened == {"security_admin": {SECURITY}, "audit_admin": {AUDIT, CSV}}.get(key, set())


def test_a_locked_person_is_listed_and_unlocked(cast, browser_of, in_the_morning):
    for _ in range(5):
        Client().post("/sign-in/", {"phone": "13900000001", "code": "00000000"})
    client = browser_of("security_admin")
    assert "演示楼长" in client.get(SECURITY).content.decode()
    answer = client.post(f"{SECURITY}unlock/", {"uid": cast.people["chief"].uid})
    assert answer.status_code == 302
    assert Client().post("/sign-in/", {"phone": "13900000001", "code": "00000000"}).status_code == 400
    unlock = Event.objects.get(verb="unlock")
    assert (unlock.subject_id, unlock.user_id) == (cast.people["chief"].pk, cast.people["security_admin"].pk)


def test_a_number_is_unlocked_by_spelling_it_out(cast, browser_of):
    for _ in range(5):
        Client().post("/sign-in/", {"phone": "13711112222", "code": "00000000"})
    client = browser_of("security_admin")
    assert "没有账号的号码" in client.get(SECURITY).content.decode()
    assert client.post(f"{SECURITY}unlock/", {"words": "137 1111 2222"}).status_code == 302
    assert client.post(f"{SECURITY}unlock/", {"words": "137 1111 2222"}).status_code == 404
    assert client.post(f"{SECURITY}unlock/", {"words": "abc"}).status_code == 400


@pytest.mark.parametrize("key", ["desk", "system_admin", "audit_admin", "chief"])
def test_nobody_else_unlocks(cast, browser_of, key):
    assert browser_of(key).post(f"{SECURITY}unlock/", {"uid": cast.people["chief"].uid}).status_code == 403


def test_a_device_is_ended_from_the_security_page(cast, browser_of):
    lost = browser_of("chief")
    device = Device.objects.get()
    client = browser_of("security_admin")
    assert f"devices/{device.pk}/end/" in client.get(SECURITY).content.decode()
    client.post(f"/desk/people/{cast.people['chief'].uid}/devices/{device.pk}/end/")
    assert lost.get("/account/").status_code == 302


def reveal(cast: Cast, key: str, reason: str = "联系反映人") -> None:
    log_reveal(subject_kind="report", subject_id=7, what="phone", reason=reason, actor=cast.actor(key), at=MORNING)


def test_the_audit_page_tells_who_looked_at_what_and_why(cast, browser_of):
    reveal(cast, "chief")
    page = browser_of("audit_admin").get(AUDIT).content.decode()
    assert "演示楼长" in page
    assert "查看电话" in page
    assert "联系反映人" in page


def test_the_audit_page_tells_what_happened_to_accounts_and_posts(cast, browser_of):
    page = browser_of("audit_admin").get(f"{AUDIT}?kind=accounts").content.decode()
    assert "用登录码" in page
    assert "任命" in page
    assert "审计管理员 演示区" in page
    assert "演示外街楼长" in page


def test_the_audit_page_costs_the_same_however_many_lines(cast, browser_of, django_assert_max_num_queries):
    client = browser_of("audit_admin")
    with django_assert_max_num_queries(12):
        client.get(f"{AUDIT}?kind=accounts")


def test_records_are_narrowed_by_day_and_by_person(cast, browser_of):
    reveal(cast, "chief")
    reveal(cast, "grid_worker", "回访")
    client = browser_of("audit_admin")
    found = client.post(f"{AUDIT}find/?kind=reveals&day=2026-03-02", {"words": "网格员"})
    assert found.status_code == 302
    page = client.get(found["Location"]).content.decode()
    assert "回访" in page
    assert "联系反映人" not in page
    assert "回访" not in client.get(f"{AUDIT}?day=2026-03-01").content.decode()


def test_a_name_shared_by_several_gives_a_choice(cast, browser_of):
    answer = browser_of("audit_admin").post(f"{AUDIT}find/", {"words": "楼长"})
    assert answer.status_code == 200
    assert str(cast.people["next_chief"].uid) in answer.content.decode()


@pytest.mark.parametrize("asked", ["day=x", "person=x", "kind=orders", "person=00000000-0000-0000-0000-000000000000"])
def test_a_broken_filter_breaks_nothing(cast, browser_of, asked):
    assert browser_of("audit_admin").get(f"{AUDIT}?{asked}").status_code == 200


def test_the_file_is_for_excel_and_runs_no_formula(cast, browser_of):
    reveal(cast, "chief", '=HYPERLINK("http://evil.example")')
    rename_person(user=cast.people["chief"], name="+演示楼长", actor=SYSTEM, at=MORNING)
    rows = rows_of(browser_of("audit_admin").get(f"{CSV}?kind=reveals"))
    assert rows[0] == ["时间", "谁", "做了什么", "对象", "说明"]
    assert rows[1] == ["2026-03-02 10:00:00", "'+演示楼长", "查看电话", "反映 7", '\'=HYPERLINK("http://evil.example")']


def test_the_list_pages_by_key(cast, browser_of):
    for number in range(60):
        reveal(cast, "chief", f"第{number}次")
    client = browser_of("audit_admin")
    first = client.get(AUDIT)
    assert "第59次" in first.content.decode()
    assert "第9次" not in first.content.decode()
    following = first.context["next_url"]
    assert "第9次" in client.get(following).content.decode()
