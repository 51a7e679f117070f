"""What appraisals add to the journal and the menus."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.journal import readers, subjects
from louzhang.roster.appraisal_notices import BOOKS
from louzhang.roster.models.appraisal import AppraisalMonth, RankingScene, Scheme
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.queries.appraisal.desk import sheets_to_fill
from louzhang.shell import navigation
from louzhang.shell.parts import Item

WORDS = "每个月按什么考核楼长、网格员，指标、占比和及格线；在编人员平时不比较。"


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(AppraisalMonth, FigureObjection, RankingScene, Review, Scheme)
    for kind, book in BOOKS.items():
        readers.register(f"{kind}_notices", kind, read=book.read)
    navigation.add_items("today", today_entries, order=7)
    add_section(Section(label="考核办法", name="appraisal:schemes", icon="history", words=WORDS), order=42)


def today_entries(request: HttpRequest) -> list[Item]:
    """请您打分 on the worker's first page where one was asked to; the own figures stand in 我的任职."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    asked = len(sheets_to_fill(actor_of(request)))
    sheets = [
        Item(label="请您打分", url=reverse("appraisal:sheets"), icon="star", note="一人一表，各打各的", count=asked)
    ]
    return sheets if asked else []
