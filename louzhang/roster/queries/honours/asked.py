"""票选 beside a proposal: who stands together, how they are named on a ballot, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.ballots.lifecycle import ENDED
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.outcomes import Outcome, outcome_of
from louzhang.kit import clock
from louzhang.roster.lifecycle.honours import HonourState
from louzhang.roster.models.honours import Honour

SERVED = "honour"
STANDING = [HonourState.PROPOSED.value, HonourState.NOTICE.value]


@dataclass(frozen=True, slots=True)
class Asked:
    """A ballot with what may be told of it."""

    poll: Poll
    outcome: Outcome


def is_running(poll: Poll) -> bool:
    """Whether it has not ended yet."""
    return poll.status not in ENDED


def rivals_of(honour: Honour) -> list[Honour]:
    """All that stand for the same honour of the same place and time, this one among them, in the order they came."""
    rows = Honour.objects.filter(
        kind_id=honour.kind_id, area_id=honour.area_id, month=honour.month, status__in=STANDING
    )  # fmt: skip
    return list(rows.select_related("kind", "area", "holder", "resident", "building", "place__level").order_by("pk"))


def asked_about(honour: Honour) -> list[Asked]:
    """The ballots about an honour or its rivals, the newest first."""
    together = Honour.objects.filter(kind_id=honour.kind_id, area_id=honour.area_id, month=honour.month)
    rows = Poll.objects.filter(served_kind=SERVED, served_id__in=together.values("pk"))
    return [Asked(poll, outcome_of(poll)) for poll in rows.select_related("area").order_by("-pk")]


def said_on_ballot(honours: Sequence[Honour]) -> dict[int, str]:
    """Place, title and masked name of each; a number behind those that would read the same."""
    places = spoken_places({honour.place for honour in honours})
    found: dict[int, str] = {}
    for honour in honours:
        title = Role(honour.role).label if honour.role else "居民"
        name = places[honour.place_id]
        if honour.building_id is None:
            name = f"{name} {title} {honour.hidden_name}"
        again = sum(each == name or each.startswith(f"{name}（") for each in found.values())
        found[honour.pk] = f"{name}（{again + 1}）" if again else name
    return found


def counters_in(area: Area, honours: Sequence[Honour], at: datetime) -> list[User]:
    """Who may count: those at work in the office of the place who are not nominees."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(area=area, role__in=OFFICE_ROLES)
    nominees = [honour.holder_id for honour in honours if honour.holder_id is not None]
    rows = User.objects.filter(pk__in=posts.values("user_id"), ended_at=None).exclude(pk__in=nominees)
    return list(rows.order_by("name", "pk"))
