"""Who acts: a person by device, a browser by its random id, and what a request costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from louzhang.accounts import cookies, visits
from louzhang.accounts.actions import end_api_token, end_device, end_person, make_api_token
from louzhang.accounts.middleware import DeviceMiddleware
from louzhang.accounts.models import ApiToken, Device
from louzhang.accounts.tokens import actor_of_token
from louzhang.journal.actor import SYSTEM, ActorKind
from tests.cast import MORNING


def visit(view: Any, method: str = "get", **kept: str) -> tuple[HttpRequest, Any]:
    """Send one request through the middleware to a view; the request and the answer."""
    request = getattr(RequestFactory(), method)("/")
    request.COOKIES.update(kept)
    return request, DeviceMiddleware(view)(request)


def telling(told: list[str]) -> Any:
    def view(request: Any) -> HttpResponse:
        told.append(request.actor.owner_key)
        return HttpResponse()

    return view


def kept_by(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_a_page_that_asks_nobody_costs_nothing(cast, browser_of, django_assert_num_queries):
    kept = kept_by(browser_of("chief"))
    with django_assert_num_queries(0):
        _, answer = visit(lambda request: HttpResponse(), **kept)
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_person_and_posts_cost_two_queries(cast, browser_of, django_assert_num_queries):
    kept = kept_by(browser_of("chief"))

    def view(request):
        assert request.user == cast.people["chief"]
        assert request.actor.kind is ActorKind.PERSON
        assert [seat.role for seat in request.actor.seats] == ["chief"]
        return HttpResponse()

    with django_assert_num_queries(2):
        _, answer = visit(view, **kept)
    assert "Cookie" in answer["Vary"]
    assert answer["Cache-Control"] == "private, no-cache"


def test_an_ended_device_is_signed_out_at_the_next_request(cast, browser_of):
    client = browser_of("chief")
    assert client.get("/account/").status_code == 200
    end_device(device=Device.objects.get(), actor=SYSTEM, at=MORNING)
    answer = client.get("/account/")
    assert answer.status_code == 302
    assert answer.cookies[cookies.DEVICE].value == ""


def test_an_ended_account_is_signed_out_at_the_next_request(cast, browser_of):
    client = browser_of("chief")
    end_person(user=cast.people["chief"], reason="搬走", actor=SYSTEM, at=MORNING)
    assert client.get("/account/").status_code == 302


def test_a_device_stays_thirty_days_after_it_was_last_seen(cast, browser_of, clock_of_the_test, later):
    client = browser_of("chief")
    clock_of_the_test.move_to(later(days=29), tick=False)
    answer = client.get("/account/")
    assert answer.status_code == 200
    assert Device.objects.get().expires_at == later(days=59)
    assert int(answer.cookies[cookies.DEVICE]["max-age"]) == 30 * 24 * 3600
    clock_of_the_test.move_to(later(days=58), tick=False)
    assert client.get("/account/").status_code == 200
    clock_of_the_test.move_to(later(days=89), tick=False)
    assert client.get("/account/").status_code == 302


def test_being_seen_is_written_at_most_once_a_day(
    cast, browser_of, clock_of_the_test, later, django_assert_num_queries
):
    kept = kept_by(browser_of("chief"))
    clock_of_the_test.move_to(later(days=1), tick=False)
    with django_assert_num_queries(3):
        visit(telling([]), **kept)
    with django_assert_num_queries(2):
        visit(telling([]), **kept)


def test_looking_gives_a_browser_no_id_and_no_rows(db):
    told: list[str] = []
    _, answer = visit(telling(told))
    assert told == ["device:"]
    assert cookies.VISITOR not in answer.cookies


def test_sending_gives_a_browser_an_id_that_stays(db):
    told: list[str] = []
    _, answer = visit(telling(told), "post")
    kept = answer.cookies[cookies.VISITOR]
    assert kept["httponly"]
    _, again = visit(telling(told), "post", **{cookies.VISITOR: kept.value})
    assert told[0] == told[1] != "device:"
    assert kept.value.split(":")[0] not in told[0]
    assert cookies.VISITOR not in again.cookies


def test_two_browsers_are_two_devices(db):
    told: list[str] = []
    visit(telling(told), "post")
    visit(telling(told), "post")
    assert told[0] != told[1]


def test_the_report_page_gives_the_id_before_anything_is_sent(db):
    given: list[str] = []

    def page(request):
        response = HttpResponse()
        given.append(visits.ensure_device_cookie(request, response))
        return response

    _, answer = visit(page)
    told: list[str] = []
    visit(telling(told), **{cookies.VISITOR: answer.cookies[cookies.VISITOR].value})
    assert told == [f"device:{given[0]}"]


def test_a_forged_browser_id_is_none(db):
    told: list[str] = []
    visit(telling(told), **{cookies.VISITOR: "abc:def:ghi"})
    assert told == ["device:"]


def test_opened_reports_are_remembered_for_thirty_days_and_at_most_fifty(db, clock_of_the_test, later):
    request = RequestFactory().get("/")
    for report_id in range(1, 54):
        response = HttpResponse()
        cookies.remember_opened_report(request, response, report_id)
        request.COOKIES[cookies.OPENED] = response.cookies[cookies.OPENED].value
    assert cookies.opened_reports(request) == list(range(4, 54))
    opened = visits.Visit(request, MORNING).actor.opened_report_ids
    assert opened == frozenset(range(4, 54))
    clock_of_the_test.move_to(later(days=31), tick=False)
    assert cookies.opened_reports(request) == []


def test_a_forged_list_of_reports_opens_nothing(db):
    request = RequestFactory().get("/")
    request.COOKIES[cookies.OPENED] = "1.2.3:abc:def"
    assert visits.Visit(request, MORNING).actor.opened_report_ids == frozenset()


def test_a_page_behind_the_gate_refuses_a_post_of_nobody_without_losing_the_reason(db):
    answer = Client().post("/account/devices/end-others/")
    assert answer.status_code == 403
    assert "请先登录" in answer.content.decode()


class TestTokens:
    @pytest.fixture
    def token(self, cast):
        actor = cast.actor("desk")
        _, plain = make_api_token(user=cast.people["desk"], label="大屏", is_read_only=True, actor=actor, at=MORNING)
        return plain

    def test_a_token_is_its_person_minus_rights(self, cast, token):
        actor = actor_of_token(token, MORNING)
        assert actor is not None
        assert (actor.kind, actor.user_id) == (ActorKind.TOKEN, cast.people["desk"].pk)
        assert actor.is_read_only
        assert actor.seats == cast.actor("desk").seats

    def test_two_queries_and_one_note_a_day(self, token, django_assert_num_queries):
        with django_assert_num_queries(3):
            actor_of_token(token, MORNING)
        with django_assert_num_queries(2):
            actor_of_token(token, MORNING + timedelta(hours=1))

    def test_an_ended_token_is_nobody(self, token):
        end_api_token(token=ApiToken.objects.get(), actor=SYSTEM, at=MORNING)
        assert actor_of_token(token, MORNING) is None

    def test_a_token_ends_with_the_account(self, cast, token):
        end_person(user=cast.people["desk"], reason="离职", actor=SYSTEM, at=MORNING)
        assert actor_of_token(token, MORNING) is None

    @pytest.mark.parametrize("typed", ["", "lz_", "lz_wrong", "Bearer x"])
    def test_anything_else_is_nobody(self, token, typed):
        assert actor_of_token(typed, MORNING) is None
