"""Which verb tells whom what: the table an app fills in, and the reading of events by it.

An app makes one `Rulebook` of `Rule` rows and registers its `read` with the journal in
`AppConfig.ready()` (`journal.readers.register("workorder_notices", "workorder", read=BOOK.read)`).
A further verb is one further row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from louzhang.journal.models import Event
from louzhang.notices.actions import Draft, Recipient, write_notices

# What is entered so long after it happened is history, and no news to anybody.
NEWS: timedelta = timedelta(days=2)

NEVER, URGENT, ALWAYS = "never", "urgent", "always"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: this verb tells this audience this.

    `title` may name what the source's `words` give ({what}, {unit} …). `many` is the title of several
    at once ("{count} 件新反映等待受理"): then what comes within minutes is one line that opens the list;
    without it only the steps of one subject join, and the last one stands. `red` is never, urgent (when
    the subject is) or always; red goes out at night. `audience` limits the rule to events that such may
    read, `led_to` to steps that led to a state.
    """

    verb: str
    to: str
    kind: str
    title: str
    many: str = ""
    red: str = NEVER
    audience: str = ""
    led_to: str = ""

    def holds_for(self, event: Event) -> bool:
        """Whether this event is meant."""
        return (
            event.verb == self.verb
            and self.audience in ("", event.audience)
            and self.led_to in ("", event.payload.get("to"))
        )


class Source(Protocol):
    """What an app knows about one batch of events: their subjects, whom they concern, words and addresses."""

    def knows(self, event: Event) -> bool:
        """Whether the subject is there."""
        ...

    def told(self, to: str, event: Event) -> Iterable[Recipient]:
        """The people and phones of an audience, each of whom may see the subject."""
        ...

    def words(self, event: Event) -> Mapping[str, str]:
        """What titles may name: no words of people, no person."""
        ...

    def is_urgent(self, event: Event) -> bool:
        """Whether the subject is a red case."""
        ...

    def url(self, event: Event, recipient: Recipient) -> str:
        """Where this recipient opens the subject."""
        ...

    def list_url(self, recipient: Recipient) -> str:
        """Where this recipient finds several of them."""
        ...


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of one app and how it opens a batch of events."""

    rules: Sequence[Rule]
    open_batch: Callable[[Sequence[Event]], Source]

    def read(self, events: Sequence[Event], *, news: timedelta = NEWS) -> None:
        """Write the notices of these events; what is history is passed over.

        `news` is for replays on a clock of their own, which count everything as news.
        """
        fresh = [event for event in events if event.recorded_at - event.happened_at <= news]
        meant = [event for event in fresh if any(rule.holds_for(event) for rule in self.rules)]
        if meant:
            source = self.open_batch(meant)
            write_notices([draft for event in meant if source.knows(event) for draft in self._drafts(source, event)])

    def _drafts(self, source: Source, event: Event) -> Iterator[Draft]:
        for rule in self.rules:
            if rule.holds_for(event):
                told = {recipient.key: recipient for recipient in source.told(rule.to, event)}
                for recipient in told.values():
                    if recipient.user_id is None or recipient.user_id != event.user_id:
                        yield self._draft(rule, source, event, recipient)

    def _draft(self, rule: Rule, source: Source, event: Event, recipient: Recipient) -> Draft:
        is_red = rule.red == ALWAYS or (rule.red == URGENT and source.is_urgent(event))
        own_line = f"{rule.kind}:{event.subject_kind}:{event.subject_id}"
        return Draft(
            recipient=recipient,
            kind=rule.kind,
            fold=rule.kind if rule.many and not is_red else own_line,
            title=rule.title.format(**source.words(event)),
            many=rule.many,
            url=source.url(event, recipient),
            list_url=source.list_url(recipient),
            is_red=is_red,
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            at=event.happened_at,
        )
