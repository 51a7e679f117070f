"""Who held which post when, in the communities and the month that are appraised: from the history of posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from louzhang.areas.models import Area, Post, PostKind
from louzhang.kit import clock
from louzhang.roster.queries.appraisal.spans import Span

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that somebody held some time of the month. `place` is the community, `is_main` the first of theirs there.

    What somebody does in another's post, standing in, counts for them: in their main post.
    """

    place: int
    user_id: int
    post_id: int
    since: datetime
    until: datetime
    path: str
    is_staff: bool
    is_main: bool


def seats_in(role: str, communities: Sequence[Area], span: Span) -> list[Seat]:
    """Every post of a role below these communities that was held in the month, in the order of persons and posts."""
    places = {area.path: area.pk for area in communities}
    if not places:
        return []
    held = Q(starts_on__lt=span.next_month) & (Q(ends_on=None) | Q(ends_on__gt=span.month))
    under = Q(area__in=Area.objects.get_queryset().under_paths(places).order_by().values("pk"))
    rows = Post.objects.filter(held, under, role=role).order_by("user_id", "pk")
    columns = ("pk", "user_id", "kind", "starts_on", "ends_on", "area__path")
    found, seen = [], set()
    for post_id, user_id, kind, starts_on, ends_on, path in rows.values_list(*columns):
        place = _place(path, places)
        found.append(
            Seat(
                place, user_id, post_id, clock.day_start(starts_on), clock.day_start(ends_on) if ends_on else NEVER,
                path, kind != PostKind.VOLUNTEER, (place, user_id) not in seen,
            )
        )  # fmt: skip
        seen.add((place, user_id))
    return found


def _place(path: str, places: dict[str, int]) -> int:
    steps = range(Area.steplen, len(path) + 1, Area.steplen)
    return next(places[path[:end]] for end in steps if path[:end] in places)


def people_in(seats: Iterable[Seat]) -> dict[int, list[Seat]]:
    """The main seat of everybody, by community, in the order of persons."""
    found: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.is_main:
            found.setdefault(seat.place, []).append(seat)
    return found
