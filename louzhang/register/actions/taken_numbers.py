"""An ID number somebody types that is another row's: told without a place, logged like a search, so often an hour.

Whether a number is registered is something about a person. Whoever enters one learns it by the refusal, so the
refusal leaves a row of who looked, which outlives what was rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict
from louzhang.register.models import Resident, id_index
from louzhang.register.models.shelters import unsheltered

MET = "met_id"
REASON = "登记时输入了这个证件号码"
ELSEWHERE = "这个证件号码已经登记过，请逐位核对。没有写错的，请本人先在原来住的地方办迁出，再来这里登记。"
ANOTHER = "这个证件号登记在另一个人名下，请逐位核对证件号。"
LIVES = "这个证件号的人还登记在别处居住，请先在那里办迁出。"
LIMIT = "number.person"


class NumberTaken(Conflict):
    """The number belongs to `resident_id`; the sentence says more only to whoever keeps that row anyway."""

    def __init__(self, met: Resident, actor: Actor, message: str) -> None:
        is_kept = Resident.objects.kept_by(actor).filter(pk=met.pk).exists()
        super().__init__(message if is_kept else ELSEWHERE, field="id_number")
        self.resident_id = met.pk


def whose_number(id_number: str) -> Resident | None:
    """The row a number belongs to, locked."""
    if not id_number:
        return None
    rows = Resident.objects.current().filter(id_index=id_index(id_number))
    return rows.select_for_update(no_key=True, of=("self",)).first()


def refuse_hidden(met: Resident, actor: Actor) -> None:
    """Raise `NumberTaken` for somebody a protection order hides from the actor."""
    if not Resident.objects.filter(unsheltered(actor, "pk", "area"), pk=met.pk).exists():
        raise NumberTaken(met, actor, ELSEWHERE)


def log_met(resident_id: int, actor: Actor, at: datetime) -> None:
    """Note that the actor met this row by its number."""
    log_reveal(subject_kind=Resident.subject_kind, subject_id=resident_id, what=MET, reason=REASON, actor=actor, at=at)


def note_met(taken: NumberTaken, actor: Actor, at: datetime) -> None:
    """Count and log a number that was met; raises `TooOften`."""
    limits.refuse_too_often({LIMIT: _key(actor)}, at)
    log_met(taken.resident_id, actor, at)


@contextmanager
def met_numbers_logged(*, is_typed: bool, actor: Actor, at: datetime) -> Iterator[None]:
    """Log what the block refuses with `NumberTaken`; put it around the transaction, so that the log outlives it.

    Raises `TooOften`, before anything is told, for whoever has met too many numbers within the hour.
    """
    if is_typed:
        limits.refuse_if_spent(LIMIT, _key(actor), at)
    try:
        yield
    except NumberTaken as taken:
        with transaction.atomic():
            note_met(taken, actor, at)
        raise


def _key(actor: Actor) -> str:
    return str(actor.user_id or actor.device)
