"""Who sees which order, written once.

Each relation is one condition over columns of the order; a row is visible when any of them
holds and it is not a complaint about the one who looks. The same conditions, annotated, are
what the walker and the pages ask. Nothing here returns rows for an actor without a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Left

from louzhang.areas.models import RANKS, Area, LevelKind, Unit
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor, Seat
from louzhang.journal.likeness import Likeness
from louzhang.kit.compiled import OneOf, compiled
from louzhang.workorders.lifecycle import AWAITING_RESIDENT, BOUNCES_AT_MOST, LOOP, ONLY_WHILE, OPEN, Relation, State
from louzhang.workorders.time_state import time_state

if TYPE_CHECKING:
    from louzhang.workorders.models import Report, WorkOrder

# A keeper's or holder's seat in the field; the heads of a unit hold nothing by seat.
SEAT_ROLES = (*FIELD_ROLES, Role.UNIT_MEMBER, Role.UNIT_LEAD)
# There is something to tell: a result, and the matter is not closed.
TOLD_FROM = frozenset({State.SETTLED, *AWAITING_RESIDENT})

DEEPEST = max(RANKS.values())

# Ties that hold only together with another one: who sees an order, the others say already.
NARROWER = frozenset(
    {Relation.ASSIST, Relation.ASKED, Relation.HELPING, Relation.TELLER}
    | {Relation.ARBITER, Relation.OVER, Relation.ADDRESSEE}
)
# Ties of the past, or of somebody who only reported: they see the order, not what goes on beside it.
OUTSIDE = frozenset({Relation.FORMER, Relation.REPORTER})
# Relations that may do a main verb, and of whom nobody waits for it.
NOT_ASKED = frozenset({Relation.REPORTER, Relation.OVER})
# Only the level above may dispatch such an order.
CONTESTED = Q(bounce_count__gte=BOUNCES_AT_MOST)


def relation_terms(actor: Actor) -> dict[Relation, Q]:
    """The condition of each relation that the actor can have at all; the rest is left out."""
    if actor.is_system:
        return {Relation.SYSTEM: Q(pk__isnull=False)}
    terms = {
        Relation.DESK: _at_desk(actor),
        Relation.HOLDER: _held_by(actor),
        Relation.LEAD: _units(actor, "lead_unit_id__in"),
        Relation.ASSIST: _units(actor, "assist_unit_ids__overlap"),
        Relation.ASKED: _units(actor, "asked_unit_ids__overlap"),
        Relation.HELPING: _units(actor, "helping_unit_ids__overlap"),
        Relation.OVER: _above_desk(actor),
        Relation.FORMER: _units(actor, "involved_unit_ids__overlap"),
        Relation.KEEPER: _in_place(actor, FIELD_ROLES),
        Relation.REPORTER: _own_reports(actor),
        Relation.ABOVE: _in_place(actor, OFFICE_ROLES),
    }
    known = {relation: term for relation, term in terms.items() if term is not None}
    if Relation.KEEPER in known:
        known[Relation.TELLER] = known[Relation.KEEPER] & Q(is_told_by_visit=True)
    if Relation.OVER in known:
        known[Relation.ARBITER] = (CONTESTED | Q(arbitrated_at__isnull=False)) & known[Relation.OVER]
    if (addressee := _addressed(known)) is not None:
        known[Relation.ADDRESSEE] = ~Q(supervision="") & addressee
    return known


def _addressed(known: dict[Relation, Q]) -> Q | None:
    """Whoever has it in hand answers for it; what is with no unit yet, its desk."""
    ways = [known[relation] for relation in (Relation.LEAD, Relation.HOLDER) if relation in known]
    if Relation.DESK in known:
        ways.append(known[Relation.DESK] & Q(lead_unit=None))
    return any_of(ways)


def not_about(actor: Actor) -> Q:
    """Leaves out complaints that name the actor, a seat of the actor or a unit of the actor."""
    spared = Q()
    if actor.user_id is not None:
        spared &= ~Q(about_user_id=actor.user_id)
    if actor.unit_ids:
        spared &= ~Q(about_unit_id__in=actor.unit_ids)
    for seat in actor.seats:
        if seat.area_id is not None:
            spared &= ~Q(about_area_id=seat.area_id, about_role=seat.role)
    return spared


def _at_desk(actor: Actor) -> Q | None:
    offices = actor.seats_with(*OFFICE_ROLES)
    return any_of(Q(desk_area_id=s.area_id, floor_rank__gte=s.rank) for s in offices if s.area_id)


def _held_by(actor: Actor) -> Q | None:
    seats = [
        Q(seat_area_id=seat.area_id, seat_role=seat.role)
        for seat in actor.seats_with(*SEAT_ROLES)
        if seat.area_id is not None
    ]
    if actor.user_id is not None and (units := _working_units(actor)) is not None:
        seats.append(Q(assignee_id=actor.user_id) & units)
    return any_of(seats)


def _working_units(actor: Actor) -> Q | None:
    """The lead unit is one the actor works in now, or an office above the actor's own: whoever has left the
    unit holds nothing of it any more, whatever is still written on the order.
    """
    terms = [Q(lead_unit_id__in=sorted(actor.unit_ids))] if actor.unit_ids else []
    step = Area.steplen
    own = [seat.path for seat in actor.seats_with(*OFFICE_ROLES)]
    paths = {path[:end] for path in own for end in range(step, len(path), step)}
    if paths:
        terms.append(Q(lead_unit_id__in=Unit.objects.filter(office_area__path__in=sorted(paths)).values("pk")))
    return any_of(terms)


def _units(actor: Actor, lookup: str) -> Q | None:
    return Q(**{lookup: sorted(actor.unit_ids)}) if actor.unit_ids else None


def _in_place(actor: Actor, roles: tuple[Role, ...]) -> Q | None:
    return any_of(_below(seat) for seat in actor.seats_with(*roles) if seat.area_id is not None)


def _above_desk(actor: Actor) -> Q | None:
    """Offices above the one that dispatches; the district is above all, a community above none."""
    lowest = RANKS[LevelKind.COMMUNITY]
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None and seat.rank < lowest]
    return any_of(_below(seat) & (Q() if seat.rank == 1 else _desk_below(seat)) for seat in offices)


def _desk_below(seat: Seat) -> Q:
    desks = Area.objects.get_queryset().under_paths([seat.path]).exclude(pk=seat.area_id)
    return Q(desk_area_id__in=desks.order_by().values("pk"))


def _below(seat: Seat) -> Q:
    if seat.rank == 1:  # the district: everything lies in it
        return Q(area_id__isnull=False)
    areas = Area.objects.get_queryset().under_paths([seat.path]).order_by().values("pk")
    return Q(area_id__in=areas, floor_rank__gte=seat.rank)


def own_reports(actor: Actor) -> models.QuerySet[Report]:
    """The voices that are the actor's own: as a person, as a device, or opened by code."""
    ties = []
    if actor.user_id is not None:
        ties.append(Q(reporter_id=actor.user_id))
    if actor.device:
        ties.append(Q(device_hash=actor.device))
    if actor.opened_report_ids:
        ties.append(Q(pk__in=sorted(actor.opened_report_ids)))
    own = any_of(ties)
    rows: models.QuerySet[Report] = apps.get_model("workorders", "Report").objects.all()
    return rows.none() if own is None else rows.filter(own)


def _own_reports(actor: Actor) -> Q | None:
    if actor.user_id is None and not actor.device and not actor.opened_report_ids:
        return None
    return Q(pk__in=own_reports(actor).values("order_id"))


def waiting_term(actor: Actor) -> Q | None:
    """Orders whose next step is the actor's to do: the main verb of their state, by relation.

    None where no step can be; a reporter may rate and an office above agree, nobody waits for them.
    """
    terms = relation_terms(actor)
    return any_of(
        Q(status__in=sorted(step.sources)) & terms[Relation(relation)] & _not_barred(step.verb)
        for step in LOOP
        if step.is_main
        for relation in sorted(step.relations - NOT_ASKED)
        if relation in terms
    )


def _not_barred(verb: str) -> Q:
    wanted, _ = ONLY_WHILE.get(verb, ({}, ""))
    return Q(**wanted) & (~CONTESTED if verb == "dispatch" else Q())


def seen_terms(terms: dict[Relation, Q], without: Collection[Relation] = ()) -> list[Q]:
    """The conditions that make an order visible; the narrower ones add nothing to them. `without` leaves out rows that
    are seen by these ties alone: who helps now has been here, so helping counts where the past does not.
    """
    spared = NARROWER - ({Relation.ASSIST} if Relation.FORMER in without else set())
    return [term for relation, term in terms.items() if relation not in spared and relation not in without]


def _line_ids(path: str) -> models.QuerySet[Any, Any]:
    """The ids of the areas on the line down to a path of the outer row, the district first."""
    starts = [Left(OuterRef(path), Area.steplen * depth) for depth in range(1, DEEPEST + 1)]
    line: models.QuerySet[Any, Any] = Area.objects.get_queryset().filter(path__in=starts).order_by("depth").values("pk")
    return line


def any_of(terms: Any) -> Q | None:
    """The conditions joined by or; None where there is none."""
    collected = list(terms)
    return reduce(or_, collected) if collected else None


class RowByRow(Exists):
    """EXISTS that is asked for each row of a few.

    The offset keeps PostgreSQL from reading everything the subquery could find beforehand, which for
    somebody who took thousands of calls is all of them.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    """Orders, read as adjectives."""

    def visible_to(self, actor: Actor, *, without: Collection[Relation] = ()) -> Self:
        """The orders this actor may see; no post and no tie of one's own, no rows. `without` as in `seen_terms`."""
        if not isinstance(actor, Actor):
            raise TypeError("visible_to needs an Actor; None is never everyone")
        terms = relation_terms(actor)
        if any(seat.rank == 1 for seat in actor.seats_with(*OFFICE_ROLES)):
            return self.filter(not_about(actor))
        seen = any_of(seen_terms(terms, without))
        return self.none() if seen is None else self.filter(seen & not_about(actor))

    def visible_among(self, actor: Actor, few: Q, *, without: Collection[Relation] = ()) -> Self:
        """`visible_to` for rows that a condition makes few: each tie is looked up by its own index.

        Joined by or, the ties would have the database read every row that passes the condition.
        Whoever sees everything gains nothing by it and is answered the plain way.
        """
        whole = actor.is_system or any(seat.rank == 1 for seat in actor.seats_with(*OFFICE_ROLES))
        terms = [] if whole else seen_terms(relation_terms(actor), without)
        if not terms:
            return self.visible_to(actor, without=without).filter(few)
        rows = self.model.objects.filter(few & not_about(actor)).order_by().values("pk")
        first, *others = [rows.filter(term) for term in terms]
        return self.filter(pk__in=first.union(*others))

    def with_relations(self, actor: Actor) -> Self:
        """Annotate which relations hold; read them back as `order.relations_now`.

        For few rows: one's own report is looked for row by row.
        """
        terms = relation_terms(actor)
        if Relation.REPORTER in terms:
            terms[Relation.REPORTER] = Q(RowByRow(own_reports(actor).filter(order_id=OuterRef("pk"))))
        flags = {
            f"is_{relation.value}": ExpressionWrapper(term, output_field=BooleanField())
            for relation, term in terms.items()
        }
        return self.annotate(**flags)

    def locked_for(self, actor: Actor, subject_id: int) -> WorkOrder | None:
        """One order locked without blocking foreign keys, in scope, with its relations."""
        return _locked(actor, subject_id=subject_id)

    def open(self) -> Self:
        """Somebody still has to do something."""
        return self.filter(status__in=sorted(OPEN))

    def in_state(self, *states: State) -> Self:
        """Orders in any of these states."""
        return self.filter(status__in=[state.value for state in states])

    def within(self, *area_ids: int) -> Self:
        """Orders that lie in these areas or below them."""
        return self.filter(area__in=Area.objects.within(*area_ids).order_by().values("pk"))

    def late(self, at: datetime) -> Self:
        """Orders of which a clock has run out; what waits for the resident or lies on the shelf is not late."""
        return self.filter(due_at__lt=at)

    def soon(self, at: datetime) -> Self:
        """Orders of which a clock is due soon and none has run out."""
        return self.filter(soon_at__lte=at, due_at__gte=at)

    def raised_to(self, actor: Actor, at: datetime) -> Self:
        """Late orders that have gone up by themselves to an office the actor works in."""
        return self.late(at).filter(overdue_area__in=office_ids(actor))

    def paused(self) -> Self:
        """Orders whose time stands still."""
        return self.filter(paused_at__isnull=False)

    def asking_for_time(self) -> Self:
        """Orders whose unit has asked the desk for a pause or an extension."""
        return self.exclude(asked="")

    def awaiting_close(self, answered_before: datetime) -> Self:
        """Answered or rated orders whose window has run out."""
        return self.filter(status__in=sorted(AWAITING_RESIDENT), answered_at__lt=answered_before)

    def waiting_for(self, actor: Actor) -> Self:
        """Orders whose next step is the actor's to do."""
        term = waiting_term(actor)
        return self.none() if term is None else self.filter(term)

    def to_tell(self) -> Self:
        """Orders with a result that somebody chose to hear by phone, at the door or by message, and has not."""
        waiting = apps.get_model("workorders", "Report").objects.filter(told_at=None).exclude(answer_way="here")
        return self.filter(status__in=sorted(TOLD_FROM), pk__in=waiting.values("order_id"))

    def saying_all(self, terms: list[str]) -> Self:
        """Orders whose searchable text holds every one of these bigrams."""
        return self.filter(search_terms__contains=terms)


def office_ids(actor: Actor) -> list[int]:
    """The areas in whose offices the actor works."""
    return sorted({seat.area_id for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None})


def tell_relations(orders: Sequence[WorkOrder], actor: Actor) -> None:
    """Tell the rows of a page their relations to its reader, as `with_relations` would (one query).

    Few rows by key are told by one prepared statement, whatever the list was narrowed by.
    """
    rows = {order.pk: order for order in orders}
    for told in _relations(Likeness(actor), keys=list(rows)) if rows else ():
        rows[told.pop("pk")].__dict__.update(told)


@compiled
def _relations(actor: Actor, *, keys: Any) -> models.QuerySet[WorkOrder, dict[str, Any]]:
    rows: WorkOrderQuerySet = apps.get_model("workorders", "WorkOrder").objects.filter(OneOf("pk", keys))
    flags = [f"is_{relation.value}" for relation in relation_terms(actor)]
    told: models.QuerySet[WorkOrder, dict[str, Any]] = rows.with_relations(actor).order_by().values("pk", *flags)
    return told


def one_seen(build: Callable[..., WorkOrderQuerySet]) -> Callable[..., WorkOrder | None]:
    """Make a function that gives the rows of one key into one that finds the row for an actor.

    The row comes with its relations, or not at all. An order is visible exactly when some
    relation holds and it is no complaint about the actor (`visible_to`), so the annotated
    relations answer for scope as well: each condition stands once in the statement, which is
    compiled once for all actors who are alike.
    """

    @compiled
    def rows(actor: Actor, **key: Any) -> WorkOrderQuerySet:
        return build(**key).with_relations(actor).filter(not_about(actor)).order_by()

    def find(actor: Actor, **key: Any) -> WorkOrder | None:
        found: WorkOrder | None = rows.first(Likeness(actor), **key)
        return found if found is not None and found.relations_now else None

    return find


@one_seen
def _locked(*, subject_id: Any) -> WorkOrderQuerySet:
    rows: WorkOrderQuerySet = apps.get_model("workorders", "WorkOrder").objects.filter(pk=subject_id)
    return (
        rows.annotate(line_ids=ArraySubquery(_line_ids("area__path")), **time_state())
        .select_related("category", "area", "area__level")
        .defer("search_terms", "area__outline")
        .select_for_update(no_key=True, of=("self",))
    )
