"""审核和公示: another person checks, everybody may speak up during the notice, each objection gets its answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from louzhang.areas.queries.working_time import working_time
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step
from louzhang.kit import clock
from louzhang.roster.actions.honours.asking import NOT_GIVEN, stop_asking
from louzhang.roster.actions.honours.walking import walk_honour
from louzhang.roster.models.honours import Honour, Objection
from louzhang.roster.models.honours.honours import WORDS_AT_MOST
from louzhang.roster.queries.honours.conflicts import bar_on, bar_on_checking

Bar = Callable[[Honour, Actor], str]


def last_day_of_notice(at: datetime, days: int) -> date:
    """The last of so many working days after today; yesterday for none, so that the notice is over at once."""
    if days == 0:
        return clock.local_date(at) - timedelta(days=1)
    return clock.local_date(working_time().closing(at, days))


def check_honour(
    *, honour_id: int, has_no_interest: bool, actor: Actor, at: datetime, words: str = "",
    entry_id: uuid.UUID | None = None,
) -> Honour:  # fmt: skip
    """Somebody else than the proposer finds it right; the notice begins.

    Raises what the walker raises, `NotYours` for whom it concerns, `InputRefused` without saying that nothing ties
    them to the nominee.
    """
    given = {"has_no_interest": has_no_interest or None}
    with walk_honour(honour_id, "check", actor, at, given, entry_id) as step:
        _refuse_barred(step, bar_on_checking)
        if step.subject.has_no_account and step.subject.consented_on is None:
            raise Conflict("本人还没有同意参评。先请本人签字，在这一页登记，再审核。")
        until = last_day_of_notice(at, step.subject.kind.notice_days)
        step.set(checker_id=actor.user_id, notice_from=clock.local_date(at), notice_until=until)
        step.note(until=until.isoformat())
        step.say(words=_short(words, "words"))
    return step.subject


def decline_honour(
    *, honour_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Honour:
    """Not this time, with the reason; also after an objection that is right."""
    with walk_honour(honour_id, "decline", actor, at, {"reason": reason}, entry_id) as step:
        _refuse_barred(step, bar_on)
        step.set(ended_at=at)
        step.say(words=_short(reason, "reason"))
        stop_asking(step.subject, NOT_GIVEN, at)
    return step.subject


def withdraw_honour(*, honour_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Honour:
    """Who put it forward takes it back before it was checked."""
    with walk_honour(honour_id, "withdraw", actor, at, {}, entry_id) as step:
        step.set(ended_at=at)
        stop_asking(step.subject, NOT_GIVEN, at)
    return step.subject


def object_to_honour(
    *, honour_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Objection:
    """Anybody says what speaks against it while it is on notice; read by the office alone, answered to them.

    Raises what the walker raises, `Conflict` where they have spoken already. The caller has counted how often.
    """
    if actor.user_id is None and not actor.device:
        raise NotYours("请在手机上打开这一页再提意见。")
    with walk_honour(honour_id, "object", actor, at, {"words": words}, entry_id) as step:
        subject = step.subject
        if subject.notice_until is None or subject.notice_until < clock.local_date(at):
            raise Conflict("公示已经结束。还有话要说的，请直接联系社区。")
        own = {"user_id": actor.user_id} if actor.user_id is not None else {"device_hash": actor.device}
        if Objection.objects.filter(honour=subject, answered_at=None, **own).exists():
            raise Conflict("您提的意见社区还没有答复，答复以后可以再提。")
        objection = Objection.objects.create(honour=subject, said_seq=subject.chain_seq + 1, said_at=at, **own)
        step.note(objection=objection.pk)
        step.say(words=_short(words, "words"))
        step.audience = Audience.DESK
    return objection


def answer_objection(
    *, honour_id: int, objection: uuid.UUID, answer: str, actor: Actor, at: datetime, is_upheld: bool = False,
    entry_id: uuid.UUID | None = None,
) -> Objection:  # fmt: skip
    """The office looks into one and answers; one that is right is followed by declining."""
    with walk_honour(honour_id, "answer", actor, at, {"answer": answer}, entry_id) as step:
        _refuse_barred(step, bar_on)
        row = Objection.objects.select_for_update(no_key=True).filter(honour=step.subject, uid=objection).first()
        if row is None:
            raise NotThere("没有找到这条意见。")
        if row.answered_at is not None:
            raise Conflict("这条意见已经答复过了。")
        row.answered_seq, row.answered_at, row.is_upheld = step.subject.chain_seq + 1, at, is_upheld
        row.save(update_fields=["answered_seq", "answered_at", "is_upheld"])
        step.note(objection=row.pk, upheld=is_upheld)
        step.say(words=_short(answer, "answer"))
        step.audience = Audience.DESK
    return row


def _refuse_barred(step: Step[Honour], bar: Bar) -> None:
    if sentence := bar(step.subject, step.actor):
        raise NotYours(sentence)


def _short(words: str, field: str) -> str:
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field=field)
    return words.strip()


def refuse_unready(honour: Honour, at: datetime) -> None:
    """Raise unless the notice is over and every objection has its answer, none of them right."""
    if honour.notice_until is not None and honour.notice_until >= clock.local_date(at):
        raise Conflict(f"公示到 {honour.notice_until:%m月%d日} 结束，过了这一天才能授予。")
    waiting = Objection.objects.filter(honour=honour)
    if waiting.filter(answered_at=None).exists():
        raise Conflict("还有意见没有答复，请先答复。")
    if waiting.filter(is_upheld=True).exists():
        raise InputRefused("有一条意见已认定属实，请改为“不通过”，并写明原因。")
