"""What mediation adds to menus and orders."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.actor import Actor
from louzhang.mediation.models import Mediation
from louzhang.shell.parts import Item
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import Handling, WorkOrder

STARTERS = frozenset({Relation.KEEPER, Relation.DESK})


def today_entry(request: HttpRequest) -> list[Item]:
    """矛盾调解 on the worker's first page; what waits is told by notices."""
    if not actor_of(request).has_role(*FIELD_ROLES):
        return []
    note = "邻里有了矛盾，从这里开始；要谈的、要回访的"
    return [Item(label="矛盾调解", url=reverse("mediation:list"), icon="mood-smile", note=note)]


def desk_entry(request: HttpRequest) -> list[Item]:
    """矛盾调解 at the desk: that there are some, their states and dates."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES, *UNIT_ROLES):
        return []
    url = reverse("mediation:list")
    return [Item(label="矛盾调解", url=url, icon="mood-smile", group="社区事务", current=request.path.startswith(url))]


def party_link(request: HttpRequest) -> list[Item]:
    """The way in for those in dispute, with their code; not for whoever works here."""
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        return []
    return [Item(label="看我的调解", url=reverse("mediation:open"))]


def beside_order(order: WorkOrder, actor: Actor) -> list[Item]:
    """The mediations of an order, and where to start one (one query, where there are any)."""
    if order.category.handling != Handling.PLAIN or order.is_only_former:
        return []
    seen = Mediation.objects.visible_to(actor).filter(order=order).order_by("-id")
    rows = list(seen) if getattr(order, "has_mediation", True) else []
    items = [
        Item(label=f"矛盾调解：{row.status_label}", url=reverse("mediation:one", args=[row.uid]), icon="mood-smile")
        for row in rows
    ]
    may_start = order.is_open and order.relations_now & STARTERS and not any(row.is_open for row in rows)
    if may_start:
        url = f"{reverse('mediation:start')}?order={order.number}"
        items.append(Item(label="发起矛盾调解", url=url, icon="mood-smile", note="谈话内容只有调解员和当事人能看"))
    return items
