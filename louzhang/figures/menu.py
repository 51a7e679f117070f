"""数字 in the navigation of the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.shell.parts import Item


def figures_entry(request: HttpRequest) -> list[Item]:
    """The figures, for whoever works in an office."""
    if not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(label="数字", url=reverse("figures:page"), icon="chart-bar", group="统计", current=here == "figures:page")
    ]
