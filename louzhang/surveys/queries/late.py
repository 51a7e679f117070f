"""Answers that came too late and wait for the office of the community."""

from __future__ import annotations

import json
from uuid import UUID

from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.scope import COMMUNITY_RANK, seat_places
from louzhang.surveys.answers import Given, Wrong, read_answers
from louzhang.surveys.forms.sheet import spoken_answers
from louzhang.surveys.models import LateAnswer, LateOutcome, Outcome, Target
from louzhang.surveys.queries.finding import asked_of


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


def spoken_late(late: LateAnswer) -> list[tuple[str, str]]:
    """What it says, in words; the words of people stay sealed."""
    said = json.loads(late.open_field("said"))
    if said["outcome"] != Outcome.ANSWERED:
        return [("结果", str(Outcome(said["outcome"]).label))]
    asked = asked_of(late.target.survey)
    try:
        given = read_answers(asked, said["fields"])
    except Wrong:
        given = Given()
    return spoken_answers(asked, given)
