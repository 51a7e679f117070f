"""值班 in the desk's menu; what waits for one's signature is told by a notice."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.shell.parts import Item


def desk_entry(request: HttpRequest) -> list[Item]:
    """值班, for whoever works in an office or a unit."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES, *UNIT_ROLES):
        return []
    url = reverse("duty:week")
    return [Item(label="值班", url=url, icon="clock", group="社区事务", current=request.path.startswith(url))]
