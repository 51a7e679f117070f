"""Words and names of a round go when their time is over; who was appointed stays by the post."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from louzhang.ballots.actions.blanking import blank_options
from louzhang.ballots.queries.polls import polls_of
from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import SYSTEM
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.models.notice_objections import NoticeObjection
from louzhang.roster.queries.choosing.electing import SERVED

KEPT_FOR = timedelta(days=365)
RULE = f"选任结束满 {KEPT_FOR.days} 天"


def erase_old_rounds(*, at: datetime, most: int = 100) -> int:
    """Erase what was said in rounds that ended a year ago, and names and numbers, on ballots too (worker)."""
    old = Round.objects.filter(ended_at__lt=at - KEPT_FOR, erased_at=None).order_by("pk")
    return sum(_erase(pk, at) for pk in list(old.values_list("pk", flat=True)[:most]))


def _erase(round_id: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = Round.objects.select_related("area__level").filter(pk=round_id, erased_at=None)
        row = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if row is None:
            return False
        for nominee in row.nominees.select_for_update(no_key=True).order_by("pk"):
            _erase_nominee(row, nominee, at)
        for objection in row.objections.select_for_update(no_key=True).order_by("pk"):
            _erase_objection(row, objection, at)
        for vacancy in row.vacancies.order_by("pk"):
            blank_options(poll_ids=[poll.pk for poll in polls_of(SERVED, vacancy.pk)])
        row.erased_at = at
        erase_subject(row, rule=RULE, actor=SYSTEM, at=at, area_ids=row.event_area_ids(), save=("erased_at",))
    return True


def _erase_nominee(row: Round, nominee: Nominee, at: datetime) -> None:
    nominee.name_sealed, nominee.phone_sealed, nominee.code_sealed, nominee.code_hash = "", "", "", ""
    nominee.name_index, nominee.device_hash = f"erased:{nominee.pk}", ""
    nominee.which_sealed, nominee.resident = "", None
    names = ("name_sealed", "phone_sealed", "code_sealed", "which_sealed")
    saved = (*names, "code_hash", "name_index", "device_hash", "resident")
    erase_subject(nominee, rule=RULE, actor=SYSTEM, at=at, area_ids=row.event_area_ids(), save=saved)


def _erase_objection(row: Round, objection: NoticeObjection, at: datetime) -> None:
    objection.name_sealed, objection.phone_sealed, objection.device_hash = "", "", ""
    saved = ("name_sealed", "phone_sealed", "device_hash")
    erase_subject(objection, rule=RULE, actor=SYSTEM, at=at, area_ids=row.event_area_ids(), save=saved)
