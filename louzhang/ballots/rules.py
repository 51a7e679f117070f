"""The rules of a round, without the database: what a ballot may say, and what follows from the counts (R2, R3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ITEMS_AT_MOST = 32
STARS = 5
SHOWN_FROM = 15  # counts are shown from so many ballots on, fewer give the outcome alone
MEAN_FROM = 5  # a star sheet says nothing below
WHOLE = 100


class Kind(StrEnum):
    """What a ballot is."""

    CHOICE = "choice"
    STARS = "stars"


class Electorate(StrEnum):
    """Who has one vote."""

    HOUSEHOLD = "household"
    ADULT = "adult"


class TieRule(StrEnum):
    """What decides between equals."""

    RUN_OFF = "run_off"
    LOT = "lot"
    PRECEDENCE = "precedence"


class Standing(StrEnum):
    """What became of an option."""

    NONE = ""
    ELECTED = "elected"
    TIED = "tied"


KIND_LABELS = {Kind.CHOICE: "推选", Kind.STARS: "星级评价"}
ELECTORATE_LABELS = {Electorate.HOUSEHOLD: "每户一票", Electorate.ADULT: "每位成年人一票"}
TIE_LABELS = {TieRule.RUN_OFF: "再投一轮", TieRule.LOT: "当众抽签", TieRule.PRECEDENCE: "按事先定的先后"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one round.

    `seats`: how many are chosen; `picks`: how many may be ticked. `quorum_percent` of those entitled must take part.
    `least_percent`: who is chosen needs more than this part of the ballots that were cast (50: more than half), 0
    for none. `proxies_at_most`: for how many others one elector may vote. `objection_days`: days the roll is shown.
    """

    picks: int = 1
    seats: int = 1
    quorum_percent: int = 0
    least_percent: int = 0
    tie_rule: str = TieRule.RUN_OFF
    proxies_at_most: int = 0
    has_paper: bool = False
    has_door_box: bool = False
    objection_days: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a choice: a label, and the account of a candidate and their row in the register where there are any.

    `precedence` decides between equals under that rule: the lower comes first.
    """

    label: str
    note: str = ""
    user_id: int | None = None
    precedence: int | None = None
    resident_id: int | None = None


def problem_of(kind: str, values: Sequence[int], items: int, picks: int) -> str:
    """What is wrong with a ballot, as a sentence; empty where nothing is. `values` is one number an item."""
    if len(values) != items:
        return "这张票和现在的选项对不上。请返回重新选。"
    if kind == Kind.STARS:
        return "" if all(0 <= value <= STARS for value in values) else "每一题请选一到五颗星，也可以不选。"
    if any(value not in (0, 1) for value in values):
        return "这张票和现在的选项对不上。请返回重新选。"
    return f"最多选 {picks} 个。请去掉几个再投。" if sum(values) > picks else ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted: ballots by value for each item, and how many ballots there were.

    `by_item` has, for each item, how many ballots gave it each value above 0; `ballots` includes blank and invalid.
    """

    by_item: tuple[Mapping[int, int], ...]
    ballots: int = 0
    blank: int = 0
    invalid: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        merged = tuple(
            {value: mine.get(value, 0) + theirs.get(value, 0) for value in sorted({*mine, *theirs})}
            for mine, theirs in zip(self.by_item, other.by_item, strict=True)
        )
        return Counts(merged, self.ballots + other.ballots, self.blank + other.blank, self.invalid + other.invalid)

    @property
    def votes(self) -> list[int]:
        """How many ballots ticked each item."""
        return [sum(item.values()) for item in self.by_item]

    @property
    def are_agreed(self) -> bool:
        """Whether every valid ballot says the same, so that counts would tell how each person voted."""
        valid = self.ballots - self.blank - self.invalid
        kinds = [set(item.values()) for item in self.by_item]
        same = all(values in (set(), {valid}) for values in kinds)
        return same and (self.blank == 0 or valid == 0) and self.invalid == 0


def tallied(ballots: Sequence[Sequence[int]], items: int) -> Counts:
    """Count ballots, each one number an item."""
    by_item: list[dict[int, int]] = [{} for _ in range(items)]
    blank = 0
    for values in ballots:
        blank += not any(values)
        for place, value in enumerate(values):
            if value:
                by_item[place][value] = by_item[place].get(value, 0) + 1
    return Counts(tuple(by_item), ballots=len(ballots), blank=blank)


def has_quorum(entitled: int, took_part: int, percent: int) -> bool:
    """Whether enough took part."""
    return took_part * WHOLE >= entitled * percent


def standings(counts: Counts, rules: Rules, precedences: Sequence[int | None]) -> list[Standing]:
    """Who is chosen, and between whom a tie is to be broken, by the number of votes.

    Without a vote, or without the part of the ballots the rule asks for, nobody is chosen.
    """
    votes = counts.votes
    bar = Fraction(counts.ballots * rules.least_percent, WHOLE)
    able = [place for place, got in enumerate(votes) if got > 0 and (rules.least_percent == 0 or got > bar)]
    found = [Standing.NONE] * len(votes)
    left = rules.seats
    for got in sorted({votes[place] for place in able}, reverse=True):
        group = [place for place in able if votes[place] == got]
        if len(group) > left:
            chosen, tied = _between(group, left, rules, precedences)
            for place in chosen:
                found[place] = Standing.ELECTED
            for place in tied:
                found[place] = Standing.TIED
            break
        for place in group:
            found[place] = Standing.ELECTED
        left -= len(group)
        if not left:
            break
    return found


def _between(
    group: list[int], seats: int, rules: Rules, precedences: Sequence[int | None]
) -> tuple[list[int], list[int]]:
    """Those of equals who are chosen, and those between whom it stays open."""
    given = [precedences[place] for place in group]
    if rules.tie_rule != TieRule.PRECEDENCE or None in given or len(set(given)) < len(given):
        return [], group
    ordered = sorted(group, key=lambda place: (precedences[place] or 0, place))
    return ordered[:seats], []


def mean_of(item: Mapping[int, int]) -> Fraction | None:
    """The mean of the stars given to a question; None below five ballots that gave some."""
    given = sum(item.values())
    return Fraction(sum(stars * count for stars, count in item.items()), given) if given >= MEAN_FROM else None
