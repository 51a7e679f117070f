"""One request's answer to "who is it": read from the cookies when somebody first asks.

`actor_of(request)` is for every view; `person_of(request)` for views behind `signed_in`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from louzhang.accounts import cookies
from louzhang.accounts.actions.signing_in import DEVICE_DAYS
from louzhang.accounts.actors import resolver
from louzhang.accounts.forgetting import ask_to_forget
from louzhang.accounts.models import Device, User
from louzhang.accounts.queries import live_device
from louzhang.journal.actor import Actor, ActorKind
from louzhang.kit import clock, crypto

SAFE = ("GET", "HEAD", "OPTIONS")


class Visit:
    """Who comes with this request; costs nothing until asked, then at most two queries."""

    def __init__(self, request: HttpRequest, at: datetime) -> None:
        self.at = at
        self._request = request
        self._new_visitor = ""
        # A page on which people vote: who came, and when, is written nowhere (docs/decisions/0027).
        self.leaves_no_trace = False

    @cached_property
    def device(self) -> Device | None:
        """The signed-in device with its person, if it has not ended."""
        token = cookies.read(self._request, cookies.DEVICE)
        if not token:
            return None
        signed_in: Device | None = live_device.first(token_hash=crypto.token_hash(token), at=self.at)
        return signed_in

    @cached_property
    def user(self) -> User | AnonymousUser:
        """The person signed in here, or nobody."""
        return self.device.user if self.device is not None else AnonymousUser()

    @cached_property
    def actor(self) -> Actor:
        """The person with the posts held now, or the browser of a resident without an account.

        A browser gets its random id when it first sends something, so that what it sends is its own.
        """
        opened = frozenset(cookies.opened_reports(self._request))
        visitor = cookies.read(self._request, cookies.VISITOR)
        if self.device is None and not visitor and self._request.method not in SAFE:
            visitor = self._new_visitor = cookies.new_visitor()
        browser = crypto.token_hash(visitor) if visitor else ""
        if self.device is None:
            return Actor(kind=ActorKind.DEVICE, device=browser, opened_report_ids=opened)
        return resolver()(self.device.user, self.at, device=browser, opened_report_ids=opened)

    def become(self, device: Device) -> None:
        """Go on as the person who has just signed in on this device."""
        for name in ("user", "actor"):
            self.__dict__.pop(name, None)
        self.__dict__["device"] = device

    def leave(self, response: HttpResponse) -> None:
        """Send the cookies that have become due; at most once a day note that the device was seen."""
        seen = self.__dict__
        if self.leaves_no_trace:
            return
        if self._new_visitor and cookies.VISITOR not in response.cookies:
            cookies.write(response, cookies.VISITOR, self._new_visitor, cookies.VISITOR_DAYS)
        if "device" not in seen:
            return
        patch_vary_headers(response, ("Cookie",))
        if self.device is not None:
            response.headers.setdefault("Cache-Control", "private, no-cache")
            self._stay(self.device, response)
        elif cookies.DEVICE in self._request.COOKIES and cookies.DEVICE not in response.cookies:
            cookies.drop(response, cookies.DEVICE)
            self._forget(response)

    def _forget(self, response: HttpResponse) -> None:
        """A device that was ended, not one that ran out, leaves nothing of its person on the phone."""
        token_hash = crypto.token_hash(cookies.read(self._request, cookies.DEVICE))
        ended = Device.objects.select_related("user").filter(token_hash=token_hash, ended_at__isnull=False).first()
        if ended is not None:
            ask_to_forget(self._request, response, ended.user)

    def _stay(self, device: Device, response: HttpResponse) -> None:
        today = clock.local_date(self.at)
        if device.seen_on >= today or cookies.DEVICE in response.cookies:
            return
        expires_at = self.at + timedelta(days=DEVICE_DAYS)
        if Device.objects.filter(pk=device.pk, ended_at=None).update(seen_on=today, expires_at=expires_at):
            token = cookies.read(self._request, cookies.DEVICE)
            cookies.write(response, cookies.DEVICE, token, DEVICE_DAYS)


def visit_of(request: HttpRequest) -> Visit:
    """The visit the middleware has begun."""
    visit: Visit = request.visit  # type: ignore[attr-defined]  # set by DeviceMiddleware
    return visit


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; never None."""
    return visit_of(request).actor


def person_of(request: HttpRequest) -> User:
    """The person signed in, in a view behind `gates.signed_in`."""
    person = visit_of(request).user
    if not isinstance(person, User):
        raise TypeError("nobody is signed in: the view lacks gates.signed_in")
    return person


def ensure_device_cookie(request: HttpRequest, response: HttpResponse) -> str:
    """Give a browser without an account its random id (the report page does); the id's hash."""
    visitor = cookies.read(request, cookies.VISITOR) or cookies.new_visitor()
    cookies.write(response, cookies.VISITOR, visitor, cookies.VISITOR_DAYS)
    return crypto.token_hash(visitor)
