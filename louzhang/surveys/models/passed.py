"""Whose the parts are that were passed on, written once."""

from __future__ import annotations

from django.db.models import Q

from louzhang.areas.models import Area, Post
from louzhang.journal.actor import Actor
from louzhang.register.scope import COMMUNITY_RANK, NO_ROW


def passed_on_to(actor: Actor) -> Q:
    """Shares somebody passed on to the actor, who still works here, or to whom the actor stands in for in a community.

    Who stands in has them as long as the post is lent and no day longer, since the actor's seats say so.
    """
    if actor.user_id is None or not actor.seats:
        return NO_ROW
    term = Q(passed_to_id=actor.user_id)
    for seat in actor.seats:
        if seat.is_stand_in and seat.path:
            community = seat.path[: COMMUNITY_RANK * Area.steplen]
            holder = Post.objects.filter(pk=seat.post_id).order_by().values("user_id")
            term |= Q(passed_to__in=holder, area__path__gte=community, area__path__lt=community + "~")
    return term
