"""Gates in front of views: signed in or not, with a role or not. Scope is asked of the querysets."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from louzhang.accounts.homes import home_url
from louzhang.accounts.visits import SAFE, actor_of, visit_of
from louzhang.journal.refusals import NotYours
from louzhang.shell.refusals import refuse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit_of(request).user.is_authenticated:
            return view(request, *args, **kwargs)
        return _to_sign_in(request)

    return guarded


def for_roles(*roles: str, leads_home: bool = False) -> Callable[[View[P]], View[P]]:
    """Open a page to people who hold one of these roles now; others signed in read a sentence (403).

    A first page `leads_home`: who has another post is led to the first page of their own.
    """

    def gate(view: View[P]) -> View[P]:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.has_role(*roles):
                if leads_home and actor.seats and request.method in SAFE:
                    return HttpResponseRedirect(home_url(actor))
                raise NotYours("这个页面不归您现在的职务使用。如果职务刚有变化，请联系社区或上一级办公室。")
            return view(request, *args, **kwargs)

        return guarded

    return gate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method not in SAFE:
        return refuse(request, 403, "您还没有登录，或登录已经到期，这一步没有保存。请先登录再办。")
    url = f"{reverse('accounts:sign_in')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("accounts:sign_in")
        return response
    return HttpResponseRedirect(url)
