"""Reading duty lists: a week of a unit, who is on duty, who is to be called next, what a shift leaves open."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post, Unit
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.duty.models import DutyCall, Handover, HandoverQuerySet, Shift, is_of_centre
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.workorders.lifecycle import UNTAKEN, State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import list_orders
from louzhang.workorders.scope import WorkOrderQuerySet

DAYS = 7
PROMISED_WITHIN = timedelta(hours=24)
LISTED = 50
UNKNOWN_UNIT = "没有找到这个单位的值班表，或它不在您的范围内。"
UNKNOWN = "没有找到这次交接班，或它不在您的范围内。"


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week: for each day the shifts that begin on it."""

    person: User
    days: list[list[Shift]]


def units_on_duty(actor: Actor) -> QuerySet[Unit]:
    """The units whose list the actor reads, the centre first."""
    rows = Unit.objects.filter(ended_at=None)
    if not is_of_centre(actor):
        rows = rows.filter(pk__in=sorted(actor.unit_ids))
    return rows.select_related("office_area__level").order_by(F("office_area__depth").asc(nulls_last=True), "name_key")


def find_unit(actor: Actor, unit_id: int | None) -> Unit:
    """The unit asked for, else the first of the actor's; raises `NotThere` for one out of scope."""
    rows = units_on_duty(actor)
    if unit_id is None and not is_of_centre(actor):
        rows = rows.filter(pk__in=sorted(actor.unit_ids))
    unit = rows.first() if unit_id is None else rows.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere(UNKNOWN_UNIT)
    return unit


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def week_of(actor: Actor, unit: Unit, monday: date) -> list[Line]:
    """The shifts of a week by person, whoever begins first on top."""
    since, until = clock.day_start(monday), clock.day_start(monday + timedelta(days=DAYS))
    rows = Shift.objects.visible_to(actor).filter(unit=unit).between(since, until).select_related("person")
    lines: dict[int, Line] = {}
    for shift in rows:
        line = lines.setdefault(shift.person_id, Line(shift.person, [[] for _ in range(DAYS)]))
        line.days[max(0, (clock.local_date(shift.starts_at) - monday).days)].append(shift)
    return list(lines.values())


def shifts_of(actor: Actor, unit: Unit, monday: date) -> list[Shift]:
    """The same as a plain list, for a file."""
    since, until = clock.day_start(monday), clock.day_start(monday + timedelta(days=DAYS))
    rows = Shift.objects.visible_to(actor).filter(unit=unit).between(since, until)
    return list(rows.select_related("person", "unit"))


def people_of(unit: Unit, at: datetime) -> list[User]:
    """Who works in a unit now, in their posts or standing in (one query)."""
    held = Q(unit=unit, role__in=UNIT_ROLES)
    if unit.office_area_id is not None:
        held = Q(area_id=unit.office_area_id, role__in=OFFICE_ROLES)
    posts = Post.objects.as_of(clock.local_date(at)).filter(held).select_related("user", "stand_in").order_by("pk")
    people = {person.pk: person for post in posts for person in (post.user, post.stand_in) if person is not None}
    return list(people.values())


def at_work(unit: Unit, at: datetime) -> list[Shift]:
    """Who is on duty for a unit now, the first to be called first."""
    return list(Shift.objects.at_work(at).filter(unit=unit).select_related("person"))


def untaken_reds(at: datetime, minutes: int) -> WorkOrderQuerySet:
    """Red cases that nobody has signed for, this long after whoever has it now got it, the oldest first."""
    before = at - timedelta(minutes=minutes)
    waiting = (
        Q(status=State.REPORTED, reported_at__lte=before)
        | Q(status=State.ACCEPTED, accepted_at__lte=before)
        | Q(status=State.DISPATCHED, dispatched_at__lte=before)
    )
    rows: WorkOrderQuerySet = WorkOrder.objects.filter(waiting, is_urgent=True, status__in=sorted(UNTAKEN))
    return rows.order_by("reported_at", "pk")


def next_on_duty(order: WorkOrder, at: datetime) -> Shift | None:
    """Who is called next about an order: of the unit that has it, then of the centre; nobody twice, and nobody
    who may not see it (a complaint about themselves).
    """
    called = set(DutyCall.objects.filter(order=order).values_list("person_id", flat=True))
    has_it = Q(unit_id=order.lead_unit_id) if order.lead_unit_id else Q(unit__office_area_id=order.desk_area_id)
    for list_of in (has_it, Q(unit__office_area__depth=1)):
        for shift in Shift.objects.at_work(at).filter(list_of).select_related("person", "unit"):
            if shift.person_id not in called and _may_see(shift.person, order, at):
                return shift
    return None


def _may_see(person: User, order: WorkOrder, at: datetime) -> bool:
    return WorkOrder.objects.visible_to(actor_for(person, at)).filter(pk=order.pk).exists()


def open_reds(actor: Actor, unit: Unit) -> WorkOrderQuerySet:
    """Red cases in hand of a unit that are not over."""
    return _of_unit(actor, unit).filter(is_urgent=True).order_by("reported_at", "pk")


def open_promises(actor: Actor, unit: Unit, at: datetime) -> WorkOrderQuerySet:
    """What a unit has promised within a day, and what it has promised and not kept."""
    return _of_unit(actor, unit).filter(promised_at__lt=at + PROMISED_WITHIN).order_by("promised_at", "pk")


def _of_unit(actor: Actor, unit: Unit) -> WorkOrderQuerySet:
    rows = WorkOrder.objects.visible_to(actor).open()
    own = Q(lead_unit=unit)
    if unit.office_area_id is not None:
        own |= Q(desk_area_id=unit.office_area_id)
    return rows.filter(own).select_related("category", "area")


def known_handovers(actor: Actor, unit: Unit) -> HandoverQuerySet:
    """The sign-overs of a unit, the newest first."""
    rows = Handover.objects.visible_to(actor).with_ties(actor).filter(unit=unit)
    return rows.select_related("giver", "taker", "unit").order_by("-id")


def find_handover(actor: Actor, uid: uuid.UUID) -> Handover:
    """One with its ties; raises `NotThere` out of scope."""
    rows = Handover.objects.visible_to(actor).with_ties(actor).select_related("giver", "taker", "unit")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def words_of(handover: Handover) -> list[str]:
    """What was written, and what was added when it was signed."""
    rows = Words.objects.filter(subject_kind=handover.subject_kind, subject_id=handover.pk).order_by("seq")
    return [str(row.spoken.get("words", "")) for row in rows if row.spoken.get("words")]


def orders_of(actor: Actor, ids: Iterable[int]) -> list[WorkOrder]:
    """The orders of a sign-over that the reader may see, in its order, as they stand now."""
    wanted = list(ids)
    rows = {order.pk: order for order in list_orders(actor, few=Q(pk__in=wanted))}
    return [rows[pk] for pk in wanted if pk in rows]
