"""What a poll tells: its counters that an objection waits, that it can be confirmed; its office that there is a tie.

Nothing is ever told of a vote, and nothing to anybody because they have or have not voted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Poll, TellerDuty
from louzhang.ballots.queries.apart import kept_away
from louzhang.journal.models import Event
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook

COUNTERS, AUTHOR = "counters", "author"
RULES = (
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
        """The two counters, or whoever drafted it; nobody it is about."""
        poll = self._polls[event.subject_id]
        if poll.is_of_stars and not poll.has_paper and event.verb == "close":
            return
        counters = [each.user_id for each in poll.tellers.all() if each.duty == TellerDuty.COUNTER]
        people = counters if to == COUNTERS else [poll.author_id] if poll.author_id is not None else []
        away = kept_away(poll, event.happened_at) if people else set()
        for user_id in people:
            if user_id not in away and user_id != event.user_id:
                yield Recipient(face="desk", user_id=user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Its name."""
        return {"what": self._polls[event.subject_id].title}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the poll, or of its objections."""
        poll = self._polls[event.subject_id]
        waits = event.verb == "object" and poll.status == PollState.ROLL
        return reverse("ballots:objections" if waits else "ballots:one", args=[poll.uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list."""
        return reverse("ballots:list")


BOOK = Rulebook(rules=RULES, open_batch=Polls)
