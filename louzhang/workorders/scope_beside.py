"""Who sees what lies beside an order (parts, meetings, motions): asked of the order's own scope, never anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from louzhang.journal.actor import Actor
from louzhang.workorders.lifecycle import OPEN_PARTS, PartState, Relation
from louzhang.workorders.scope import NARROWER, OUTSIDE, any_of, relation_terms

if TYPE_CHECKING:
    from louzhang.workorders.models import WorkOrder

# Every tie of now is asked for, the narrower ones but for helping say nothing that another does not.
_OTHERS = (OUTSIDE | NARROWER) - {Relation.ASSIST}


class BesideOrderQuerySet(models.QuerySet[Any]):
    """Rows with an order, seen by whoever is tied to it now."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the orders that the actor has to do with now, and those that name a unit of the actor."""
        orders = _orders().visible_to(actor)
        tied = any_of(term for relation, term in relation_terms(actor).items() if relation not in _OTHERS)
        own = self._naming(actor) if actor.unit_ids else None
        ways = [Q(order__in=_ids(orders.filter(tied)))] if tied is not None else []
        ways += [own & Q(order__in=_ids(orders))] if own is not None else []
        seen = any_of(ways)
        return self.none() if seen is None else self.filter(seen)

    def _naming(self, actor: Actor) -> Q | None:
        """The rows that name a unit of the actor."""
        return None

    def locked_for(self, actor: Actor, subject_id: int) -> Any | None:
        """One row locked without blocking foreign keys, in scope, with the actor's ties to its order and to itself."""
        rows = self.filter(pk=subject_id).visible_to(actor)
        row = rows.select_for_update(no_key=True, of=("self",)).first()
        if row is None:
            return None
        order: WorkOrder | None = _orders().filter(pk=row.order_id).with_relations(actor).first()
        assert order is not None  # a foreign key, and rows are not deleted
        row.held = ties_to(row, order, actor)
        return row


class PartQuerySet(BesideOrderQuerySet):
    """Parts; a unit sees its own while it is not released."""

    def _naming(self, actor: Actor) -> Q | None:
        return Q(unit_id__in=sorted(actor.unit_ids)) & ~Q(status=PartState.RELEASED.value)

    def open(self) -> Self:
        """The unit still has to sign for them or to reply."""
        return self.filter(status__in=sorted(OPEN_PARTS))


class MeetingQuerySet(BesideOrderQuerySet):
    """Meetings; a unit sees those it was called to."""

    def _naming(self, actor: Actor) -> Q | None:
        return Q(unit_ids__overlap=sorted(actor.unit_ids))


def ties_to(row: Any, order: WorkOrder, actor: Actor) -> frozenset[str]:
    """The actor's ties to the order, and ASSIST only where the row is a part of a unit of the actor."""
    own = getattr(row, "unit_id", None) in actor.unit_ids
    return (order.relations_now - {Relation.ASSIST}) | ({Relation.ASSIST} if own else frozenset())


def _orders() -> Any:
    return apps.get_model("workorders", "WorkOrder").objects.all()


def _ids(orders: Any) -> Any:
    return orders.order_by().values("pk")
