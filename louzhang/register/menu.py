"""What the register adds to the menus."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.shell.parts import Item

# Pages of the register that are reached from 今天.
APART = frozenset(
    {"notebook", "note", "throw", "cards", "card", "site", "sites", "firm", "firms", "conflicts", "settle"}
)


def field_tab(request: HttpRequest) -> list[Item]:
    """楼栋 at the bottom of the phone of who looks after a building or grid."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    url = reverse("register:houses")
    here = request.resolver_match.view_name if request.resolver_match else ""
    is_here = here.startswith("register:") and here.removeprefix("register:").split("_")[0] not in APART
    return [Item(label="楼栋", url=url, icon="building", current=is_here)]


def desk_entry(request: HttpRequest) -> list[Item]:
    """人房登记 in the navigation of offices; those above communities read numbers there."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("register:houses")
    apart = [reverse(f"register:{name}") for name in ("sites", "firms", "visitor")]  # have entries of their own
    is_here = request.path.startswith(url) and not request.path.startswith(tuple(apart))
    return [Item(label="人房登记", url=url, icon="building", group="社区事务", current=is_here)]
