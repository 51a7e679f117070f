"""Appointing many people at once, under the same rules, constraints and chain as one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.actions.posts import post_facts, refuse_seat_of
from louzhang.areas.models import Area, Post, PostKind, Unit
from louzhang.areas.roles import Role
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event
from louzhang.journal.refusals import Conflict
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewPost:
    """A person for a role at exactly one area or one unit, from today on."""

    user: User
    role: Role
    area: Area | None = None
    unit: Unit | None = None
    kind: str = PostKind.VOLUNTEER


def appoint_posts(
    *,
    posts: Sequence[NewPost],
    actor: Actor,
    at: datetime,
    advance: Callable[[int], object] = lambda count: None,
) -> list[Post]:
    """Appoint everyone of a list in its order, all or none.

    Raises `InputRefused` for a role that has no seat there, `Conflict` for a seat that is taken
    or two administrators in one person.
    """
    for new in posts:
        refuse_seat_of(new.role, new.area, new.unit)
    try:
        with transaction.atomic():
            lines = _lines(new.area for new in posts if new.area is not None)
            rows = [
                _row(pk, new, at) for pk, new in zip(reserve_ids(Post._meta.db_table, len(posts)), posts, strict=True)
            ]
            events = [_event(row, lines, actor, at) for row in rows]
            for start in range(0, len(rows), BATCH):
                Post.objects.bulk_create(rows[start : start + BATCH])
                Event.objects.bulk_create(events[start : start + BATCH])
                advance(len(rows[start : start + BATCH]))
    except IntegrityError:
        raise Conflict("名单里有位置已经有人，或同一个人不能兼任的职务，请核对后重试。", field="user") from None
    return rows


def _row(pk: int, new: NewPost, at: datetime) -> Post:
    return Post(
        pk=pk,
        user=new.user,
        role=new.role,
        area=new.area,
        unit=new.unit,
        kind=new.kind,
        starts_on=clock.local_date(at),
    )


def _event(post: Post, lines: dict[str, list[int]], actor: Actor, at: datetime) -> Event:
    event, _ = prepare_event(
        post,
        "appoint",
        actor=actor,
        at=at,
        audience=Audience.DESK,
        payload=post_facts(post),
        area_ids=lines[post.area.path] if post.area else [],
        post_id=actor.post_at(None, None),
    )
    return event


def _lines(areas: Iterable[Area]) -> dict[str, list[int]]:
    """The ids from the district down to each area, by its path, in one query."""
    step = Area.steplen
    above = {area.path: [area.path[:end] for end in range(step, len(area.path) + 1, step)] for area in areas}
    paths = {path for line in above.values() for path in line}
    ids = dict(Area.objects.filter(path__in=paths).values_list("path", "pk"))
    return {path: [ids[part] for part in line] for path, line in above.items()}
