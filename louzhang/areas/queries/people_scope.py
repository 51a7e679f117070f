"""Which people an office looks after, and for whom it may issue a sign-in code. Written once.

A code is the whole account, so an office issues one only when it answers for *every* post of the
person: a chief with a second post in another street gets the code where both are looked after.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.rights import in_subtree, is_above, offices_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock

MANAGERS = (*OFFICE_ROLES, Role.SECURITY_ADMIN)
TAKEN_UP = ("register", "take_up")


def standing_posts(at: datetime) -> QuerySet[Post]:
    """Posts that hold today or begin later."""
    rows: QuerySet[Post] = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock.local_date(at)))
    return rows


def people_visible_to(actor: Actor, at: datetime) -> QuerySet[User]:
    """The people an actor looks after: those with a post in the subtree of the office.

    The security administrator sees all. People without a post are seen by whoever registered
    them. Everybody else sees nobody.
    """
    if not isinstance(actor, Actor):
        raise TypeError("people_visible_to needs an Actor; None is never everyone")
    people = User.objects.filter(ended_at=None)
    if actor.has_role(Role.SECURITY_ADMIN):
        return people
    offices = offices_of(actor)
    if not offices:
        return people.none()
    posts = standing_posts(at).filter(in_subtree(offices))
    standing_in = posts.filter(stand_in__isnull=False).values("stand_in_id")
    return people.filter(Q(pk__in=posts.values("user_id")) | Q(pk__in=standing_in) | _registered_by(actor, at))


def find_person(actor: Actor, uid: uuid.UUID, at: datetime) -> User:
    """One person in scope; raises `NotThere` for everybody else."""
    person = people_visible_to(actor, at).filter(uid=uid).first()
    if person is None:
        raise NotThere("没有找到这个人，或者不在您的范围内。")
    return person


def may_issue_code(actor: Actor, user: User, at: datetime) -> bool:
    """Whether the actor answers for every post of this person (never for oneself)."""
    if user.pk == actor.user_id or not people_visible_to(actor, at).filter(pk=user.pk).exists():
        return False
    posts = list(
        standing_posts(at)
        .filter(Q(user=user) | Q(stand_in=user))
        .select_related("area")
        .prefetch_related("unit__served_areas__area")
    )
    if not posts:
        return bool(offices_of(actor))
    return all(_answers_for(actor, post, at) for post in posts)


def refuse_code(actor: Actor, user: User, at: datetime) -> None:
    """Raise `NotYours` unless the actor may issue a code for this person."""
    if not may_issue_code(actor, user, at):
        raise NotYours(
            "这个人的登录码不由您发。楼长、单元长和网格员由所在社区或上级发；"
            "办公室人员由上一级或安全管理员发；跨范围任职的由共同的上级发。"
        )


def _answers_for(actor: Actor, post: Post, at: datetime) -> bool:
    """Whether one post lies below an office of the actor; office posts are the security administrator's too."""
    if is_above(actor, post.role, post.area, post.unit, at):
        return True
    return post.role in OFFICE_ROLES and actor.has_role(Role.SECURITY_ADMIN)


def _registered_by(actor: Actor, at: datetime) -> Q:
    mine = Event.objects.filter(subject_kind=User.subject_kind, verb__in=TAKEN_UP, user_id=actor.user_id)
    holding = standing_posts(at).filter(Q(user=OuterRef("pk")) | Q(stand_in=OuterRef("pk")))
    return Q(pk__in=mine.values("subject_id")) & ~Q(Exists(holding))
