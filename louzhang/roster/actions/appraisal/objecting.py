"""对数字有异议: raised by whom the figure is about, answered by the community with a correction or a reason."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.areas.queries.working_time import working_time
from louzhang.fieldwork.actions.noting import note
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.register.scope import refuse_looking_only
from louzhang.roster.actions.appraisal.computing import store
from louzhang.roster.actions.appraisal.walking import walk_month, walk_objection
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.appraisal_rulings import Correction, FigureObjection
from louzhang.roster.queries.appraisal.counts import inputs_of
from louzhang.roster.queries.appraisal.reckoned import digest_of, rows_of
from louzhang.roster.queries.appraisal.schemes import scene_of
from louzhang.roster.queries.appraisal.spans import Span
from louzhang.roster.reckoning import GOOD

WORKING_DAYS = 5
WORDS_AT_MOST = 500
CASES_AT_MOST = 1000


def object_to_figure(
    *, standing_uid: uuid.UUID, kind: str, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> FigureObjection:
    """Whom a figure is about says what is wrong with it; the community answers within five working days.

    Raises `NotThere` for anybody else's, `InputRefused` for no words or an indicator that is not among the figures,
    `Conflict` where one about the same figure waits for its answer.
    """
    refuse_looking_only(actor)
    rows = Standing.objects.visible_to(actor).filter(uid=standing_uid).select_related("month__area__level")
    standing = rows.first()
    if standing is None or actor.user_id is None or standing.user_id != actor.user_id:
        raise NotThere("没有找到这个数字，或它不是您的。")
    if kind not in standing.figures:
        raise InputRefused("请选对哪个数字有异议。", field="kind")
    _refuse_words(words, "words")
    month = standing.month
    try:
        with transaction.atomic():
            objection = FigureObjection.objects.create(
                standing=standing, user_id=actor.user_id, area=month.area, kind=kind, raised_at=at,
                due_at=working_time().closing(at, WORKING_DAYS),
            )  # fmt: skip
            note(
                objection, "object", area_id=month.area_id, actor=actor, at=at, entry_id=entry_id,
                facts={"kind": kind, "month": month.pk, "figure": standing.figures[kind]},
                words={"words": words.strip()},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这个数字您已经提过异议，社区正在看。") from None
    return objection


def take_back_objection(
    *, objection_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> FigureObjection:
    """The person no longer objects."""
    with walk_objection(objection_id, "take_back", actor=actor, at=at, entry_id=entry_id) as step:
        step.set(answered_at=at)
    return step.subject


def answer_objection(
    *,
    objection_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    cases: int | None = None,
    good: int | None = None,
    entry_id: uuid.UUID | None = None,
) -> FigureObjection:
    """Answer: with a reason alone, or with what is to be added to the cases and to the good ones (either may be less).

    A correction is a row of its own and an event; the month is computed with it, and a published one says that it was
    amended and what stood there before. Raises what the walker raises, `NotYours` about oneself.
    """
    _refuse_words(reason, "reason")
    corrects = bool(cases) or bool(good)
    verb = "correct" if corrects else "explain"
    with transaction.atomic():
        with walk_objection(
            objection_id, verb, actor=actor, at=at, given={"reason": reason}, entry_id=entry_id
        ) as step:
            objection = step.subject
            if objection.user_id == actor.user_id:
                raise NotYours("自己的异议由同事来答复。")
            step.say(reason=reason.strip())
            step.set(answered_at=at)
            if corrects:
                _correct(objection, cases or 0, good or 0, at)
                step.note(cases=cases or 0, good=good or 0)
        if corrects:
            _recompute(objection, reason, actor, at)
    return objection


def _correct(objection: FigureObjection, cases: int, good: int, at: datetime) -> None:
    if abs(cases) > CASES_AT_MOST or abs(good) > CASES_AT_MOST:
        raise InputRefused(f"更正的件数请填 {CASES_AT_MOST} 以内。", field="cases")
    Correction.objects.create(
        month_id=objection.standing.month_id, user_id=objection.user_id, objection=objection, kind=objection.kind,
        cases=cases, good=good * GOOD, corrected_at=at,
    )  # fmt: skip


def _recompute(objection: FigureObjection, reason: str, actor: Actor, at: datetime) -> None:
    """Compute the month with its corrections; names that were commended stay so."""
    month = AppraisalMonth.objects.select_related("scheme", "area").get(pk=objection.standing.month_id)
    inputs = inputs_of([month])[month.pk]
    rows, means = rows_of(month, inputs, compares_staff=scene_of(Span(month.month)) is not None)
    is_published = month.status == MonthState.PUBLISHED
    verb = "amend" if is_published else "compute"
    with walk_month(month.pk, verb, actor=actor, at=at, given={"reason": reason}) as step:
        before, digest = step.subject.figures_digest, digest_of(rows, means)
        store(month.pk, rows)
        step.set(inputs_digest=inputs.digest(month), figures_digest=digest, means=means, computed_at=at, differences=[])
        step.note(before=before, figures=digest, inputs=inputs.digest(month), objection=objection.pk)


def _refuse_words(words: str, field: str) -> None:
    if not words.strip():
        raise InputRefused("请写一句话，说明哪里不对或为什么。", field=field)
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field=field)
