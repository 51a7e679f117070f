"""The shell's own pages: choices for the eyes, offline, 投诉建议, privacy, and the error pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from louzhang.shell import comfort


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
    return render(request, "shell/offline.html")


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
