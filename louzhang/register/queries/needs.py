"""需求清单: the needs of the places an actor keeps."""

from __future__ import annotations

from louzhang.journal.actor import Actor
from louzhang.kit.paging import Page, page_of
from louzhang.register.models import Need

PAGE = 50


def list_needs(actor: Actor, *, asking: str = "", with_ticked: bool = False, cursor: str | None = None) -> Page[Need]:
    """Needs in scope, the latest first, by the way of asking where one is named; raises `BadCursor`."""
    rows = Need.objects.visible_to(actor).select_related("area", "household__dwelling").defer("area__outline")
    rows = rows if with_ticked else rows.open()
    return page_of(rows.filter(asking=asking) if asking else rows, cursor=cursor, size=PAGE)
