"""What the roster adds to the pages about oneself."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.shell import navigation
from louzhang.shell.parts import Item


def set_up() -> None:
    """Register the entries; called once when the app is ready."""
    navigation.add_items("own", own_entry, order=5)
    navigation.add_items("today", today_entry, order=9)


def _item() -> Item:
    note = "任期、培训、这个月的数字、荣誉"
    return Item(label="我的任职", url=reverse("me:mine"), icon="user-check", note=note)


def own_entry(request: HttpRequest) -> list[Item]:
    """我的任职 on the account page of whoever serves."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES, *OFFICE_ROLES):
        return []
    return [_item()]


def today_entry(request: HttpRequest) -> list[Item]:
    """The same on the first page of the field."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    return [_item()]
