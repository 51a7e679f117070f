"""需求清单: the needs of the places an actor keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from louzhang.journal.actor import Actor
from louzhang.kit.paging import Page, page_of
from louzhang.register.beside import Mark, Marked
from louzhang.register.models import Need

PAGE = 50


def list_needs(actor: Actor, *, asking: str = "", with_ticked: bool = False, cursor: str | None = None) -> Page[Need]:
    """Needs in scope, the latest first, by the way of asking where one is named; raises `BadCursor`."""
    rows = Need.objects.visible_to(actor).select_related("area", "household__dwelling").defer("area__outline")
    rows = rows if with_ticked else rows.open()
    return page_of(rows.filter(asking=asking) if asking else rows, cursor=cursor, size=PAGE)


def need_marks(dwelling_ids: Collection[int], actor: Actor, _at: datetime) -> Iterable[Marked]:
    """A dot on each home that asked for something which is not done yet."""
    rows = Need.objects.kept_by(actor).open().filter(household__dwelling__in=dwelling_ids)
    yield Marked(Mark(is_due=True), rows, "household__dwelling_id")
