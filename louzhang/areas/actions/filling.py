"""Appointing in one go: a newcomer is registered, somebody from outside taken up, and appointed, or neither."""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from louzhang.accounts.actions import register_person, take_up_person
from louzhang.accounts.models import User
from louzhang.areas.actions.posts import appoint_post, refuse_seat_of
from louzhang.areas.models import Area, Post, Title, Unit
from louzhang.areas.queries.finding_people import is_known_to
from louzhang.areas.rights import refuse_filling
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor


class Terms(TypedDict):
    """What a post is, whoever comes to hold it."""

    role: Role
    area: Area | None
    unit: Unit | None
    kind: str
    title: Title | None
    starts_on: date
    ends_on: date | None
    stand_in: NotRequired[User | None]


def appoint_newcomer(*, name: str, phone: str, actor: Actor, at: datetime, **terms: Unpack[Terms]) -> Post:
    """Register a person and appoint them to a post.

    Raises what `register_person` and `appoint_post` raise; then nobody is registered.
    """
    refuse_seat_of(terms["role"], terms["area"], terms["unit"])
    refuse_filling(actor, terms["role"], terms["area"], terms["unit"], at, ())
    with transaction.atomic():
        user = register_person(name=name, phone=phone, actor=actor, at=at)
        return appoint_post(user=user, actor=actor, at=at, **terms)


def appoint_known(*, user: User, actor: Actor, at: datetime, **terms: Unpack[Terms]) -> Post:
    """Appoint somebody who has an account; who was not in the actor's scope is taken up, which is noted.

    Raises what `appoint_post` raises; then nothing is noted.
    """
    refuse_filling(actor, terms["role"], terms["area"], terms["unit"], at, [user.pk])
    with transaction.atomic():
        known = user if is_known_to(actor, user, at) else take_up_person(user=user, actor=actor, at=at)
        return appoint_post(user=known, actor=actor, at=at, **terms)
