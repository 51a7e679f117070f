"""Who keeps away from a poll: candidates, those it is about, and who holds a post among those who vote (R2, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import FIELD_ROLES
from louzhang.ballots.models import Poll
from louzhang.kit import clock
from louzhang.register.models import Binding, Household, Stay


def leaves_of(areas: Iterable[Area]) -> list[Area]:
    """The current leaves at or below some places, in the order of the tree."""
    rows = Area.objects.get_queryset().under_paths([area.path for area in areas]).current().defer("outline")
    return [area for area in rows.order_by("path") if area.is_leaf()]


def holders_at(area_ids: Iterable[int], at: datetime) -> set[int]:
    """Everybody who holds, or fills for somebody, a post out in the field at these leaves or above them."""
    paths = Area.objects.filter(pk__in=list(area_ids)).order_by().values_list("path", flat=True)
    lines = {path[:end] for path in paths for end in range(Area.steplen, len(path) + 1, Area.steplen)}
    posts = Q(role__in=FIELD_ROLES, area__path__in=sorted(lines))
    return {seated.user_id for seated in seated_in(posts, clock.local_date(at))}


def kept_away(poll: Poll, at: datetime) -> set[int]:
    """The accounts that may touch nothing of a poll, as of now."""
    return {*poll.barred, *holders_at(poll.area_ids, at)}


def homes_kept_away(poll: Poll, at: datetime) -> set[int]:
    """The households in which somebody of them lives."""
    return homes_of(kept_away(poll, at))


def homes_of(user_ids: Iterable[int]) -> set[int]:
    """The households in which people live, as far as the register knows whose account it is."""
    bound = Binding.objects.filter(user_id__in=list(user_ids), ended_at=None, confirmed_at__isnull=False)
    stays = Stay.objects.filter(ends_on=None, resident_id__in=bound.order_by().values("resident_id"))
    homes = Household.objects.filter(pk__in=stays.order_by().values("household_id"))
    return set(homes.values_list("pk", flat=True))


def active_people(user_ids: Iterable[int]) -> dict[int, User]:
    """The accounts of these ids that have not ended."""
    return User.objects.filter(pk__in=list(user_ids), ended_at=None).in_bulk()
