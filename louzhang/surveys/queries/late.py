"""Answers that came too late and wait for the office of the community."""

from __future__ import annotations

from uuid import UUID

from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.scope import COMMUNITY_RANK, seat_places
from louzhang.surveys.models import LateAnswer, LateOutcome, Target


def late_answers(actor: Actor) -> list[LateAnswer]:
    """Those of the actor's community, the oldest first."""
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
    here = Target.objects.filter(seat_places(offices)).order_by().values("pk")
    rows = LateAnswer.objects.filter(outcome=LateOutcome.WAITING, target__in=here)
    return list(rows.select_related("target__survey", "target__dwelling", "target__area", "user").order_by("pk"))


def find_late(actor: Actor, uid: UUID) -> LateAnswer:
    """One of them; raises `NotThere`."""
    found = next((row for row in late_answers(actor) if row.uid == uid), None)
    if found is None:
        raise NotThere("没有找到这一份，它可能已经核对过了。")
    return found
