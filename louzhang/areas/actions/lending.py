"""替岗 for a leave: who holds a post lends it for some days, and it comes back with the day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.areas.actions.posts import post_facts
from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.areas.rights import may_change, refuse_two_sides
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit import clock


def lend_post(*, post_id: int, stand_in: User | None, until: date | None, actor: Actor, at: datetime) -> Post:
    """Have somebody stand in up to, not including, a day; without a day for good, with nobody not at all.

    For the holder of a post in the field, an office above, and the clock. Raises `NotYours`, `InputRefused` for the
    holder as stand-in, `Conflict` for a post that has ended.
    """
    with transaction.atomic():
        post: Post = (
            Post.objects.select_for_update(no_key=True, of=("self",)).select_related("area", "unit").get(pk=post_id)
        )
        refuse_lending(post, stand_in, actor, at)
        post.stand_in, post.stand_in_until = stand_in, until if stand_in is not None else None
        facts = post_facts(post) | {"stand_in_until": until.isoformat() if until else None}
        area_ids = [node.pk for node in line_of(post.area)] if post.area else []
        save = ("stand_in", "stand_in_until")
        record(
            post, "name_stand_in", actor=actor, at=at, audience=Audience.DESK, payload=facts, area_ids=area_ids,
            save=save,
        )  # fmt: skip
    return post


def refuse_lending(post: Post, stand_in: User | None, actor: Actor, at: datetime) -> None:
    """Raise unless the actor may lend this post to this person."""
    is_own = post.user_id == actor.user_id and post.role in FIELD_ROLES and not actor.is_read_only
    if not is_own and not may_change(actor, post, at):
        raise NotYours("替岗由本人或者社区来定。")
    if post.ends_on is not None and post.ends_on <= clock.local_date(at):
        raise Conflict("这个任职已经结束了。")
    if stand_in is None or actor.is_system:
        return
    if stand_in.pk == post.user_id:
        raise InputRefused("替岗人要是另一个人。", field="stand_in")
    if stand_in.ended_at is not None:
        raise InputRefused("这个人的账号已经停用，请选别人。", field="stand_in")
    refuse_two_sides(stand_in.pk, post.role, at)
