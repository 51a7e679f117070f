"""同名: two people of one name at one place are asked after and told apart, never taken for one by their name alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.register.models import Resident
from louzhang.roster.actions.choosing.keeping import locked_round, refuse_words
from louzhang.roster.lifecycle.choosing import RoundState, Tie
from louzhang.roster.models.choosing import NAMESAKE_MARKS, Nominee, Vacancy, name_index
from louzhang.roster.queries.choosing.known import people_like
from louzhang.roster.queries.choosing.rounds import find_nominee

ANOTHER = "another"
QUESTION = "这个位置已经有人推荐过一位同名的。同名，是同一位吗？请选一项再提交。"
WHICH = "请写一点认得出是哪一位的，比如门牌或哪年生。只有社区看，不公开。"
# A poll keeps away whom it knew when it was made.
BEFORE_THE_POLL = frozenset({RoundState.NOMINATING, RoundState.EMPTY, RoundState.CONSENTING, RoundState.REVIEWING})


def locked_namesakes(vacancy: Vacancy, name: str) -> list[Nominee]:
    """Who was named under this name for a place, locked, in their order; the caller holds the lock of the round."""
    rows = Nominee.objects.filter(vacancy=vacancy, name_index=name_index(vacancy.pk, name))
    rows = rows.select_related("round__area", "vacancy__area").select_for_update(no_key=True, of=("self",))
    return list(rows.order_by("number", "pk"))


def meant(namesakes: Sequence[Nominee], same: str, phone: str) -> Nominee | None:
    """Which of those of one name is meant: the one whose number it is, else what was answered; None for another.

    Raises `InputRefused` with the question where nobody has answered it.
    """
    if same == ANOTHER or not namesakes:
        return None
    answered = next((each for each in namesakes if str(each.number) == same), None)
    by_phone = next((each for each in namesakes if phone and each.open_field("phone") == phone), None)
    if answered is None and by_phone is None:
        raise InputRefused(QUESTION, field="same")
    return answered or by_phone


def tell_apart(nominee: Nominee, namesakes: Sequence[Nominee], which: str, actor: Actor, at: datetime) -> None:
    """Give a new nominee the next number among those of the name, and the first the one it had no need of before."""
    if not namesakes:
        return
    if len(namesakes) >= len(NAMESAKE_MARKS):
        raise Conflict("这个名字的人选已经很多了，请先联系社区核对。", field="name")
    if not which.strip():
        raise InputRefused(WHICH, field="which")
    nominee.seal(which=refuse_words(which, "which")[:100])
    nominee.number = namesakes[-1].number + 1 if namesakes[-1].number else 2
    for first in namesakes:
        if not first.number:
            first.number = 1
            _note(first, "tell_apart", actor, at, save=("number",))


def link_nominee(*, uid: uuid.UUID, resident_uid: uuid.UUID | None, actor: Actor, at: datetime) -> Nominee:
    """The office says which row of the register a nominee is, or that none is; before the poll is made.

    Raises `NotThere` for who is not the office or for somebody else's row, `Conflict` once a poll was made.
    """
    nominee = find_nominee(actor, uid, Tie.DESK)
    with transaction.atomic():
        row = locked_round(nominee.round_id)
        if row.status not in BEFORE_THE_POLL:
            raise Conflict("投票或公示已经开始，不能再改是登记里的哪一位。请刷新页面。")
        nominee = Nominee.objects.select_related("round__area", "vacancy__area").get(pk=nominee.pk)
        nominee.resident = _row(nominee, resident_uid, actor) if resident_uid is not None else None
        _note(nominee, "link", actor, at, save=("resident",), known=nominee.resident is not None)
    return nominee


def _row(nominee: Nominee, resident_uid: uuid.UUID, actor: Actor) -> Resident:
    found = next((each for each in people_like(nominee, actor) if each.resident.uid == resident_uid), None)
    if found is None:
        raise NotThere("登记里没有这一位，或不在您的范围内。请刷新页面重新选。")
    return found.resident


def _note(nominee: Nominee, verb: str, actor: Actor, at: datetime, *, save: tuple[str, ...], **facts: object) -> None:
    record(
        nominee, verb, actor=actor, at=at, audience=Audience.DESK, save=save, payload=facts,
        area_ids=nominee.event_area_ids(),
    )  # fmt: skip


def forget_resident(resident: Resident, rule: str, actor: Actor, at: datetime) -> None:
    """Whoever is erased from the register is no row of it among nominees either; `register.following` asks."""
    Nominee.objects.filter(resident=resident).update(resident=None)
