"""Who keeps away from a poll: candidates, those it is about, and who holds a post among those who vote (R2, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import FIELD_ROLES
from louzhang.ballots.models import Item, Poll
from louzhang.kit import clock
from louzhang.register.models import Binding, Stay


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
    return {*poll.barred, *holders_at(poll.area_ids, at), *accounts_of(residents_of(poll))}


def residents_of(poll: Poll) -> list[int]:
    """The candidates whom the register knows."""
    rows = Item.objects.filter(poll_id=poll.pk, resident__isnull=False).order_by("pk")
    return list(rows.values_list("resident_id", flat=True))


def homes_kept_away(poll: Poll, at: datetime) -> set[int]:
    """The households in which somebody of them lives: they vote, and for nobody else."""
    return homes_of(kept_away(poll, at)) | homes_of_residents(residents_of(poll))


def homes_of(user_ids: Iterable[int]) -> set[int]:
    """The households in which people live, as far as the register knows whose account it is."""
    bound = _held().filter(user_id__in=list(user_ids))
    return homes_of_residents(bound.order_by().values_list("resident_id", flat=True))


def homes_of_residents(resident_ids: Iterable[int]) -> set[int]:
    """The households in which these residents live."""
    stays = Stay.objects.filter(ends_on=None, resident_id__in=list(resident_ids)).order_by()
    return set(stays.values_list("household_id", flat=True))


def accounts_of(resident_ids: Iterable[int]) -> set[int]:
    """The accounts that are these residents."""
    rows = _held().filter(resident_id__in=list(resident_ids), user__isnull=False).order_by()
    return set(rows.values_list("user_id", flat=True))


def accounts_in(household_ids: Iterable[int]) -> set[int]:
    """The accounts of whoever lives in these households."""
    stays = Stay.objects.filter(ends_on=None, household_id__in=list(household_ids)).order_by()
    return accounts_of(stays.values_list("resident_id", flat=True))


def _held() -> QuerySet[Binding]:
    return Binding.objects.filter(ended_at=None, confirmed_at__isnull=False)


def active_people(user_ids: Iterable[int]) -> dict[int, User]:
    """The accounts of these ids that have not ended."""
    return User.objects.filter(pk__in=list(user_ids), ended_at=None).in_bulk()
