"""看他写的话: what a household wrote is opened to whoever handles what came of it, for a reason, logged (R1)."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.surveys.actions.taking_out import lines_of, purpose_of
from louzhang.surveys.models import Answer, FollowUp, Target
from louzhang.surveys.queries.finding import asked_of
from louzhang.surveys.queries.follow_ups import UNKNOWN
from louzhang.surveys.questions import Asked, Kind

OPENED = "survey_follow_up"
NOTHING = "这一户没有写别的话，或者回答已经按期删除。"
WRITTEN = frozenset({Kind.TEXT, Kind.MEMBERS})


@dataclass(frozen=True, slots=True)
class Written:
    """What stands under one question."""

    asked: Asked
    lines: tuple[str, ...]


def open_words(*, follow_up_uid: uuid.UUID, reason: str, actor: Actor, at: datetime) -> list[Written]:
    """What the household wrote, while there is still something to be done about it. Photos are not opened here.

    Call outside a transaction: the count stays when the rest is refused. Raises `NotThere` for whoever does not handle
    it or once it is done, `NotYours` for a program that may only look, `InputRefused` without a reason, `TooOften`.
    """
    handled = FollowUp.objects.visible_to(actor).open().filter(uid=follow_up_uid)
    follow_up = handled.select_related("target__survey", "target__area").first()
    if follow_up is None or actor.user_id is None:
        raise NotThere(UNKNOWN)
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能打开住户写的话。")
    line = purpose_of(reason)
    limits.refuse_too_often({"reveal.person": str(actor.user_id)}, at)
    target = follow_up.target
    with transaction.atomic():
        answer = Answer.objects.current().filter(target=target).exclude(said_sealed="").first()
        if answer is None:
            raise NotThere(NOTHING)
        log_reveal(
            subject_kind=Target.subject_kind, subject_id=target.pk, what=OPENED,
            reason=f"{target.survey.title}：{line}", actor=actor, at=at,
        )  # fmt: skip
    said = dict(json.loads(answer.open_field("said")))
    asked = [each for each in asked_of(target.survey, target.area.path) if each.kind in WRITTEN and each.key in said]
    return [Written(each, lines_of(each, said[each.key])) for each in asked]
