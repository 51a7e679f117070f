"""Results leave the house, and words that households wrote are read: for a stated purpose, logged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from louzhang.accounts import limits
from louzhang.accounts.models import User
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, Reveal
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.surveys.models import Answer, Survey, Target
from louzhang.surveys.queries.photographs import photos_behind
from louzhang.surveys.queries.results import Ground
from louzhang.surveys.questions import Asked, Kind

PURPOSE_LENGTH = (4, 100)
EXPORT, WORDS, PAPER = "survey_export", "survey_words", "survey_paper"
LISTED = 100


def purpose_of(words: str) -> str:
    """What for, in one line; raises `InputRefused`."""
    purpose = " ".join(words.split())
    if not PURPOSE_LENGTH[0] <= len(purpose) <= PURPOSE_LENGTH[1]:
        raise InputRefused("请写明用来做什么，4 到 100 个字。这会留下记录。", field="purpose")
    return purpose


def log_export(*, survey: Survey, ground: Ground, purpose: str, actor: Actor, at: datetime) -> str:
    """Log that the tables of a place are taken away, and give the mark that stands on every sheet.

    Call outside a transaction: the count stays when the rest is refused. Raises `InputRefused`, `NotYours`, `TooOften`.
    """
    if actor.user_id is None or actor.is_read_only:
        raise NotYours("请登录以后再导出。")
    line = purpose_of(purpose)
    limits.refuse_too_often({"export.person": str(actor.user_id)}, at)
    log_reveal(subject_kind="survey", subject_id=survey.pk, what=EXPORT, reason=line, actor=actor, at=at)
    name = User.objects.values_list("name", flat=True).get(pk=actor.user_id)
    when = f"{clock.local(at):%Y-%m-%d %H:%M}"
    return (
        f"{survey.title} · {ground.area.name} · 导出人 {name} · {when} · 用途：{line} · 仅限本用途，用完删除，不得转发"
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What one household wrote."""

    target: Target
    lines: tuple[str, ...]
    photos: tuple[Attachment, ...] = ()


def read_words(
    *, survey: Survey, asked: Asked, ground: Ground, reason: str, actor: Actor, at: datetime, after: int = 0,
    home: UUID | None = None,
) -> list[Words]:  # fmt: skip
    """What the households of a place wrote or photographed under one question, the next hundred, or one `home` alone.

    Each of them gets a row of who read.
    Only for whoever keeps these doors. Raises `InputRefused` without a reason, `NotYours`.
    """
    if actor.user_id is None or actor.is_read_only:
        raise NotYours("请登录以后再看。")
    line = purpose_of(reason)
    limits.refuse_too_often({"reveal.person": str(actor.user_id)}, at)
    doors = Target.objects.handled_by(actor).filter(survey=survey, pk__gt=after)
    doors = doors.filter(area__path__gte=ground.area.path, area__path__lt=ground.area.path + "~")
    doors = doors.filter(uid=home) if home is not None else doors
    answers = Answer.objects.current().filter(target__in=doors.order_by().values("pk")).exclude(said_sealed="")
    answers = answers.filter(**{f"chosen__{asked.key}__startswith": "*"})
    with transaction.atomic():
        rows = list(answers.select_related("target__dwelling", "target__area").order_by("target_id")[:LISTED])
        _log([row.target_id for row in rows], WORDS, f"{survey.title}：{line}", actor, at)
    said = {row.target_id: dict(json.loads(row.open_field("said"))) for row in rows}
    photos = photos_behind(said, [asked])
    return [
        Words(row.target, lines_of(asked, said[row.target_id].get(asked.key)),
              tuple(photos.get((row.target_id, asked.key), ())))
        for row in rows
    ]  # fmt: skip


def log_filled_forms(*, survey: Survey, target_ids: Sequence[int], reason: str, actor: Actor, at: datetime) -> None:
    """Log that filled forms of these households are printed. Raises what `read_words` raises."""
    if actor.user_id is None or actor.is_read_only:
        raise NotYours("请登录以后再打印。")
    line = purpose_of(reason)
    limits.refuse_too_often({"export.person": str(actor.user_id)}, at)
    _log(target_ids, PAPER, f"{survey.title}：{line}", actor, at)


def _log(target_ids: Sequence[int], what: str, reason: str, actor: Actor, at: datetime) -> None:
    if not target_ids:
        return
    pour_in([
        Reveal(
            pk=pk, subject_kind=Target.subject_kind, subject_id=target_id, what=what, reason=reason, at=at,
            actor_kind=actor.kind.value, user_id=actor.user_id, post_id=actor.post_at(None, None),
            token_id=actor.token_id,
        )
        for target_id, pk in zip(target_ids, reserve_ids(Reveal._meta.db_table, len(target_ids)), strict=True)
    ])  # fmt: skip


def lines_of(asked: Asked, said: Any) -> tuple[str, ...]:
    """A sealed answer as lines to read."""
    if not said:
        return ()
    if asked.kind is Kind.MEMBERS:
        words = {column.code: column.words for column in asked.columns}
        return tuple(
            "，".join(f"{words[code]} {value}" for code, value in row.items() if code in words) for row in said
        )
    return (f"{len(said)} 张照片",) if asked.kind is Kind.PHOTO else (str(said),)
