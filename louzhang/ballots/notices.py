"""What a poll tells: who is on the roll that it is open; its counters what waits for them; who drafted it how it ended.

Nothing is ever told of a vote, and nothing to anybody because they have or have not voted: the roll says who is told
that a vote is open, once, and opening that line leaves no mark (`notices.untraced`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Poll, TellerDuty
from louzhang.ballots.queries.apart import kept_away
from louzhang.ballots.queries.invited import invited_to
from louzhang.ballots.rules import Kind
from louzhang.journal.models import Event
from louzhang.notices.actions import Recipient, settle_calls
from louzhang.notices.rules import Rule, Rulebook

COUNTERS, AUTHOR, ELECTORS = "counters", "author", "electors"
# The kind of the line that calls to a vote; until the vote is over it is one of those that leave no trace.
CALL = "vote"
CALLS: Mapping[str, str] = {Kind.CHOICE: "请您投票", Kind.STARS: "请您打分"}
OVER = ("close", "withdraw")
RULES = (
    Rule("open", ELECTORS, CALL, "{call}：{what}"),
    Rule("object", COUNTERS, "poll", "名册有异议要答复：{what}", many="名册有 {count} 条异议要答复"),
    Rule("close", COUNTERS, "poll", "投票结束，请两位计票人确认：{what}", many="{count} 次投票等确认计票"),
    Rule("count", AUTHOR, "poll", "投票有结果了：{what}", many="{count} 次投票有结果了"),
    Rule("fail", AUTHOR, "poll", "投票没有结果：{what}", many="{count} 次投票没有结果"),
)


class Polls:
    """One batch of events with their polls."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._polls = Poll.objects.filter(pk__in=ids).prefetch_related("tellers").in_bulk()

    def knows(self, event: Event) -> bool:
        """Whether the poll is there."""
        return event.subject_id in self._polls

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Everybody on the roll; the two counters, or whoever drafted it, but nobody it is about."""
        poll = self._polls[event.subject_id]
        if to == ELECTORS:
            yield from (Recipient("phone", user_id, device) for user_id, device in invited_to(poll))
            return
        if poll.is_of_stars and not poll.has_paper and event.verb == "close":
            return
        counters = [each.user_id for each in poll.tellers.all() if each.duty == TellerDuty.COUNTER]
        people = counters if to == COUNTERS else [poll.author_id] if poll.author_id is not None else []
        away = kept_away(poll, event.happened_at) if people else set()
        for user_id in people:
            if user_id not in away and user_id != event.user_id:
                yield Recipient(face="desk", user_id=user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Its name, and what people are called to do."""
        poll = self._polls[event.subject_id]
        return {"what": poll.title, "call": CALLS[poll.kind]}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the poll on the recipient's face, or of its objections."""
        poll = self._polls[event.subject_id]
        if recipient.face == "phone":
            return reverse("ballots:own", args=[poll.uid])
        waits = event.verb == "object" and poll.status == PollState.ROLL
        return reverse("ballots:objections" if waits else "ballots:one", args=[poll.uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list on the recipient's face."""
        return reverse("ballots:mine" if recipient.face == "phone" else "ballots:list")


BOOK = Rulebook(rules=RULES, open_batch=Polls)


def end_calls(events: Sequence[Event]) -> None:
    """A vote is over: the lines that called to it are read, everybody's at the moment it ended."""
    for event in events:
        if event.verb in OVER:
            settle_calls(
                kind=CALL, subject_kind=Poll.subject_kind, subject_ids=[event.subject_id], at=event.happened_at
            )


def read(events: Sequence[Event]) -> None:
    """Write what a batch tells, then put away the calls of what has ended."""
    BOOK.read(events)
    end_calls(events)
