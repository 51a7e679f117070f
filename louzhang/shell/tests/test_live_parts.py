from typing import Any

from django.http import HttpRequest, HttpResponse

from louzhang.shell import toasts
from louzhang.shell.polling import answers_with_etag


def counts(request: HttpRequest, words: str = "12 件") -> HttpResponse:
    return HttpResponse(words)


def test_a_part_that_did_not_change_is_not_sent_again(request_of: Any) -> None:
    first = answers_with_etag(counts)(request_of())
    second = answers_with_etag(counts)(request_of(**{"If-None-Match": first.headers["ETag"]}))
    assert second.status_code == 304
    assert second.content == b""


def test_a_packed_answer_is_recognised_too(request_of: Any) -> None:
    first = answers_with_etag(counts)(request_of())
    weak = f"W/{first.headers['ETag']}"
    assert answers_with_etag(counts)(request_of(**{"If-None-Match": weak})).status_code == 304


def test_a_part_that_changed_is_sent(request_of: Any) -> None:
    first = answers_with_etag(counts)(request_of())
    asked = request_of(**{"If-None-Match": first.headers["ETag"]})
    assert answers_with_etag(counts)(asked, "13 件").content.decode() == "13 件"


def test_a_toast_is_shown_once_on_the_next_page(request_of: Any) -> None:
    said = HttpResponse()
    toasts.say(request_of(), said, "已受理。", undo_url="/undo/")
    asked = request_of(cookies={toasts.COOKIE: said.cookies[toasts.COOKIE].value})
    shown: list[toasts.Toast | None] = []

    def page(request: HttpRequest) -> HttpResponse:
        shown.append(toasts.read(request))
        return HttpResponse()

    answer = toasts.ToastMiddleware(page)(asked)
    assert shown == [toasts.Toast("已受理。", "success", "/undo/")]
    assert answer.cookies[toasts.COOKIE].value == ""


def test_a_toast_nobody_read_is_kept(request_of: Any) -> None:
    answer = toasts.ToastMiddleware(lambda _: HttpResponse())(request_of(cookies={toasts.COOKIE: "x"}))
    assert toasts.COOKIE not in answer.cookies


def test_a_forged_toast_is_not_shown(request_of: Any) -> None:
    assert toasts.read(request_of(cookies={toasts.COOKIE: "forged:words"})) is None


def test_a_swap_carries_its_toast_in_a_header(request_of: Any) -> None:
    answer = HttpResponse()
    toasts.say(request_of(**{"HX-Request": "true"}), answer, "已受理。")
    assert answer.headers["HX-Trigger"].isascii()
    assert toasts.COOKIE not in answer.cookies
