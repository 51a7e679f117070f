"""Who looks after the homes of a survey now: for each place with homes the nearest head, chief or grid worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from louzhang.areas.models import Area, Post
from louzhang.areas.roles import FIELD_ROLES
from louzhang.kit import clock

People = Mapping[str, tuple[int, ...]]


def people_at(paths: Iterable[str], at: datetime) -> dict[str, tuple[int, ...]]:
    """Who holds a post of the field at these places, above them or below them, by path; one query."""
    wanted = sorted(set(paths))
    if not wanted:
        return {}
    tops = sorted({path[: Area.steplen * 3] for path in wanted})
    near = Q(pk__in=[])
    for top in tops:
        near |= Q(area__path__gte=top, area__path__lt=top + "~")
    posts = Post.objects.as_of(clock.local_date(at)).filter(near, role__in=FIELD_ROLES)
    people: dict[str, list[int]] = defaultdict(list)
    for path, user_id, stand_in_id in posts.order_by("pk").values_list("area__path", "user_id", "stand_in_id"):
        people[path] += [user_id] if stand_in_id is None else [user_id, stand_in_id]
    return {path: tuple(some) for path, some in people.items()}


def nearest(path: str, people: People) -> tuple[int, ...]:
    """Those at the place itself, else at the nearest place above it; none where nobody is."""
    for end in range(len(path), 0, -Area.steplen):
        if path[:end] in people:
            return people[path[:end]]
    return ()


def holders_of(homes: Mapping[str, int], at: datetime) -> tuple[dict[int, int], int]:
    """How many of the homes at each place fall to each holder, and how many to nobody."""
    people = people_at(homes, at)
    falls: dict[int, int] = defaultdict(int)
    unheld = 0
    for path, count in homes.items():
        some = nearest(path, people)
        if some:
            falls[some[0]] += count
        else:
            unheld += count
    return dict(falls), unheld
