"""Whom somebody may appoint: people in scope, and by the exact number people who hold no post yet.

An administrator finds by the exact number anybody, and by name those who work in offices and units.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from louzhang.accounts.models import User
from louzhang.accounts.queries import by_typed_phone
from louzhang.areas.queries.people_scope import people_visible_to, standing_posts
from louzhang.areas.roles import KEEPER_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import phones

MOST_FOUND = 20
SHORTEST_NAME = 2


def appointable_to(actor: Actor, at: datetime) -> QuerySet[User]:
    """The people an actor finds by name."""
    if not actor.has_role(Role.SYSTEM_ADMIN):
        return people_visible_to(actor, at)
    working = standing_posts(at).filter(role__in=[*OFFICE_ROLES, *UNIT_ROLES])
    return User.objects.filter(pk__in=working.values("user_id"), ended_at=None)


def find_appointable(actor: Actor, words: str, at: datetime) -> list[User]:
    """People by part of the name, or the one with exactly this number; at most twenty."""
    if phones.looks_like_phone(words):
        person = by_typed_phone(words)
        return [person] if person is not None and _is_open_to(actor, person, at) else []
    if len(words) < SHORTEST_NAME:
        return []
    return list(appointable_to(actor, at).filter(name__contains=words).order_by("name", "pk")[:MOST_FOUND])


def appointable_person(actor: Actor, uid: uuid.UUID, at: datetime) -> User:
    """The person chosen; raises `NotThere` for somebody the actor may not appoint."""
    person = User.objects.filter(uid=uid, ended_at=None).first()
    if person is None or not _is_open_to(actor, person, at):
        raise NotThere("没有找到这个人，或者不在您的范围内。请重新查找。")
    return person


def is_known_to(actor: Actor, person: User, at: datetime) -> bool:
    """Whether a person is in scope already, so that the name may be shown in full."""
    return appointable_to(actor, at).filter(pk=person.pk).exists()


def _is_open_to(actor: Actor, person: User, at: datetime) -> bool:
    if not person.is_active:
        return False
    if actor.has_role(*KEEPER_ROLES) or is_known_to(actor, person, at):
        return True
    return not standing_posts(at).filter(Q(user=person) | Q(stand_in=person)).exists()
