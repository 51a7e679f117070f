"""What the notices add to the menus: the inbox with what is unread, and how one wants to be reached."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.notices.queries import count_unread
from louzhang.notices.queries.inbox import COUNTED
from louzhang.shell.parts import Item

DESK_ROLES = (*OFFICE_ROLES, *UNIT_ROLES)


def unread_of(request: HttpRequest) -> int:
    """The unread lines of who comes with this request, counted once a request."""
    kept: int | None = request.META.get("LZ_UNREAD")
    if kept is None:
        kept = request.META["LZ_UNREAD"] = count_unread(actor_of(request))
    return kept


def remember_unread(request: HttpRequest, count: int) -> None:
    """Take a count that came with another query, so that it is not asked again."""
    request.META["LZ_UNREAD"] = min(count, COUNTED)


def field_tab(request: HttpRequest) -> list[Item]:
    """消息 at the bottom of the workers' pages."""
    if not hasattr(request, "visit"):
        return []
    return [_entry(request, "notices:field_inbox", unread_of(request))]


def desk_entry(request: HttpRequest) -> list[Item]:
    """消息 on the left of the desk, for those who work there."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*DESK_ROLES):
        return []
    return [_entry(request, "notices:desk_inbox", unread_of(request) or None)]


def own_entry(request: HttpRequest) -> list[Item]:
    """How one wants to be reached, on the page of the own account."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    return [Item(label="消息怎么收", note="通道、免打扰、每天汇总", url=reverse("notices:preferences"), icon="bell")]


def _entry(request: HttpRequest, name: str, count: int | None) -> Item:
    url = reverse(name)
    return Item(label="消息", url=url, icon="bell", count=count, current=request.path == url)
