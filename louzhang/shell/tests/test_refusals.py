from typing import Any

import pytest
from django.test import Client

from louzhang.shell import refusals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_a_refusal_says_what_happened_and_what_to_do_next(request_of: Any, status: int) -> None:
    answer = refusals.refuse(request_of("/x/"), status)
    page = answer.content.decode()
    assert answer.status_code == status
    words = refusals.WORDS[status]
    assert words.title in page
    assert words.what in page
    assert words.next in page
    assert str(status) not in page.split("<main")[1].split("</main>")[0]


def test_a_swap_gets_a_notice_instead_of_a_page(request_of: Any) -> None:
    answer = refusals.refuse(request_of("/x/", **{"HX-Request": "true"}), 409, "别人已经交办了。")
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#lz-notices"
    assert 'role="alert"' in answer.content.decode()
    assert "别人已经交办了。" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_an_unknown_address_is_answered_in_chinese(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_a_page_left_open_too_long_says_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/comfort/care/", {"size": "22"})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.content.decode()


def test_the_page_for_a_fault_needs_nothing_that_may_be_broken(
    request_of: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("louzhang.shell.navigation.items_for", broken)
    monkeypatch.setattr("louzhang.shell.navigation.fact_for", broken)
    with django_assert_num_queries(0):
        answer = refusals.server_error(request_of("/x/"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()
