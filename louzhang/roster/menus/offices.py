"""What the roster adds to the menus of offices: one row a page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.areas.roles import OFFICE_ROLES
from louzhang.shell import navigation
from louzhang.shell.parts import Item

GROUP = "选训评奖"
# Label, address, icon: what every office reads.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("派驻干部", "posted:teams", "login"),
    ("职责和怎么办", "post_duties:catalogue", "checklist"),
    ("培训", "training:desk", "school"),
    ("月度考核", "appraisal:months", "history"),
    ("荣誉", "honours:board", "stars"),
)


def set_up() -> None:
    """Register the entries; called once when the app is ready."""
    navigation.add_items("desk", desk_entries, order=35)


def desk_entries(request: HttpRequest) -> list[Item]:
    """The parts of the roster, for whoever works in an office of an area."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.has_role(*OFFICE_ROLES):
        return []
    return [
        Item(label=label, url=reverse(name), icon=icon, group=GROUP, current=request.path.startswith(reverse(name)))
        for label, name, icon in PAGES
    ]
