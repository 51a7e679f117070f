"""计票: both counters confirm, one counts: opened in memory, added up, and everything but the counts is thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from louzhang.ballots.actions.papers import compare_papers, typed_totals
from louzhang.ballots.actions.running import erase_objections, forget_key_after_commit, refuse_lost_key, throw_away
from louzhang.ballots.actions.walking import walk_poll
from louzhang.ballots.envelopes import Envelope, Mark, open_bundle
from louzhang.ballots.lifecycle import LOOP, PollState
from louzhang.ballots.models import Bundle, Item, Poll, Tally, Teller, TellerDuty
from louzhang.ballots.rules import (
    SHOWN_FROM,
    Counts,
    Standing,
    TieRule,
    has_quorum,
    mean_of,
    standings,
    tallied,
)
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.journal.walker import Step

COUNTERS = 2
CENT = Decimal("0.01")
NOTHING = Counts(())
Place = tuple[int | None, int | None]


def confirm_count(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """One of the two says that the box is closed and whole and may be counted. Raises what the walker raises."""
    with walk_poll(poll_id, "confirm", actor=actor, at=at, entry_id=entry_id) as step:
        _refuse_unequal_papers(step.subject)
        own = Teller.objects.filter(poll=step.subject, user_id=actor.user_id or 0, duty=TellerDuty.COUNTER)
        if not own.filter(confirmed_at=None).update(confirmed_at=at):
            raise Conflict("您已经确认过了，等另一位计票人确认。")
    return step.subject


def count_poll(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """Count, once both have confirmed; one transaction, then the round key is destroyed (R2, R3, R8).

    The clock counts star sheets without paper by itself: nobody has anything to check there. Killed before the commit,
    a poll is counted anew; killed after it, the worker destroys the key. Raises what the walker raises, `Conflict`
    while a counter has not confirmed or the paper ballots do not agree.
    """
    with transaction.atomic():
        poll = Poll.objects.all().locked_for(actor, poll_id)
        counts = _counted(poll, actor) if poll is not None and _may_count(poll) else NOTHING
        marks = _marks(poll, counts) if poll is not None else []
        verb = "count" if poll is None or _has_result(poll, counts, marks) else "fail"
        with walk_poll(poll_id, verb, actor=actor, at=at, entry_id=entry_id) as step:
            _keep(step, counts, marks, at)
        erase_objections(step.subject, actor, at)
    forget_key_after_commit(step.subject)
    return step.subject


def _may_count(poll: Poll) -> bool:
    """Whether the walker will let the actor pass; it says why where not."""
    return poll.status == PollState.CLOSED and bool(poll.relations_now & LOOP["count"].relations)


def _counted(poll: Poll, actor: Actor) -> Counts:
    """All ballots of a poll whose time is over, opened and added up in memory."""
    if not (actor.is_system and poll.is_of_stars and not poll.has_paper):
        _refuse_unconfirmed(poll)
    _refuse_unequal_papers(poll)
    key, items = refuse_lost_key(poll), poll.items.count()
    opened: dict[Place, Envelope] = {}
    for bundle in Bundle.objects.filter(poll=poll).order_by("pk").select_for_update(of=("self",)):
        sealed = open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items)
        opened |= {(bundle.pk, slot): envelope for slot, envelope in enumerate(sealed)}
    twice = _said_twice(poll, opened)
    envelopes = [envelope for place, envelope in opened.items() if place not in twice]
    counts = tallied([each.values for each in envelopes if each.mark == Mark.VOTE], items)
    handed_out = sum(each.mark == Mark.PAPER for each in envelopes)
    return counts + _paper_counts(poll, handed_out, items)


def _said_twice(poll: Poll, opened: Mapping[Place, Envelope]) -> set[Place]:
    """Where the second vote of one person lies: two rows of the register that turned out to be the same one."""
    merged = poll.electors.exclude(slot=None).filter(resident__merged_into__isnull=False)
    rows = list(merged.values_list("bundle_id", "slot", "resident__merged_into_id"))
    into = poll.electors.exclude(slot=None).filter(resident_id__in=[kept for _, _, kept in rows])
    kept = {row[2]: row[:2] for row in into.values_list("bundle_id", "slot", "resident_id")}
    return {
        (bundle_id, slot)
        for bundle_id, slot, resident_id in rows
        if resident_id in kept and opened[kept[resident_id]].mark != Mark.NOTHING
    }


def _paper_counts(poll: Poll, handed_out: int, items: int) -> Counts:
    typed = typed_totals(poll)
    if not typed:
        if handed_out and poll.has_paper:
            raise Conflict("有人领了纸票，请两位先各自录入纸票的数，再计票。")
        return Counts(tuple({} for _ in range(items)))
    if typed[0].papers > handed_out:
        raise Conflict("录入的纸票比领出去的多，请核对纸票和领票的记录。")
    return typed[0].counts()


def _marks(poll: Poll, counts: Counts) -> list[Standing]:
    if poll.is_of_stars or not has_quorum(poll.entitled or 0, counts.ballots, poll.quorum_percent):
        return []
    return standings(counts, poll.rules, list(poll.items.order_by("position").values_list("precedence", flat=True)))


def _has_result(poll: Poll, counts: Counts, marks: Sequence[Standing]) -> bool:
    if not poll.is_of_stars:
        return any(marks)
    has_enough = has_quorum(poll.entitled or 0, counts.ballots, poll.quorum_percent)
    return has_enough and any(mean_of(item) is not None for item in counts.by_item)


def _keep(step: Step[Poll], counts: Counts, marks: Sequence[Standing], at: datetime) -> None:
    """Write down what may be kept, throw away the rest."""
    poll = step.subject
    is_whole = counts.ballots >= SHOWN_FROM and not counts.are_agreed
    items = list(poll.items.order_by("position"))
    for place, item in enumerate(items):
        item.standing = marks[place] if marks else Standing.NONE
        if poll.is_of_stars:
            _keep_mean(item, counts.by_item[place])
    Item.objects.bulk_update(items, ["standing", "rated", "mean"])
    if is_whole:
        shown = [place for place, item in enumerate(items) if not poll.is_of_stars or item.mean is not None]
        Tally.objects.bulk_create(
            Tally(item=items[place], value=value, count=count)
            for place in shown
            for value, count in sorted(counts.by_item[place].items())
        )
    throw_away(poll)
    if Standing.TIED in marks:
        step.lead_to(PollState.TIED)
    step.set(ended_at=at, took_part=counts.ballots, is_whole=is_whole)
    if is_whole:
        step.set(blank=counts.blank, invalid=counts.invalid)
    step.note(chosen=[item.pk for item in items if item.standing == Standing.ELECTED], is_whole=is_whole)


def _keep_mean(item: Item, given: Mapping[int, int]) -> None:
    mean = mean_of(given)
    if mean is not None:
        exact = Decimal(mean.numerator) / Decimal(mean.denominator)
        item.mean, item.rated = exact.quantize(CENT, ROUND_HALF_UP), sum(given.values())


def draw_lot(
    *, poll_id: int, drawn: Sequence[int], words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Poll:
    """Write down who was drawn in public between equals, and how: where, who watched (items by id).

    Raises what the walker raises, `Conflict` where the rule is another, `InputRefused` for others or too many.
    """
    with walk_poll(
        poll_id, "draw", actor=actor, at=at, entry_id=entry_id, drawn=list(drawn) or None, words=words
    ) as step:
        poll = step.subject
        if poll.tie_rule == TieRule.RUN_OFF:
            raise Conflict("这次投票的规则是得票相同再投一轮，不能抽签。")
        tied = set(poll.items.filter(standing=Standing.TIED).values_list("pk", flat=True))
        left = seats_left(poll)
        if not set(drawn) <= tied or len(set(drawn)) != left:
            raise InputRefused(f"请在得票相同的人里勾选 {left} 个抽中的人。", field="drawn")
        poll.items.filter(pk__in=drawn).update(standing=Standing.ELECTED)
        poll.items.filter(standing=Standing.TIED).update(standing=Standing.NONE)
        step.say(words=words.strip())
        step.note(chosen=sorted(set(drawn)))
    return step.subject


def seats_left(poll: Poll) -> int:
    """How many are still to be chosen between equals."""
    return poll.seats - poll.items.filter(standing=Standing.ELECTED).count()


def _refuse_unconfirmed(poll: Poll) -> None:
    if poll.tellers.filter(duty=TellerDuty.COUNTER, confirmed_at__isnull=False).count() < COUNTERS:
        raise Conflict("计票要两位计票人都确认。请等另一位确认以后再计票。")


def _refuse_unequal_papers(poll: Poll) -> None:
    compared = compare_papers(poll)
    if compared.typed and not compared.is_equal:
        raise Conflict("纸票要两个人各录一遍，数字完全一样才能计票。请看录入页上哪一行不一样。")
