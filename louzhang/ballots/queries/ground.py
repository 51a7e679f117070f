"""What an office can draft a poll with: places whose people vote, and colleagues who count."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock

# What a community asks by; a village has groups, and the whole place stands for itself.
ASKED = (LevelKind.BUILDING, LevelKind.GROUP, LevelKind.GRID)
PLACES_AT_MOST, PEOPLE_AT_MOST = 400, 200


def places_to_ask(actor: Actor) -> list[tuple[int, str]]:
    """The places of the actor's offices: a community whole, by grid or building; above it by community (one query)."""
    rows = Area.objects.get_queryset().under_paths(_offices(actor)).current().select_related("level").defer("outline")
    kinds = [LevelKind.COMMUNITY]
    if not any(rank < RANKS[LevelKind.COMMUNITY] for rank in _ranks(actor)):
        kinds += ASKED
    found = sorted(rows.of_kind(*kinds).order_by("path")[:PLACES_AT_MOST], key=lambda area: (area.rank, area.path))
    whole = len(kinds) > 1
    return [
        (area.pk, f"{area.name}（全部）" if whole and area.level.kind == LevelKind.COMMUNITY else area.name)
        for area in found
    ]


def chosen_places(actor: Actor, area_ids: list[int]) -> list[Area]:
    """Those of these places that lie in the actor's offices."""
    rows = Area.objects.get_queryset().under_paths(_offices(actor)).current().filter(pk__in=area_ids)
    return list(rows.order_by("path"))


def colleagues_of(actor: Actor, at: datetime) -> list[tuple[int, str]]:
    """Who works in the actor's offices or in those of the communities below them (one query)."""
    paths = _offices(actor)
    here = Q(pk__in=[])
    for path in paths:
        here |= Q(area__path__startswith=path)
    posts = Post.objects.as_of(clock.local_date(at)).filter(here, role__in=OFFICE_ROLES, user__ended_at=None)
    people: dict[int, tuple[User, Area]] = {}
    for post in posts.select_related("user", "area").order_by("area__path", "user__name", "pk")[:PEOPLE_AT_MOST]:
        people.setdefault(post.user_id, (post.user, post.area))
    return [
        (pk, f"{user.name}（{area.name}）" if area.path not in paths else user.name)
        for pk, (user, area) in people.items()
    ]


def _offices(actor: Actor) -> list[str]:
    return [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]


def _ranks(actor: Actor) -> list[int]:
    return [seat.rank for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
