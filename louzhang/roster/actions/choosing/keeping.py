"""What the actions of a round share: its lock, its walk and that of a nominee, the length of words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit.phones import InvalidPhone, normal_phone
from louzhang.roster.lifecycle.choosing import MISSING, NOMINEE_LOOP, ROUND_LOOP
from louzhang.roster.models.choosing import WORDS_AT_MOST, Nominee, NomineeQuerySet, Round, RoundQuerySet
from louzhang.roster.queries.choosing.rounds import UNKNOWN


def locked_round(round_id: int) -> Round:
    """The row locked, before anything of it is changed: a step of the round and an answer wait for each other."""
    rows = Round.objects.select_related("area__level").select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=round_id).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def walk_round(
    round_id: int, verb: str, *, actor: Actor, at: datetime, given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[Round]]:  # fmt: skip
    """One step of a round."""
    rows: RoundQuerySet = Round.objects.all()
    return walk(ROUND_LOOP, rows, round_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def walk_nominee(
    nominee_id: int, verb: str, *, actor: Actor, at: datetime, given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[Nominee]]:  # fmt: skip
    """One step of a nominee; the caller holds the lock of the round."""
    rows: NomineeQuerySet = Nominee.objects.all()
    return walk(NOMINEE_LOOP, rows, nominee_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def refuse_reviewer(nominee: Nominee, user_id: int | None) -> None:
    """Raise where this account has written about the nominee: nobody reviews themselves under another name."""
    if user_id is not None and nominee.reviews.filter(reviewer_id=user_id).exists():
        raise Conflict("这个账号写过这位人选的考察意见，不能又是这位人选。请核对；确实是本人的，请取消人选，重新推荐。")


def number_typed(typed: str) -> str:
    """A phone number in its normal form, blank for none; raises `InputRefused`."""
    try:
        return normal_phone(typed) if typed.strip() else ""
    except InvalidPhone as refusal:
        raise InputRefused(str(refusal), field="phone") from None


def refuse_words(words: str, field: str, *, may_be_blank: bool = False) -> str:
    """The words without blanks around; raises `InputRefused` for none, `TooLarge`."""
    said = words.strip()
    if not said and not may_be_blank:
        raise InputRefused(MISSING.get(field, MISSING["words"]), field=field)
    if len(said) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field=field)
    return said
