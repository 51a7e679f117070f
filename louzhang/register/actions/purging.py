"""What is past its time goes: care tags at their end, and a person's whole entry when they may ask for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.register.models import CareTag
from louzhang.register.queries.places import lines_of

PAST = "关爱标记到期"
BLANK = ("kind", "purpose", "legal_basis", "consent", "health_sealed", "purged_at", "ended_at")


def purge_tag(tag: CareTag, *, rule: str, actor: Actor, at: datetime) -> None:
    """Take kind, purpose, basis, consent and health from a locked tag and erase its words; row and chain stay."""
    tag.kind = tag.consent = None
    tag.seal(health="")
    tag.purpose = tag.legal_basis = ""
    tag.purged_at, tag.ended_at = at, tag.ended_at or at
    line = lines_of([tag.resident.area_id])[tag.resident.area_id]
    erase_subject(tag, rule=rule, actor=actor, at=at, area_ids=line, save=BLANK)


def purge_past_care(*, at: datetime) -> int:
    """Purge every tag whose end has come (worker, every night); gives how many."""
    purged = 0
    for pk in list(CareTag.objects.past(clock.local_date(at)).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = CareTag.objects.past(clock.local_date(at)).filter(pk=pk).select_related("resident")
            tag = rows.select_for_update(no_key=True, of=("self",)).first()
            if tag is not None:
                purge_tag(tag, rule=PAST, actor=SYSTEM, at=at)
                purged += 1
    return purged
