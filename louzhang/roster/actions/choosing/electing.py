"""投票: a poll for each place of a round, among those who live there, and what came of it (R2).

Polls live in `ballots`: who stands, holds the place or stands in for it touches nothing of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.queries.spoken import spoken_places
from louzhang.ballots.actions.drafting import draft_poll
from louzhang.ballots.actions.rolls import fix_roll, show_roll
from louzhang.ballots.actions.running import keep_apart, open_box, withdraw_poll
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.queries.polls import polls_of
from louzhang.ballots.rules import Choice as Option
from louzhang.ballots.rules import Electorate, Kind, Rules
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.roster.lifecycle.choosing import NomineeState
from louzhang.roster.models.choosing import Nominee, Round, Vacancy
from louzhang.roster.queries.choosing.electing import SERVED, is_over
from louzhang.roster.queries.choosing.rounds import statements_of

HALF = 50
TITLE_AT_MOST, NOTE_AT_MOST = 60, 200
CANDIDATES = (NomineeState.STANDING.value, NomineeState.PASSED.value)


@dataclass(frozen=True, slots=True)
class Election:
    """How the places of a round vote: until when, who counts, one vote a household or an adult, how many must.

    `roll_days` is for how many days the roll is shown before votes are taken.
    """

    closes_at: datetime
    counters: Sequence[int]
    electorate: str = Electorate.HOUSEHOLD
    quorum_percent: int = HALF
    roll_days: int = 0
    has_paper: bool = False
    has_door_box: bool = False


def open_polls(row: Round, vacancies: Sequence[Vacancy], election: Election | None, actor: Actor, at: datetime) -> None:
    """Draft a poll a place and show its roll; it opens when the roll has been shown. Raises `InputRefused`."""
    if election is None:
        raise InputRefused("请写投票到什么时候为止，并选两位计票人。", field="closes_at")
    places = spoken_places(vacancy.area for vacancy in vacancies)
    for vacancy in vacancies:
        people = list(vacancy.nominees.filter(status__in=CANDIDATES).select_related("user").order_by("pk"))
        poll = draft_poll(
            kind=Kind.CHOICE, title=f"{places[vacancy.area_id]}{row.seat_name}推选"[-TITLE_AT_MOST:],
            electorate=election.electorate, areas=[vacancy.area], counters=election.counters,
            opens_at=at + timedelta(days=election.roll_days), closes_at=election.closes_at, actor=actor, at=at,
            options=_options(people), rules=_rules(election, len(people)), subject_kind=SERVED, subject_id=vacancy.pk,
            barred=_barred(vacancy),
        )  # fmt: skip
        show_roll(poll_id=poll.pk, actor=actor, at=at)
        if not election.roll_days:
            fix_roll(poll_id=poll.pk, actor=actor, at=at)
            open_box(poll_id=poll.pk, actor=actor, at=at)


def _options(people: Sequence[Nominee]) -> list[Option]:
    said = statements_of(people)
    return [
        Option(row.label, said.get(row.pk, "")[:NOTE_AT_MOST], _account(row), resident_id=row.resident_id)
        for row in people
    ]


def _account(nominee: Nominee) -> int | None:
    if nominee.user_id is not None or not nominee.phone_sealed:
        return nominee.user_id
    person = User.objects.by_phone(nominee.open_field("phone"))
    return person.pk if person is not None else None


def _barred(vacancy: Vacancy) -> list[int]:
    return [vacancy.outgoing.user_id] if vacancy.outgoing is not None else []


def _rules(election: Election, candidates: int) -> Rules:
    """One is elected; a single candidate needs more than half of the ballots."""
    return Rules(
        quorum_percent=election.quorum_percent, least_percent=HALF if candidates == 1 else 0,
        has_paper=election.has_paper, has_door_box=election.has_door_box, objection_days=election.roll_days,
    )  # fmt: skip


def elected_for(vacancy: Vacancy) -> Nominee:
    """Who was elected for a place. Raises `TransitionRefused` while it is not counted, or nobody was."""
    polls = polls_of(SERVED, vacancy.pk)
    outcome = outcome_of(polls[0]) if polls else None
    if outcome is None or not outcome.is_decided or not outcome.winners:
        raise TransitionRefused(
            f"{vacancy.area.name}的投票还没有选出人来。请等计票，或再投一轮；选不出来的，把这个位置移出并写明原因。"
        )
    label = outcome.winners[0].label
    people = list(vacancy.nominees.filter(status__in=CANDIDATES))
    found = next((row for row in people if row.label == label), None)
    if found is None:
        raise TransitionRefused(f"{vacancy.area.name}选出的人已经退出。请重新推荐，或把这个位置移出并写明原因。")
    return found


def bar_from_polls(nominee: Nominee, actor: Actor, at: datetime) -> None:
    """An account turned out to be this nominee: from now on it touches nothing of the poll they stand in."""
    if nominee.user_id is not None:
        for poll in polls_of(SERVED, nominee.vacancy_id):
            keep_apart(poll_id=poll.pk, user_id=nominee.user_id, actor=actor, at=at)


def stop_polls(vacancies: Sequence[Vacancy], reason: str, actor: Actor, at: datetime) -> None:
    """Polls that still run end with the place they are for; votes in them are thrown away unread."""
    for vacancy in vacancies:
        for poll in polls_of(SERVED, vacancy.pk):
            if not is_over(poll.status):
                withdraw_poll(poll_id=poll.pk, reason=reason, actor=actor, at=at)
