"""The polls of a round: one a place, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.lifecycle import ENDED
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.apart import accounts_in, accounts_of, homes_of, homes_of_residents
from louzhang.ballots.queries.outcomes import Outcome, outcomes_of
from louzhang.kit import clock
from louzhang.roster.lifecycle.choosing import RoundState
from louzhang.roster.models.choosing import Nominee, Round, Vacancy

SERVED = "choosing_vacancy"


@dataclass(frozen=True, slots=True)
class Voted:
    """The newest poll of a place with what may be told of it."""

    poll: Poll
    outcome: Outcome


def is_over(status: str) -> bool:
    """Whether nothing of a poll runs any more."""
    return status in ENDED


def polls_in(vacancies: Sequence[Vacancy]) -> dict[int, Voted]:
    """The newest poll of each place, by the place; three queries at most."""
    rows = Poll.objects.filter(served_kind=SERVED, served_id__in=[vacancy.pk for vacancy in vacancies])
    newest: dict[int, Poll] = {}
    for poll in rows.select_related("area").order_by("pk"):
        newest[int(poll.served_id or 0)] = poll
    outcomes = outcomes_of(newest.values())
    return {served: Voted(poll, outcomes[poll.pk]) for served, poll in newest.items()}


def votes_end(rounds: Iterable[Round]) -> dict[int, datetime]:
    """When the last vote of each round that votes closes, by the round; two queries, none where nobody votes."""
    voting = [row.pk for row in rounds if row.status == RoundState.ELECTING]
    if not voting:
        return {}
    places = dict(Vacancy.objects.filter(round_id__in=voting).values_list("pk", "round_id"))
    polls = Poll.objects.filter(served_kind=SERVED, served_id__in=list(places)).order_by("closes_at")
    return {places[poll.served_id or 0]: poll.closes_at for poll in polls}


def counters_for(row: Round, at: datetime) -> list[User]:
    """Who may count: those who work in the community's office, and neither stand in the round nor live with one."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id=row.area_id, role__in=OFFICE_ROLES)
    nominees = list(Nominee.objects.filter(round=row))
    standing = {nominee.user_id for nominee in nominees if nominee.user_id is not None}
    known = [nominee.resident_id for nominee in nominees if nominee.resident_id is not None]
    away = standing | accounts_of(known) | accounts_in(homes_of(standing) | homes_of_residents(known))
    rows = User.objects.filter(pk__in=posts.values("user_id"), ended_at=None).exclude(pk__in=away)
    return list(rows.order_by("name", "pk"))
