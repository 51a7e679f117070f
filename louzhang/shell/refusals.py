"""Error pages in Chinese: what happened, and what to do next.

The same sentence is given to a whole page and to an htmx swap. A swap is answered with a notice that
goes to the top of the page (``HX-Retarget``), so what was typed stays where it is. Programs read the same
sentence as JSON, also where the request never reached the interface.
"""

from dataclasses import dataclass

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

FOR_PROGRAMS = "/api/"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
CODES = {
    400: "input_refused",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    429: "too_often",
    500: "server_error",
}


@dataclass(frozen=True)
class Words:
    """What an error page says; ``again`` offers to try the same page again."""

    title: str
    what: str
    next: str
    again: bool = False


WORDS = {
    400: Words(
        "没看懂这次提交", "提交的内容不完整，或者页面已经过期。", "请返回上一页，刷新后再提交一次。", again=True
    ),
    419: Words(
        "页面已经过期", "页面开得太久，或浏览器没有保存 Cookie。", "请返回上一页，刷新后再提交一次。", again=True
    ),
    403: Words(
        "您没有办这件事的权限", "这个页面在您的范围内，但这一步不由您办。", "请联系经办单位，或换一个账号登录。"
    ),
    404: Words(
        "没有找到这个页面", "地址可能不完整，或者这件事不在您能看到的范围内。", "请检查地址，或者从首页重新进入。"
    ),
    405: Words("这个页面不能这样打开", "这个地址不接受这种请求。", "请返回上一页，从页面上的按钮再办一次。"),
    409: Words(
        "这件事刚刚有了变化", "别人已经先办了一步，您这一步没有保存。", "请刷新页面，看看现在到哪一步了。", again=True
    ),
    413: Words("内容太大，没有传上来", "一次提交的文字或照片超过了上限。", "请减少照片，或把文字写短一些再提交。"),
    429: Words("提交得太频繁了", "为防止误点，暂时停收您的提交。", "请过几分钟再试；急事请打电话。", again=True),
    500: Words("系统出错了", "这一步没有办成，错误已经记录下来。", "请过一会儿再试；还不行请联系社区。", again=True),
    503: Words("系统正在维护", "这一步暂时办不了。", "请过几分钟再试；急事请打电话。", again=True),
}


def refuse(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """Answer with an error page, or with a notice when htmx asked; ``message`` replaces what happened."""
    words = WORDS.get(status, WORDS[500])
    return _answer(request, status, words, message or words.what)


def _answer(request: HttpRequest, status: int, words: Words, what: str) -> HttpResponse:
    if request.path.startswith(FOR_PROGRAMS):
        return _for_programs(status, what, words.next)
    context: dict[str, object] = {"status": status, "words": words, "what": what, "path": request.get_full_path()}
    if request.headers.get("HX-Request") == "true":
        return _notice(request, status, context)
    return HttpResponse(_page(request, context), status=status)


def _for_programs(status: int, what: str, then: str) -> HttpResponse:
    told = {"code": CODES.get(status, "refused"), "message": f"{what}{then}", "field": ""}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400; somebody who calls us by a foreign name gets a page that asks the database nothing."""
    if isinstance(exception, DisallowedHost) and not request.path.startswith(FOR_PROGRAMS):
        words = WORDS[400]
        return HttpResponse(
            _page(None, {"status": 400, "words": words, "what": words.what, "theme": "auto"}), status=400
        )
    return refuse(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403"""
    return refuse(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    return refuse(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: renders without context processors, since one of them may be what failed."""
    words = WORDS[500]
    if request.path.startswith(FOR_PROGRAMS):
        return _for_programs(500, words.what, words.next)
    context: dict[str, object] = {"status": 500, "words": words, "what": words.what, "theme": "auto"}
    if request.headers.get("HX-Request") == "true":
        return _notice(None, 500, context)
    return HttpResponse(_page(None, context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a page left open too long."""
    return _answer(request, 403, WORDS[419], WORDS[419].what)


def _page(request: HttpRequest | None, context: dict[str, object]) -> str:
    return render_to_string("shell/error.html", context, request=request)


def _notice(request: HttpRequest | None, status: int, context: dict[str, object]) -> HttpResponse:
    response = HttpResponse(render_to_string("shell/parts/refusal.html", context, request=request), status=status)
    response["HX-Retarget"] = "#lz-notices"
    response["HX-Reswap"] = "beforeend"
    return response
