"""Appointing a new person in one go: registered and appointed together, or neither."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from louzhang.accounts.actions import register_person
from louzhang.areas.actions.posts import appoint_post, refuse_seat_of
from louzhang.areas.models import Area, Post, Title, Unit
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
        )
