"""What came out of a poll, as far as it may be shown: counts where there are enough, the outcome alone otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Item, Poll
from louzhang.ballots.rules import MEAN_FROM, SHOWN_FROM, STARS, Standing

TOO_FEW = f"参加的不足 {SHOWN_FROM} 票，或意见全都一样，只公布结果，不公布票数。"
TOO_FEW_STARS = f"打分的不足 {MEAN_FROM} 份，不公布结果。"
STARS_ONLY_MEAN = f"打分的不足 {SHOWN_FROM} 份，或打的全都一样，只公布平均分。"


@dataclass(frozen=True, slots=True)
class Line:
    """One option or question. `votes`, `stars` (how many gave one … five), `mean` and `rated` only where shown.

    `user_id` is the candidate's account where the draft named one.
    """

    item_id: int
    label: str
    user_id: int | None = None
    votes: int | None = None
    is_elected: bool = False
    is_tied: bool = False
    mean: Decimal | None = None
    rated: int | None = None
    stars: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out. `state` is one of `PollState`; before the count there are no lines at all.

    `took_part`, `blank` and `invalid` are None where only the outcome is shown; `words` says so.
    """

    state: str
    kind: str
    lines: tuple[Line, ...] = ()
    entitled: int | None = None
    took_part: int | None = None
    blank: int | None = None
    invalid: int | None = None
    is_whole: bool = False
    words: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether it is counted and no tie is left."""
        return self.state == PollState.COUNTED

    @property
    def winners(self) -> list[Line]:
        """Those who are chosen, in the order of the ballot."""
        return [line for line in self.lines if line.is_elected]

    @property
    def tied(self) -> list[Line]:
        """Those between whom a tie is to be broken."""
        return [line for line in self.lines if line.is_tied]


COUNTED = (PollState.COUNTED, PollState.TIED, PollState.FAILED)


def outcome_of(poll: Poll) -> Outcome:
    """What came out of a poll: at most two queries, nothing that would tell how anybody voted."""
    return outcomes_of([poll])[poll.pk]


def outcomes_of(polls: Iterable[Poll]) -> dict[int, Outcome]:
    """The same of several, by their ids; two queries however many."""
    rows = list(polls)
    items: dict[int, list[Item]] = {poll.pk: [] for poll in rows if poll.status in COUNTED}
    found = Item.objects.filter(poll_id__in=list(items)) if items else Item.objects.none()
    for item in found.prefetch_related("tallies").order_by("position"):
        items[item.poll_id].append(item)
    return {poll.pk: _outcome(poll, items.get(poll.pk)) for poll in rows}


def _outcome(poll: Poll, items: Sequence[Item] | None) -> Outcome:
    if items is None:
        return Outcome(state=poll.status, kind=poll.kind, entitled=poll.entitled)
    return Outcome(
        state=poll.status,
        kind=poll.kind,
        lines=tuple(_line(poll, item) for item in items),
        entitled=poll.entitled,
        took_part=poll.took_part if poll.is_whole else None,
        blank=poll.blank,
        invalid=poll.invalid,
        is_whole=poll.is_whole,
        words=_words(poll, items),
    )


def _line(poll: Poll, item: Item) -> Line:
    counts = {tally.value: tally.count for tally in item.tallies.all()}
    is_choice = not poll.is_of_stars
    return Line(
        item_id=item.pk,
        label=item.label,
        user_id=item.user_id,
        votes=counts.get(1, 0) if poll.is_whole and is_choice else None,
        is_elected=item.standing == Standing.ELECTED,
        is_tied=item.standing == Standing.TIED,
        mean=item.mean,
        rated=item.rated,
        stars=tuple(counts.get(star, 0) for star in range(1, STARS + 1)) if counts and not is_choice else (),
    )


def _words(poll: Poll, items: Sequence[Item]) -> str:
    if poll.is_whole:
        return ""
    if not poll.is_of_stars:
        return TOO_FEW
    return STARS_ONLY_MEAN if any(item.mean is not None for item in items) else TOO_FEW_STARS
