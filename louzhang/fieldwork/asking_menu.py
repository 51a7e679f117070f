"""What admissions, sheets and the burden add to the menus of offices, departments and of oneself."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.fieldwork.campaign_kinds import add_kinds
from louzhang.fieldwork.register_values import add_sources
from louzhang.fieldwork.views.asking_frame import is_asker
from louzhang.shell import navigation
from louzhang.shell.parts import Item

GROUP = "减负"
PAGES = (
    ("任务准入", "asking:admissions", "filter"),
    ("上级报表", "asking:bulletins", "download"),
    ("负担报告", "asking:burden", "hourglass"),
)


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    add_kinds()
    add_sources()
    navigation.add_items("desk", desk_entries, order=33)
    navigation.add_items("own", own_entry, order=45)


def desk_entries(request: HttpRequest) -> list[Item]:
    """准入、上级报表、负担报告, for whoever works in an office or a unit."""
    if not hasattr(request, "visit"):
        return []
    here = request.resolver_match.namespace if request.resolver_match else ""
    if here != "asking" and not is_asker(actor_of(request)):
        return []
    return [
        Item(label=label, url=reverse(name), icon=icon, group=GROUP, current=request.path.startswith(reverse(name)))
        for label, name, icon in PAGES
    ]


def own_entry(request: HttpRequest) -> list[Item]:
    """我的负担, on the account page of whoever has a post in the field or an office."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES, *OFFICE_ROLES):
        return []
    note = "这一周为各项任务填了多少、花了多久，只有您自己看得到"
    return [Item(label="我的负担", url=reverse("asking_own:burden"), icon="clock", note=note)]
