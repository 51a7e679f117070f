"""What is past its time goes: the lines of old days, and what was written about visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from louzhang.fieldwork.models import DayItem, DayList, Visit
from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Words
from louzhang.kit import clock
from louzhang.register.queries.places import lines_of

KEPT = timedelta(days=90)
WORDS_KEPT = timedelta(days=365)
WORDS_RULE = "走访和清单上写的话保存一年"
AT_ONCE = 500


def forget_lines(*, at: datetime) -> int:
    """Delete the lines of days more than 90 days ago; gives how many. The events of the days stay."""
    gone, _ = DayItem.objects.filter(day_list__day__lt=clock.local_date(at) - KEPT).delete()
    return gone


def forget_words(*, at: datetime) -> int:
    """Erase what was written about visits and days more than a year ago; gives of how many. That they were, stays."""
    before = clock.local_date(at) - WORDS_KEPT
    return sum(_forget(table, before, at) for table in (Visit, DayList))


def _forget(table: Any, before: date, at: datetime) -> int:
    said = Words.objects.filter(subject_kind=table.subject_kind, subject_id=OuterRef("pk"), erased_at=None)
    old = table.objects.filter(Exists(said), day__lt=before).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        with transaction.atomic():
            row = table.objects.select_for_update(no_key=True).get(pk=pk)
            area_ids = lines_of([row.area_id])[row.area_id]
            erase_subject(row, rule=WORDS_RULE, actor=SYSTEM, at=at, area_ids=area_ids)
    return len(ids)
