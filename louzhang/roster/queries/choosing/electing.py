"""The polls of a round: one a place, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.lifecycle import ENDED
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.outcomes import Outcome, outcome_of
from louzhang.kit import clock
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
    """The newest poll of each place, by the place; one query, and two for each that has ended."""
    rows = Poll.objects.filter(served_kind=SERVED, served_id__in=[vacancy.pk for vacancy in vacancies])
    newest: dict[int, Poll] = {}
    for poll in rows.select_related("area").order_by("pk"):
        newest[int(poll.served_id or 0)] = poll
    return {served: Voted(poll, outcome_of(poll)) for served, poll in newest.items()}


def counters_for(row: Round, at: datetime) -> list[User]:
    """Who may count: those who work in the community's office and do not stand in the round."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id=row.area_id, role__in=OFFICE_ROLES)
    standing = Nominee.objects.filter(round=row, user__isnull=False).values("user_id")
    rows = User.objects.filter(pk__in=posts.values("user_id"), ended_at=None).exclude(pk__in=standing)
    return list(rows.order_by("name", "pk"))
