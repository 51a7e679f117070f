"""What the notebook adds to the phone of who looks after a place: its entry, and the form kept without a signal."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.register.forms.door_kinds import add_door_kinds
from louzhang.register.queries.doors import own_doors
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.shell import navigation, offline, pocket
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    add_door_kinds()
    navigation.add_items("today", notebook_entry, order=4)
    navigation.add_items("today", sites_entry, order=6)
    navigation.add_items("desk", sites_at_desk, order=29)
    navigation.add_items("desk", visitor_entry, order=29)
    offline.add_pages(kept_pages)
    pocket.add_part("doors", doors_to_carry)


def notebook_entry(request: HttpRequest) -> list[Item]:
    """我的本子 on the first page of who looks after a building or grid."""
    if not _is_in_field(request):
        return []
    words = "要办的、需求、要关照的、自己的笔记"
    return [
        Item(label="我的本子", url=reverse("register:notebook"), icon="clipboard-list", note=words),
        Item(label="联系卡", url=reverse("register:cards"), icon="id-badge-2", note="今天的六位数，给住户看的卡片"),
    ]


def sites_entry(request: HttpRequest) -> list[Item]:
    """设施点位 on the first page of the field."""
    if not _is_in_field(request):
        return []
    words = "消火栓、电梯、商铺：谁负责，该检查的"
    return [Item(label="设施点位", url=reverse("register:sites"), icon="map-pin", note=words)]


def sites_at_desk(request: HttpRequest) -> list[Item]:
    """设施点位 in the navigation of offices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("register:sites")
    is_here = request.path.startswith((url, reverse("register:firms")))
    return [Item(label="设施点位", url=url, icon="map-pin", group="社区事务", current=is_here)]


def visitor_entry(request: HttpRequest) -> list[Item]:
    """核对来人 at the desk of a community, where residents call; and what came when a post had ended."""
    if not hasattr(request, "visit"):
        return []
    offices = actor_of(request).seats_with(*OFFICE_ROLES)
    if not any(seat.rank == COMMUNITY_RANK for seat in offices):
        return []
    url, review = reverse("register:visitor"), reverse("register:conflicts")
    return [
        Item(label="核对来人", url=url, icon="id-badge-2", group="社区事务", current=request.path == url),
        Item(label="待核登记", url=review, icon="copy", group="社区事务", current=request.path == review),
    ]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The form for the door; its blank copy names no door."""
    if not _is_in_field(request):
        return []
    url = reverse("register:door")
    return [KeptPage("上门登记", url, f"{url}?blank=1")]


def doors_to_carry(request: HttpRequest) -> list[tuple[str, list[tuple[str, str]]]] | None:
    """The doors of the own places, and nobody behind them."""
    return own_doors(actor_of(request)) if _is_in_field(request) else None


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)
