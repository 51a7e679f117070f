"""What care and rights add to the menus: 我的登记 for residents, 本人请求 at the desk, assessments in the settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.register.beside import add_marks, add_sections
from louzhang.register.queries.care import care_marks, care_section
from louzhang.register.queries.needs import need_marks
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.shell import navigation
from louzhang.shell.parts import Item

PROTECTION = "哪些敏感内容能登记：先做影响评估，再启用；泄露以后在这里起草告知。"


def own_entry(request: HttpRequest) -> list[Item]:
    """我的登记: what the register holds about oneself, who looked at it, one's rights."""
    url = reverse("own:home")
    return [Item(label="我的登记", url=url, icon="id-badge-2", note="关于您的登记、谁看过、更正和删除")]


def desk_entry(request: HttpRequest) -> list[Item]:
    """本人请求 at a community's desk, with the marks due for review."""
    if not hasattr(request, "visit"):
        return []
    seats = actor_of(request).seats_with(*OFFICE_ROLES)
    if not any(seat.rank == COMMUNITY_RANK for seat in seats):
        return []
    entries = (
        ("本人请求", "rights:list", "user"),
        ("到期再看", "care:due", "eye"),
        ("待认证", "care:bindings", "shield-check"),
    )
    return [
        Item(label=label, url=reverse(name), icon=icon, group="社区事务", current=request.path == reverse(name))
        for label, name, icon in entries
    ]


def set_up() -> None:
    """Stand in the menus and beside the pages of homes; called once when the app is ready."""
    navigation.add_items("home", own_entry, order=60)
    navigation.add_items("own", own_entry, order=30)
    navigation.add_items("desk", desk_entry, order=29)
    add_section(Section(label="个人信息保护", name="protection:assessments", icon="eye", words=PROTECTION), order=26)
    add_marks(care_marks)
    add_marks(need_marks)
    add_sections(care_section, order=10)
