"""Letters in scope and their words."""

from __future__ import annotations

from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.roster.models.honours import Letter


def find_letter(actor: Actor, uid: UUID) -> Letter:
    """One with its ties; raises `NotThere`."""
    rows = Letter.objects.visible_to(actor).with_ties(actor).select_related("subject", "area__level", "author")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotThere("没有找到这封信，或它不在您的范围内。")
    return found


def text_of(letter: Letter) -> tuple[str, str]:
    """To whom a letter goes and what it says; blank once the words are gone."""
    row = Words.objects.filter(
        subject_kind=Letter.subject_kind, subject_id=letter.pk, seq=letter.text_seq, erased_at=None
    ).first()
    spoken = row.spoken if row is not None else {}
    return str(spoken.get("addressee", "")), str(spoken.get("text", ""))
