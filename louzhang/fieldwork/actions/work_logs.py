"""工作纪实: written by the program, a sentence by the holder, sent; read, commented and closed by the community."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.day_lines import lines_of
from louzhang.fieldwork.lifecycle.work_logs import LOOP, LogState, Tie
from louzhang.fieldwork.models import WorkLog, WorkLogQuerySet
from louzhang.fieldwork.models.work_logs import SENTENCE_AT_MOST
from louzhang.fieldwork.queries.day_events import day_of
from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.register.scope import refuse_looking_only
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel, WorkOrder

DAYS_BACK = 7
KEPT_FOR = timedelta(days=365)
NO_DAY = f"纪实写当天的，最多补写 {DAYS_BACK} 天以内的。"
GONE = "没有找到这一天的纪实，或它不在您的范围内。"


def write_log(*, day: date, sentence: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """Keep a sentence of one's own beside the day, not sent yet."""
    with transaction.atomic():
        log = _own_log(day, actor, at)
        with _walk(log.pk, "write", actor, at, {}, entry_id) as step:
            step.say(sentence=_plain(sentence))
    return step.subject


def send_log(*, day: date, sentence: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """Send a day to the community: what the program wrote stands as it is now, with the own sentence.

    Raises `NotYours` without a field post, `InputRefused` for a day to come or long past, `TransitionRefused` for one
    that was sent.
    """
    with transaction.atomic():
        log = _own_log(day, actor, at)
        with _walk(log.pk, "send", actor, at, {}, entry_id) as step:
            step.say(sentence=_plain(sentence))
            told = lines_of(day_of(log.holder_id, day))
            step.set(lines=[{"text": line.text, "url": line.url} for line in told], sent_at=at)
            step.note(lines=len(told))
    return step.subject


def take_back(*, log_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """Take it back to write it anew, while nobody has read it."""
    with _walk(log_id, "take_back", actor, at, {}, entry_id) as step:
        step.set(lines=[])
    return step.subject


def read_log(*, log_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """The office has read it."""
    with _walk(log_id, "read", actor, at, {}, entry_id) as step:
        step.set(read_at=at)
    return step.subject


def comment_log(*, log_id: int, comment: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """A word back to the holder."""
    with _walk(log_id, "comment", actor, at, {"comment": comment}, entry_id) as step:
        step.say(comment=_plain(comment))
        if step.subject.read_at is None:
            step.set(read_at=at)
    return step.subject


def close_log(*, log_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> WorkLog:
    """Nothing is left to say about it."""
    with _walk(log_id, "close", actor, at, {}, entry_id) as step:
        step.set(closed_at=at)
        if step.subject.read_at is None:
            step.set(read_at=at)
    return step.subject


def turn_into_order(
    *,
    day: date,
    category: Category,
    area: Area,
    words: str,
    actor: Actor,
    at: datetime,
    log_uid: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
) -> WorkOrder:
    """A fault written in a log is an order at once (R11): one's own of a day, or one that was sent to the office.

    Raises what reporting and the walker raise.
    """
    refuse_looking_only(actor)
    draft = Draft(channel=Channel.FIELD, category=category, area=area, words=words.strip())
    with transaction.atomic():
        log = _own_log(day, actor, at) if log_uid is None else _seen(log_uid, actor)
        order = report_workorder(draft=draft, actor=actor, at=at).order
        with _walk(log.pk, "fault", actor, at, {"words": words}, entry_id) as step:
            step.note(order=order.pk)
    return order


def erase_old_logs(*, at: datetime) -> int:
    """Erase what was written in logs more than a year ago; the lines without names stay. Gives how many."""
    before = clock.local_date(at - KEPT_FOR)
    ids = list(WorkLog.objects.filter(erased_at=None, day__lt=before).order_by("pk").values_list("pk", flat=True))
    return sum(_erase(pk, at) for pk in ids)


def _erase(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = WorkLog.objects.filter(pk=pk, erased_at=None).select_related("area")
        log = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if log is None:
            return False
        log.erased_at = at
        erase_subject(
            log, rule=f"保存期满 {KEPT_FOR.days} 天", actor=SYSTEM, at=at, save=("erased_at",),
            area_ids=log.event_area_ids(),
        )  # fmt: skip
    return True


def _seen(uid: uuid.UUID, actor: Actor) -> WorkLog:
    log = WorkLog.objects.visible_to(actor).filter(uid=uid).first()
    if log is None:
        raise NotThere(GONE)
    return log


def may_write_on(day: date, at: datetime) -> bool:
    """Whether a log may be written for a day: today and a few days back."""
    today = clock.local_date(at)
    return today - timedelta(days=DAYS_BACK) <= day <= today


def _own_log(day: date, actor: Actor, at: datetime) -> WorkLog:
    """The own row of a day, made where there is none."""
    refuse_looking_only(actor)
    if not may_write_on(day, at):
        raise InputRefused(NO_DAY, field="day")
    found = WorkLog.objects.tied(actor, Tie.HOLDER).filter(day=day).first()
    if found is not None:
        return found
    seats = sorted(actor.seats_with(*FIELD_ROLES), key=lambda seat: (seat.is_stand_in, seat.rank, seat.post_id))
    area_id = seats[0].area_id if seats else None
    if area_id is None or actor.user_id is None:
        raise NotYours("工作纪实由负责楼栋和网格的人来写。")
    try:
        with transaction.atomic():
            return WorkLog.objects.create(
                holder_id=actor.user_id, post_id=seats[0].post_id, area_id=area_id, day=day,
                status=LogState.DRAFT.value,
            )  # fmt: skip
    except IntegrityError:  # the other of two taps was faster
        return WorkLog.objects.get(holder_id=actor.user_id, day=day)


def _plain(sentence: str) -> str:
    if len(sentence) > SENTENCE_AT_MOST:
        raise TooLarge(f"最多写 {SENTENCE_AT_MOST} 个字，请缩短。", field="sentence")
    return sentence.strip()


def _walk(
    log_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[WorkLog]]:
    rows: WorkLogQuerySet = WorkLog.objects.all()
    return walk(LOOP, rows, log_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


OFFICE_VERBS = {"read": read_log, "comment": comment_log, "close": close_log}
