"""The shell's own pages: choices for the eyes, offline, 投诉建议, privacy, and the error pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from louzhang.shell import comfort, navigation
from louzhang.shell.offline import kept_pages, worker_facts
from louzhang.shell.pocket import parts_for
from louzhang.shell.polling import answers_with_etag


@require_POST
def choose_care(request: HttpRequest) -> HttpResponse:
    """Switch care mode (长辈版) to a print size, or off with 0."""
    size = request.POST.get("size", "")
    chosen = size if size in {str(known) for known in comfort.CARE_SIZES} else ""
    response = _back(request)
    comfort.remember(request, response, comfort.CARE_COOKIE, chosen)
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and what the device says."""
    theme = request.POST.get("theme", "")
    chosen = theme if theme in comfort.THEMES and theme != "auto" else ""
    response = _back(request)
    comfort.remember(request, response, comfort.THEME_COOKIE, chosen)
    return response


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone without a network shows."""
    return render(request, "shell/offline.html", {"pages": kept_pages(request)})


@answers_with_etag
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the phone, at the root so that it serves every page of the phone."""
    script = render(request, "shell/sw.js", {"facts": worker_facts(request)}, content_type="text/javascript")
    script["Vary"] = "Cookie"
    return script


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Who is here now, a fresh token for what has waited for a signal, and the key that closes what waits."""
    owner, key = (str(navigation.fact_for(name, request)) for name in ("owner_mark", "owner_key"))
    return JsonResponse({"csrf": get_token(request), "owner": owner, "key": key})


@never_cache
@require_GET
def pocket(request: HttpRequest) -> HttpResponse:
    """What this person's phone may carry without a signal; nothing for who has nothing to carry."""
    owner = str(navigation.fact_for("owner_mark", request))
    parts = parts_for(request) if owner else {}
    response = JsonResponse({"owner": owner, "parts": parts})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def feedback(request: HttpRequest) -> HttpResponse:
    """投诉建议: every way to complain, none of which passes the one complained about."""
    return render(request, "shell/feedback.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a visitor, why, and how to have it erased."""
    return render(request, "shell/privacy.html")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page one came from, if it is ours."""
    target = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if own else "/")
