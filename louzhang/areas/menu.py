"""Entries of the desk's navigation that belong to this app."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.areas.people_scope import MANAGERS
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item

# Label, address, icon, whose page it is.
ENTRIES = (
    ("队伍", "people:list", "users", MANAGERS),
    ("登录安全", "keepers:security", "shield-check", (Role.SECURITY_ADMIN,)),
    ("审计", "keepers:audit", "eye", (Role.AUDIT_ADMIN,)),
)


def desk_entries(request: HttpRequest) -> list[Item]:
    """The pages about people that this actor may open."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return []
    here = request.path
    return [
        Item(label=label, url=reverse(name), icon=icon, current=here.startswith(reverse(name)))
        for label, name, icon, roles in ENTRIES
        if actor.has_role(*roles)
    ]
