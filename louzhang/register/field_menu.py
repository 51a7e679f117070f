"""What the notebook adds to the phone of who looks after a place: its entry, and the form kept without a signal."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.register.forms.door_kinds import add_door_kinds
from louzhang.shell import navigation, offline
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    add_door_kinds()
    navigation.add_items("today", notebook_entry, order=4)
    offline.add_pages(kept_pages)


def notebook_entry(request: HttpRequest) -> list[Item]:
    """我的本子 on the first page of who looks after a building or grid."""
    if not _is_in_field(request):
        return []
    words = "要办的、需求、要关照的、自己的笔记"
    return [Item(label="我的本子", url=reverse("register:notebook"), icon="clipboard-list", note=words)]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The form for the door; its blank copy names doors and nobody behind them."""
    if not _is_in_field(request):
        return []
    url = reverse("register:door")
    return [KeptPage("上门登记", url, f"{url}?blank=1")]


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)
