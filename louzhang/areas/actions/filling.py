"""Appointing in one go: a newcomer is registered, somebody from outside taken up, and appointed, or neither."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from louzhang.accounts.actions import register_person, take_up_person
from louzhang.accounts.models import User
from louzhang.areas.actions.posts import appoint_post, refuse_seat_of
from louzhang.areas.models import Area, Post, Title, Unit
from louzhang.areas.queries.finding_people import is_known_to
from louzhang.areas.rights import refuse_filling
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor


def appoint_newcomer(
    *,
    name: str,
    phone: str,
    role: Role,
    actor: Actor,
    at: datetime,
    area: Area | None,
    unit: Unit | None,
    kind: str,
    title: Title | None,
    starts_on: date,
    ends_on: date | None,
    stand_in: User | None = None,
) -> Post:
    """Register a person and appoint them to a post.

    Raises what `register_person` and `appoint_post` raise; then nobody is registered.
    """
    refuse_seat_of(role, area, unit)
    refuse_filling(actor, role, area, unit, at, ())
    with transaction.atomic():
        user = register_person(name=name, phone=phone, actor=actor, at=at)
        return appoint_post(
            user=user,
            role=role,
            actor=actor,
            at=at,
            area=area,
            unit=unit,
            kind=kind,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            stand_in=stand_in,
        )


def appoint_known(
    *,
    user: User,
    role: Role,
    actor: Actor,
    at: datetime,
    area: Area | None,
    unit: Unit | None,
    kind: str,
    title: Title | None,
    starts_on: date,
    ends_on: date | None,
    stand_in: User | None = None,
) -> Post:
    """Appoint somebody who has an account; who was not in the actor's scope is taken up, which is noted.

    Raises what `appoint_post` raises; then nothing is noted.
    """
    refuse_filling(actor, role, area, unit, at, [user.pk])
    with transaction.atomic():
        known = user if is_known_to(actor, user, at) else take_up_person(user=user, actor=actor, at=at)
        return appoint_post(
            user=known,
            role=role,
            actor=actor,
            at=at,
            area=area,
            unit=unit,
            kind=kind,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            stand_in=stand_in,
        )
