"""What appraisals add to the journal and the menus."""

from __future__ import annotations

from louzhang.areas.sections import Section, add_section
from louzhang.journal import readers, subjects
from louzhang.roster.models.appraisal import AppraisalMonth, RankingScene, Scheme
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.notices.appraisal import BOOKS

WORDS = "每个月按什么考核楼长、网格员，指标、占比和及格线；在编人员平时不比较。"


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(AppraisalMonth, FigureObjection, RankingScene, Review, Scheme)
    for kind, book in BOOKS.items():
        readers.register(f"{kind}_notices", kind, read=book.read)
    add_section(Section(label="考核办法", name="appraisal:schemes", icon="history", words=WORDS), order=42)
