"""The photos that belong to answers: only those that hang on the very household the answer is of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.surveys.models import Answer, Target
from louzhang.surveys.questions import Asked, Kind

# By household and question, in the order they were chosen.
Pictures = dict[tuple[int, str], list[Attachment]]


def photo_questions(asked: Sequence[Asked]) -> list[Asked]:
    """Those that ask for photos."""
    return [each for each in asked if each.kind is Kind.PHOTO]


def photos_behind(said: Mapping[int, Mapping[str, object]], asked: Sequence[Asked]) -> Pictures:
    """The photos that opened answers name: `said` by the household; one statement, none where nothing is named."""
    named = {
        (target_id, each.key): [str(uid) for uid in own]
        for target_id, words in said.items()
        for each in photo_questions(asked)
        if isinstance(own := words.get(each.key), list)
    }
    if not named:
        return {}
    rows = Attachment.objects.filter(
        subject_kind=Target.subject_kind,
        subject_id__in={target_id for target_id, _ in named},
        uid__in={uid for uids in named.values() for uid in uids},
    )
    found = {(row.subject_id, str(row.uid)): row for row in rows}
    return {place: [found[place[0], uid] for uid in uids if (place[0], uid) in found] for place, uids in named.items()}


def own_photos(answer: Answer | None, asked: Sequence[Asked], actor: Actor, *, is_home: bool = False) -> Pictures:
    """The photos of an answer for whoever gave it, and for who is known to live there (`is_home`); none for others."""
    if answer is None or not answer.said_sealed or not photo_questions(asked):
        return {}
    return photos_behind({answer.target_id: _opened(answer)}, asked) if is_home or wrote(answer, actor) else {}


def current_answer(target: Target, asked: Sequence[Asked]) -> Answer | None:
    """The answer that holds, where photos were asked for; no statement where none were."""
    if not target.current or not photo_questions(asked):
        return None
    return Answer.objects.filter(target=target, number=target.current).first()


def wrote(answer: Answer, actor: Actor) -> bool:
    """Whether this person, or this phone where nobody is signed in, gave the answer."""
    if actor.user_id is not None:
        return answer.user_id == actor.user_id
    return answer.user_id is None and bool(actor.device) and answer.device_hash == actor.device


def _opened(answer: Answer) -> dict[str, object]:
    return dict(json.loads(answer.open_field("said")))
