"""Sample checks: records of the work drawn by a seed that is stored, so that anybody can draw the same ones again."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.journal.walker import Step, walk
from louzhang.roster.lifecycle.posted import CHECK
from louzhang.roster.models.posted import PostedTeam, SampleCheck, SampleCheckQuerySet
from louzhang.roster.queries.posted.records import records_between

DRAWN_AT_MOST = 50


def draw_checks(
    *, team_id: int, since: date, until: date, size: int, seed: int, actor: Actor, at: datetime
) -> list[SampleCheck]:
    """Draw some of a team's records of these days, each as likely as the other. The own ones are left out.

    Raises `NotThere` for a team of others, `InputRefused` for a size out of bounds or days without a record.
    """
    team = PostedTeam.objects.run_by(actor).filter(pk=team_id).first()
    if team is None or actor.is_read_only:
        raise NotThere("没有找到这支队伍，或它不归您管理。")
    if not 1 <= size <= DRAWN_AT_MOST:
        raise InputRefused(f"一次抽 1 到 {DRAWN_AT_MOST} 条。", field="size")
    records = [each for each in records_between(team, since, until) if each.user_id != actor.user_id]
    if not records:
        raise InputRefused("这些天没有可以抽的工作记录，请换一段日子。", field="since")
    chosen = random.Random(seed).sample(records, min(size, len(records)))  # noqa: S311 - drawn again from its seed
    batch = uuid.uuid4()
    with transaction.atomic():
        checks = []
        for each in sorted(chosen, key=lambda one: one.event_id):
            check = SampleCheck.objects.create(
                posting=each.posting, batch=batch, seed=seed, event_id=each.event_id, drawn_at=at
            )
            record(
                check, "draw", actor=actor, at=at, audience=Audience.DESK,
                payload={"event": each.event_id, "seed": seed, "of": len(records)}, area_ids=check.event_area_ids(),
            )  # fmt: skip
            checks.append(check)
    return checks


def confirm_check(*, check_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> SampleCheck:
    """What was written is so."""
    with _walk(check_id, "confirm", actor, at, {}, entry_id) as step:
        _refuse_own(step, actor)
    return step.subject


def fault_check(
    *, check_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> SampleCheck:
    """It is not so; what was found. The person answers before it is closed, or is known to have been asked."""
    with _walk(check_id, "fault", actor, at, {"words": words}, entry_id) as step:
        _refuse_own(step, actor)
        step.say(words=words.strip()[:2000])
    return step.subject


def answer_check(
    *, check_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> SampleCheck:
    """What the person says to it."""
    with _walk(check_id, "answer", actor, at, {"words": words}, entry_id) as step:
        step.say(words=words.strip()[:2000])
    return step.subject


def close_check(
    *, check_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> SampleCheck:
    """How it ends."""
    with _walk(check_id, "close", actor, at, {"words": words}, entry_id) as step:
        _refuse_own(step, actor)
        step.say(words=words.strip()[:2000])
    return step.subject


def _refuse_own(step: Step[SampleCheck], actor: Actor) -> None:
    if step.subject.posting.user_id == actor.user_id:
        raise NotYours("自己的记录要由别人核对。")


def _walk(
    check_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[SampleCheck]]:
    rows: SampleCheckQuerySet = SampleCheck.objects.all()
    return walk(CHECK, rows, check_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
