"""票选: residents are asked by a secret ballot whom they would give an honour to; the outcome stands beside it.

It is advice: check, notice and award go on as before, and no vote ever reaches an appraisal (handbook, "Less
form-filling"). Where one stands alone, yes or no is asked; where several do, the one most people want.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.ballots.actions.blanking import blank_options
from louzhang.ballots.actions.drafting import open_poll
from louzhang.ballots.actions.running import withdraw_poll
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.polls import polls_of
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.roster.actions.honours.walking import walk_honour
from louzhang.roster.models.honours import Honour
from louzhang.roster.queries.honours.asked import SERVED, asked_about, is_running, rivals_of, said_on_ballot
from louzhang.roster.queries.honours.conflicts import bar_on
from louzhang.roster.queries.honours.standing import cited, spoken_time

TITLE_AT_MOST, NOTE_AT_MOST = 60, 200
YES: Final = "赞成"
NO: Final = "不赞成"
NOT_GIVEN: Final = "这项荣誉不再评了。"
ADVICE: Final = "结果只供评选参考，不进任何人的考核。"


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked until when, and which two accounts count. `is_wide`: the whole place, not only who is served."""

    closes_at: datetime
    counters: Sequence[int]
    electorate: str = Electorate.HOUSEHOLD
    is_wide: bool = False
    quorum_percent: int = 0


def ask_residents(
    *, honour_id: int, question: Question, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Poll:
    """Open a ballot about a proposal and its rivals of the same time; holders and candidates touch nothing of it.

    Raises what the walker and `open_poll` raise, `NotYours` for whom it concerns, `Conflict` while one runs.
    """
    with transaction.atomic(), walk_honour(honour_id, "ask", actor, at, {}, entry_id) as step:
        honour = step.subject
        if sentence := bar_on(honour, actor):
            raise NotYours(sentence)
        hold(f"honours:{honour.area_id}:{honour.kind_id}")
        rivals = rivals_of(honour)
        _refuse(rivals)
        poll = _opened(honour, rivals, question, actor, at)
        step.note(poll=poll.pk)
    return poll


def _refuse(rivals: Sequence[Honour]) -> None:
    if any(is_running(poll) for each in rivals for poll in polls_of(SERVED, each.pk)):
        raise Conflict("这次评选已经在票选，等结果出来再说。", field="closes_at")
    if any(each.has_no_account and each.consented_on is None for each in rivals):
        raise InputRefused("有被推荐的居民还没有同意参评，先登记本人同意，再请居民票选。", field="closes_at")


def _opened(honour: Honour, rivals: Sequence[Honour], question: Question, actor: Actor, at: datetime) -> Poll:
    is_alone = len(rivals) == 1
    title = f"{honour.area.name}{spoken_time(honour)}{honour.kind.name}"[:TITLE_AT_MOST]
    options = _yes_or_no(honour) if is_alone else _names(rivals)
    barred = [each.holder_id for each in rivals if each.holder_id is not None]
    return open_poll(
        kind=Kind.CHOICE, title=title, electorate=question.electorate, areas=_asked(honour, rivals, question),
        counters=question.counters, closes_at=question.closes_at, options=options, note=ADVICE,
        rules=Rules(quorum_percent=question.quorum_percent, tie_rule="lot"), subject_kind=SERVED,
        subject_id=honour.pk, barred=barred, actor=actor, at=at,
    )  # fmt: skip


def _yes_or_no(honour: Honour) -> list[Choice]:
    note = f"{said_on_ballot([honour])[honour.pk]}：{cited([honour]).get(honour.pk, '')}"
    return [Choice(YES, note[:NOTE_AT_MOST], resident_id=honour.resident_id), Choice(NO)]


def _names(rivals: Sequence[Honour]) -> list[Choice]:
    names, words = said_on_ballot(rivals), cited(rivals)
    return [
        Choice(names[each.pk], words.get(each.pk, "")[:NOTE_AT_MOST], each.holder_id, resident_id=each.resident_id)
        for each in rivals
    ]


def _asked(honour: Honour, rivals: Sequence[Honour], question: Question) -> list[Area]:
    """Those whom every nominee serves, where all are holders; the whole place otherwise."""
    if question.is_wide or any(each.holder_id is None for each in rivals):
        return [honour.area]
    return [each.place for each in rivals]


def stop_asking(honour: Honour, reason: str, at: datetime) -> None:
    """A ballot about what is not given any more ends; votes in it are thrown away unread."""
    for poll in polls_of(SERVED, honour.pk):
        if is_running(poll):
            withdraw_poll(poll_id=poll.pk, reason=reason, actor=SYSTEM, at=at)


def unname_on_ballots(honour: Honour) -> None:
    """Take somebody who is forgotten out of every ballot about them; called while the row still has the name."""
    polls = [each.poll.pk for each in asked_about(honour)]
    if polls:
        blank_options(poll_ids=polls, label=said_on_ballot([honour])[honour.pk])
