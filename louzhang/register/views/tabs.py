"""The pages of the register at the desk, as tabs: houses, search, duplicates, quality, coverage, numbers."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.register.models.imports import importing_areas
from louzhang.register.scope import keeping_seats
from louzhang.shell.parts import Item

KEPT = (("houses", "楼栋"), ("search", "查找"), ("duplicates", "重复"), ("quality", "核对"))
COUNTED = (("coverage", "到岗"), ("statistics", "数字"))
BY_FILE = (("imports", "导入"), ("export", "导出"))


def register_tabs(request: HttpRequest) -> list[Item]:
    """The tabs that somebody may open: rows for who keeps a place, counts for offices."""
    actor = actor_of(request)
    offered = (KEPT if keeping_seats(actor) else KEPT[:1]) + (COUNTED if actor.has_role(*OFFICE_ROLES) else ())
    offered += BY_FILE if importing_areas(actor) else ()
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [Item(label=label, url=reverse(f"register:{name}"), current=here == name) for name, label in offered]
