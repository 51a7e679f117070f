"""What the orders add to the menus of the phone."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, UNIT_ROLES
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item

ORDER_PAGES = ("field:orders", "field:one", "field:act")


def resident_tabs(request: HttpRequest) -> list[Item]:
    """首页, 随手拍, 我的事."""
    return [
        _tab(request, "首页", "phone:home", "home"),
        _tab(request, "随手拍", "phone:report", "camera", "phone:reported"),
        _tab(request, "我的事", "phone:mine", "list-details", "phone:one", "phone:code", "phone:act", "phone:rate"),
    ]


def today_tab(request: HttpRequest) -> list[Item]:
    """今天, where who keeps a place also finds all orders."""
    others = ORDER_PAGES if _is_keeper(request) else ()
    return [_tab(request, "今天", "field:today", "home", *others)]


def field_tabs(request: HttpRequest) -> list[Item]:
    """上报, 工单; who keeps a place has the buildings in the room of the orders."""
    tabs = [_tab(request, "上报", "field:report", "plus", "field:reported")]
    if not _is_keeper(request):
        tabs.append(_tab(request, "工单", "field:orders", "clipboard-list", *ORDER_PAGES))
    return tabs


def today_entry(request: HttpRequest) -> list[Item]:
    """All orders, on the first page of who has no tab for them."""
    if not _is_keeper(request):
        return []
    words = "我手上的、片区里的"
    return [Item(label="全部工单", url=reverse("field:orders"), icon="list-details", note=words)]


def own_tab(request: HttpRequest) -> list[Item]:
    """我的, the last of the tabs."""
    return [_tab(request, "我的", "accounts:account", "user")]


def footer_links(request: HttpRequest) -> list[Item]:
    """The way in for those who work here, quietly at the bottom of the residents' pages."""
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        return [Item(label="工作页面", url=reverse("field:today"))] if _is_worker(request) else []
    return [Item(label="工作人员登录", url=reverse("accounts:sign_in"))]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The forms a phone can fill in without a signal; a worker's names the own buildings and goes at sign-out."""
    report = reverse("phone:report")
    pages = [KeptPage("随手拍", report, f"{report}?blank=1")]
    if request.user.is_authenticated and _is_worker(request):
        own = reverse("field:report")
        pages.insert(0, KeptPage("上报", own, f"{own}?blank=1"))
    return pages


def _is_worker(request: HttpRequest) -> bool:
    return actor_of(request).has_role(*FIELD_ROLES, *UNIT_ROLES)


def _is_keeper(request: HttpRequest) -> bool:
    """Whether somebody looks after a place and works for no unit beside it."""
    if not hasattr(request, "visit"):
        return False
    actor = actor_of(request)
    return actor.has_role(*FIELD_ROLES) and not actor.has_role(*UNIT_ROLES)


def _tab(request: HttpRequest, label: str, name: str, icon: str, *others: str) -> Item:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return Item(label=label, url=reverse(name), icon=icon, current=here in (name, *others))
