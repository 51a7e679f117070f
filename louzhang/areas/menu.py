"""What this app adds to every page: entries of the desk's navigation, facts about the place."""

from __future__ import annotations

from dataclasses import replace

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries import settings_now
from louzhang.areas.queries.people_scope import MANAGERS
from louzhang.areas.rights import READERS
from louzhang.areas.roles import Role
from louzhang.areas.sections import section_items
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.queue import worker_is_up
from louzhang.shell import navigation
from louzhang.shell.parts import Item

# What the shell asks about the place, and the setting that answers.
FACTS = {
    "place_name": "place_name",
    "is_demo": "is_demo",
    "filing_number": "filing_number",
    "feedback_phone": "hotline",
    "tile_url": "map_tiles",
    "tile_datum": "map_datum",
    "tile_credit": "map_credit",
}

SETTINGS = "/desk/settings/"
BEAT_SECONDS = 10
# Label, address, icon, whose page it is.
ENTRIES = (
    ("队伍", "people:list", "users", MANAGERS),
    ("设置", "settings:home", "settings", READERS),
    ("登录安全", "keepers:security", "shield-check", (Role.SECURITY_ADMIN,)),
    ("审计", "keepers:audit", "eye", (Role.AUDIT_ADMIN,)),
)


def desk_entries(request: HttpRequest) -> list[Item]:
    """The pages about people that this actor may open."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return []
    entries: list[Item] = []
    for label, name, icon, roles in ENTRIES:
        if not actor.has_role(*roles):
            continue
        parts = section_items(actor, request.path, note="sub") if request.path.startswith(SETTINGS) else []
        is_here = request.path.startswith(reverse(name)) and not (name == "settings:home" and _any_current(parts))
        entries.append(Item(label=label, url=reverse(name), icon=icon, current=is_here))
        entries += parts if name == "settings:home" else []
    return [replace(entry, group="管理") for entry in entries]


def _any_current(items: list[Item]) -> bool:
    return any(item.current for item in items)


def tell_shell() -> None:
    """Register the entries and the facts; called once when the app is ready."""
    navigation.add_items("desk", desk_entries, order=60)
    navigation.set_fact("worker_down", _worker_is_down)
    for fact, key in FACTS.items():
        navigation.set_fact(fact, _fact(key))


def _worker_is_down(request: HttpRequest) -> bool:
    """Whether staff should read that background work stands still; asked every ten seconds a process."""
    if not hasattr(request, "visit") or not actor_of(request).seats:
        return False
    return not cache.get_or_set("worker.is_up", worker_is_up, BEAT_SECONDS)


def _fact(key: str) -> navigation.FactProvider:
    return lambda request: _settings(request)[key]


def _settings(request: HttpRequest) -> dict[str, object]:
    """The settings as this request sees them, read once."""
    kept: dict[str, object] | None = request.META.get("LZ_SETTINGS")
    if kept is None:
        kept = request.META["LZ_SETTINGS"] = settings_now(clock.now())
    return kept
