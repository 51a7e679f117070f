"""The board's entry in the navigation of the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.shell.parts import Item


def board_entry(request: HttpRequest) -> list[Item]:
    """The board, for offices of the district and the streets."""
    seats = actor_of(request).seats_with(*OFFICE_ROLES)
    if not any(seat.rank <= 2 for seat in seats):
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(label="指挥中心", url=reverse("command:board"), icon="flag", group="统计", current=here == "command:board")
    ]
