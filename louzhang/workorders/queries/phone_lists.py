"""The lists of the phone: a resident's own matters; what is on a worker, around, and still to tell."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from louzhang.journal.actor import Actor
from louzhang.kit import crypto
from louzhang.workorders.lifecycle import JOINT_STATES, Relation, State
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.queries.orders import IN_HAND, list_orders, with_own_words
from louzhang.workorders.scope import TOLD_FROM, WorkOrderQuerySet, any_of, own_reports, relation_terms

ON_ME, AROUND, TO_TELL, TO_VERIFY = "mine", "place", "tell", "verify"
# Of a resident's matters, those where something still happens or is asked.
LIVELY = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED, State.ANSWERED})


def my_orders(actor: Actor) -> WorkOrderQuerySet:
    """The matters this person or phone reported, or opened by code; nothing of anyone else's."""
    rows = list_orders(actor).filter(pk__in=own_reports(actor).values("order_id"))
    return with_own_words(rows, actor) if actor.seats else rows


def count_lively(actor: Actor) -> int:
    """How many of the own matters are not over yet."""
    if actor.user_id is None and not actor.device and not actor.opened_report_ids:
        return 0
    return my_orders(actor).in_state(*LIVELY).count()


def my_reports(order: WorkOrder, actor: Actor) -> list[Report]:
    """The actor's own voices about an order."""
    return list(own_reports(actor).filter(order_id=order.pk).order_by("pk"))


def find_by_code(code: str) -> Report | None:
    """The voice with this tracking code (already in its normal form), with its order."""
    return Report.objects.select_related("order").filter(tracking_hash=crypto.token_hash(code)).first()


def on_me(actor: Actor) -> WorkOrderQuerySet:
    """In hand at the actor's seat, named on the actor, or given to the actor's unit, alone or to help with; the most
    pressing first.
    """
    return list_orders(actor).filter(_on(actor)).order_by("promised_at", "id")


def _on(actor: Actor) -> Q:
    """What the actor has to do: in hand as holder or lead, or with a part that is still open."""
    lead, helps = _terms(actor, Relation.HOLDER, Relation.LEAD), _terms(actor, Relation.ASKED, Relation.HELPING)
    ways = [lead & Q(status__in=sorted(IN_HAND))] if lead else []
    ways += [helps & Q(status__in=sorted(JOINT_STATES))] if helps else []
    return any_of(ways) or Q(pk__in=[])


def around(actor: Actor) -> WorkOrderQuerySet:
    """Open matters in the places the actor looks after that are neither on the actor nor to be told or looked at."""
    rows = _of(actor, Relation.KEEPER).open().order_by("promised_at", "id")
    rows = rows.exclude(status=State.SETTLED, is_told_by_visit=True)
    return rows.exclude(_on(actor)).exclude(is_to_verify=True)


def to_tell(actor: Actor) -> WorkOrderQuerySet:
    """Settled matters whose reporter asked to be told at the door, in the places the actor looks after."""
    waiting = Report.objects.filter(answer_way=AnswerWay.VISIT, told_at=None).values("order_id")
    rows = _of(actor, Relation.TELLER).filter(status__in=sorted(TOLD_FROM), pk__in=waiting)
    return rows.order_by(F("settled_at").asc(nulls_last=True), "id")


def to_verify(actor: Actor) -> WorkOrderQuerySet:
    """What is said to be done in the places the actor looks after, and somebody has still to look at."""
    rows = _of(actor, Relation.KEEPER).filter(is_to_verify=True)
    return rows.order_by(F("settled_at").asc(nulls_last=True), "id")


# What a long list can be cut down to, with the words of its chip; the first two hold in every list.
URGENT, LATE = "urgent", "late"
ONLY = {
    URGENT: "紧急",
    LATE: "超期",
    State.REPORTED.value: "待受理",
    State.ACCEPTED.value: "待交办",
    State.DISPATCHED.value: "待签收",
    State.TAKEN.value: "办理中",
    State.SETTLED.value: "待反馈",
}


def only(rows: WorkOrderQuerySet, asked: str, at: datetime) -> WorkOrderQuerySet:
    """The rows of a list that one of `ONLY` names; all of them for anything else."""
    if asked == URGENT:
        return rows.filter(is_urgent=True)
    if asked == LATE:
        return rows.late(at)
    return rows.in_state(State(asked)) if asked in ONLY else rows


def offered_cuts(name: str) -> tuple[str, ...]:
    """The cuts that say something in a list: not the one state everything in it has."""
    states = {
        ON_ME: (State.DISPATCHED, State.TAKEN),
        AROUND: (State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED),
    }
    return (URGENT, LATE, *(state.value for state in states.get(name, ())))


LISTS = {ON_ME: on_me, TO_TELL: to_tell, TO_VERIFY: to_verify, AROUND: around}


def _of(actor: Actor, *relations: Relation) -> WorkOrderQuerySet:
    term = _terms(actor, *relations)
    rows = list_orders(actor)
    return rows.filter(term) if term else rows.none()


def _terms(actor: Actor, *relations: Relation) -> Q:
    """Any of these relations as one condition; an empty one where the actor can have none of them."""
    known = relation_terms(actor)
    wanted = Q()
    for relation in relations:
        if relation in known:
            wanted |= known[relation]
    return wanted
