"""What the tests of the roster share: the cast, moments after it, a team with somebody posted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from louzhang.areas.roles import Role
from louzhang.kit import clock
from louzhang.roster.actions import posted as acts
from louzhang.roster.models.posted import LeaveRequest, PostedTeam, Posting
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def later(cast: Cast) -> Callable[[float], datetime]:
    """So many hours after the cast's morning."""
    return lambda hours: cast.at + timedelta(hours=hours)


@pytest.fixture
def team(cast: Cast) -> PostedTeam:
    """First secretaries of a street, for a year."""
    day = clock.local_date(cast.at)
    return acts.form_team(
        name="第一书记", area=cast.areas["street"], starts_on=day, ends_on=day + timedelta(days=365),
        actor=cast.actor("street"), at=cast.at, document="东街发〔2026〕3号",
    )  # fmt: skip


@pytest.fixture
def propose(cast: Cast, team: PostedTeam) -> Callable[..., Posting]:
    """Somebody of the department is to serve in the community; anything can be changed."""

    def act(person: str = "street", **more: Any) -> Posting:
        given: dict[str, Any] = {
            "user": cast.people["department"], "home_unit": cast.units["department_unit"],
            "area": cast.areas["community"], "role": Role.OFFICE_STAFF, "strengths": ["law", "elderly"],
        }  # fmt: skip
        return acts.propose_posting(team_id=team.pk, actor=cast.actor(person), at=cast.at, **{**given, **more})

    return act


@pytest.fixture
def posting(cast: Cast, propose: Callable[..., Posting]) -> Posting:
    """Somebody of the department, serving in the community."""
    row = propose()
    acts.confirm_home(posting_id=row.pk, actor=cast.actor("department_lead"), at=cast.at)
    acts.confirm_site(posting_id=row.pk, actor=cast.actor("secretary"), at=cast.at)
    return acts.take_up(posting_id=row.pk, actor=cast.actor("street"), at=cast.at)


@pytest.fixture
def ask(cast: Cast, posting: Posting) -> Callable[..., LeaveRequest]:
    """The posted person asks for leave."""

    def act(person: str = "department", stand_in: str = "desk", days: tuple[int, int] = (2, 5)) -> LeaveRequest:
        day = clock.local_date(cast.at)
        return acts.ask_posted_leave(
            posting_id=posting.pk, stand_in=cast.people[stand_in], starts_on=day + timedelta(days=days[0]),
            ends_on=day + timedelta(days=days[1]), actor=cast.actor(person), at=cast.at,
        )  # fmt: skip

    return act
