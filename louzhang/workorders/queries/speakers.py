"""Who did what in a history: the place or unit for residents, with the full name for those who handle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post, Unit
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import ActorKind
from louzhang.journal.models import Event
from louzhang.kit.compiled import OneOf, compiled
from louzhang.workorders.queries.histories import Moment


@dataclass(frozen=True, slots=True)
class Speaker:
    """`place` is an office, unit or seat in words; `name` the full name, for handlers only."""

    place: str
    name: str = ""

    @property
    def full(self) -> str:
        """Place and name, as handlers read it."""
        return " ".join(part for part in (self.place, self.name) if part)


RESIDENT = Speaker("反映人")
CLOCK = Speaker("系统")


def speakers_of(events: Iterable[Event]) -> dict[int, Speaker]:
    """Who stands behind each event, by its seq (at most three queries)."""
    told = list(events)
    held = sorted({event.post_id for event in told if event.post_id})
    posts = {post.pk: post for post in _posts(keys=held)} if held else {}
    names = {post.user_id: post.user.name for post in posts.values()}
    if others := {e.user_id for e in told if e.user_id} - names.keys():
        names |= dict(User.objects.filter(pk__in=others).values_list("pk", "name"))
    without_post = {e.unit_id for e in told if e.unit_id and not e.post_id}
    units = dict(Unit.objects.filter(pk__in=without_post).values_list("pk", "name")) if without_post else {}
    return {event.seq: _speaker(event, posts, units, names) for event in told}


@compiled
def _posts(*, keys: Any) -> QuerySet[Post]:
    rows: QuerySet[Post] = Post.objects.filter(OneOf("pk", keys)).select_related("area", "unit", "title", "user")
    return rows.defer("area__outline").order_by()


def speakers_of_voices(moments: Iterable[Moment]) -> dict[int, Speaker]:
    """Voices of merged orders speak as reporters; their events are of several chains, so seqs say nothing."""
    return {moment.event.seq: RESIDENT for moment in moments}


def _speaker(event: Event, posts: dict[int, Post], units: dict[int, str], names: dict[int, str]) -> Speaker:
    if event.actor_kind == ActorKind.SYSTEM:
        return CLOCK
    post = posts.get(event.post_id or 0)
    name = names.get(event.user_id or 0, "")
    if post is not None:
        return Speaker(_place_of(post), name)
    if event.unit_id in units:
        return Speaker(units[event.unit_id], name)
    return Speaker(RESIDENT.place, name)


def _place_of(post: Post) -> str:
    """An office or unit speaks as itself, a field worker as the seat: 12号楼楼长."""
    if post.area is None:
        return str(post.unit.name) if post.unit else ""
    if post.role in FIELD_ROLES:
        return f"{post.area.name}{post.title.name if post.title else post.get_role_display()}"
    return str(post.area.name)
