"""Who is appraised in a month: everybody who held a post of the role there some time of it."""

from __future__ import annotations

from dataclasses import dataclass

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.roster.models.appraisal import AppraisalMonth
from louzhang.roster.queries.appraisal.seats import Seat, people_in, seats_in
from louzhang.roster.queries.appraisal.spans import Span


def people_of(month: AppraisalMonth) -> list[Seat]:
    """The main seats of a month, in the order of persons (two queries)."""
    return people_in(seats_in(month.scheme.role, [month.area], Span(month.month))).get(month.area_id, [])


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as pages name them."""

    user_id: int
    name: str
    place: str
    title: str


def named(posts: dict[int, int]) -> dict[int, Named]:
    """Names and places of people, given the post each is seen in; by person (three queries)."""
    rows = Post.objects.filter(pk__in=posts.values()).select_related("area", "title")
    held = {post.pk: post for post in rows}
    places = spoken_places(post.area for post in held.values() if post.area is not None)
    names = dict(User.objects.filter(pk__in=posts).values_list("pk", "name"))
    return {
        user_id: Named(
            user_id,
            names.get(user_id, ""),
            places.get(held[post_id].area_id or 0, ""),
            str(held[post_id].title or held[post_id].get_role_display()),
        )
        for user_id, post_id in posts.items()
        if post_id in held
    }
