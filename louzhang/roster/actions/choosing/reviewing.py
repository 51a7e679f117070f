"""考察: what reviewers write of a nominee, criterion by criterion, and whether the office lets them pass (R3, R8)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, NotYours, TransitionRefused
from louzhang.roster.actions.choosing.keeping import locked_round, refuse_words, walk_nominee
from louzhang.roster.lifecycle.choosing import CRITERIA, Tie
from louzhang.roster.models.choosing import Nominee, NomineeReview
from louzhang.roster.queries.choosing.rounds import find_nominee


def review_nominee(
    *, uid: uuid.UUID, words: Mapping[str, str], actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Nominee:
    """One reviewer writes a sentence to each criterion, once; never a number.

    Raises what the walker raises, `Conflict` for a second time, `InputRefused` for a criterion left blank.
    """
    if actor.user_id is None:
        raise NotYours("考察意见要用自己的账号写。")
    said = {key: refuse_words(words.get(key, ""), key) for key in CRITERIA}
    nominee = find_nominee(actor, uid, Tie.DESK, Tie.REVIEWER)
    try:
        with transaction.atomic():
            locked_round(nominee.round_id)
            with walk_nominee(nominee.pk, "review", actor=actor, at=at, given=said, entry_id=entry_id) as step:
                seq = step.subject.chain_seq + 1
                NomineeReview.objects.create(nominee=step.subject, reviewer_id=actor.user_id, seq=seq, reviewed_at=at)
                step.say(**said)
    except IntegrityError:
        raise Conflict("您已经写过这位的考察意见了，请由另一位来写。") from None
    return step.subject


def pass_nominee(
    *, uid: uuid.UUID, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Nominee:
    """The office lets a nominee pass, once enough reviewers have written; the sentence is for the nominee too."""
    return _decide(uid, "pass", words, actor, at, entry_id)


def fail_nominee(
    *, uid: uuid.UUID, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Nominee:
    """The office does not let a nominee pass and says why; the nominee reads it."""
    return _decide(uid, "fail", words, actor, at, entry_id)


def _decide(uid: uuid.UUID, verb: str, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Nominee:
    said = refuse_words(words, "words")
    nominee = find_nominee(actor, uid, Tie.DESK)
    with transaction.atomic():
        row = locked_round(nominee.round_id)
        with walk_nominee(nominee.pk, verb, actor=actor, at=at, given={"words": said}, entry_id=entry_id) as step:
            made = step.subject.reviews.count()
            if made < row.reviewers_needed:
                raise TransitionRefused(
                    f"至少要 {row.reviewers_needed} 个人写考察意见，现在有 {made} 个。请先请别的考察人来写。"
                )
            step.note(reviews=made)
            step.say(words=said)
    return step.subject
