"""Pressing on: reporters and offices urge (催办), the desk hands a matter to the next level (提级办理)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of, office_area_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import TransitionRefused
from louzhang.kit import clock
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.scope import own_reports

OFFICES = frozenset({Relation.DESK, Relation.ABOVE})


def urge_workorder(
    *, order_id: int, actor: Actor, at: datetime, words: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Somebody asks for it to go on (催办): a reporter once a day, the desk and offices above whenever they must.

    Counted on the order. Raises `TransitionRefused` for a reporter's second time on one day.
    """
    with walk_order(order_id, "urge", actor=actor, at=at, entry_id=entry_id) as step:
        if not step.subject.relations_now & OFFICES:
            step.note(reports=_urge_as_reporter(order_id, actor, at))
        step.set(urge_count=step.subject.urge_count + 1, urged_at=at)
        step.say(words=words)
    return step.subject


def _urge_as_reporter(order_id: int, actor: Actor, at: datetime) -> list[int]:
    """Mark the own voices as having urged today; the ids of them."""
    voices = own_reports(actor).filter(order_id=order_id)
    last = max((urged for urged in voices.values_list("urged_at", flat=True) if urged), default=None)
    if last is not None and clock.local_date(last) == clock.local_date(at):
        raise TransitionRefused("今天已经催办过一次，办理的单位已经看到。明天可以再催。")
    ids = list(voices.order_by("pk").values_list("pk", flat=True))
    Report.objects.filter(pk__in=ids).update(urged_at=at)
    return ids


def escalate_workorder(
    *, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The desk hands a matter to the next level: community → street → district, whose desk takes over (提级办理).

    Whoever has it in hand keeps it. Raises `TransitionRefused` at the district.
    """
    given = {"reason": reason}
    with walk_order(order_id, "escalate", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        above = _office_above(step.subject)
        step.note(desk_from=step.subject.desk_area_id, desk_to=above.pk, unit_name=above.name)
        step.set(desk_area=above)
        step.say(reason=reason)
    return step.subject


def _office_above(order: WorkOrder) -> Area:
    """The next street or district above the desk."""
    higher = line_of(order.desk_area)[:-1]
    if not higher:
        raise TransitionRefused("已经由区里受理，没有更高的一级了。请直接交办，或请有关单位会商。")
    return office_area_of(higher)
