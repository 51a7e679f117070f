"""What the month's appraisal says beside an honour: names it commends, and figures to those who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import Standing, StandingQuerySet
from louzhang.roster.models.honours import Honour

COMMENDED = "当月考核被表扬"


def commended_buildings(area: Area, month: date) -> dict[int, str]:
    """Buildings of a community whose chief the published month commends; none before it is published."""
    rows = _published(month).filter(is_commended=True, post__area__path__startswith=area.path)
    return dict.fromkeys(rows.values_list("post__area_id", flat=True), COMMENDED)


def commended_posts(area: Area, month: date) -> set[int]:
    """The posts that the published month commends."""
    rows = _published(month).filter(is_commended=True, post__area__path__startswith=area.path)
    return set(rows.values_list("post_id", flat=True))


@dataclass(frozen=True, slots=True)
class Figure:
    """What the month says of a nominee, and the page with its rows where the reader may open it."""

    words: str
    standing: UUID | None


def beside(honour: Honour, actor: Actor) -> Figure | None:
    """What the checker reads of the month, where it was published: commended, or for the own office the group."""
    if honour.has_no_account or honour.erased_at is not None:
        return None
    of = Q(user_id=honour.holder_id) if honour.holder_id is not None else Q(post__area_id=honour.building_id)
    rows = _published(honour.month).filter(of)
    row = rows.visible_to(actor).order_by("pk").first()
    if rows.filter(is_commended=True).exists():
        return Figure(COMMENDED, row.uid if row is not None else None)
    if row is None:
        return None
    words = f"当月考核在第 {row.group} 档，共 {row.groups} 档" if row.group is not None else "当月有数字，不和别人比较"
    return Figure(words, row.uid)


def _published(month: date) -> StandingQuerySet:
    rows: StandingQuerySet = Standing.objects.all()
    return rows.filter(month__month=month, month__status=MonthState.PUBLISHED.value)
