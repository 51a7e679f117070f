"""住址保密: a protection order takes a person out of everybody's sight but the secretary's and their own."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, models, transaction

from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.stays import standing
from louzhang.register.models import Shelter
from louzhang.register.scope import COMMUNITY_RANK

DOCUMENT_LENGTH = 60


def shelter_resident(*, resident_id: int, document: str, ends_on: date, actor: Actor, at: datetime) -> Shelter:
    """Shield somebody who has a protection order until it ends; the secretary of the community does.

    Raises `NotYours` for everybody else, `InputRefused` without the number of the order or with an end in the past,
    `Conflict` where one stands.
    """
    secretaries = [seat for seat in actor.seats_with(Role.SECRETARY) if seat.rank == COMMUNITY_RANK]
    if not (secretaries or actor.is_system):
        raise NotYours("住址保密由社区负责人登记，请交给社区负责人。")
    if not document.strip() or len(document.strip()) > DOCUMENT_LENGTH:
        raise InputRefused("请填写保护令的文号。", field="document")
    if ends_on <= clock.local_date(at):
        raise InputRefused("保护令已经到期，请核对日期。", field="ends_on")
    with transaction.atomic():
        resident = standing(resident_id, actor)
        try:
            with transaction.atomic():
                shelter = Shelter.objects.create(resident=resident, author_id=actor.user_id, ends_on=ends_on)
        except IntegrityError:
            raise Conflict("这位居民已经登记住址保密。") from None
        facts, words = {"resident": resident.pk, "until": ends_on.isoformat()}, {"document": document.strip()}
        tell(shelter, "shelter", area_id=resident.area_id, actor=actor, at=at, payload=facts, words=words)
    return shelter


def end_shelters(*, at: datetime) -> int:
    """End what no longer protects (worker, every night); gives how many."""
    ended = 0
    for pk in list(_due(at).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = _due(at).filter(pk=pk).select_related("resident").select_for_update(no_key=True, of=("self",))
            if (shelter := rows.first()) is not None:
                _end(shelter, SYSTEM, at)
                ended += 1
    return ended


def lift_shelter(*, resident_id: int, actor: Actor, at: datetime) -> Shelter:
    """The order was lifted before its end; the secretary says so."""
    with transaction.atomic():
        resident = standing(resident_id, actor)
        if not (actor.is_system or actor.has_role(Role.SECRETARY)):
            raise NotYours("住址保密由社区负责人登记，请交给社区负责人。")
        rows = Shelter.objects.filter(resident=resident, ended_at=None).select_related("resident")
        shelter = rows.select_for_update(no_key=True, of=("self",)).first()
        if shelter is None:
            raise NotThere("这位居民没有住址保密。")
        _end(shelter, actor, at)
    return shelter


def _due(at: datetime) -> models.QuerySet[Shelter]:
    return Shelter.objects.filter(ended_at=None, ends_on__lte=clock.local_date(at))


def _end(shelter: Shelter, actor: Actor, at: datetime) -> None:
    shelter.ended_at = at
    tell(shelter, "end", area_id=shelter.resident.area_id, actor=actor, at=at, save=("ended_at",))
