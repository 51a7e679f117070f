"""纸票: the totals of the paper ballots, typed by two people who do not see each other's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.ballots.actions.running import refuse_lost_key
from louzhang.ballots.envelopes import open_sheet, seal_sheet
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import PaperCount, Poll, Teller, TellerDuty
from louzhang.ballots.queries.apart import kept_away
from louzhang.ballots.rules import STARS, Counts
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused

TYPED_BY = 2


@dataclass(frozen=True, slots=True)
class PaperTotals:
    """What one person counted: papers in the box, blank and spoilt ones, and for each item how many gave each value."""

    papers: int
    blank: int
    invalid: int
    by_item: tuple[Mapping[int, int], ...]

    def counts(self) -> Counts:
        """The same as counts of ballots."""
        return Counts(self.by_item, ballots=self.papers, blank=self.blank, invalid=self.invalid)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two typists have: how many have typed, and on which lines they differ (item ids; the rest by name)."""

    typed: int
    differing_items: tuple[int, ...] = ()
    differing_sums: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether both have typed the same."""
        return self.typed == TYPED_BY and not self.differing_items and not self.differing_sums


def type_paper(*, poll_id: int, totals: PaperTotals, actor: Actor, at: datetime) -> Comparison:
    """Keep the totals somebody has typed, in place of what they typed before; gives how far both agree.

    Raises `NotThere` for who neither counts nor types, `TransitionRefused` outside closing and counting, `InputRefused`
    for totals that cannot be, `NotYours` for a third typist.
    """
    with transaction.atomic():
        rows = Poll.objects.tied(actor, Tie.COUNTER, Tie.TYPIST).filter(pk=poll_id)
        poll = rows.select_for_update(no_key=True, of=("self",)).first()
        if poll is None or actor.is_read_only:
            raise NotThere("没有找到这次投票，或它不在您的范围内。")
        if poll.status != PollState.CLOSED or not poll.has_paper:
            raise TransitionRefused("纸票的数在投票结束后、计票以前录入。")
        if actor.user_id in kept_away(poll, at):
            raise NotYours("这次投票和您有关，不能由您录入。")
        _refuse_impossible(poll, totals)
        teller = _teller(poll, actor)
        if not PaperCount.objects.filter(teller=teller).exists() and poll.paper_counts.count() >= TYPED_BY:
            raise NotYours("两个人已经录好了。要改的话，请录入的人自己改。")
        sealed = seal_sheet(refuse_lost_key(poll), poll.uid, teller.pk, _plain(totals))
        PaperCount.objects.update_or_create(teller=teller, defaults={"poll": poll, "sealed": sealed})
        Teller.objects.filter(poll=poll).update(confirmed_at=None)
        return compare_papers(poll)


def compare_papers(poll: Poll) -> Comparison:
    """How far the two typists agree; never what they typed."""
    typed = typed_totals(poll)
    if len(typed) < TYPED_BY:
        return Comparison(len(typed))
    first, second = typed
    items = list(poll.items.order_by("position").values_list("pk", flat=True))
    differing = [pk for place, pk in enumerate(items) if dict(first.by_item[place]) != dict(second.by_item[place])]
    names = [name for name in ("papers", "blank", "invalid") if getattr(first, name) != getattr(second, name)]
    return Comparison(TYPED_BY, tuple(differing), tuple(names))


def typed_totals(poll: Poll) -> list[PaperTotals]:
    """What was typed, opened in memory."""
    rows = list(poll.paper_counts.order_by("pk"))
    if not rows:
        return []
    key = refuse_lost_key(poll)
    return [_read(open_sheet(key, poll.uid, row.teller_id, row.sealed)) for row in rows]


def _teller(poll: Poll, actor: Actor) -> Teller:
    rows = Teller.objects.filter(
        poll=poll, user_id=actor.user_id or 0, duty__in=[TellerDuty.COUNTER, TellerDuty.TYPIST]
    )
    return rows.order_by("pk")[0]


def _plain(totals: PaperTotals) -> dict[str, object]:
    by_item = [[item.get(value, 0) for value in range(1, STARS + 1)] for item in totals.by_item]
    return {"papers": totals.papers, "blank": totals.blank, "invalid": totals.invalid, "by_item": by_item}


def _read(plain: Mapping[str, object]) -> PaperTotals:
    rows: Sequence[Sequence[int]] = plain["by_item"]  # type: ignore[assignment]  # as `_plain` wrote it
    by_item = tuple({value: count for value, count in enumerate(row, start=1) if count} for row in rows)
    sums = [int(str(plain[name])) for name in ("papers", "blank", "invalid")]
    return PaperTotals(sums[0], sums[1], sums[2], by_item)


def _refuse_impossible(poll: Poll, totals: PaperTotals) -> None:
    if min(totals.papers, totals.blank, totals.invalid) < 0 or len(totals.by_item) != poll.items.count():
        raise InputRefused("有一行没有填，或不是数字。没有票的请填 0。", field="papers")
    valid = totals.papers - totals.blank - totals.invalid
    if valid < 0:
        raise InputRefused("空白票加废票比总票数还多，请再数一次。", field="papers")
    given = [sum(item.values()) for item in totals.by_item]
    most = valid * (1 if poll.is_of_stars else poll.picks)
    if any(count > valid for count in given) or (not poll.is_of_stars and sum(given) > most):
        raise InputRefused("有一项的票比有效票还多，请再数一次。", field="papers")
