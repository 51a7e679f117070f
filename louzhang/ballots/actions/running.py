"""A poll on its way: opened, closed, withdrawn; and what is thrown away when it ends."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime

from django.db import transaction

from louzhang.ballots.actions.walking import walk_poll
from louzhang.ballots.models import Bundle, Elector, Objection, PaperCount, Poll
from louzhang.ballots.round_keys import KeyGone, destroy_key, read_key
from louzhang.journal.actions import erase_words, record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Words
from louzhang.journal.refusals import Conflict

log = logging.getLogger(__name__)
RULE = "投票完了以后删除名册异议"
NO_KEY = "这次投票的票箱钥匙不在了，已经投的票打不开。请撤销这次投票，写明原因，重新安排。"


def open_box(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """Take votes from now on. Raises what the walker raises, `Conflict` before its hour or after its end."""
    with walk_poll(poll_id, "open", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        if not poll.opens_at <= at < poll.closes_at:
            raise Conflict("现在不在投票的时间里。到了开始时间会自动开始。")
        refuse_lost_key(poll)
        step.set(opened_at=at)
    return step.subject


def close_box(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """Take no votes any more. Raises what the walker raises, `Conflict` before the hour that was announced."""
    with walk_poll(poll_id, "close", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        if at < poll.closes_at:
            raise Conflict("还没到公布的结束时间，不能提前结束。要停下来的，请由办公室撤销并写明原因。")
        step.set(closed_at=at)
    return step.subject


def withdraw_poll(*, poll_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """Call it off, with a reason that people read; what was voted is thrown away unread.

    Raises what the walker raises.
    """
    with transaction.atomic():
        with walk_poll(poll_id, "withdraw", actor=actor, at=at, entry_id=entry_id, reason=reason) as step:
            throw_away(step.subject)
            step.say(reason=reason.strip())
            step.set(ended_at=at)
        erase_objections(step.subject, actor, at)
    forget_key_after_commit(step.subject)
    return step.subject


def keep_apart(*, poll_id: int, user_id: int, actor: Actor, at: datetime) -> Poll:
    """An account turns out to be somebody a poll is about: from now on it touches nothing of it.

    For the app that holds the poll, which knows who its candidates are. Changes nothing in one that has ended.
    """
    with transaction.atomic():
        poll = Poll.objects.select_related("area").select_for_update(no_key=True, of=("self",)).get(pk=poll_id)
        if not poll.has_ended and user_id not in poll.barred:
            poll.barred = sorted({*poll.barred, user_id})
            record(
                poll, "bar", actor=actor, at=at, audience=Audience.HANDLERS, payload={"user": user_id},
                area_ids=poll.event_area_ids(), save=("barred",),
            )  # fmt: skip
    return poll


def throw_away(poll: Poll) -> None:
    """Delete envelopes, roll, codes, objections and typed totals of a locked poll."""
    PaperCount.objects.filter(poll=poll).delete()
    Objection.objects.filter(poll=poll).delete()
    Elector.objects.filter(poll=poll, proxy__isnull=False).update(proxy=None)
    Elector.objects.filter(poll=poll).delete()
    Bundle.objects.filter(poll=poll).delete()


def erase_objections(poll: Poll, actor: Actor, at: datetime) -> None:
    """Erase what was said about the roll of a locked poll, and say so on its chain."""
    beside = {"subject_kind": poll.subject_kind, "subject_id": poll.pk}
    spoken = Event.objects.filter(**beside, verb__in=("object", "settle")).order_by().values("seq")
    seqs = []
    for words in Words.objects.select_for_update().filter(**beside, erased_at=None, seq__in=spoken).order_by("seq"):
        erase_words(words, rule=RULE, at=at)
        seqs.append(words.seq)
    if seqs:
        record(
            poll, "erase", actor=actor, at=at, audience=Audience.HANDLERS, area_ids=poll.event_area_ids(),
            payload={"rule": RULE, "seqs": seqs, "attachments_erased": []},
        )  # fmt: skip


def forget_key_after_commit(poll: Poll) -> None:
    """Destroy the round key once what was written is safe; `tasks` does it where this process ends before."""
    transaction.on_commit(lambda: _destroy(poll.uid, poll.pk))


def _destroy(uid: uuid.UUID, poll_id: int) -> None:
    try:
        destroy_key(uid)
    except OSError:
        log.exception("the key of poll %s could not be destroyed; the worker will try again", poll_id)


def refuse_lost_key(poll: Poll) -> bytes:
    """The round key; raises `Conflict` with what to do where it is gone."""
    try:
        return read_key(poll.uid)
    except KeyGone as gone:
        raise Conflict(NO_KEY) from gone
