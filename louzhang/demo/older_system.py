"""A handful of orders that the demo district brought along from the system it had before."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from louzhang.demo.cases import CaseBook
from louzhang.demo.district import District
from louzhang.demo.stories import Story
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.actions.importing import HistoryDraft, Source, import_history
from louzhang.workorders.lifecycle import State

NAME = "旧热线登记本·演示"
CLOSED = Story("closed elsewhere", 0, "", (0, 0), by="resident")


def bring_along(district: District, book: CaseBook, number: int, at: datetime, rng: Random) -> None:
    """Import so many closed orders, reported before this moment, by the verb for other systems' history."""
    drafts = []
    for position in range(1, number + 1):
        reported = at - timedelta(days=rng.uniform(1, 25))
        draft = book.make(CLOSED).draft
        drafts.append(
            HistoryDraft(
                number=f"R{position:04d}",
                status=State.CLOSED,
                reported_at=reported,
                closed_at=min(at, reported + timedelta(days=rng.uniform(0.5, 6))),
                kind=draft.category.name,
                kind_name=draft.category.name,
                category_code=draft.category.code,
                area_id=draft.area.pk,
                words=draft.words,
                longitude=draft.longitude,
                latitude=draft.latitude,
                said={"channel": "热线"},
            )
        )
    import_history(source=Source(name=NAME, home=district.root), drafts=drafts, actor=SYSTEM, at=at)
