"""People of training: each once, with where and as what they work, however many posts they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.kit import clock

# The whole of a district's chiefs can be chosen from.
PEOPLE_AT_MOST = 3000


def each_once(posts: QuerySet[Post]) -> list[tuple[User, str]]:
    """Who holds these posts and where, by place (two queries)."""
    rows = list(posts.select_related("user", "area", "title").order_by("area__path", "pk")[:PEOPLE_AT_MOST])
    places = spoken_places(post.area for post in rows if post.area is not None)
    found: dict[int, tuple[User, str]] = {}
    for post in rows:
        found.setdefault(post.user_id, (post.user, _said(post, places)))
    return list(found.values())


def places_of_people(people: Iterable[int], at: datetime) -> dict[int, str]:
    """Where each works, as a sheet prints it: 彩虹社区 12号楼 楼长; of several posts the narrowest (two queries)."""
    rows = Post.objects.as_of(clock.local_date(at)).filter(user_id__in=set(people), area__isnull=False)
    posts = list(rows.select_related("area", "title").order_by("area__depth", "pk"))
    places = spoken_places(post.area for post in posts if post.area is not None)
    return {post.user_id: _said(post, places) for post in posts}


def _said(post: Post, places: dict[int, str]) -> str:
    return f"{places.get(post.area_id or 0, '')} {post.title or post.get_role_display()}".strip()
