"""To whom a part of a survey can be passed on."""

from __future__ import annotations

from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock

SHOWN = 200


def helpers_for(area: Area, actor: Actor, at: datetime) -> list[User]:
    """People who look after a place of the same community, and those who stand in for them; not the actor."""
    community = [node for node in line_of(area) if node.rank <= RANKS[LevelKind.COMMUNITY]][-1]
    posts = Post.objects.as_of(clock.local_date(at)).filter(
        role__in=[*FIELD_ROLES, *OFFICE_ROLES], area__path__gte=community.path, area__path__lt=community.path + "~"
    )
    rows = posts.select_related("user", "stand_in").order_by("area__path", "pk")[:SHOWN]
    people = {person.pk: person for post in rows for person in (post.user, post.stand_in) if person is not None}
    people.pop(actor.user_id or 0, None)
    return list(people.values())
