"""Who fills posts on a day: their holders and, for their days, those who stand in for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in a post, own or stood in for, with the area of the post."""

    user_id: int
    role: str
    area_id: int | None

    @property
    def face(self) -> str:
        """Where they read: in the field on the phone, anybody else at the desk."""
        return "field" if self.role in FIELD_ROLES else "desk"


def seated_in(posts: Q, day: date) -> Iterator[Seated]:
    """Everybody who fills one of these posts on a day; a stand-in for a leave only up to its end. One query."""
    rows = Post.objects.as_of(day).filter(posts).order_by("-area__depth", "pk")
    for role, area_id, user_id, stand_in_id, until in rows.values_list(
        "role", "area_id", "user_id", "stand_in_id", "stand_in_until"
    ):
        yield Seated(user_id, role, area_id)
        if stand_in_id is not None and (until is None or until > day):
            yield Seated(stand_in_id, role, area_id)
