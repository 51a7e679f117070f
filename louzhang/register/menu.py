"""What the register adds to the menus."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.shell.parts import Item


def today_entry(request: HttpRequest) -> list[Item]:
    """我的楼 on the first page of who looks after a building or grid."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    url = reverse("register:houses")
    return [Item(label="我的楼", url=url, icon="building", note="房屋、住户、怎么联系、要什么")]


def desk_entry(request: HttpRequest) -> list[Item]:
    """人房登记 in the navigation of offices; those above communities read numbers there."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("register:houses")
    apart = [reverse(f"register:{name}") for name in ("sites", "firms", "visitor")]  # have entries of their own
    is_here = request.path.startswith(url) and not request.path.startswith(tuple(apart))
    return [Item(label="人房登记", url=url, icon="building", group="社区事务", current=is_here)]
